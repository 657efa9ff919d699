"""The database engines and the two kinds of session: reading (one snapshot) and writing (the only commit).

SQLite has a single connection for writers, whose transactions begin IMMEDIATE, and separate ones for readers: with deferred
transactions most concurrent writes would fail in spite of a busy timeout.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from api.settings import async_url

Session = AsyncConnection
LEDGER_LOCK = 4_170_052_026
"""PostgreSQL advisory lock that writers hold shared for their whole transaction; the sealer takes it exclusively."""
BUSY_SECONDS = 30
LOCK_SECONDS = 10


class Database:
    """Access to one database; `reading()` and `writing()` are the only ways to open a session."""

    def __init__(self, url: str, pool_size: int) -> None:
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self._readers = _sqlite_engine(url, pool_size, begin="BEGIN")
            self._writers = _sqlite_engine(url, 1, begin="BEGIN IMMEDIATE")
        else:
            options: dict[str, Any] = {
                "pool_size": pool_size,
                "max_overflow": 0,
                "pool_timeout": BUSY_SECONDS,
                "hide_parameters": True,
                "connect_args": {"options": f"-c lock_timeout={LOCK_SECONDS}s"},
            }
            self._writers = create_async_engine(async_url(url), **options)
            self._readers = create_async_engine(
                async_url(url), isolation_level="REPEATABLE READ", **options
            ).execution_options(postgresql_readonly=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that reads one snapshot and stores nothing."""
        async with self._readers.connect() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """A session that commits when its block ends normally, and rolls back when it raises."""
        async with self._writers.connect() as session, session.begin():
            if not self.is_sqlite:
                await session.execute(sa.func.pg_advisory_xact_lock_shared(LEDGER_LOCK).select())
            yield session

    async def close(self) -> None:
        """Closes every connection."""
        await self._readers.dispose()
        await self._writers.dispose()


def _sqlite_engine(url: str, pool_size: int, *, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        async_url(url), pool_size=pool_size, max_overflow=0, pool_timeout=BUSY_SECONDS, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            # Without it INSERT OR REPLACE would delete rows without firing the triggers that forbid deletion.
            "recursive_triggers = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
