"""Commitments (toezeggingen en moties): what parliament was promised or asked for, by when, and which letter fulfils it."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import CommitmentChanges, CommitmentFilters, NewCommitment
from apos_client._models import Commitment
from apos_client._registers import Register


class Commitments(Register[Commitment]):
    """The commitments; every role reads them."""

    _path, _kind = "/commitments", Commitment

    def each(self, **filters: Unpack[CommitmentFilters]) -> Iterator[Commitment]:
        """Every commitment you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewCommitment]) -> Commitment:
        """Record a commitment, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[CommitmentChanges],
    ) -> Commitment:
        """Change fields of a commitment. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)
