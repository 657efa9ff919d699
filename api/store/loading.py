"""Loading rows that the actor may see: one by its id, all of them, or those that a reference names.

Every row comes from `visible`, so that what does not exist and what may not be seen are refused in the same words.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import FromClause, Select, bindparam, select

from api.store.database import Session
from api.store.visibility import MAX_CACHED_SELECTS, ReadContext, visible
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
    """The row with this id as the reader may see it, locked for a change where asked. Raises NotFound.

    `within` are columns it must also have, such as the parent that the path names.
    """
    seen = visible(kind, context)
    found = (await session.execute(_by_id(seen, tuple(within), lock=lock), {"id": row_id, **within})).mappings()
    return kind(**_found(found.one_or_none(), kind))


async def one(
    session: Session, seen: FromClause, row_id: UUID, kind: type[Audited], **within: object
) -> Mapping[str, Any]:
    """The row with this id of a named select. Raises NotFound in the same words as `load`."""
    query = _by_id(seen, tuple(within), lock=False)
    return _found((await session.execute(query, {"id": row_id, **within})).mappings().one_or_none(), kind)


@lru_cache(maxsize=MAX_CACHED_SELECTS)
def _by_id(seen: FromClause, within: tuple[str, ...], *, lock: bool) -> Select[Any]:
    """The row of a named select with the id and these columns that are given with it."""
    query = select(seen).where(*(seen.c[name] == bindparam(name) for name in ("id", *within)))
    return query.with_for_update(key_share=True) if lock else query


def _found(row: Any, kind: type[Audited]) -> Mapping[str, Any]:
    if row is None:
        raise NotFound(f"{noun(kind)} not found: no {noun(kind)} with this id, or you may not see it")
    found: Mapping[str, Any] = row
    return found


async def rows_of(session: Session, seen: FromClause) -> Sequence[Mapping[str, Any]]:
    """All rows of a named select."""
    rows: Sequence[Any] = (await session.execute(select(seen))).mappings().all()
    return rows


async def by_key(session: Session, kind: type[Row], context: ReadContext) -> dict[str, Row]:
    """All rows that have a key, by it."""
    seen = visible(kind, context)
    rows = (await session.execute(select(seen).where(seen.c.key.is_not(None)))).mappings()
    return {row["key"]: kind(**row) for row in rows}


async def missing_references(
    session: Session, context: ReadContext, wanted: dict[str, tuple[type[Audited], str, object]]
) -> list[Fault]:
    """Faults for the references that lead to no row the reader may see.

    `wanted` maps a pointer into the body to a table, the column it is known by, and the value given; None is no reference.
    """
    faults = []
    for pointer, (kind, column, value) in wanted.items():
        if value is not None:
            seen = visible(kind, context)
            query = select(seen.c[column]).where(seen.c[column] == value)
            if (await session.execute(query)).first() is None:
                faults.append(
                    Fault(pointer, f"no {noun(kind)} has this {column}; give the {column} of an existing one")
                )
    return faults


def noun(kind: type[Audited]) -> str:
    """A table's name as users say it: lot partner, not LotPartner."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.__name__).strip()
