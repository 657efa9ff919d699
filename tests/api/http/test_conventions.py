"""What every route gives for free: problems, headers, formats, methods, limits, and a commit that is not promised early."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.http.auth import flush_used_keys
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.portfolio.lots import Lot
from domain.registers import Source
from tests.support.engines import commits_that_fail
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock, running

ANY_ID = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
HEADERS = {
    "api-version": "1.7.0",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
}


def paths(apos: Apos) -> list[tuple[str, str]]:
    """Every operation of the contract, with ids that lead nowhere."""
    found = []
    for route in apos.routes:
        path = route.path.replace("{seq}", "1")
        for part in [piece for piece in path.split("/") if piece.startswith("{")]:
            path = path.replace(part, ANY_ID)
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


async def test_every_operation_answers_401_to_a_stranger_whatever_it_sends(apos: Apos) -> None:
    stranger, forger = apos.client(), apos.client("apos_forged")
    for method, path in paths(apos):
        for client in (stranger, forger):
            answer = await client.request(method, path, content=b"{", headers={"Content-Type": "text/plain"})
            assert answer.status_code == 401, (method, path)
            assert answer.json()["type"] == "/problems/no-credential"
            assert HEADERS.items() <= dict(answer.headers).items()
    assert len(paths(apos)) == 159


@pytest.mark.parametrize("length", ["9" * 4301, "0" * 4300 + "9" * 20, "1048577"])
async def test_a_length_beyond_any_limit_is_413(admin: httpx.AsyncClient, length: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": length}
    answer = await admin.post("/sources", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize("path", ["lots%2f" + ANY_ID, "lots/x%2Fpartners", "lots/x%5cpartners", "..%2flivez"])
async def test_a_path_with_an_encoded_slash_is_refused(admin: httpx.AsyncClient, path: str) -> None:
    for address in (f"/{path}", f"http://apos.test/v1%2F{path}"):
        answer = await admin.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert "write / between its parts" in answer.json()["detail"]
        assert HEADERS.items() <= dict(answer.headers).items()


async def test_an_expired_key_and_a_revoked_key_are_no_credential(
    apos: Apos, admin: httpx.AsyncClient, clock: Clock
) -> None:
    made = await admin.post(
        "/api-keys", json={"role": "viewer", "label": "k", "expiresAt": "2026-11-22T00:00:00+01:00"}
    )
    revoked = await admin.post("/api-keys", json={"role": "viewer", "label": "k"})
    expiring, revocable = apos.client(made.json()["secret"]), apos.client(revoked.json()["secret"])
    assert (await expiring.get("/lots")).status_code == 200
    assert (await revocable.get("/lots")).status_code == 200
    tag = {"If-Match": revoked.headers["etag"]}
    assert (
        await admin.patch(f"/api-keys/{revoked.json()['id']}", json={"revoked": True}, headers=tag)
    ).status_code == 200
    clock.move_to("2026-11-22")
    assert (await expiring.get("/lots")).status_code == 401
    assert (await revocable.get("/lots")).status_code == 401


@pytest.mark.parametrize("path", ["/lots/", "/nothing", "/Lots", "/lots.json"])
async def test_another_path_is_not_found_and_never_redirected(admin: httpx.AsyncClient, path: str) -> None:
    answer = await admin.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert HEADERS.items() <= dict(answer.headers).items()


async def test_a_wrong_method_names_all_that_are_offered(admin: httpx.AsyncClient) -> None:
    answer = await admin.delete("/lots")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    answer = await admin.put(f"/lots/{ANY_ID}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, PATCH")


async def test_formats_are_chosen_by_accept_alone(admin: httpx.AsyncClient) -> None:
    for accept, status in [("application/xml", 406), ("application/json;q=0, text/html", 406), ("application/*", 200)]:
        assert (await admin.get("/lots", headers={"Accept": accept})).status_code == status, accept


async def test_an_unknown_content_type_is_refused(apos: Apos, admin: httpx.AsyncClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", ""):
        answer = await admin.post("/sources", content=b'{"key": "a", "title": "b"}', headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
    assert apos.rows(Source) == []


BAD_BODIES = [
    pytest.param(b"", 400, [""], id="nothing"),
    pytest.param(b"{", 400, [""], id="half an object"),
    pytest.param(b'{"key": "\xe9"}', 400, [""], id="not UTF-8"),
    pytest.param(b'{"key": NaN}', 400, [""], id="NaN"),
    pytest.param(b"null", 400, [""], id="null"),
    pytest.param(b"[" * 100_000 + b"]" * 100_000, 400, [], id="nesting"),
    pytest.param(b"[" * 10_000_000, 413, [], id="10 MB of nesting"),
    pytest.param(b'{"key": "a", "title": "\\u0000"}', 400, ["/title"], id="NUL"),
    pytest.param(b'{"key": "a", "title": "\\ud800"}', 400, ["/title"], id="half a surrogate pair"),
    pytest.param(b'{"key": "a", "title": ' + b"9" * 5000 + b"}", 400, [], id="an integer of 5,000 digits"),
    pytest.param(b'{"key": "A b", "title": 3, "x": 1}', 400, ["/title", "/key", "/x"], id="three faults"),
    pytest.param(b'{"key": "a", "title": "b", "x/y~": 1}', 400, ["/x~1y~0"], id="a pointer that needs escaping"),
    pytest.param(json.dumps({"key": "a", "title": "t" * 301}).encode(), 400, ["/title"], id="too long"),
]


@pytest.mark.parametrize(("body", "status", "pointers"), BAD_BODIES)
async def test_a_bad_body_is_a_problem_and_stores_nothing(
    apos: Apos, admin: httpx.AsyncClient, body: bytes, status: int, pointers: list[str]
) -> None:
    before = len(apos.rows(AuditEvent))
    answer = await admin.post("/sources", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text[:500]
    assert sorted(faults(answer)) == sorted(pointers)
    assert apos.rows(Source) == []
    assert len(apos.rows(AuditEvent)) == before


async def test_a_body_that_does_not_tell_its_length_is_measured_while_it_is_read(admin: httpx.AsyncClient) -> None:
    async def pieces() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    answer = await admin.post("/sources", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_more_than_a_hundred_faults_are_counted(admin: httpx.AsyncClient, given: Given) -> None:
    lot = await given.lot()
    body = {"functionGroups": [{"name": f"g{n}", "weight": "much"} for n in range(150)], "dimensions": ["spareParts"]}
    answer = await admin.put(f"/lots/{lot['id']}/scoring-profile", json=body, headers={"If-Match": "*"})
    assert len(answer.json()["errors"]) == 100
    assert answer.json()["detail"] == "150 things are wrong with the request; see errors, the first 100 of 150"


@pytest.mark.parametrize("path", ["/sources", "/score-previews"])
async def test_an_object_of_more_fields_than_any_has_is_refused_as_a_whole(admin: httpx.AsyncClient, path: str) -> None:
    answer = await admin.post(path, json={f"x{n}": 1 for n in range(101)})
    assert (answer.status_code, "errors" in answer.json()) == (400, False)
    assert answer.json()["detail"] == "an object in the body has 101 fields; give it at most 100"


BAD_LOTS = [
    pytest.param({"budget": {"amount": 15000000.0}}, ["/budget/amount"], id="a float for an amount"),
    pytest.param({"budget": {"amount": 15000000}}, ["/budget/amount"], id="an integer for an amount"),
    pytest.param({"budget": {"amount": "1e6"}}, ["/budget/amount"], id="an exponent"),
    pytest.param({"budget": {"amount": "-1"}}, ["/budget/amount"], id="less than nothing"),
    pytest.param({"budget": {"amount": "1.005"}}, ["/budget/amount"], id="half cents"),
    pytest.param({"budget": {"amount": "9" * 16}}, ["/budget/amount"], id="past what a column holds"),
    pytest.param({"budget": {"amount": "1", "currency": "USD"}}, ["/budget/currency"], id="another currency"),
    pytest.param({"budget": {"amount": "1", "qualifier": "about"}}, ["/budget/qualifier"], id="unknown qualifier"),
    pytest.param({"budget": {"amount": "1", "source": "no-such"}}, ["/budget/source"], id="unknown source"),
    pytest.param({"period": {"start": "2027-01-01", "end": "2026-12-31"}}, ["/period/end"], id="ends before it starts"),
    pytest.param({"period": {"start": "2027-01-01"}}, ["/period/end"], id="half a window"),
    pytest.param({"status": "started"}, ["/status"], id="unknown status"),
    pytest.param({"containsAi": "yes"}, ["/containsAi"], id="a word for a boolean"),
    pytest.param(
        {"cooperation": {"official": ["XK", "UK", "nl"]}},
        [f"/cooperation/official/{n}" for n in range(3)],
        id="no countries",
    ),
    pytest.param(
        {"deliveryConfidence": {"points": 2**63, "narrative": "x"}},
        ["/deliveryConfidence/points"],
        id="an integer past 2^63",
    ),
    pytest.param(
        {"deliveryConfidence": {"points": 3.5, "narrative": "x"}},
        ["/deliveryConfidence/points"],
        id="a float for a count",
    ),
    pytest.param(
        {"programmeId": ANY_ID, "ownerId": ANY_ID, "source": "none"},
        ["/programmeId", "/ownerId", "/source"],
        id="references to nothing",
    ),
    pytest.param({"programmeId": "{" + ANY_ID + "}"}, ["/programmeId"], id="another spelling of an id"),
]


@pytest.mark.parametrize(("fields", "pointers"), BAD_LOTS)
async def test_a_bad_lot_is_refused_by_field(
    apos: Apos, given: Given, office: httpx.AsyncClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    programme = await given.programme()
    answer = await office.post("/lots", json={"programmeId": programme["id"], "code": "K", "title": "T", **fields})
    assert answer.status_code == 400
    assert list(faults(answer)) == pointers
    assert apos.rows(Lot) == []


async def test_a_value_that_is_taken_is_a_conflict_that_names_it(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(key="one", code="K1")
    for fields in ({"key": "one", "code": "K2"}, {"code": "K1"}):
        answer = await office.post("/lots", json={"programmeId": lot["programmeId"], "title": "T", **fields})
        assert answer.status_code == 409
        assert list(faults(answer)) == ["/" + next(iter(fields))]


async def test_when_the_commit_fails_the_answer_is_500_and_nothing_is_stored(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    before = len(apos.rows(AuditEvent))
    with commits_that_fail(apos.service.database, OSError("the disk is full")):
        answer = await admin.post("/sources", json={"key": "a", "title": "b"})
    assert answer.status_code == 500
    assert HEADERS.items() <= dict(answer.headers).items()
    assert "disk" not in answer.text
    assert apos.rows(Source) == []
    assert len(apos.rows(AuditEvent)) == before
    assert (await admin.post("/sources", json={"key": "a", "title": "b"})).status_code == 201


async def test_health_lies_outside_the_contract(apos: Apos) -> None:
    client = apos.client()
    for path in ("livez", "readyz"):
        answer = await client.get(f"http://apos.test/{path}")
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert HEADERS.items() <= dict(answer.headers).items()


async def test_a_service_without_its_database_is_alive_but_not_ready(clock: Clock) -> None:
    async with running("postgresql://apos@127.0.0.1:1/nothing", clock) as apos:
        assert (await apos.client().get("http://apos.test/livez")).status_code == 200
        assert (await apos.client().get("http://apos.test/readyz")).status_code == 503


async def test_every_problem_type_leads_to_a_page(apos: Apos, admin: httpx.AsyncClient) -> None:
    kind = (await admin.get("/nothing")).json()["type"]
    page = await apos.client().get(f"http://apos.test{kind}")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (await apos.client().get("http://apos.test/problems/none")).status_code == 404


async def test_the_contract_is_served_to_anybody_from_any_origin(apos: Apos) -> None:
    answer = await apos.client().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["openapi"] == "3.1.0"


async def test_a_request_id_is_kept_when_it_is_one(apos: Apos, admin: httpx.AsyncClient) -> None:
    answer = await admin.post("/sources", json={"key": "a", "title": "b"}, headers={"X-Request-Id": "req-1"})
    assert answer.headers["x-request-id"] == "req-1"
    assert apos.events(Source)[0]["request_id"] == "req-1"
    assert (await admin.get("/lots", headers={"X-Request-Id": "a b"})).headers["x-request-id"] != "a b"


REASONS = [("Besluit%20van%20de%20stuurgroep%20%C3%A9%C3%A9n", "Besluit van de stuurgroep één"), ("Plain", "Plain")]


@pytest.mark.parametrize(("header", "reason"), REASONS)
async def test_a_reason_is_recorded_with_the_change(
    apos: Apos, admin: httpx.AsyncClient, header: str, reason: str
) -> None:
    await admin.post("/sources", json={"key": "a", "title": "b"}, headers={"Change-Reason": header})
    assert apos.events(Source)[0]["reason"] == reason


@pytest.mark.parametrize("header", ["%00", "x" * 1001, " "])
async def test_a_reason_that_cannot_be_recorded_is_refused(apos: Apos, admin: httpx.AsyncClient, header: str) -> None:
    answer = await admin.post("/sources", json={"key": "a", "title": "b"}, headers={"Change-Reason": header})
    assert answer.status_code == 400
    assert list(faults(answer)) == ["/header/Change-Reason"]
    assert apos.rows(Source) == []


async def test_where_a_rate_is_set_a_key_that_asks_more_is_told_when_to_come_back(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, rate_limit=3) as apos:
        busy, calm = await apos.as_(Role.VIEWER), await apos.as_(Role.VIEWER)
        assert [(await busy.get("/lots")).status_code for _ in range(3)] == [200, 200, 200]
        clock.now += timedelta(seconds=20)
        refused = await busy.get("/lots")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "40")
        assert refused.json()["type"] == "/problems/rate"
        assert (await calm.get("/lots")).status_code == 200
        clock.now += timedelta(seconds=40)
        assert (await busy.get("/lots")).status_code == 200


async def test_the_committed_contract_is_the_one_that_is_served(apos: Apos) -> None:
    committed = json.loads((Path(__file__).parents[3] / "openapi" / "apos.json").read_text())
    assert (await apos.client().get("/openapi.json")).json() == committed


async def test_a_key_that_is_revoked_while_the_body_comes_in_writes_nothing(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    key_id, secret = await apos.key(Role.PROGRAMME_OFFICE)

    async def slowly() -> Any:
        yield b'{"key": "a", '
        assert (await admin.patch(f"/api-keys/{key_id}", json={"revoked": True}, headers={"If-Match": "*"})).is_success
        yield b'"title": "b"}'

    headers = {"Content-Type": "application/json"}
    answer = await apos.client(secret).post("/sources", content=slowly(), headers=headers)
    assert answer.status_code == 401
    assert apos.rows(Source) == []


@pytest.mark.parametrize("waited", [0.2, -1])
async def test_a_key_is_read_again_where_the_body_comes_late(
    apos: Apos, admin: httpx.AsyncClient, clock: Clock, waited: float
) -> None:
    key_id, secret = await apos.key(Role.PROGRAMME_OFFICE)

    async def late() -> Any:
        assert (await admin.patch(f"/api-keys/{key_id}", json={"revoked": True}, headers={"If-Match": "*"})).is_success
        clock.now += timedelta(seconds=waited)
        yield b'{"key": "a", "title": "b"}'

    headers = {"Content-Type": "application/json"}
    answer = await apos.client(secret).post("/sources", content=late(), headers=headers)
    assert answer.status_code == 401
    assert apos.rows(Source) == []


async def test_a_database_that_is_away_is_503_and_says_when_to_come_back(clock: Clock) -> None:
    async with running("postgresql://apos@127.0.0.1:1/nothing", clock) as apos:
        answer = await apos.client("apos_any").get("/lots")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert HEADERS.items() <= dict(answer.headers).items()


EDGES = ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "1899-12-31T00:00:00Z"]


@pytest.mark.parametrize("moment", EDGES)
async def test_a_moment_at_the_edge_of_time_is_refused(admin: httpx.AsyncClient, moment: str) -> None:
    answer = await admin.get(f"/audit-events?recordedAtFrom={moment}")
    assert (answer.status_code, list(faults(answer))) == (400, ["/query/recordedAtFrom"])


async def test_a_role_that_may_never_do_it_is_403_whatever_it_sends(apos: Apos) -> None:
    viewer = await apos.as_(Role.VIEWER)
    answer = await viewer.post("/lots", content=b"{", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 403


async def test_last_uses_that_could_not_be_stored_are_kept_for_the_next_time(
    apos: Apos, admin: httpx.AsyncClient
) -> None:
    await admin.get("/lots")
    waiting = dict(apos.service.used_keys)
    with commits_that_fail(apos.service.database, OSError("away")), pytest.raises(OSError, match="away"):
        await flush_used_keys(apos.service)
    assert apos.service.used_keys == waiting


async def test_an_error_of_the_database_does_not_tell_what_was_written(apos: Apos) -> None:
    """Error texts enter logs; what was written may be confidential."""
    for opened in (apos.service.database.writing, apos.service.database.reading):
        with pytest.raises(DBAPIError) as error:
            async with opened() as session:
                await session.execute(text("INSERT INTO nothing VALUES (:secret)"), {"secret": "geheim"})
        assert "nothing" in str(error.value)
        assert "geheim" not in str(error.value)
