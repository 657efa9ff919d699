"""The components of a declaration as CSV: all lines, in the order in which they were declared.

They are read a piece at a time, each in a snapshot of its own: whoever reads slowly holds neither a connection nor the
lines. That is safe because a set of lines is never changed; where a draft gets other ones meanwhile, the rest of the
old set is gone, and the answer breaks off instead of seeming complete.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from api.exports.tables import written
from api.queries.declarations import origin_declarations as queries
from api.store.database import Database
from api.store.visibility import ReadContext
from domain.declarations.component_columns import FIELDS

HEADERS = FIELDS
"""The fields of a component. A unit value is one cell: what is declared is in euros, and exact."""
PIECE = 1000
"""Lines that are read at once."""


class Replaced(Exception):
    """The lines were replaced while they were read."""


async def csv_of_components(
    database: Database, context: ReadContext, component_set: UUID | None, count: int, filters: Mapping[str, str]
) -> AsyncIterator[str]:
    """The lines of a set of so many, those whose columns have the values of `filters`, under a row of headers.

    Raises Replaced where no declaration that the reader may see has the set any more.
    """
    yield written([HEADERS])
    async for rows in pieces_of(database, context, component_set, count, filters):
        yield await asyncio.to_thread(written, rows)


async def pieces_of(
    database: Database, context: ReadContext, component_set: UUID | None, count: int, filters: Mapping[str, str]
) -> AsyncIterator[Sequence[Row[Any]]]:
    """The same lines as rows of `LINE`, a piece at a time; pieces in which the filters leave nothing are passed over."""
    if component_set is None:
        return
    for start in range(0, count, PIECE):
        positions = range(start, min(start + PIECE, count))
        async with database.reading() as session:
            rows = (await session.execute(queries.some_lines(context, component_set, positions, filters))).all()
            if (await session.execute(queries.users_of(context, component_set))).first() is None:
                raise Replaced(f"the lines of set {component_set} were replaced while they were read")
        if rows:
            yield rows
