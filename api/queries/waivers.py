"""Selects of waivers of knock-outs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.database import Session
from api.reader import Reader, readable
from domain.scoring.inputs import Waiver as Waived
from domain.waivers import Waiver, waiver_of


def waivers(reader: Reader) -> Any:
    """The waivers that the reader may see."""
    return readable(Waiver, reader)


def newest_first(reader: Reader, declaration_id: UUID) -> Select[Any]:
    """The waivers of a declaration, the last one recorded first."""
    seen = readable(Waiver, reader)
    return (
        select(seen)
        .where(seen.c.declaration_id == declaration_id)
        .order_by(seen.c.recorded_at.desc(), seen.c.id.desc())
    )


async def waivers_of(session: Session, reader: Reader, declaration_id: UUID) -> tuple[Waived, ...]:
    """The waivers of a declaration as a score takes them: the first that is in force counts, so the newest come first."""
    rows = (await session.execute(newest_first(reader, declaration_id))).mappings()
    return tuple(waiver_of(row) for row in rows)


async def waivers_of_all(
    session: Session, reader: Reader, declaration_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[Waived]]:
    """The same of several declarations, by their ids."""
    seen = readable(Waiver, reader)
    newest = select(seen).order_by(seen.c.recorded_at.desc(), seen.c.id.desc())
    found: dict[UUID, list[Waived]] = defaultdict(list)
    rows = (await session.execute(newest.where(seen.c.declaration_id.in_(declaration_ids)))).mappings()
    for row in map(dict, rows):
        found[row["declaration_id"]].append(waiver_of(row))
    return found
