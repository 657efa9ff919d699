"""Ids of rows by the lots and challenges that they name, or that name them, whoever may see them.

Only rules of visibility are made of these.
"""

from typing import Any

from sqlalchemy import CompoundSelect, Select, String, cast, select, union_all

from domain.base import Audited
from domain.ledger import table_of
from domain.listed_values import ListedValue
from domain.portfolio.trials import Trial


def rows_naming(kind: type[Audited], name: str, ids: Select[Any]) -> Select[Any]:
    """The ids of rows that the list filter `name` finds by one of these ids."""
    t, named = table_of(ListedValue).alias(), ids.subquery()
    of_kind = (t.c.row_kind == table_of(kind).name, t.c.name == name)
    return select(t.c.row_id).join(named, t.c.value == cast(named.c[0], String(36))).where(*of_kind)


def named_by(kind: type[Audited], column: str, ids: Select[Any]) -> Select[Any]:
    """The ids in a column of the rows with these ids, such as the programmes of lots."""
    t = table_of(kind).alias()
    return select(t.c[column]).where(t.c.id.in_(ids))


def trials_of(lots: Select[Any], challenges: Select[Any]) -> CompoundSelect[Any]:
    """The ids of the trials of these lots and challenges."""
    return union_all(rows_naming(Trial, "lot_id", lots), rows_naming(Trial, "challenge_id", challenges))


def sites_of(lots: Select[Any], challenges: Select[Any]) -> Select[Any]:
    """The ids of the sites of the trials of these lots and challenges."""
    t = table_of(Trial).alias()
    return select(t.c.site_id).where(t.c.id.in_(trials_of(lots, challenges)))
