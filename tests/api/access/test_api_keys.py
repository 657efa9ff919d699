"""API keys."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.http.auth import flush_used_keys
from domain.access.api_keys import ApiKey
from domain.permissions import Role
from tests.support.engines import counting
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock, running

MATCH = {"If-Match": "*"}


async def test_the_administrator_makes_a_key_that_works(apos: Apos, given: Given, admin: httpx.AsyncClient) -> None:
    supplier = await given.supplier()
    made = await admin.post("/api-keys", json={"role": "supplier", "supplierId": supplier["id"], "label": "Fabriek"})
    assert made.status_code == 201
    client = apos.client(made.json()["secret"])
    assert [row["id"] for row in (await client.get("/suppliers")).json()["items"]] == [supplier["id"]]
    seen = (await admin.get(f"/api-keys/{made.json()['id']}")).json()
    assert seen == {name: value for name, value in made.json().items() if name != "secret"}
    assert "key_hash" not in apos.events(ApiKey)[-1]["state"]


BAD_KEYS = [
    pytest.param({"role": "boss"}, ["/role"], id="unknown role"),
    pytest.param({"role": "supplier"}, ["/supplierId"], id="a supplier's key without supplier"),
    pytest.param({"role": "viewer", "expiresAt": "2026-11-21T08:59:59Z"}, ["/expiresAt"], id="expired at birth"),
    pytest.param({"role": "viewer", "expiresAt": "2027-01-01T00:00:00"}, ["/expiresAt"], id="no time zone"),
    pytest.param({"role": "viewer", "expiresAt": 1900000000}, ["/expiresAt"], id="a number for a moment"),
    pytest.param(
        {"role": "supplier", "supplierId": "01a1fd21-9384-76b9-bb16-d38cd1af38c8"},
        ["/supplierId"],
        id="unknown supplier",
    ),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("body", "pointers"), BAD_KEYS)
async def test_a_bad_key_is_refused(
    apos: Apos, admin: httpx.AsyncClient, body: dict[str, Any], pointers: list[str]
) -> None:
    before = len(apos.rows(ApiKey))
    answer = await admin.post("/api-keys", json=body)
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert len(apos.rows(ApiKey)) == before


async def test_a_viewers_key_has_no_supplier(given: Given, admin: httpx.AsyncClient) -> None:
    supplier = await given.supplier()
    answer = await admin.post("/api-keys", json={"role": "viewer", "supplierId": supplier["id"]})
    assert (answer.status_code, list(faults(answer))) == (400, ["/supplierId"])


async def test_a_revoked_key_is_never_given_back(apos: Apos, admin: httpx.AsyncClient) -> None:
    key_id, _ = await apos.key(Role.VIEWER)
    revoked = await admin.patch(f"/api-keys/{key_id}", json={"revoked": True}, headers=MATCH)
    assert (revoked.json()["revoked"], revoked.json()["revokedAt"]) == (True, "2026-11-21T09:00:00Z")
    again = await admin.patch(f"/api-keys/{key_id}", json={"revoked": False}, headers=MATCH)
    assert (again.status_code, list(faults(again))) == (409, ["/revoked"])
    labelled = await admin.patch(f"/api-keys/{key_id}", json={"label": "Oud"}, headers=MATCH)
    assert (labelled.json()["label"], labelled.json()["revokedAt"]) == ("Oud", "2026-11-21T09:00:00Z")


async def test_last_use_is_stored_without_an_event(apos: Apos, admin: httpx.AsyncClient) -> None:
    before = len(apos.events(ApiKey))
    await admin.get("/lots")
    await flush_used_keys(apos.service)
    [key] = (await admin.get("/api-keys?role=programmeAdmin")).json()["items"]
    assert key["lastUsedAt"] == "2026-11-21T09:00:00Z"
    assert len(apos.events(ApiKey)) == before
    assert await flush_used_keys(apos.service) is None


async def test_processes_that_store_last_uses_at_once_keep_the_latest(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock) as one, running(database_url, clock) as other:
        keys = [UUID((await one.key(Role.VIEWER))[0]) for _ in range(24)]
        earlier, later = clock.now, clock.now + timedelta(seconds=40)
        for number, key in enumerate(keys):
            one.service.used_keys[key] = later if number % 2 else earlier
        for number, key in reversed(list(enumerate(keys))):
            other.service.used_keys[key] = earlier if number % 2 else later
        await asyncio.gather(flush_used_keys(one.service), flush_used_keys(other.service))
        assert {row["last_used_at"] for row in one.rows(ApiKey)} == {later}


async def test_an_auditor_reads_keys_and_makes_none(apos: Apos) -> None:
    auditor = await apos.as_(Role.AUDITOR)
    assert len((await auditor.get("/api-keys")).json()["items"]) == 1
    assert (await auditor.post("/api-keys", json={"role": "viewer"})).status_code == 403


async def test_many_at_once_are_told_apart(apos: Apos) -> None:
    clients = [await apos.as_(role) for role in (Role.VIEWER, Role.AUDITOR) * 8]
    answers = await asyncio.gather(*(client.get("/audit-events") for client in clients))
    assert [answer.status_code for answer in answers] == [403, 200] * 8


async def test_a_key_that_another_process_revokes_is_refused_at_once(
    apos: Apos, admin: httpx.AsyncClient, clock: Clock
) -> None:
    made = (await admin.post("/api-keys", json={"role": "viewer"})).json()
    client = apos.client(made["secret"])
    assert [(await client.get("/lots")).status_code for _ in range(2)] == [200, 200]
    async with running(apos.database_url, clock) as other:
        elsewhere = await other.as_(Role.PROGRAMME_ADMIN)
        assert (await other.client(made["secret"]).get("/lots")).status_code == 200
        path, tag = f"/api-keys/{made['id']}", {"If-Match": "*"}
        assert (await elsewhere.patch(path, json={"revoked": True}, headers=tag)).is_success
        for asked in (client, other.client(made["secret"])):
            assert (await asked.get("/lots")).status_code == 401
            assert (await asked.post("/lots", json={})).status_code == 401


async def test_a_key_that_was_used_a_moment_ago_still_expires(
    apos: Apos, admin: httpx.AsyncClient, clock: Clock
) -> None:
    made = await admin.post("/api-keys", json={"role": "viewer", "expiresAt": "2026-11-21T10:00:00Z"})
    client = apos.client(made.json()["secret"])
    assert (await client.get("/lots")).status_code == 200
    clock.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert (await client.get("/lots")).status_code == 401


async def test_a_key_is_read_once_where_nobody_writes(apos: Apos, admin: httpx.AsyncClient) -> None:
    def reads_of_keys(statements: list[str]) -> int:
        return sum("FROM api_keys" in statement for statement in statements)

    await admin.get("/lots")
    with counting(apos.service.database) as statements:
        for _ in range(3):
            await admin.get("/lots")
    assert reads_of_keys(statements) == (0 if apos.service.database.is_sqlite else 3)
    await admin.post("/sources", json={"key": "a", "title": "b"})
    with counting(apos.service.database) as statements:
        await admin.get("/lots")
    assert reads_of_keys(statements) == 1
