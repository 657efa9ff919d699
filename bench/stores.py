"""The databases of the floor: open connections of the drivers, without any layer on top."""

import asyncio
import csv
import io
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row

from bench.data_work import Rows, Statements, statements_of
from bench.databases import Kind
from bench.portfolio_work import PortfolioStatements, Step, portfolio_statements
from domain.declarations.component_columns import LINE

READERS = 16
BYTES = 1 << 17
"""What is gathered of a copy before it is sent, which would else be a row at a time."""
CHUNK = 2000
"""Rows of a copy that are fetched at once."""
Parameters = Sequence[Any]


class Store(Protocol):
    """A database through its driver."""

    kind: Kind
    statements: Statements
    portfolio: PortfolioStatements

    async def open(self) -> None:
        """Opens its connections."""

    async def close(self) -> None:
        """Closes them."""

    async def read(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a statement."""

    async def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        """Runs statements and stores lines, in one transaction."""

    def csv(self, component_set: str) -> AsyncIterator[bytes]:
        """The lines of a set as CSV, a chunk at a time."""


class SqliteStore:
    """SQLite on the event loop's own thread, one connection for readers and one for writers."""

    kind: Kind = "sqlite"

    def __init__(self, path: str) -> None:
        self.statements, self.portfolio = statements_of(self.kind), portfolio_statements(self.kind)
        self._path = path

    async def open(self) -> None:
        self._reader, self._writer = self._connection(), self._connection()

    def _connection(self) -> sqlite3.Connection:
        opened = sqlite3.connect(self._path, isolation_level=None)
        opened.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            opened.execute(f"PRAGMA {pragma}")
        return opened

    async def close(self) -> None:
        self._reader.close()
        self._writer.close()

    async def read(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._reader.execute(statement, parameters)]

    async def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        # Nothing is awaited, so that one transaction ends before another begins.
        self._writer.execute("BEGIN IMMEDIATE")
        for statement, parameters in steps:
            self._writer.execute(statement, parameters)
        if lines:
            self._writer.executemany(self.statements.add_lines, lines)
        self._writer.commit()

    async def csv(self, component_set: str) -> AsyncIterator[bytes]:
        cursor = self._reader.execute(self.statements.lines, (component_set,))
        yield ",".join(LINE).encode() + b"\r\n"
        while rows := cursor.fetchmany(CHUNK):
            chunk = io.StringIO()
            csv.writer(chunk).writerows(rows)
            yield chunk.getvalue().encode()


class PostgresStore:
    """PostgreSQL through psycopg, with a few connections that stay open."""

    kind: Kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.statements, self.portfolio = statements_of(self.kind), portfolio_statements(self.kind)
        self._url = url
        self._free: asyncio.Queue[psycopg.AsyncConnection[dict[str, Any]]] = asyncio.Queue()

    async def open(self) -> None:
        for _ in range(READERS):
            opened = await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, row_factory=dict_row, prepare_threshold=1
            )
            self._free.put_nowait(opened)

    async def close(self) -> None:
        while not self._free.empty():
            await self._free.get_nowait().close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[dict[str, Any]]]:
        connection = await self._free.get()
        try:
            yield connection
        finally:
            self._free.put_nowait(connection)

    async def read(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self._connection() as connection:
            return await (await connection.execute(statement.encode(), parameters)).fetchall()

    async def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        async with self._connection() as connection, connection.transaction():
            for statement, parameters in steps:
                await connection.execute(statement.encode(), parameters)
            if lines:
                async with connection.cursor().copy(self.statements.add_lines.encode()) as copy:
                    for line in lines:
                        await copy.write_row(line)

    async def csv(self, component_set: str) -> AsyncIterator[bytes]:
        async with self._connection() as connection:
            statement = self.statements.export.encode()
            async with connection.cursor() as cursor, cursor.copy(statement, (component_set,)) as copy:
                gathered = bytearray()
                async for row in copy:
                    gathered += row
                    if len(gathered) > BYTES:
                        yield bytes(gathered)
                        gathered.clear()
                yield bytes(gathered)


def store_of(url: str) -> Store:
    """The store of a database, by its URL."""
    return SqliteStore(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresStore(url)
