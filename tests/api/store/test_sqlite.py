"""SQLite on the event loop's thread: what takes long does not hold the loop, and what is cancelled lets go."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.store import sqlite as store
from api.store.sessions import Session
from api.store.sqlite import SqliteStore
from domain.ledger import table_of
from domain.listed_values import ListedValue
from tests.support.databases import Sqlite

LINES = table_of(ListedValue)
LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {steps}) SELECT max(i) FROM n"
SECONDS = 10


@pytest.fixture
async def file(sqlite: Sqlite) -> AsyncIterator[SqliteStore]:
    url = sqlite.empty()
    opened = SqliteStore(url, 2)
    async with opened.writing():
        """The journal mode, which the first connection to a file sets, waits for whoever uses the file."""
    yield opened
    await opened.close()
    sqlite.drop(url)


def counting(steps: int) -> object:
    """A read that takes about this many steps times ten."""
    return select(text(f"* FROM ({LONG.format(steps=steps)})"))


def a_line(number: int) -> dict[str, object]:
    return {"row_kind": "lots", "name": "n", "value": str(number), "row_id": "00000000-0000-0000-0000-000000000001"}


async def ticks(during: "asyncio.Task[object]") -> int:
    """How often the loop comes round while a task runs."""
    counted = 0
    while not during.done():
        await asyncio.sleep(0.001)
        counted += 1
    return counted


async def read(file: SqliteStore, steps: int) -> object:
    async with file.reading() as session:
        return (await session.execute(counting(steps))).scalar_one()


async def test_a_short_read_stays_on_the_loop(file: SqliteStore) -> None:
    reading = asyncio.create_task(read(file, 100))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert reading.done()
    assert reading.result() == 100


async def test_a_long_read_leaves_the_loop_free_and_its_answer_is_whole(file: SqliteStore) -> None:
    reading = asyncio.create_task(read(file, 2_000_000))
    assert await ticks(reading) > 10
    assert reading.result() == 2_000_000


async def test_a_read_of_many_rows_is_whole_and_is_known_as_long(file: SqliteStore) -> None:
    rows = select(text(f"* FROM ({LONG.format(steps=store.ROWS_READ_ON_LOOP + 1).replace('max(i)', 'i')})"))
    for _ in range(2):
        async with file.reading() as session:
            assert (await session.execute(rows)).scalars().all() == list(range(1, store.ROWS_READ_ON_LOOP + 2))
    assert rows in file.known_as_long


async def test_a_read_that_is_said_to_be_long_does_not_begin_on_the_loop(file: SqliteStore) -> None:
    async with file.reading() as session:
        reading = asyncio.create_task(session.execute(counting(100), is_long=True))
        await asyncio.sleep(0)
        assert not reading.done()
        assert (await reading).scalar_one() == 100


async def test_a_long_read_sees_the_snapshot_in_which_it_began(file: SqliteStore) -> None:
    async with file.reading() as session:
        assert (await session.execute(select(LINES))).all() == []
        async with file.writing() as writer:
            await writer.execute(insert(LINES), a_line(1))
        await session.execute(counting(2_000_000))
        assert (await session.execute(select(LINES))).all() == []


async def test_a_long_read_within_a_write_loses_nothing_of_it(file: SqliteStore) -> None:
    async with file.writing() as session:
        await session.execute(insert(LINES), a_line(1))
        assert (await session.execute(counting(200_000))).scalar_one() == 200_000
    assert await values(file) == ["1"]


async def values(file: SqliteStore) -> list[str]:
    async with file.reading() as session:
        return list((await session.execute(select(LINES.c.value).order_by(LINES.c.value))).scalars())


@pytest.mark.parametrize("how", ["cancelled", "refused"])
async def test_what_ends_early_stores_nothing_and_frees_the_writer(file: SqliteStore, how: str) -> None:
    async def write() -> None:
        async with file.writing() as session:
            await session.execute(insert(LINES), a_line(1))
            if how == "refused":
                raise ValueError(how)
            await session.execute(counting(1_000_000_000))

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    writing.cancel()
    began = time.monotonic()
    with pytest.raises((ValueError, asyncio.CancelledError)):
        await writing
    assert time.monotonic() - began < SECONDS / 2, "the statement was not interrupted"
    async with file.writing() as session:
        await session.execute(insert(LINES), a_line(2))
    assert await values(file) == ["2"]


async def test_many_rows_at_once_are_written_beside_the_loop(file: SqliteStore) -> None:
    async def write() -> None:
        async with file.writing() as session:
            await session.execute(insert(LINES), [a_line(number) for number in range(20_000)])

    writing = asyncio.create_task(write())
    assert await ticks(writing) > 3
    assert len(await values(file)) == 20_000


async def test_a_stream_gives_pieces_in_order(file: SqliteStore) -> None:
    async with file.writing() as session:
        await session.execute(insert(LINES), [a_line(100 + number) for number in range(25)])
    async with file.reading() as session, session.stream(select(LINES.c.value).order_by(LINES.c.value)) as rows:
        pieces = [[row["value"] for row in piece] async for piece in rows.partitions(10)]
    assert [len(piece) for piece in pieces] == [10, 10, 5]
    assert [value for piece in pieces for value in piece] == [str(100 + number) for number in range(25)]


@pytest.fixture
def another(file: SqliteStore) -> sqlite3.Connection:
    """A connection as another process has it."""
    return sqlite3.connect(str(file.writers.url.database), isolation_level=None)


async def write_one(file: SqliteStore) -> None:
    async with file.writing() as session:
        await session.execute(insert(LINES), a_line(1))


async def test_a_writer_waits_for_another_process_without_holding_the_loop(
    file: SqliteStore, another: sqlite3.Connection
) -> None:
    another.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(write_one(file))
    await asyncio.sleep(0.2)
    assert not writing.done()
    another.execute("COMMIT")
    another.close()
    await asyncio.wait_for(writing, SECONDS)
    assert await values(file) == ["1"]


async def test_a_writer_gives_up_where_another_process_does_not_end(
    file: SqliteStore, another: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    another.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await write_one(file)
    another.close()
    await write_one(file)
    assert await values(file) == ["1"]


@pytest.mark.parametrize("kind", ["reading", "writing"])
async def test_who_finds_no_free_connection_waits_and_is_refused_in_the_end(
    file: SqliteStore, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    opened = {"reading": file.reading, "writing": file.writing}[kind]

    async def hold(ended: asyncio.Event) -> None:
        async with opened():
            await ended.wait()

    ended = asyncio.Event()
    holders = [asyncio.create_task(hold(ended)) for _ in range(2 if kind == "reading" else 1)]
    await asyncio.sleep(0.01)
    with pytest.raises(PoolTimeout, match="no connection was free"):
        async with opened():
            pass
    ended.set()
    await asyncio.gather(*holders)
    async with opened() as session:
        assert isinstance(session, Session)
