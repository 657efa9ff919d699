"""SQLite within the service: one file, one connection for writers, several for readers.

A statement of SQLite takes microseconds, and a trip to a thread and back takes longer than most of them. So statements
run on the event loop's own thread, within a budget of steps; a read that exceeds it is begun again in a thread, and what
is known to take long (many lines, a stream, a commit, which waits for the disk) runs there at once. Nothing that waits for
another process blocks the loop.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeVar
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.store.engines import engine_of
from api.store.sessions import Session
from api.store.text_order import add_functions

Result = TypeVar("Result")
BUSY_SECONDS = 30
"""How long a writer waits for its turn, and for another process that writes."""
STEPS_ON_LOOP = 200_000
"""Steps of SQLite's virtual machine that a read may take on the event loop: two to eight milliseconds."""
ROWS_READ_ON_LOOP, ROWS_WRITTEN_ON_LOOP = 500, 100
"""Rows that one statement may read or write on the event loop."""
PAUSES = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.025, 0.05)
"""Seconds between attempts to begin while another process writes; the last is repeated."""
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    # Without it INSERT OR REPLACE would delete rows without firing the triggers that forbid deletion.
    "recursive_triggers = ON",
)


class SqliteSession(Session):
    """Statements on a connection, in a thread where they take long."""

    kind = "sqlite"

    def __init__(self, connection: sa.Connection, store: "SqliteStore") -> None:
        super().__init__()
        self._store = store
        self._threads, self._known_as_long = store.threads, store.known_as_long
        self._use(connection)

    def _use(self, connection: sa.Connection) -> None:
        self._connection = connection
        # Asked for before anything is read: what is committed in between makes another version, never an older state.
        self._version = self._store.version()
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._driver = driver

    async def _connected(self) -> sa.Connection:
        """The connection to run a statement on."""
        return self._connection

    async def release(self) -> None:
        """Nothing: a writer keeps its connection until its end."""

    async def execute(self, statement: sa.Executable, parameters: Any = None, *, is_long: bool = False) -> Any:
        """Runs a statement and fetches all its rows."""
        run = partial((await self._connected()).execute, statement, parameters)
        if not statement.is_select:
            rows = len(parameters) if isinstance(parameters, list) else 1
            return run() if rows <= ROWS_WRITTEN_ON_LOOP else await self._in_thread(run)
        if not is_long and statement not in self._known_as_long:
            result = self._within_budget(run)
            if result is not None:
                return result
            if parameters is None:
                self._known_as_long.add(statement)
        return await self._in_thread(lambda: _with_rows(run()))

    def _within_budget(self, run: Callable[[], sa.CursorResult[Any]]) -> sa.CursorResult[Any] | None:
        """The result of a read, with its rows; None where it takes more than may be done on the event loop."""
        self._driver.set_progress_handler(_stop, STEPS_ON_LOOP)
        try:
            return _with_rows(run(), ROWS_READ_ON_LOOP)
        except (OperationalError, sqlite3.OperationalError) as error:
            if not _has_code(error, sqlite3.SQLITE_INTERRUPT):
                raise
            return None
        finally:
            self._driver.set_progress_handler(None, 0)

    async def snapshot(self) -> str:
        """The version of the database when the session's snapshot was opened."""
        await self._connected()
        return str(self._version)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Runs SQL with parameters in storage form; many rows in a thread."""
        run = partial((await self._connected()).exec_driver_sql, statement, parameters)
        return await self._in_thread(run) if isinstance(parameters, list) else run()

    @asynccontextmanager
    async def stream(self, statement: sa.Executable) -> AsyncIterator["_Stream"]:
        """Runs a read whose rows are fetched in pieces, in a thread."""
        result = await self._in_thread(partial((await self._connected()).execute, statement))
        try:
            yield _Stream(result.mappings(), self._in_thread)
        finally:
            result.close()

    async def commit(self) -> None:
        """Commits the transaction that the writer began."""
        await self._in_thread(self._connection.commit, may_interrupt=False)

    def roll_back(self) -> None:
        """Ends the transaction, also where it was the commit that failed."""
        self._driver.rollback()

    async def _in_thread(self, run: Callable[[], Result], *, may_interrupt: bool = True) -> Result:
        """Runs in a thread. Cancelled, it interrupts the statement and waits until the thread has let go of it."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, run)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            while not running.done():
                if may_interrupt:
                    self._driver.interrupt()
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([running], timeout=PAUSES[-1])
            running.exception()
            raise


class SqliteReadSession(SqliteSession):
    """Reads on a snapshot, which it gives back where it is released."""

    def __init__(self, connection: sa.Connection, store: "SqliteStore", held: AsyncExitStack) -> None:
        super().__init__(connection, store)
        self._held = held
        self._is_released = False

    async def release(self) -> None:
        """Gives the connection back until the next statement."""
        self._is_released = True
        await self._held.aclose()

    async def _connected(self) -> sa.Connection:
        if self._is_released:
            self._use(await self._store.take_reader(self._held))
            self._is_released = False
        return self._connection


