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
    pytest.param({"label": "k", "role": "boss"}, ["/role"], id="unknown role"),
    pytest.param({"label": "k", "role": "supplier"}, ["/supplierId"], id="a supplier's key without supplier"),
    pytest.param(
        {"label": "k", "role": "viewer", "expiresAt": "2026-11-21T08:59:59Z"}, ["/expiresAt"], id="expired at birth"
    ),
    pytest.param(
        {"label": "k", "role": "viewer", "expiresAt": "2027-01-01T00:00:00"}, ["/expiresAt"], id="no time zone"
    ),
    pytest.param({"label": "k", "role": "viewer", "expiresAt": 1900000000}, ["/expiresAt"], id="a number for a moment"),
    pytest.param(
        {"label": "k", "role": "supplier", "supplierId": "01a1fd21-9384-76b9-bb16-d38cd1af38c8"},
        ["/supplierId"],
        id="unknown supplier",
    ),
]


@pytest.mark.parametrize("label", [None, ""], ids=["without label", "empty label"])
async def test_a_key_names_the_person_or_system_that_uses_it(admin: httpx.AsyncClient, label: str | None) -> None:
    body = {"role": "viewer"} if label is None else {"role": "viewer", "label": label}
    answer = await admin.post("/api-keys", json=body)
    assert (answer.status_code, list(faults(answer))) == (400, ["/label"])


