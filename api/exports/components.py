"""The components of a declaration as CSV: all lines, in the order in which they were declared.

Lines are read in pieces, each in a snapshot of its own, so that a slow client holds neither a connection nor all lines in
memory. One piece is read at a time, in turns by who asks, because many exports at once would delay every other read. That is
safe because a set of lines never changes. Where the lines of a draft are replaced during the export, the rest of the old set
no longer exists, and the response is aborted so that it does not appear complete.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from api.exports.tables import CsvDialect, CsvTable
from api.queries.declarations import origin_declarations as queries
from api.store.database import Database
from api.store.visibility import ReadContext
from api.workers import Turns
from domain.declarations.component_columns import COLUMNS, FIELDS
from domain.declarations.origin_declarations import OriginDeclaration

HEADERS = FIELDS
"""The fields of a component. A unit value takes one cell, because declared values are always in euros and exact."""
DECIMALS = frozenset(each.field for each in COLUMNS if each.is_decimal)
PIECE = 1000
"""Lines that are read at a time."""


class ComponentsReplaced(Exception):
    """The lines of a declaration were replaced while they were being exported."""


def csv_digest(declaration: OriginDeclaration) -> str:
    """A digest that is equal only for equal lines in equal columns, for the ETag; computed without reading the lines."""
    content = ",".join((declaration.components_digest or "", *HEADERS))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


async def csv_of_components(
    pieces: AsyncIterable[Sequence[Row[Any]]], dialect: CsvDialect = CsvDialect.RFC4180
) -> AsyncIterator[str]:
    """A row of headers, then the lines that come in these pieces."""
    table = CsvTable(HEADERS, numbers=DECIMALS, dialect=dialect)
    yield table.head()
    async for rows in pieces:
        yield await asyncio.to_thread(table.lines, rows)


async def pieces_of(
    database: Database,
    turns: Turns,
    context: ReadContext,
    component_set: UUID | None,
    count: int,
    *,
    filters: Mapping[str, str],
) -> AsyncIterator[Sequence[Row[Any]]]:
    """The lines of a set of `count` lines whose columns have the values of `filters`, in the columns of `some_lines`.

    Pieces without a matching line are skipped. Raises ComponentsReplaced where no declaration that the reader may see has the
    set any more.
    """
    if component_set is None:
        return
    for start in range(0, count, PIECE):
        positions = range(start, min(start + PIECE, count))
        async with turns.exports.turn(context.actor.supplier_id or context.actor.name), database.reading() as session:
            lines = queries.some_lines(context, component_set, positions, filters)
            rows = (await session.execute(lines, is_long=True)).all()
            if (await session.execute(queries.declarations_with(context, component_set))).first() is None:
                raise ComponentsReplaced(f"the lines of set {component_set} were replaced while they were read")
        if rows:
            yield rows
