"""Critical components (kritieke componenten): functions that decide staying power, and the Dutch position in each."""

from collections.abc import Iterator
from typing import NotRequired, Unpack
from uuid import UUID

from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register


class CriticalComponent(Entry):
    """A function that decides staying power, and how the Netherlands stands in it."""

    function: str
    dutch_position: str | None = None


class NewCriticalComponent(NewEntry):
    """What a new critical component is made of."""

    function: str
    dutch_position: NotRequired[str | None]


class CriticalComponentChanges(EntryChanges, total=False):
    """What may change of a critical component."""

    function: str
    dutch_position: str | None


class CriticalComponents(Register[CriticalComponent]):
    """The critical components, for the programme office, the administrator and the auditor."""

    _path, _kind = "/critical-components", CriticalComponent

    def each(self, **filters: Unpack[EntryFilters]) -> Iterator[CriticalComponent]:
        """Every critical component you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewCriticalComponent]) -> CriticalComponent:
        """Record a critical component, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[CriticalComponentChanges]) -> CriticalComponent:
        """Change fields of a critical component. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
