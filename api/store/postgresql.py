"""PostgreSQL within the service: a pool of connections for readers, another for writers.

A pooler in between, such as PgBouncer, may give each transaction another connection to the server. So nothing is asked of a
connection at its start, and nothing is kept in one from transaction to transaction where a pooler is found: no settings, no
prepared statements. It is found because the process that serves a connection is then not the one that it was told.

SQLAlchemy imports the driver with the engine, so that a service on SQLite starts without it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from api.settings import driver_url
from api.store.engines import without_rows_in_errors
from api.store.sessions import Session, Stream

if TYPE_CHECKING:
    import psycopg

LEDGER_LOCK = 4_170_052_026
"""Advisory lock that writers hold shared for their whole transaction; the sealer takes it exclusively."""
BUSY_SECONDS = 30
"""How long a request waits for a free connection."""
LOCK_SECONDS = 10
"""How long a statement waits for a lock."""
BEGIN_WRITE = f"BEGIN; SET LOCAL lock_timeout = '{LOCK_SECONDS}s'; SELECT pg_advisory_xact_lock_shared({LEDGER_LOCK})"
"""What a writer begins with, in one round trip."""
KEY_AND_STATEMENT = 2
"""What a request runs that reads once: the key of who asks, and what is asked."""


class PostgresqlSession(Session):
    """Statements on a connection of the pool."""

    kind = "postgresql"

    def __init__(self, connection: AsyncConnection, *, at_most: int | None = None) -> None:
        super().__init__()
        self._connection = connection
        self._left = at_most

    async def _connected(self) -> AsyncConnection:
        """The connection to run a statement on."""
        return self._connection

    async def release(self) -> None:
        """Nothing: a writer keeps its connection until its end."""

    async def execute(self, statement: sa.Executable, parameters: Any = None, *, is_long: bool = False) -> Any:
        """Runs a statement and fetches all its rows. Raises RuntimeError beyond the number that was announced."""
        if self._left is not None:
            if self._left == 0:
                raise RuntimeError("this session was opened for one statement; without that it reads one snapshot")
            self._left -= 1
        return await (await self._connected()).execute(statement, parameters)

    async def snapshot(self) -> str:
        """Which transactions the session sees, those of other databases of the server included."""
        return str((await self.exec_driver_sql("SELECT pg_current_snapshot()::text")).scalar_one())

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Runs SQL with parameters in storage form."""
        return await (await self._connected()).exec_driver_sql(statement, parameters)

    @asynccontextmanager
    async def stream(self, statement: sa.Executable) -> AsyncIterator[Stream]:
        """Runs a read whose rows are fetched in pieces, by a cursor of the server."""
        async with (await self._connected()).stream(statement) as result:
            yield result.mappings()

    async def driver_connection(self) -> "psycopg.AsyncConnection[Any]":
        """The driver's own connection, for COPY."""
        raw = await self._connection.get_raw_connection()
        return cast("psycopg.AsyncConnection[Any]", raw.driver_connection)


class PostgresqlReadSession(PostgresqlSession):
    """Reads on a snapshot, which it gives back where it is released."""

    def __init__(self, connection: AsyncConnection, readers: AsyncEngine, held: AsyncExitStack) -> None:
        super().__init__(connection)
        self._readers, self._held = readers, held
        self._is_released = False

    async def release(self) -> None:
        """Gives the connection back until the next statement."""
        self._is_released = True
        await self._held.aclose()

    async def _connected(self) -> AsyncConnection:
        if self._is_released:
            self._connection = await self._held.enter_async_context(self._readers.connect())
            self._is_released = False
        return self._connection


class PostgresqlStore:
    """The connections to one database."""

    def __init__(self, url: str, pool_size: int) -> None:
        options: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": BUSY_SECONDS,
            "hide_parameters": True,
        }
        # Writers begin their transactions themselves, in one round trip with the lock that each of them takes.
        self.writers = create_async_engine(driver_url(url), isolation_level="AUTOCOMMIT", **options)
        self.readers = create_async_engine(
            driver_url(url), isolation_level="REPEATABLE READ", **options
        ).execution_options(postgresql_readonly=True)
        self._readers_of_one = self.readers.execution_options(isolation_level="AUTOCOMMIT")
        self._is_pooled = False
        for engine in (self.writers, self.readers):
            event.listen(without_rows_in_errors(engine.sync_engine), "connect", self._configure)
        event.listen(self.readers.sync_engine, "begin", self._limit_reader)

    def _configure(self, connection: Any, _record: object) -> None:
        """Sets what a connection keeps, where it is one to the server itself; behind a pooler it must keep nothing."""
        driver = connection.driver_connection
        cursor = connection.cursor()
        cursor.execute("SELECT pg_backend_pid()")
        [serving] = cursor.fetchone()
        if serving != driver.info.backend_pid:
            self._is_pooled = True
            driver.prepare_threshold = None
        else:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.close()
        connection.commit()

    def _limit_reader(self, connection: sa.Connection) -> None:
        """Limits how long a reader waits for a lock, where its connection could not be set to it."""
        if self._is_pooled:
            cursor = connection.connection.cursor()
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            cursor.close()

    @asynccontextmanager
    async def reading(self, *, one_statement: bool = False) -> AsyncIterator[PostgresqlSession]:
        """A session on one snapshot; for one statement, without the two round trips that begin and end a transaction."""
        if one_statement and not self._is_pooled:
            async with self._readers_of_one.connect() as connection:
                yield PostgresqlSession(connection, at_most=KEY_AND_STATEMENT)
            return
        async with AsyncExitStack() as held:
            connection = await held.enter_async_context(self.readers.connect())
            yield PostgresqlReadSession(connection, self.readers, held)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PostgresqlSession]:
        """A session that commits when its block ends normally, and rolls back when it raises."""
        async with self.writers.connect() as connection:
            await connection.exec_driver_sql(BEGIN_WRITE)
            session = PostgresqlSession(connection)
            yield session
            await session.settle()
            await connection.exec_driver_sql("COMMIT")

    def version(self) -> None:
        """PostgreSQL tells nothing of other transactions without being asked, which costs as much as a read."""

    async def close(self) -> None:
        """Closes every connection."""
        await self.readers.dispose()
        await self.writers.dispose()
