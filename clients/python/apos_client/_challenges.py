"""Challenges (industry challenges): a budgeted contest for an effect nobody can deliver yet."""

from collections.abc import Iterator
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._keywords import ChallengeFilters, EntrantFilters
from apos_client._lists import find, id_of
from apos_client._models import Challenge, Entrant, PublishedProfile, Ranking, ScoringProfile, Supplier
from apos_client._rankings import read_ranking
from apos_client._scoring_profiles import publish_profile, read_profile


class Challenges:
    """The challenges you may see: a supplier sees those it entered, a viewer what is public."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ChallengeFilters]) -> Iterator[Challenge]:
        """Every challenge you may see, through all pages."""
        return self._exchange.each("/challenges", Challenge, filters)

    def find(self, name: UUID | str) -> Challenge:
        """The challenge with this id or key. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, "/challenges", Challenge, name)

    def entrants(self, challenge: UUID | str, **filters: Unpack[EntrantFilters]) -> Iterator[Entrant]:
        """The entrants of a challenge; a supplier sees its own part only."""
        return self._exchange.each(f"{self._path(challenge)}/entrants", Entrant, filters)

    def add_entrant(
        self, challenge: UUID | str, supplier: UUID | str, *, idempotency_key: str | None = None
    ) -> Entrant:
        """Let a supplier enter a challenge, once; from then on it sees the challenge. Both are named by id or key."""
        body = {"supplierId": str(id_of(self._exchange, "/suppliers", Supplier, supplier))}
        return self._exchange.add(f"{self._path(challenge)}/entrants", body, Entrant, idempotency_key)

    def ranking(self, challenge: UUID | str, *, reference_date: date | None = None) -> Ranking:
        """The declarations that stand for a challenge, by their stored scores or those of a day; for the office."""
        return read_ranking(self._exchange, "/challenges", Challenge, challenge, reference_date)

    def scoring_profile(self, challenge: UUID | str) -> PublishedProfile:
        """What declarations for a challenge are scored on. Raises NotFound where none was published yet."""
        return read_profile(self._exchange, "/challenges", Challenge, challenge)

    def publish_scoring_profile(
        self, challenge: UUID | str, profile: ScoringProfile, *, etag: str | None = None, reason: str | None = None
    ) -> PublishedProfile:
        """Say what declarations for a challenge are scored on. Raises Conflict once it is frozen.

        `etag` is that of the challenge as you read it: Stale is raised when somebody changed it since. Without it
        it is read just before. It is frozen when the challenge runs, or when the first declaration is submitted.
        """
        return publish_profile(self._exchange, "/challenges", Challenge, challenge, profile, etag=etag, reason=reason)

    def _path(self, challenge: UUID | str) -> str:
        return f"/challenges/{id_of(self._exchange, '/challenges', Challenge, challenge)}"
