"""Idempotency-Key: the same request twice is done once."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from api.http.idempotency import delete_expired
from api.http.path_rows import ROWS_OF_PATHS
from domain.access.api_keys import ApiKey
from domain.idempotency import IdempotencyRecord
from domain.permissions import Role
from domain.registers import Source
from tests.support.declared import SIGNED
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock, running

BODY = {"key": "a", "title": "Brief"}
KEY = {"Idempotency-Key": "sleutel-1"}


async def test_the_same_request_is_answered_again_and_done_once(apos: Apos, admin: httpx.AsyncClient) -> None:
    first = await admin.post("/sources", json=BODY, headers=KEY)
    second = await admin.post("/sources", json=BODY, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("etag", "location", "content-type"):
        assert second.headers[name] == first.headers[name]
    assert (first.headers.get("idempotent-replayed"), second.headers["idempotent-replayed"]) == (None, "true")
    assert len(apos.rows(Source)) == len(apos.events(Source)) == 1


async def test_the_same_key_with_another_body_is_422(apos: Apos, admin: httpx.AsyncClient) -> None:
    await admin.post("/sources", json=BODY, headers=KEY)
    answer = await admin.post("/sources", json={**BODY, "key": "b"}, headers=KEY)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")
    assert len(apos.rows(Source)) == 1


async def test_a_key_is_its_actors_own_and_its_paths_own(apos: Apos, admin: httpx.AsyncClient) -> None:
    other = await apos.as_(Role.PROGRAMME_OFFICE)
    answers = [
        await admin.post("/sources", json=BODY, headers=KEY),
        await other.post("/sources", json={**BODY, "key": "b"}, headers=KEY),
        await admin.post("/organisations", json={"name": "CLAS", "kind": "service"}, headers=KEY),
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201]


async def test_a_refusal_is_not_kept(apos: Apos, admin: httpx.AsyncClient) -> None:
    assert (await admin.post("/sources", json={"key": "a"}, headers=KEY)).status_code == 400
    assert (await admin.post("/sources", json=BODY, headers=KEY)).status_code == 201
    assert len(apos.rows(IdempotencyRecord)) == 1


async def test_after_24_hours_the_key_is_free(apos: Apos, admin: httpx.AsyncClient, clock: Clock) -> None:
    await admin.post("/sources", json=BODY, headers=KEY)
    clock.move_to("2026-11-23")
    assert (await admin.post("/sources", json={**BODY, "key": "b"}, headers=KEY)).status_code == 201
    assert len(apos.rows(IdempotencyRecord)) == 1


async def test_it_survives_a_restart(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock) as apos:
        secret = (await apos.key(Role.PROGRAMME_ADMIN))[1]
        first = await apos.client(secret).post("/sources", json=BODY, headers=KEY)
    async with running(database_url, clock) as apos:
        second = await apos.client(secret).post("/sources", json=BODY, headers=KEY)
        assert (second.status_code, second.content) == (201, first.content)
        assert len(apos.rows(Source)) == 1


async def test_of_twins_at_once_one_is_done_and_none_twice(apos: Apos, admin: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(admin.post("/sources", json=BODY, headers=KEY) for _ in range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert statuses[0] == 201
    assert len(apos.rows(Source)) == 1


async def test_a_twin_in_flight_is_409(apos: Apos, admin: httpx.AsyncClient) -> None:
    actor = f"key:{apos.rows(ApiKey)[0]['id']}"
    apos.service.in_flight.add((actor, "/v1/sources", KEY["Idempotency-Key"]))
    assert (await admin.post("/sources", json=BODY, headers=KEY)).status_code == 409
    apos.service.in_flight.clear()
    assert (await admin.post("/sources", json=BODY, headers=KEY)).status_code == 201


async def test_a_twin_in_another_process_waits_for_nothing(database_url: str, clock: Clock) -> None:
    """Two services on one PostgreSQL: while one holds the key in its transaction, the other says 409."""
    async with running(database_url, clock) as one, running(database_url, clock) as other:
        if one.service.database.is_sqlite:
            await _twin_on_sqlite(one, other)
            return
        secret = (await one.key(Role.PROGRAMME_ADMIN))[1]
        answers = await asyncio.gather(
            *(apos.client(secret).post("/sources", json=BODY, headers=KEY) for apos in (one, other) * 4)
        )
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len(one.rows(Source)) == 1


async def _twin_on_sqlite(one: Apos, other: Apos) -> None:
    """On SQLite the second writer waits for the first, and then repeats its answer."""
    secret = (await one.key(Role.PROGRAMME_ADMIN))[1]
    first, second = await asyncio.gather(
        *(apos.client(secret).post("/sources", json=BODY, headers=KEY) for apos in (one, other))
    )
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert len(one.rows(Source)) == 1


async def test_a_secret_is_shown_once_and_never_stored(apos: Apos, admin: httpx.AsyncClient) -> None:
    first = await admin.post("/api-keys", json={"role": "viewer", "label": "k"}, headers=KEY)
    second = await admin.post("/api-keys", json={"role": "viewer", "label": "k"}, headers=KEY)
    secret = first.json()["secret"]
    assert second.json() == {name: value for name, value in first.json().items() if name != "secret"}
    assert secret not in str(apos.rows(IdempotencyRecord)) + str(apos.rows(ApiKey)) + str(apos.events(ApiKey))


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
async def test_what_is_no_key_is_refused(apos: Apos, admin: httpx.AsyncClient, key: str) -> None:
    answer = await admin.post("/sources", json=BODY, headers=[(b"Idempotency-Key", key.encode())])
    assert (answer.status_code, list(faults(answer))) == (400, ["/header/Idempotency-Key"])
    assert apos.rows(Source) == []


async def test_an_id_in_capitals_is_the_same_path(apos: Apos, admin: httpx.AsyncClient) -> None:
    programme = (await admin.post("/programmes", json={"code": "P", "title": "T"})).json()
    for spelling in (programme["id"], programme["id"].upper()):
        answer = await admin.post(f"/programmes/{spelling}/settings", json={"effectiveOn": "2026-11-21"}, headers=KEY)
        assert answer.status_code == 201
    assert len((await admin.get(f"/programmes/{programme['id']}/settings")).json()["items"]) == 1
    bare = programme["id"].replace("-", "")
    assert (await admin.get(f"/programmes/{bare}")).status_code == 400


async def test_answers_are_forgotten_after_24_hours_without_anybody_asking(
    apos: Apos, given: Given, clock: Clock
) -> None:
    """Some tell who signed a declaration."""
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path = f"/origin-declarations/{draft['id']}/submissions"
    assert (await client.post(path, json=SIGNED, headers={"Idempotency-Key": "once"})).status_code == 201
    assert "ansen" in str(apos.rows(IdempotencyRecord))
    clock.now += timedelta(hours=23)
    await delete_expired(apos.service)
    assert len(apos.rows(IdempotencyRecord)) == 1
    clock.now += timedelta(hours=1, seconds=1)
    await delete_expired(apos.service)
    assert apos.rows(IdempotencyRecord) == []


async def test_an_assessor_that_was_removed_is_not_answered_again(apos: Apos, given: Given) -> None:
    milestone = await given.milestone()
    key_id, secret = await apos.key(Role.ASSESSOR)
    lot = f"/lots/{milestone['lotId']}"
    await given.put(lot, "assessors", {"keyIds": [key_id]})
    assessor, path = apos.client(secret), f"/milestones/{milestone['id']}/assessments"
    body = {"outcome": "notMet", "assessedOn": "2026-11-20", "narrative": "Niet gehaald."}
    first = await assessor.post(path, json=body, headers=KEY)
    again = await assessor.post(path, json=body, headers=KEY)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content), first.text
    await given.put(lot, "assessors", {"keyIds": []})
    removed = await assessor.post(path, json=body, headers=KEY)
    never = await (await apos.as_(Role.ASSESSOR)).post(path, json=body, headers=KEY)
    assert (removed.status_code, removed.json()["detail"]) == (404, never.json()["detail"])


def test_every_row_that_the_path_of_a_post_names_is_looked_up_before_an_answer_is_repeated(apos: Apos) -> None:
    posted = [route.path for route in apos.routes if route.operation.takes_idempotency_key]
    assert {name for path in posted for name in re.findall(r"{(\w+)}", path)} == set(ROWS_OF_PATHS)
