"""What lots and challenges have alike, besides what scores them: milestones, and the assessors assigned to them."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, Unpack
from uuid import UUID

from apos_client._base import Resource
from apos_client._connection import body_of
from apos_client._keywords import NestedMilestoneFilters, NewMilestone
from apos_client._models import Assessors, Milestone
from apos_client._scoring.scoring_profiles import ScoredParents

MilestoneParent = TypeVar("MilestoneParent", bound=Resource)


class Parents(ScoredParents[MilestoneParent], Generic[MilestoneParent]):
    """A list of lots or challenges."""

    def milestones(self, parent: UUID | str, **filters: Unpack[NestedMilestoneFilters]) -> Iterator[Milestone]:
        """Every milestone of a lot or challenge that you may see."""
        return self._connection.each(self._path_to(parent, "milestones"), Milestone, filters)

    def add_milestone(
        self, parent: UUID | str, *, idempotency_key: str | None = None, **fields: Unpack[NewMilestone]
    ) -> Milestone:
        """Add a milestone to a lot or challenge, once, even if the answer is lost on the way."""
        path = self._path_to(parent, "milestones")
        return self._connection.add(path, body_of(fields), Milestone, idempotency_key)

    def assessors(self, parent: UUID | str) -> Assessors:
        """The keys of the assessors that are assigned, with the ETag of the lot or challenge."""
        return self._connection.get(self._path_to(parent, "assessors"), Assessors)

    def assign_assessors(
        self, parent: UUID | str, keys: Sequence[UUID | str], *, etag: str | None = None, reason: str | None = None
    ) -> Assessors:
        """Make these keys, by id, and no others the assessors. Without `etag` the lot or challenge is read first."""
        item, etag = self._id_and_etag(parent, etag)
        path = f"{self._path}/{item}/assessors"
        return self._connection.replace(path, body_of({"key_ids": keys}), Assessors, etag=etag, reason=reason)
