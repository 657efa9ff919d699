"""The floor: a bare application on the service's own stack that does the data work and nothing else.

No authentication, visibility, ETag, audit, idempotency, validation or problem handling: what remains is what no service on
this stack can do without. It speaks to the drivers as a competent author would: kept connections, one statement a read.
"""

import argparse
import asyncio
import gc
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiosqlite
import psycopg
import uvicorn
from psycopg.rows import dict_row
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.data_work import (
    Rows,
    Statements,
    declaration_of,
    preview_of,
    replacement_of,
    score_of,
    statements_of,
    text_of,
)

READERS = 8
Parameters = Sequence[Any]


class Store(Protocol):
    """A database, bare."""

    statements: Statements

    async def open(self) -> None:
        """Opens its connections."""

    async def close(self) -> None:
        """Closes them."""

    async def read(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a statement."""

    async def write(self, statement: str, parameters: Parameters, lines: Rows) -> None:
        """Stores lines and runs one statement, in one transaction."""


class SqliteStore:
    """SQLite through aiosqlite, one connection for readers and one for writers."""

    def __init__(self, path: str) -> None:
        self.statements = statements_of("sqlite")
        self._path = path

    async def open(self) -> None:
        self._reader, self._writer = await self._connection(), await self._connection()

    async def _connection(self) -> aiosqlite.Connection:
        opened = await aiosqlite.connect(self._path, isolation_level=None)
        opened.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            await opened.execute(f"PRAGMA {pragma}")
        return opened

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()

    async def read(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._reader.execute_fetchall(statement, parameters)]

    async def write(self, statement: str, parameters: Parameters, lines: Rows) -> None:
        await self._writer.execute("BEGIN IMMEDIATE")
        await self._writer.execute(statement, parameters)
        await self._writer.executemany(self.statements.add_lines, lines)
        await self._writer.commit()


class PostgresStore:
    """PostgreSQL through psycopg, a few connections that are kept."""

    def __init__(self, url: str) -> None:
        self.statements = statements_of("postgresql")
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

    async def write(self, statement: str, parameters: Parameters, lines: Rows) -> None:
        async with self._connection() as connection, connection.transaction():
            await connection.execute(statement.encode(), parameters)
            async with connection.cursor().copy(self.statements.add_lines.encode()) as copy:
                for line in lines:
                    await copy.write_row(line)


class Floor:
    """The routes, over a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.routes = [
            Route("/readyz", self.ready),
            Route("/declarations", self.page),
            Route("/declarations", self.add, methods=["POST"]),
            Route("/declarations/{id}", self.one),
            Route("/declarations/{id}/components", self.replace, methods=["PUT"]),
            Route("/declarations/{id}/score", self.score),
            Route("/components", self.components),
            Route("/previews", self.preview, methods=["POST"]),
        ]

    async def ready(self, _request: Request) -> Response:
        """It answers."""
        return PlainTextResponse("ok\n")

    async def one(self, request: Request) -> Response:
        """One declaration."""
        rows = await self.store.read(self.store.statements.one, request.path_params["id"])
        return _answer(_readable(rows[0]))

    async def page(self, request: Request) -> Response:
        """A page of declarations after an id."""
        rows = await self.store.read(self.store.statements.page, request.query_params["after"])
        return _answer([_readable(row) for row in rows])

    async def components(self, request: Request) -> Response:
        """A page of the components of a set after a position."""
        query = request.query_params
        return _answer(await self.store.read(self.store.statements.components, query["set"], int(query["after"])))

    async def add(self, request: Request) -> Response:
        """Stores a declaration."""
        row, lines = declaration_of(await request.body())
        await self.store.write(self.store.statements.add, row, lines)
        return _answer({"id": row[0], "componentCount": len(lines)}, 201)

    async def replace(self, request: Request) -> Response:
        """Replaces the components of a declaration."""
        lines = replacement_of(await request.body())
        changed = (lines[0][0], len(lines), request.path_params["id"])
        await self.store.write(self.store.statements.replace, changed, lines)
        return _answer({"componentCount": len(lines)})

    async def score(self, request: Request) -> Response:
        """Works out the score of a stored declaration."""
        [declared] = await self.store.read(self.store.statements.one, request.path_params["id"])
        lines = await self.store.read(self.store.statements.lines, declared["component_set"])
        body = score_of([text_of(tuple(line.values())) for line in lines], _readable(declared))
        return Response(body, media_type="application/json")

    async def preview(self, request: Request) -> Response:
        """Works out the score of what is sent."""
        return Response(preview_of(await request.body()), media_type="application/json")


def _answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A declaration with its JSON read, which SQLite gives as text."""
    for name in ("design_authority", "dimensions"):
        if isinstance(row[name], str):
            row[name] = json.loads(row[name])
    return row


def create_floor(url: str) -> Starlette:
    """The floor on a database."""
    store: Store = SqliteStore(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresStore(url)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        await store.open()
        yield
        await store.close()

    return Starlette(routes=Floor(store).routes, lifespan=running)


def main() -> None:
    """Serves the floor on the database of BENCH_DATABASE_URL."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    app = create_floor(os.environ["BENCH_DATABASE_URL"])
    # It imports some of the service to share its rules; a bare application would not be slowed down by that.
    gc.collect()
    gc.freeze()
    port = arguments.parse_args().port
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
