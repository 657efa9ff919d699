"""Critical components (kritieke componenten): functions that decide staying power, and the Dutch position in each."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import CriticalComponentChanges, CriticalComponentFilters, NewCriticalComponent
from apos_client._models import CriticalComponent
from apos_client._registers import Register


class CriticalComponents(Register[CriticalComponent]):
    """The critical components, for the programme office, the administrator and the auditor."""

    _path, _kind = "/critical-components", CriticalComponent

    def each(self, **filters: Unpack[CriticalComponentFilters]) -> Iterator[CriticalComponent]:
        """Every critical component you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewCriticalComponent]) -> CriticalComponent:
        """Record a critical component, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[CriticalComponentChanges],
    ) -> CriticalComponent:
        """Change fields of a critical component. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)
