"""Challenges (industry challenges): budgeted contests for an effect that nobody can deliver yet."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import ChallengeFilters, EntrantFilters
from apos_client._lists import id_of
from apos_client._models import Challenge, Entrant, Supplier
from apos_client._scoring.scoring_profiles import ScoredParents


class Challenges(ScoredParents[Challenge]):
    """The challenges you may see: a supplier sees those it entered, a viewer what is public."""

    _path, _model = "/challenges", Challenge

    def each(self, **filters: Unpack[ChallengeFilters]) -> Iterator[Challenge]:
        """Every challenge you may see, through all pages."""
        return self._each(filters)

    def entrants(self, challenge: UUID | str, **filters: Unpack[EntrantFilters]) -> Iterator[Entrant]:
        """The entrants of a challenge; a supplier sees only itself."""
        return self._connection.each(self._path_to(challenge, "entrants"), Entrant, filters)

    def add_entrant(
        self, challenge: UUID | str, supplier: UUID | str, *, idempotency_key: str | None = None
    ) -> Entrant:
        """Let a supplier enter a challenge, once; from then on it sees the challenge. Both are named by id or key."""
        body = {"supplierId": str(id_of(self._connection, "/suppliers", Supplier, supplier))}
        return self._connection.add(self._path_to(challenge, "entrants"), body, Entrant, idempotency_key)
