"""What lots and challenges have alike: a scoring profile (scoreprofiel) and a ranking (rangorde) of declarations.

Defence sets the profile, never a supplier.
"""

from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from apos_client._base import Resource
from apos_client._lists import ItemList
from apos_client._models import PublishedProfile, Ranking, ScoringProfile

Parent = TypeVar("Parent", bound=Resource)


def profile_body(profile: ScoringProfile) -> dict[str, Any]:
    """A profile as it is sent, also one that was read."""
    return profile.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"version", "frozen_at"})


class ScoredParents(ItemList[Parent], Generic[Parent]):
    """A list of lots or challenges, for which declarations are made and scored."""

    def ranking(self, name: UUID | str, *, reference_date: date | None = None) -> Ranking:
        """The active declarations in order, by their stored scores or by those of a day; for the programme office."""
        return self._connection.get(self._path_to(name, "ranking"), Ranking, reference_date=reference_date)

    def scoring_profile(self, name: UUID | str) -> PublishedProfile:
        """What declarations are scored on. Raises NotFound where no profile was published yet."""
        return self._connection.get(self._path_to(name, "scoring-profile"), PublishedProfile)

    def publish_scoring_profile(
        self, name: UUID | str, profile: ScoringProfile, *, etag: str | None = None, reason: str | None = None
    ) -> PublishedProfile:
        """Set what declarations are scored on. Raises Conflict once the profile is frozen.

        `etag` is that of the lot or challenge as you read it: Stale is raised if somebody changed it since. Without `etag` it
        is read first. The profile is frozen when the lot or challenge runs, or when the first declaration is submitted.
        """
        item, etag = self._id_and_etag(name, etag)
        path = f"{self._path}/{item}/scoring-profile"
        return self._connection.replace(path, profile_body(profile), PublishedProfile, etag=etag, reason=reason)
