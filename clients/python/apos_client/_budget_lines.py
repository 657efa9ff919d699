"""Budget lines (begrotingsregels): amounts of the letters that belong to no lot or challenge."""

from collections.abc import Iterator
from typing import NotRequired, Unpack
from uuid import UUID

from apos_client._answers import Amount
from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register


class BudgetLine(Entry):
    """An amount and the fund it comes from; without a fund it stands alone and enters no sum. None: not published."""

    title: str
    amount: Amount | None = None
    fund: str | None = None


class BudgetLineFilters(EntryFilters, total=False):
    """By what budget lines can be listed."""

    fund: str


class NewBudgetLine(NewEntry):
    """What a new budget line is made of."""

    title: str
    amount: NotRequired[Amount | None]
    fund: NotRequired[str | None]


class BudgetLineChanges(EntryChanges, total=False):
    """What may change of a budget line."""

    title: str
    amount: Amount | None
    fund: str | None


class BudgetLines(Register[BudgetLine]):
    """The budget lines; every role reads them."""

    _path, _kind = "/budget-lines", BudgetLine

    def each(self, **filters: Unpack[BudgetLineFilters]) -> Iterator[BudgetLine]:
        """Every budget line you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewBudgetLine]) -> BudgetLine:
        """Record a budget line, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[BudgetLineChanges]) -> BudgetLine:
        """Change fields of a budget line. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
