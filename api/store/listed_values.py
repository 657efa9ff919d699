"""Lines of `ListedValue`, by which rows are found: the ledger writes those of one row, and `rebuild` those of all."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.base import Audited, ListFilter
from domain.ledger import table_of
from domain.listed_values import ListedValue


def lines_of(kind: type[Audited], row_id: UUID, row: Mapping[str, Any], filters: Iterable[str]) -> list[dict[str, Any]]:
    """The lines of one row of a table, for these of its list filters."""
    name = table_of(kind).name
    return [
        {"row_kind": name, "name": by, "value": value, "row_id": row_id}
        for by in filters
        for value in sorted(set(_values(kind.LIST_FILTERS[by], row)))
    ]


def rebuild(connection: sa.Connection) -> None:
    """Makes every line anew, in the transaction of a connection."""
    table = table_of(ListedValue)
    connection.execute(sa.delete(table))
    for kind in _filtered(Audited):
        rows = connection.execute(sa.select(table_of(kind))).mappings().all()
        lines = [line for row in rows for line in lines_of(kind, row["id"], dict(row), kind.LIST_FILTERS)]
        if lines:
            connection.execute(sa.insert(table), lines)


def _values(listed: ListFilter, row: Mapping[str, Any]) -> Iterable[str]:
    return listed.values(row[listed.column] or ())


def _filtered(kind: type[Audited]) -> list[type[Audited]]:
    """The tables with list filters among a class and those derived from it."""
    own = [kind] if kind.LIST_FILTERS and getattr(kind, "__table__", None) is not None else []
    return [*own, *(each for derived in kind.__subclasses__() for each in _filtered(derived))]


def listed_rows(kind: type[Audited], name: str, value: str) -> sa.Select[Any]:
    """The ids of rows with a value in a list column, whoever may see them; use it only to filter visible rows."""
    t = table_of(ListedValue)
    return sa.select(t.c.row_id).where(t.c.row_kind == table_of(kind).name, t.c.name == name, t.c.value == value)
