"""The raw limit: the same data work in this process, on the synchronous driver, without a server."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg

from bench.data_work import Rows, declaration_of, replacement_of, statements_of
from bench.databases import Place
from bench.portfolio_work import Step
from bench.stores import CHUNK


class Raw(Protocol):
    """A connection of the synchronous driver."""

    def read(self, statement: str, *parameters: Any) -> Sequence[Any]:
        """The rows of a statement."""

    def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        """Runs statements and stores lines, in one transaction."""

    def export(self, component_set: str) -> None:
        """Reads every line of a set, a chunk at a time, and keeps none."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
            connection.execute(f"PRAGMA {pragma}")

    def read(self, statement: str, *parameters: Any) -> Sequence[Any]:
        return self._connection.execute(statement, parameters).fetchall()

    def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statement, parameters in steps:
            self._connection.execute(statement, parameters)
        if lines:
            self._connection.executemany(statements_of("sqlite").add_lines, lines)
        self._connection.commit()

    def export(self, component_set: str) -> None:
        cursor = self._connection.execute(statements_of("sqlite").export, (component_set,))
        while cursor.fetchmany(CHUNK):
            pass


class _Postgres:
    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def read(self, statement: str, *parameters: Any) -> Sequence[Any]:
        return self._connection.execute(statement.encode(), parameters, prepare=True).fetchall()

    def run(self, steps: Sequence[Step], lines: Rows = ()) -> None:
        with self._connection.transaction():
            for statement, parameters in steps:
                self._connection.execute(statement.encode(), parameters)
            if lines:
                with self._connection.cursor().copy(statements_of("postgresql").add_lines.encode()) as copy:
                    for line in lines:
                        copy.write_row(line)

    def export(self, component_set: str) -> None:
        with self._connection.cursor().copy(statements_of("postgresql").export.encode(), (component_set,)) as copy:
            for _ in copy:
                pass


@contextmanager
def raw_on(place: Place, name: str) -> Iterator[Raw]:
    """A database, opened with the synchronous driver of its kind."""
    if place.kind == "sqlite":
        connection = sqlite3.connect(f"{place.root}/{name}.sqlite", isolation_level=None)
        try:
            yield _Sqlite(connection)
        finally:
            connection.close()
        return
    with psycopg.connect(place.url(name), autocommit=True) as opened:
        yield _Postgres(opened)


def add_declaration(raw: Raw, place: Place, body: bytes) -> None:
    """Parses a declaration and stores it."""
    row, lines = declaration_of(body)
    raw.run([(statements_of(place.kind).add, row)], lines)


def replace_components(raw: Raw, place: Place, declaration_id: str, body: bytes) -> None:
    """Parses components and stores them in place of those of a declaration."""
    lines = replacement_of(body)
    raw.run([(statements_of(place.kind).replace, (lines[0][0], len(lines), declaration_id))], lines)
