"""Budget lines (begrotingsregels): amounts of the letters that belong to no lot or challenge."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import BudgetLineChanges, BudgetLineFilters, NewBudgetLine
from apos_client._models import BudgetLine
from apos_client._registers import Register


class BudgetLines(Register[BudgetLine]):
    """The budget lines; every role reads them."""

    _path, _kind = "/budget-lines", BudgetLine

    def each(self, **filters: Unpack[BudgetLineFilters]) -> Iterator[BudgetLine]:
        """Every budget line you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewBudgetLine]) -> BudgetLine:
        """Record a budget line, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[BudgetLineChanges],
    ) -> BudgetLine:
        """Change fields of a budget line. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)
