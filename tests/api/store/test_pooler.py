"""PostgreSQL behind a pooler in transaction mode: nothing is kept in a connection from one transaction to the next."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from api.store import postgresql
from api.store.database import Database
from domain.permissions import Role
from domain.registers import Source
from tests.support.databases import Postgres
from tests.support.given import Given
from tests.support.poolers import CONNECTIONS, POOLERS, pooled
from tests.support.service import Apos, Clock, ledger_matches_rows, running


@pytest.fixture(params=POOLERS, ids=lambda program: "made here" if program is None else "PgBouncer")
async def behind(postgres: Postgres, clock: Clock, request: pytest.FixtureRequest) -> AsyncIterator[Apos]:
    """The service on an empty database behind a pooler; afterwards nothing may be left in the connections to the server."""
    url = postgres.empty()
    async with pooled(url, request.param) as pooled_url, running(pooled_url, clock) as apos:
        apos.database_url = url
        yield apos
        await _nothing_left_in_connections(pooled_url)
    ledger_matches_rows(url)
    postgres.drop(url)


async def _nothing_left_in_connections(url: str) -> None:
    for _ in range(2 * CONNECTIONS):
        connection = await psycopg.AsyncConnection.connect(url, prepare_threshold=None, autocommit=True)
        asked = "SELECT current_setting('lock_timeout'), (SELECT count(*) FROM pg_prepared_statements)"
        assert await (await connection.execute(asked)).fetchone() == ("0", 0)
        await connection.close()


async def test_everything_works_and_many_times(behind: Apos) -> None:
    admin = await behind.as_(Role.PROGRAMME_ADMIN)
    given = Given(behind, admin)
    lot, supplier, _ = await given.contest()
    draft = await given.declaration(lot, supplier, admin)
    await given.submitted(draft, admin)
    path = f"/origin-declarations/{draft['id']}"
    for number in range(10):
        changed = await admin.patch(f"/lots/{lot['id']}", json={"title": f"Kavel {number}"}, headers={"If-Match": "*"})
        assert changed.status_code == 200, changed.text
        for read in ("/lots?sort=title", f"/lots/{lot['id']}", "/portfolio-status", path, f"{path}/score"):
            assert (await admin.get(read)).status_code == 200, read
        assert (await admin.get(f"{path}/components", headers={"Accept": "text/csv"})).text.startswith("key,")


async def test_writers_and_readers_at_once(behind: Apos) -> None:
    admin = await behind.as_(Role.PROGRAMME_ADMIN)
    posts = (admin.post("/sources", json={"key": f"s-{number}", "title": "Bron"}) for number in range(20))
    reads = (admin.get("/sources") for _ in range(20))
    answers = await asyncio.gather(*posts, *reads)
    assert [answer.status_code for answer in answers] == [201] * 20 + [200] * 20
    assert len(behind.rows(Source)) == 20


async def test_neither_a_writer_nor_a_reader_waits_longer_for_a_lock(
    behind: Apos, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await behind.as_(Role.PROGRAMME_ADMIN)
    assert (await admin.get("/sources")).status_code == 200
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", 1)
    monkeypatch.setattr(postgresql, "BEGIN_WRITE", postgresql.BEGIN_WRITE.replace("10s", "1s"))
    with psycopg.connect(behind.database_url) as other:
        other.execute("LOCK TABLE sources IN ACCESS EXCLUSIVE MODE")
        async with asyncio.timeout(5):
            written = await admin.post("/sources", json={"key": "a", "title": "b"})
            assert (written.status_code, (await admin.get("/sources")).status_code) == (503, 503)
        other.rollback()
    assert behind.rows(Source) == []


async def test_a_connection_to_the_server_itself_keeps_statements_and_the_limit(postgres: Postgres) -> None:
    url = postgres.empty()
    database = Database(url, pool_size=1)
    for _ in range(10):
        async with database.reading(one_statement=True) as session:
            limit = (await session.exec_driver_sql("SELECT current_setting('lock_timeout')")).scalar_one()
            kept = (await session.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
    await database.close()
    postgres.drop(url)
    assert limit == f"{postgresql.LOCK_SECONDS}s"
    assert kept > 0, "statements that are run often are prepared once"