async def test_a_key_ends_after_a_year_unless_it_says_otherwise(apos: Apos, admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api-keys", json={"role": "viewer", "label": "k"})).json()
    assert made["expiresAt"] == "2027-11-21T09:00:00Z"
    assert made == await read_again(admin, made) | {"secret": made["secret"]}


@pytest.mark.parametrize(("days", "expires_at"), [(30, "2026-12-21T09:00:00Z"), (0, None)])
async def test_the_setting_says_how_long_a_key_is_valid(
    database_url: str, clock: Clock, days: int, expires_at: str | None
) -> None:
    async with running(database_url, clock, key_days=days) as apos:
        admin = await apos.as_(Role.PROGRAMME_ADMIN)
        made = await admin.post("/api-keys", json={"role": "viewer", "label": "k"})
        assert made.json()["expiresAt"] == expires_at


async def test_an_administrator_is_made_by_two(apos: Apos, given: Given, admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api-keys", json={"role": "programmeAdmin", "label": "Tweede"})).json()
    newcomer, confirmations = apos.client(made["secret"]), f"/api-keys/{made['id']}/confirmations"
    assert made["awaitsConfirmation"]
    assert (await newcomer.get("/lots")).status_code == 401
    assert (await newcomer.post(confirmations, json={})).status_code == 401
    alone = await admin.post(confirmations, json={})
    assert (alone.status_code, "made this key yourself" in alone.json()["detail"]) == (409, True)
    assert (await newcomer.get("/lots")).status_code == 401

    second = await given.second()
    confirmed = await second.post(confirmations, json={})
    assert (confirmed.status_code, confirmed.headers["Location"]) == (201, f"/v1/api-keys/{made['id']}")
    assert confirmed.json() == await read_again(admin, made)
    assert (await newcomer.get("/lots")).status_code == 200
    again = await second.post(confirmations, json={})
    assert (again.status_code, "needs no confirmation" in again.json()["detail"]) == (409, True)


async def test_of_many_confirmations_at_once_one_succeeds(apos: Apos, given: Given, admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api-keys", json={"role": "programmeAdmin", "label": "Tweede"})).json()
    second = await given.second()
    path = f"/api-keys/{made['id']}/confirmations"
    answers = await asyncio.gather(*(second.post(path, json={}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]


async def test_a_key_that_awaits_confirmation_can_be_revoked_and_is_then_never_confirmed(
    given: Given, admin: httpx.AsyncClient
) -> None:
    made = (await admin.post("/api-keys", json={"role": "programmeAdmin", "label": "Tweede"})).json()
    assert (await admin.patch(f"/api-keys/{made['id']}", json={"revoked": True}, headers=MATCH)).is_success
    answer = await (await given.second()).post(f"/api-keys/{made['id']}/confirmations", json={})
    assert (answer.status_code, "revoked" in answer.json()["detail"]) == (409, True)


async def test_without_four_eyes_an_administrators_key_counts_at_once(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, four_eyes=False) as apos:
        admin = await apos.as_(Role.PROGRAMME_ADMIN)
        made = (await admin.post("/api-keys", json={"role": "programmeAdmin", "label": "Tweede"})).json()
        assert (await apos.client(made["secret"]).get("/lots")).status_code == 200


async def test_a_renewed_key_is_the_same_key_and_its_old_secret_ends_after_the_overlap(
    apos: Apos, clock: Clock
) -> None:
    key_id, old_secret = await apos.key(Role.VIEWER)
    old = apos.client(old_secret)
    renewed = await old.post("/me/renewals", json={"overlapDays": 2})
    assert (renewed.status_code, renewed.headers["Location"]) == (201, "/v1/me")
    body = renewed.json()
    secret = body.pop("secret")
    assert body == {
        "id": key_id,
        "version": 2,
        "expiresAt": "2027-11-21T09:00:00Z",
        "previousUntil": "2026-11-23T09:00:00Z",
    }
    new = apos.client(secret)
    for client in (old, new):
        assert (await client.get("/me")).json()["keyId"] == key_id
    clock.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert [(await client.get("/me")).status_code for client in (old, new)] == [401, 200]
    assert secret not in str(apos.rows(ApiKey)) + str(apos.events(ApiKey))


async def test_a_renewal_whose_answer_was_lost_is_made_again_with_the_old_secret(apos: Apos) -> None:
    old = apos.client((await apos.key(Role.VIEWER))[1])
    lost = (await old.post("/me/renewals", json={})).json()["secret"]
    found = (await old.post("/me/renewals", json={})).json()["secret"]
    asked = [await client.get("/me") for client in (old, apos.client(lost), apos.client(found))]
    assert [answer.status_code for answer in asked] == [200, 401, 200]


async def test_an_overlap_is_not_longer_than_the_secret_would_have_been_valid(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    body = {"role": "viewer", "label": "k", "expiresAt": "2026-11-22T00:00:00Z"}
    old = apos.client((await admin.post("/api-keys", json=body)).json()["secret"])
    first = (await old.post("/me/renewals", json={"overlapDays": 30})).json()
    again = (await old.post("/me/renewals", json={"overlapDays": 30})).json()
    assert [first["previousUntil"], again["previousUntil"]] == [body["expiresAt"]] * 2


async def test_an_overlap_of_no_days_ends_the_old_secret_at_once(apos: Apos) -> None:
    old = apos.client((await apos.key(Role.AUDITOR))[1])
    new = apos.client((await old.post("/me/renewals", json={"overlapDays": 0})).json()["secret"])
    assert [(await client.get("/me")).status_code for client in (old, new)] == [401, 200]


@pytest.mark.parametrize("days", [-1, 31, "7", 1.5])
async def test_an_overlap_has_limits(admin: httpx.AsyncClient, days: object) -> None:
    answer = await admin.post("/me/renewals", json={"overlapDays": days})
    assert (answer.status_code, list(faults(answer))) == (400, ["/overlapDays"])


async def test_whoever_renews_a_key_is_still_not_a_second_actor(apos: Apos, admin: httpx.AsyncClient) -> None:
    made = (await admin.post("/api-keys", json={"role": "programmeAdmin", "label": "Tweede"})).json()
    renewed = apos.client((await admin.post("/me/renewals", json={})).json()["secret"])
    assert (await renewed.post(f"/api-keys/{made['id']}/confirmations", json={})).status_code == 409


async def read_again(client: httpx.AsyncClient, key: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = (await client.get(f"/api-keys/{key['id']}")).json()
    return seen


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
    answer = await admin.post("/api-keys", json={"role": "viewer", "label": "k", "supplierId": supplier["id"]})
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
    assert (await auditor.post("/api-keys", json={"role": "viewer", "label": "k"})).status_code == 403


async def test_many_at_once_are_told_apart(apos: Apos) -> None:
    clients = [await apos.as_(role) for role in (Role.VIEWER, Role.AUDITOR) * 8]
    answers = await asyncio.gather(*(client.get("/audit-events") for client in clients))
    assert [answer.status_code for answer in answers] == [403, 200] * 8


async def test_a_key_that_another_process_revokes_is_refused_at_once(
    apos: Apos, admin: httpx.AsyncClient, clock: Clock
) -> None:
    made = (await admin.post("/api-keys", json={"role": "viewer", "label": "k"})).json()
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
    made = await admin.post("/api-keys", json={"role": "viewer", "label": "k", "expiresAt": "2026-11-21T10:00:00Z"})
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
