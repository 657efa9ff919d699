"""What the service answers where its database fails for a reason outside it: a full disk, another schema, no answer."""

import httpx
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError

from api.store import schema
from api.store.failures import Failure, failure_of
from domain.permissions import Role
from tests.support.commands import command
from tests.support.databases import Sqlite
from tests.support.engines import commits_that_fail, engines_of, plain_engine
from tests.support.service import Apos, Clock, running

READY = "http://apos.test/readyz"
FULL = OperationalError("COMMIT", {}, errors.DiskFull("could not extend file"))


def test_what_postgresql_is_short_of_is_told_from_a_full_disk() -> None:
    found = [
        failure_of(OperationalError("x", {}, error("no")))
        for error in (errors.DiskFull, errors.TooManyConnections, errors.OutOfMemory, errors.AdminShutdown)
    ]
    assert found == [Failure.FULL, Failure.BUSY, Failure.BUSY, Failure.BUSY]


async def test_a_full_disk_is_507_and_readiness_turns_until_a_minute_has_passed(
    apos: Apos, clock: Clock, admin: httpx.AsyncClient
) -> None:
    database = apos.service.database
    with commits_that_fail(database, FULL):
        answer = await admin.post("/sources", json={"key": "a", "title": "b"})
    assert (answer.status_code, answer.json()["type"]) == (507, "/problems/no-room")
    assert "the disk of the database is full" in answer.json()["detail"]
    assert (await admin.get("/sources")).json()["items"] == []
    ready = await admin.get(READY)
    assert (ready.status_code, ready.text) == (503, "the disk of the database is full; free room on it\n")
    clock.move_to("2026-11-22")
    assert (await admin.get(READY)).status_code == 200
    assert (await admin.post("/sources", json={"key": "a", "title": "b"})).status_code == 201


async def test_a_sqlite_file_that_may_not_grow_is_507(sqlite: Sqlite, clock: Clock) -> None:
    url = sqlite.empty()
    async with running(url, clock) as apos:
        await _fill(apos, await apos.as_(Role.PROGRAMME_ADMIN))
    sqlite.drop(url)


async def _fill(apos: Apos, admin: httpx.AsyncClient) -> None:
    _, writers = engines_of(apos.service.database)
    with writers.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    answers = [
        await admin.post("/sources", json={"key": f"k{number}", "title": "t" * 300, "note": "n" * 2000})
        for number in range(12)
    ]
    assert {answer.status_code for answer in answers} == {201, 507}
    stored = (await admin.get("/sources")).json()["items"]
    assert len(stored) == [answer.status_code for answer in answers].count(201)


async def test_a_process_whose_database_was_migrated_by_a_newer_version_is_503(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    with plain_engine(apos.database_url).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sources RENAME COLUMN title TO heading")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for answer in (await admin.get("/sources"), await admin.post("/sources", json={"key": "a", "title": "b"})):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/other-schema")
        assert answer.headers["retry-after"] == "5"
    assert (await admin.get(READY)).text.startswith("the database was migrated after this process was started")
    with plain_engine(apos.database_url).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sources RENAME COLUMN heading TO title")


async def test_a_fault_of_the_service_stays_500_where_the_schema_is_its_own(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    with plain_engine(apos.database_url).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sources RENAME COLUMN title TO heading")
    assert (await admin.get("/sources")).status_code == 500
    with plain_engine(apos.database_url).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sources RENAME COLUMN heading TO title")


@pytest.mark.parametrize("words", [("serve",), ("migrate",), ("keys", "list"), ("import", "x.yaml")], ids=" ".join)
def test_a_newer_schema_is_one_line_that_says_what_to_do(database_url: str, words: tuple[str, ...]) -> None:
    with plain_engine(database_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    answer = command(database_url, *words)
    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert "the schema of a newer version (revision 9999); use that version, or restore a copy" in answer.stderr


@pytest.mark.parametrize("words", [("serve",), ("migrate",), ("keys", "list"), ("rebuild",)], ids=" ".join)
def test_a_database_that_is_away_is_one_line_that_says_what_to_do(words: tuple[str, ...]) -> None:
    answer = command("postgresql://me:geheim@127.0.0.1:1/apos", *words)
    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert "; check APOS_DATABASE_URL, that the database runs, and what its user may do" in answer.stderr
    assert "geheim" not in answer.stderr


def test_every_revision_but_the_last_is_followed_by_another() -> None:
    assert schema.heads() == {max(schema._revisions())}
