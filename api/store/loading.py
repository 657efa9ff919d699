"""Loads rows that the actor may see: one by its id, all of them, or those that a reference names.

Every row comes from `visible`, so that a row that does not exist and one that the actor may not see give the same refusal.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import FromClause, Select, bindparam, select

from api.store.select_cache import MAX_CACHED_SELECTS
from api.store.sessions import Session
from api.store.visibility import ReadContext, visible, visible_with_withdrawn
from domain.base import Audited
from domain.errors import Fault, NotFound

Row = TypeVar("Row", bound=Audited)


async def load(
    session: Session,
    kind: type[Row],
    row_id: UUID,
    context: ReadContext,
    within: Mapping[str, object],
    *,
    lock: bool = False,
) -> Row:
    """The row with this id as the reader may see it, locked for a change with `lock`. Raises NotFound.

    `within` are columns it must also have, such as the parent that the path names. A row that was withdrawn is still read.
    """
    visible_rows = visible_with_withdrawn(kind, context)
    result = (
        await session.execute(_by_id(visible_rows, tuple(within), lock=lock), {"id": row_id, **within})
    ).mappings()
    return kind.of_row(found_or_raise(result.one_or_none(), kind))


async def one(
    session: Session, visible_rows: FromClause, row_id: UUID, kind: type[Audited], **within: object
) -> Mapping[str, Any]:
    """The row with this id in a select, with the columns of `within`. Raises NotFound with the same text as `load`."""
    query = _by_id(visible_rows, tuple(within), lock=False)
    return found_or_raise((await session.execute(query, {"id": row_id, **within})).mappings().one_or_none(), kind)


@lru_cache(maxsize=MAX_CACHED_SELECTS)
def _by_id(visible_rows: FromClause, within: tuple[str, ...], *, lock: bool) -> Select[Any]:
    """Selects by id and the columns of `within`; their values are parameters."""
    query = select(visible_rows).where(*(visible_rows.c[name] == bindparam(name) for name in ("id", *within)))
    return query.with_for_update(key_share=True) if lock else query


def found_or_raise(row: Any, kind: type[Audited]) -> Mapping[str, Any]:
    """The row. Raises NotFound where it is None."""
    if row is None:
        raise NotFound(f"{noun(kind)} not found: no {noun(kind)} with this id, or you may not see it")
    result: Mapping[str, Any] = row
    return result


async def rows_of(session: Session, visible_rows: FromClause) -> Sequence[Mapping[str, Any]]:
    """All rows of a select."""
    rows: Sequence[Any] = (await session.execute(select(visible_rows))).mappings().all()
    return rows


async def by_key(session: Session, kind: type[Row], context: ReadContext) -> dict[str, Row]:
    """All rows that have a key, by that key."""
    visible_rows = visible(kind, context)
    rows = (await session.execute(select(visible_rows).where(visible_rows.c.key.is_not(None)))).mappings()
    return {row["key"]: kind.of_row(row) for row in rows}


async def missing_references(
    session: Session, context: ReadContext, references: dict[str, tuple[type[Audited], str, object]]
) -> list[Fault]:
    """Faults for the references to rows that do not exist or that the reader may not see.

    `references` maps a pointer into the body to a table, the column that identifies the row, and its value. A value of None
    is no reference.
    """
    faults = []
    for pointer, (kind, column, value) in references.items():
        if value is not None:
            visible_rows = visible(kind, context)
            query = select(visible_rows.c[column]).where(visible_rows.c[column] == value)
            if (await session.execute(query)).first() is None:
                faults.append(
                    Fault(pointer, f"no {noun(kind)} has this {column}; give the {column} of an existing one")
                )
    return faults


def noun(kind: type[Audited]) -> str:
    """A table's name in words, for messages: lot partner, not LotPartner."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.__name__).strip()
