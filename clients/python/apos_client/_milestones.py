"""Milestones (mijlpalen): found, assessed (beoordeeld), forecast and rebaselined (herijkt)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._keywords import MilestoneFilters, Outcome, Sorted
from apos_client._lists import find, held, id_of
from apos_client._models import Assessment, Evidence, Milestone, Rebaseline, Window


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
