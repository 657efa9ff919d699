"""All rows of a database of a test, taken and put into others of the same schema; to make them again takes many times as long."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.engines import OWN_NAME

Contents = dict[str, bytes]
"""What PostgreSQL copies out of each table that has rows; of SQLite the file."""
CATALOGUES = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_trigger",
    "pg_proc",
    "pg_namespace",
)
"""Where a change of the schema leaves a trace: a row that is new has another transaction than the one that it replaces."""
WAIT_MILLISECONDS = 5_000
END_OTHERS = f"""SELECT pg_terminate_backend(pid, {WAIT_MILLISECONDS}) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> '{OWN_NAME}'"""


def taken(url: str) -> Contents:
    """All that a database holds, which nobody is writing to."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(_file_of(url))) as connection:
            return {"": connection.serialize()}
    with psycopg.connect(url, autocommit=True) as connection:
        return _Tables(connection).taken()


def put(url: str, contents: Contents) -> None:
    """Puts what was taken into a migrated database that nobody is connected to; nothing else remains in it."""
    if url.startswith("sqlite"):
        _file_of(url).write_bytes(contents[""])
        return
    with psycopg.connect(url, autocommit=True) as connection:
        _Tables(connection).replace(contents)


def _file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


class _Tables:
    """The tables of a database of PostgreSQL, over a connection for which neither triggers nor foreign keys hold."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._connection = connection
        # Append-only tables refuse every deletion, and rows go in and out in no order.
        connection.execute("SET session_replication_role = replica")
        names = self.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        asked = (
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(str(name)))
            for [name] in names
        )
        self._which_are_filled = sql.SQL(" UNION ALL ").join(asked)

    def rows(self, statement: str | sql.Composed) -> list[tuple[object, ...]]:
        """What a statement finds."""
        return self._connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement).fetchall()

    def taken(self) -> Contents:
        """The rows of every table that has any."""
        return {name: self._copied(name) for name in self._filled()}

    def replace(self, contents: Contents) -> None:
        """Puts these rows in the place of all that there are."""
        filled = self._filled()
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in filled)
            )
            for name, rows in contents.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(rows)
            cursor.execute("SELECT setval('audit_events_seq_seq', max(seq)) FROM audit_events")
        # What was deleted takes room until it is cleaned up, and rows are read in the order in which they lie.
        names = sql.SQL(", ").join(map(sql.Identifier, filled))
        self._connection.execute(sql.SQL("VACUUM (SKIP_DATABASE_STATS) {}").format(names))

    def _filled(self) -> list[str]:
        return [str(name) for [name] in self.rows(self._which_are_filled)]

    def _copied(self, name: str) -> bytes:
        with (
            self._connection.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as rows,
        ):
            return b"".join(rows)


class KeptDatabase:
    """A migrated database of PostgreSQL that test after test uses, and a connection to empty it with."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, application_name=OWN_NAME)
        self._connection.execute(f"SET lock_timeout = {WAIT_MILLISECONDS}".encode())
        self._tables = _Tables(self._connection)
        sums = (f"(SELECT sum(xmin::text::bigint) + count(*) FROM {name})" for name in CATALOGUES)
        self._traces = f"SELECT {', '.join(sums)}, (SELECT string_agg(version_num, ' ') FROM alembic_version)"
        self._schema = self._tables.rows(self._traces)
        self._contents = self._tables.taken()

    def restore(self) -> bool:
        """Puts it back to what it was. False where it cannot be: its schema has changed, or somebody holds on to it."""
        try:
            self._tables.rows(END_OTHERS)
            if self._tables.rows(self._traces) != self._schema:
                return False
            self._tables.replace(self._contents)
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        """Lets go of it."""
        self._connection.close()
