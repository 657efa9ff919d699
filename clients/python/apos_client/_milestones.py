"""Milestones (mijlpalen): found, assessed (beoordeeld), forecast and rebaselined (herijkt)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Unpack
from uuid import UUID

from apos_client._answers import Amount, Answer, Colours, MilestoneStatus, Resource, SlipDays, Window
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find, held, id_of

MilestoneKind = Literal[
    "marketDialogue",
    "research",
    "start",
    "trial",
    "delivery",
    "article36Review",
    "verificationValidation",
    "operationalUse",
    "phaseOut",
    "completion",
]
Outcome = Literal["met", "partiallyMet", "notMet"]


class MilestoneConflict(Answer):
    """A milestone that comes after this one, whose window the forecast passes, by how many days."""

    milestone_id: UUID
    title: str
    window_end: date
    days: int


class Milestone(Resource):
    """A milestone as your role sees it. `window` is the current baseline, `original` the first that was agreed."""

    key: str | None = None
    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    programme_id: UUID | None = None
    title: str
    kind: str
    critical: bool | None = None
    acceptance_criterion: str | None = None
    window: Window | None = None
    original: Window | None = None
    forecast: Window | None = None
    payment: Amount | None = None
    after: UUID | None = None
    ai_version: str | None = None
    status: str | None = None
    achieved_on: date | None = None
    colours: Colours | None = None
    slip_days: SlipDays | None = None
    conflicts: tuple[MilestoneConflict, ...] = ()
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class Evidence(Answer):
    """A document that shows it: its title, its address, and the SHA-256 of its content in lower-case hexadecimal."""

    title: str
    uri: str
    sha256: str

    @classmethod
    def of_file(cls, file: Path, *, title: str, uri: str) -> "Evidence":
        """Evidence whose digest is that of a file here; the file itself is not sent."""
        with file.open("rb") as content:
            return cls(title=title, uri=uri, sha256=hashlib.file_digest(content, "sha256").hexdigest())


class Assessment(Resource):
    """How a milestone was found on a day; a later one can correct it, nothing changes it."""

    milestone_id: UUID
    outcome: str
    assessed_on: date
    achieved_on: date | None = None
    narrative: str
    evidence: tuple[Evidence, ...] = ()
    corrects: UUID | None = None
    recorded_at: datetime


class Rebaseline(Resource):
    """A new current window with the one it replaced, why, and on whose authority."""

    milestone_id: UUID
    window: Window
    previous: Window
    reason: str
    authority: str
    recorded_at: datetime


class MilestoneFilters(Sorted, total=False):
    """By what milestones can be listed; `window_end_from` is inclusive, `window_end_before` is not."""

    lot_id: UUID | str
    challenge_id: UUID | str
    programme_id: UUID | str
    kind: MilestoneKind
    status: MilestoneStatus
    critical: bool
    key: str
    source: str
    window_end_from: date
    window_end_before: date


class Milestones:
    """The milestones of all that you may see. A milestone is named by its id or its key."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[MilestoneFilters]) -> Iterator[Milestone]:
        """Every milestone you may see, through all pages."""
        return self._exchange.each("/milestones", Milestone, filters)

    def find(self, name: UUID | str) -> Milestone:
        """The milestone with this id or key, with its ETag. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, "/milestones", Milestone, name)

    def assessments(self, milestone: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Assessment]:
        """Every assessment of a milestone, corrected ones included, in the order of recording."""
        return self._exchange.each(f"{self._path(milestone)}/assessments", Assessment, paging)

    def rebaselines(self, milestone: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Rebaseline]:
        """Every rebaseline of a milestone, in the order of recording."""
        return self._exchange.each(f"{self._path(milestone)}/rebaselines", Rebaseline, paging)

    def record_assessment(
        self,
        milestone: UUID | str,
        *,
        outcome: Outcome,
        assessed_on: date,
        narrative: str,
        achieved_on: date | None = None,
        evidence: Sequence[Evidence] = (),
        corrects: UUID | None = None,
        idempotency_key: str | None = None,
    ) -> Assessment:
        """Record how a milestone was found, once, also when the answer is lost on the way.

        `achieved_on` goes with met and only with met. `corrects` names the assessment that this one replaces. Give an
        `idempotency_key` of your own to be able to repeat it later, up to 24 hours.
        """
        body = {
            "outcome": outcome,
            "assessedOn": assessed_on.isoformat(),
            "achievedOn": achieved_on and achieved_on.isoformat(),
            "narrative": narrative,
            "evidence": [item.model_dump(mode="json", by_alias=True) for item in evidence],
            "corrects": corrects and str(corrects),
        }
        return self._exchange.add(f"{self._path(milestone)}/assessments", body, Assessment, idempotency_key)

    def forecast(
        self, milestone: UUID | str, window: Window | None, *, etag: str | None = None, reason: str | None = None
    ) -> Milestone:
        """Say when a milestone is expected now; None takes the forecast back. Baselines stay as they are.

        `etag` is that of the read you decided on: Stale is raised when somebody changed it since. Without it the milestone
        is read just before. The `reason` goes into the audit trail.
        """
        found, etag = held(self._exchange, "/milestones", Milestone, milestone, etag=etag)
        patch = {"forecast": window and window.model_dump(mode="json", by_alias=True)}
        return self._exchange.change(f"/milestones/{found}", patch, Milestone, etag=etag, reason=reason)

    def rebaseline(
        self,
        milestone: UUID | str,
        window: Window,
        *,
        reason: str,
        authority: str,
        idempotency_key: str | None = None,
    ) -> Rebaseline:
        """Give a milestone a new current window, once, also when the answer is lost on the way.

        The original baseline stays, and so does the colour against it. Raises Conflict while there is no original.
        """
        body = {"window": window.model_dump(mode="json", by_alias=True), "reason": reason, "authority": authority}
        return self._exchange.add(f"{self._path(milestone)}/rebaselines", body, Rebaseline, idempotency_key)

    def _path(self, milestone: UUID | str) -> str:
        return f"/milestones/{id_of(self._exchange, '/milestones', Milestone, milestone)}"
