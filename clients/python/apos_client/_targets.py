"""Targets (streefcijfers): what government said it aims at, with the version of the definition behind it."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import NewTarget, TargetChanges, TargetFilters
from apos_client._models import Target
from apos_client._registers import Register


class Targets(Register[Target]):
    """The targets; every role reads them."""

    _path, _kind = "/targets", Target

    def each(self, **filters: Unpack[TargetFilters]) -> Iterator[Target]:
        """Every target you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTarget]) -> Target:
        """Record a target, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[TargetChanges],
    ) -> Target:
        """Change fields of a target. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)
