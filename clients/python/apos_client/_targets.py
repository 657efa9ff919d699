"""Targets (streefcijfers): what government said it aims at, with the version of the definition behind it."""

from collections.abc import Iterator
from typing import Literal, Unpack
from uuid import UUID

from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register

TargetBound = Literal["atLeast", "atMost"]


class Target(Entry):
    """An aim of at least or at most so many percent, under a version of its definition."""

    title: str
    bound: str
    bound_pct: int
    definition_version: str


class TargetFilters(EntryFilters, total=False):
    """By what targets can be listed."""

    bound: TargetBound
    definition_version: str


class NewTarget(NewEntry):
    """What a new target is made of."""

    title: str
    bound: TargetBound
    bound_pct: int
    definition_version: str


class TargetChanges(EntryChanges, total=False):
    """What may change of a target."""

    title: str
    bound: TargetBound
    bound_pct: int
    definition_version: str


class Targets(Register[Target]):
    """The targets; every role reads them."""

    _path, _kind = "/targets", Target

    def each(self, **filters: Unpack[TargetFilters]) -> Iterator[Target]:
        """Every target you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewTarget]) -> Target:
        """Record a target, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[TargetChanges]) -> Target:
        """Change fields of a target. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
