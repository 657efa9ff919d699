"""Engines that share what they have compiled: a test has a database of its own, and asks what other tests asked.

An engine compiles a statement once, for its own dialect. Every service of a test has new engines, so that nothing but the
compiled texts goes from one test to another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from api.settings import driver_url
from api.store.database import Database
from api.store.sqlite import SqliteStore

_FIRST: dict[tuple[str, str, str], sa.Engine] = {}
"""The engine whose dialect and compiled statements others of its kind and use share; it has been connected once."""
_PLAIN: dict[str, sa.Engine] = {}
"""The engine of the test itself of each database whose connection is kept."""
OWN_NAME = "tests"
"""What connections of the test itself are called at the server, to tell them from those of a service."""


def share_statements(engine: sa.Engine, use: str) -> None:
    """Gives an engine the statements that engines of its kind have compiled for this use.

    To be called before it is used and again afterwards, because a dialect is complete once it has been connected.
    """
    kind = (engine.dialect.name, engine.dialect.driver, use)
    if kind in _FIRST:
        # A dialect asks the server five things when it first connects; this one has been told, where its pool asks it too.
        vars(engine.dialect).update(vars(_FIRST[kind].dialect), initialize=_told)
        engine.dialect, engine._compiled_cache = _FIRST[kind].dialect, _FIRST[kind]._compiled_cache
    elif engine.dialect.server_version_info is not None:
        _FIRST[kind] = engine


def _told(_connection: sa.Connection) -> None:
    """Asks nothing."""


def share_statements_of(database: Database) -> None:
    """The same for both engines of a service's database."""
    for use, engine in zip(("reading", "writing"), engines_of(database), strict=True):
        share_statements(engine, use)


def engines_of(database: Database) -> tuple[sa.Engine, sa.Engine]:
    """The engine of readers and the engine of writers of a service's database."""
    store = database._store
    if isinstance(store, SqliteStore):
        return store.readers, store.writers
    return store.readers.sync_engine, store.writers.sync_engine


def plain_engine(database_url: str) -> sa.Engine:
    """An engine of the test itself, beside those of the service.

    It keeps a connection to PostgreSQL, which is slow to learn of tables, until the database is removed; none to SQLite.
    """
    if database_url in _PLAIN:
        return _PLAIN[database_url]
    if database_url.startswith("sqlite"):
        engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    else:
        named = {"application_name": OWN_NAME}
        engine = _PLAIN[database_url] = sa.create_engine(driver_url(database_url), connect_args=named, pool_size=1)
    share_statements(engine, "plain")
    if engine.dialect.server_version_info is None:
        engine.connect().close()
        share_statements(engine, "plain")
    return engine


def forget_plain_engine(database_url: str) -> None:
    """Closes what `plain_engine` keeps of a database."""
    if database_url in _PLAIN:
        _PLAIN.pop(database_url).dispose()


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that are run within the block, reads and writes."""
    statements: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    for engine in engines_of(database):
        event.listen(engine, "before_cursor_execute", keep)
    yield statements
    for engine in engines_of(database):
        event.remove(engine, "before_cursor_execute", keep)


@contextmanager
def commits_that_fail(database: Database, error: Exception) -> Iterator[None]:
    """Writers of a service's database cannot commit within the block."""
    _, writers = engines_of(database)

    def fail(*_given: Any) -> None:
        raise error

    def fail_where_it_commits(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "COMMIT":
            raise error

    how = ("commit", fail) if database.is_sqlite else ("before_cursor_execute", fail_where_it_commits)
    event.listen(writers, *how)
    yield
    event.remove(writers, *how)
