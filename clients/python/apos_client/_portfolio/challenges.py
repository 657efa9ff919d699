"""Challenges (industry challenges): budgeted contests for an effect that nobody can deliver yet."""

from collections.abc import Iterator
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._keywords import ChallengeChanges, ChallengeFilters, EntrantFilters, EntrantStatus, NewChallenge
from apos_client._lists import id_of
from apos_client._models import Challenge, Entrant, Supplier, Withdrawal
from apos_client._portfolio.parents import Parents


class Challenges(Parents[Challenge]):
    """The challenges you may see: a supplier sees those it entered, a viewer what is public."""

    _path, _model = "/challenges", Challenge

    def each(self, **filters: Unpack[ChallengeFilters]) -> Iterator[Challenge]:
        """Every challenge you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewChallenge]) -> Challenge:
        """Add a challenge, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[ChallengeChanges],
    ) -> Challenge:
        """Change fields of a challenge. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def entrants(self, challenge: UUID | str, **filters: Unpack[EntrantFilters]) -> Iterator[Entrant]:
        """The entrants of a challenge; a supplier sees only itself."""
        return self._connection.each(self._path_to(challenge, "entrants"), Entrant, filters)

    def add_entrant(
        self, challenge: UUID | str, supplier: UUID | str, *, idempotency_key: str | None = None
    ) -> Entrant:
        """Let a supplier enter a challenge, once; from then on it sees the challenge. Both are named by id or key."""
        body = {"supplierId": str(id_of(self._connection, "/suppliers", Supplier, supplier))}
        return self._connection.add(self._path_to(challenge, "entrants"), body, Entrant, idempotency_key)

    def find_entrant(self, challenge: UUID | str, entrant: UUID | str) -> Entrant:
        """An entrant of a challenge, by the id of its entry. Raises NotFound."""
        return self._find_part(challenge, "entrants", Entrant, entrant)

    def change_entrant(
        self,
        challenge: UUID | str,
        entrant: UUID | str,
        *,
        status: EntrantStatus,
        etag: str | None = None,
        reason: str | None = None,
    ) -> Entrant:
        """Record what became of an entrant, named by the id of its entry. Without `etag` it is read first."""
        return self._change_part(challenge, "entrants", Entrant, entrant, {"status": status}, etag=etag, reason=reason)

    def withdraw_entrant(
        self,
        challenge: UUID | str,
        entrant: UUID | str,
        *,
        on: date,
        reason: str,
        authority: str,
        idempotency_key: str | None = None,
    ) -> Withdrawal:
        """Withdraw an entry that was entered in error, for good and once; the supplier no longer sees the challenge by it."""
        return self._withdraw_part(
            challenge,
            "entrants",
            entrant,
            on=on,
            reason=reason,
            authority=authority,
            idempotency_key=idempotency_key,
        )
