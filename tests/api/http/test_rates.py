"""How often a key may ask and an address may fail: counted in whole minutes, by all processes together on PostgreSQL."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from api.http.problems import HttpProblem
from api.http.rates import MOST_SUBJECTS, check_rate, delete_past
from domain.access.request_counts import RequestCount
from domain.permissions import Role
from tests.support.databases import Sqlite
from tests.support.service import Apos, Clock, rows_of, running


async def test_an_address_that_fails_too_often_is_slowed_and_a_valid_key_from_there_is_not(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, failure_limit=3) as apos:
        known, unknown = await apos.as_(Role.VIEWER), apos.client("apos_guess")
        assert [(await unknown.get("/lots")).status_code for _ in range(3)] == [401, 401, 401]
        clock.now += timedelta(seconds=15)
        slowed = await unknown.get("/lots")
        assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "45")
        assert "failed sign-ins" in slowed.json()["detail"]
        assert (await known.get("/lots")).status_code == 200
        clock.now += timedelta(seconds=45)
        assert (await unknown.get("/lots")).status_code == 401


async def test_every_kind_of_failure_counts(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, failure_limit=2) as apos:
        assert (await apos.client().get("/lots")).status_code == 401
        assert (await apos.client("apos_guess").post("/sources", json={})).status_code == 401
        other = await apos.client().get("/lots", headers={"Authorization": "Basic YTpi"})
        assert other.status_code == 429


async def test_processes_count_together_on_postgresql_and_each_for_itself_on_sqlite(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, rate_limit=4) as one, running(database_url, clock, rate_limit=4) as other:
        secret = (await one.key(Role.VIEWER))[1]
        clients = [apos.client(secret) for apos in (one, other) * 4]
        statuses = [(await client.get("/lots")).status_code for client in clients]
        shared = not one.service.database.is_sqlite
        assert statuses == ([200] * 4 + [429] * 4 if shared else [200] * 8)


async def test_what_was_refused_asks_no_database_again(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, failure_limit=2) as apos:
        await asyncio.gather(*(apos.client("apos_guess").get("/lots") for _ in range(12)))
        counted = [row["count"] for row in rows_of(database_url, RequestCount)]
        assert counted == [] if apos.service.database.is_sqlite else 3 <= sum(counted) <= 12
        before = counted
        assert (await apos.client("apos_guess").get("/lots")).status_code == 429
        assert [row["count"] for row in rows_of(database_url, RequestCount)] == before


async def test_minutes_that_are_over_are_deleted(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, rate_limit=4) as apos:
        viewer = await apos.as_(Role.VIEWER)
        await viewer.get("/lots")
        clock.now += timedelta(minutes=1)
        await delete_past(apos.service)
        kept = len(rows_of(database_url, RequestCount))
        clock.now += timedelta(minutes=1)
        await delete_past(apos.service)
        assert (kept, rows_of(database_url, RequestCount)) == (0 if apos.service.database.is_sqlite else 1, [])


async def test_a_flood_of_addresses_takes_bounded_memory(sqlite: Sqlite, clock: Clock) -> None:
    url = sqlite.empty()
    async with running(url, clock) as apos:
        for number in range(MOST_SUBJECTS + 2):
            await check_rate(apos.service, f"address:{number}", 2, clock.now, "failed sign-ins")
        assert len(apos.service.counts.known) == MOST_SUBJECTS + 1
        with pytest.raises(HttpProblem, match="failed sign-ins"):
            await check_rate(apos.service, "address:of one more", 2, clock.now, "failed sign-ins")
    sqlite.drop(url)


def test_without_a_limit_nothing_is_counted(apos: Apos, admin: httpx.AsyncClient) -> None:
    assert apos.service.counts.known == {}
