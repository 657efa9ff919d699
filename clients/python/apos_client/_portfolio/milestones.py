"""Milestones (mijlpalen): listed, assessed (beoordeeld), forecast and rebaselined (herijkt)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import MilestoneChanges, MilestoneFilters, Outcome, Sorted
from apos_client._lists import WithdrawableList
from apos_client._models import Assessment, Evidence, Milestone, Rebaseline, Window


class Milestones(WithdrawableList[Milestone]):
    """The milestones of everything that you may see. A milestone is named by its id or its key."""

    _path, _model = "/milestones", Milestone

    def each(self, **filters: Unpack[MilestoneFilters]) -> Iterator[Milestone]:
        """Every milestone you may see, through all pages."""
        return self._each(filters)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[MilestoneChanges],
    ) -> Milestone:
        """Change fields of a milestone. Without the `etag` of your own read it is read first. Raises Stale.

        A milestone is added to its lot, challenge or programme, with `add_milestone` there.
        """
        return self._change(name, fields, etag, reason)

    def assessments(self, milestone: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Assessment]:
        """Every assessment of a milestone in the order of recording, corrected ones included."""
        return self._connection.each(self._path_to(milestone, "assessments"), Assessment, paging)

    def find_assessment(self, milestone: UUID | str, assessment: UUID | str) -> Assessment:
        """An assessment of a milestone, by its id. Raises NotFound."""
        return self._find_part(milestone, "assessments", Assessment, assessment)

    def find_rebaseline(self, milestone: UUID | str, rebaseline: UUID | str) -> Rebaseline:
        """A rebaseline of a milestone, by its id. Raises NotFound."""
        return self._find_part(milestone, "rebaselines", Rebaseline, rebaseline)

    def rebaselines(self, milestone: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Rebaseline]:
        """Every rebaseline of a milestone, in the order of recording."""
        return self._connection.each(self._path_to(milestone, "rebaselines"), Rebaseline, paging)

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
        """Record an assessment of a milestone, once, even if the answer is lost on the way.

        `achieved_on` goes with the outcome met, and only with that. `corrects` is the id of the assessment that this one
        replaces. Give an `idempotency_key` of your own to be able to repeat the call later, up to 24 hours.
        """
        assessment = {"outcome": outcome, "assessed_on": assessed_on, "achieved_on": achieved_on}
        body = body_of({**assessment, "narrative": narrative, "evidence": evidence, "corrects": corrects})
        return self._connection.add(self._path_to(milestone, "assessments"), body, Assessment, idempotency_key)

    def forecast(
        self, milestone: UUID | str, window: Window | None, *, etag: str | None = None, reason: str | None = None
    ) -> Milestone:
        """Say when a milestone is expected now; None removes the forecast. The baselines do not change.

        `etag` is that of the read you decided on: Stale is raised if somebody changed the milestone since. Without `etag` it
        is read first. The `reason` goes into the audit trail.
        """
        return self._change(milestone, {"forecast": window}, etag, reason)

    def rebaseline(
        self,
        milestone: UUID | str,
        window: Window,
        *,
        reason: str,
        authority: str,
        idempotency_key: str | None = None,
    ) -> Rebaseline:
        """Give a milestone a new current window, once, even if the answer is lost on the way.

        The original baseline stays, and so does the colour against it. Raises Conflict while there is no original.
        """
        body = body_of({"window": window, "reason": reason, "authority": authority})
        return self._connection.add(self._path_to(milestone, "rebaselines"), body, Rebaseline, idempotency_key)
