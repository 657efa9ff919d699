"""Trials (beproevingen): tests in a window at a site, for challenges and lots together."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NotRequired, Unpack
from uuid import UUID

from apos_client._answers import Window
from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register


class Trial(Entry):
    """A trial: when, at which site, and for which challenges and lots, by their ids."""

    title: str
    window: Window | None = None
    site_id: UUID | None = None
    challenge_ids: tuple[UUID, ...] = ()
    lot_ids: tuple[UUID, ...] = ()


class TrialFilters(EntryFilters, total=False):
    """By what trials can be listed; an end from a day on is inclusive, before a day is not."""

    site_id: UUID | str
    challenge_id: UUID | str
    lot_id: UUID | str
    window_end_from: date
    window_end_before: date


class NewTrial(NewEntry):
    """What a new trial is made of."""

    title: str
    window: NotRequired[Window | None]
    site_id: NotRequired[UUID | str | None]
    challenge_ids: NotRequired[Sequence[UUID | str]]
    lot_ids: NotRequired[Sequence[UUID | str]]


class TrialChanges(EntryChanges, total=False):
    """What may change of a trial."""

    title: str
    window: Window | None
    site_id: UUID | str | None
    challenge_ids: Sequence[UUID | str]
    lot_ids: Sequence[UUID | str]


class Trials(Register[Trial]):
    """The trials; every role reads them."""

    _path, _kind = "/trials", Trial

    def each(self, **filters: Unpack[TrialFilters]) -> Iterator[Trial]:
        """Every trial you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewTrial]) -> Trial:
        """Record a trial, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[TrialChanges]) -> Trial:
        """Change fields of a trial. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