class _Stream:
    def __init__(self, result: sa.MappingResult, in_thread: Callable[..., Any]) -> None:
        self._result = result
        self._in_thread = in_thread

    async def partitions(self, size: int) -> AsyncIterator[Sequence[Any]]:
        """Pieces of at most this many rows."""
        while rows := await self._in_thread(partial(self._result.fetchmany, size)):
            yield rows


class SqliteStore:
    """The connections to one file."""

    def __init__(self, url: str, pool_size: int) -> None:
        self.readers = _engine(url, pool_size, begin="BEGIN")
        self.writers = _engine(url, 1, begin="BEGIN IMMEDIATE")
        self._free_readers = asyncio.Semaphore(pool_size)
        self._turn = asyncio.Lock()
        self._watching: sqlite3.Connection | None = None
        # One for each connection, so that no statement waits for another's thread.
        self.threads: Executor = ThreadPoolExecutor(pool_size + 1, thread_name_prefix="sqlite")
        self.known_as_long: WeakSet[sa.Executable] = WeakSet()
        """Selects without parameters that exceeded the budget before: they are run in a thread at once."""

    @asynccontextmanager
    async def reading(self, *, one_statement: bool = False) -> AsyncIterator[SqliteSession]:
        """A session on one snapshot, which costs nothing here."""
        async with AsyncExitStack() as held:
            yield SqliteReadSession(await self.take_reader(held), self, held)

    async def take_reader(self, held: AsyncExitStack) -> sa.Connection:
        """A free connection for reading, which goes back when `held` is closed. Waits until there is one."""
        await held.enter_async_context(_within_time(self._free_readers))
        return held.enter_context(self.readers.connect())

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqliteSession]:
        """A session that commits when its block ends normally, and rolls back when it raises."""
        async with _within_time(self._turn):
            with self.writers.connect() as connection:
                await _begin(connection)
                session = SqliteSession(connection, self)
                try:
                    yield session
                    await session.settle()
                    await session.commit()
                except BaseException:
                    session.roll_back()
                    raise

    def version(self) -> int:
        """A number that changes whenever anybody commits, in this process or another; it costs a microsecond."""
        if self._watching is None:
            self._watching = sqlite3.connect(str(self.readers.url.database), isolation_level=None)
        [version] = self._watching.execute("PRAGMA data_version").fetchone()
        return int(version)

    async def close(self) -> None:
        """Closes every connection."""
        if self._watching is not None:
            self._watching.close()
        self.readers.dispose()
        self.writers.dispose()
        self.threads.shutdown()


def checkpoint(url: str) -> None:
    """Moves what the `-wal` file still holds into the database and removes it, unless a process has the file open.

    The last process that closes the file does this; two that close it at the same moment may both leave it to the other.
    """
    connection = sqlite3.connect(str(sa.make_url(url).database), timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


@asynccontextmanager
async def _within_time(turn: asyncio.Lock | asyncio.Semaphore) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(BUSY_SECONDS):
            await turn.acquire()
    except TimeoutError as error:
        raise PoolTimeout(f"no connection was free within {BUSY_SECONDS} seconds") from error
    try:
        yield
    finally:
        turn.release()


async def _begin(connection: sa.Connection) -> None:
    """Begins a transaction, waiting while another process writes; the loop is free meanwhile."""
    deadline = time.monotonic() + BUSY_SECONDS
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            connection.begin()
        except OperationalError as error:
            if not _has_code(error, sqlite3.SQLITE_BUSY) or time.monotonic() > deadline:
                raise
            await asyncio.sleep(pause)
        else:
            return


def _engine(url: str, pool_size: int, *, begin: str) -> sa.Engine:
    engine = engine_of(url, pool_size=pool_size, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        add_functions(connection)
        # To change the journal mode it may have to wait for others who do the same; afterwards only writers wait.
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if begin == "BEGIN IMMEDIATE":
            connection.execute("PRAGMA busy_timeout = 0")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _with_rows(result: sa.CursorResult[Any], at_most: int | None = None) -> sa.CursorResult[Any] | None:
    """A result with its rows fetched, so that none is read outside the budget or the thread; None where there are more."""
    cursor = result.cursor
    rows = cursor.fetchall() if at_most is None else cursor.fetchmany(at_most + 1)
    if at_most is not None and len(rows) > at_most:
        result.close()
        return None
    result.cursor_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)
    return result


def _stop() -> int:
    return 1


def _has_code(error: Exception, code: int) -> bool:
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlite_errorcode", None) == code
