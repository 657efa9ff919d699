"""OPTIONS, and which web pages a browser lets read the answers."""

from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from api.http.contract import VERSION
from api.http.cors import EXPOSED_HEADERS
from api.settings import Settings
from domain.permissions import Role
from tests.support.engines import counting
from tests.support.given import Given
from tests.support.service import Apos, Clock, running

PORTAL, OTHER = "https://portal.example.nl", "https://portal.example.nl.example.org"
PREFLIGHT = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization, if-match"}
ANY_ID = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/lots", "GET, HEAD, OPTIONS, POST"),
        (f"/lots/{ANY_ID}", "GET, HEAD, OPTIONS, PATCH"),
        (f"/lots/{ANY_ID}/scoring-profile", "GET, HEAD, OPTIONS, PUT"),
        ("/score-previews", "OPTIONS, POST"),
        ("/portfolio-status", "GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
        ("http://apos.test/livez", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options_names_the_methods_of_a_path_to_anybody_without_asking_the_database(
    apos: Apos, path: str, allow: str
) -> None:
    with counting(apos.service.database) as statements:
        answer = await apos.client().options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, allow, b"")
    assert (statements, answer.headers["api-version"]) == ([], VERSION)
    refused = await apos.client().delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allow)


async def test_options_of_a_path_that_does_not_exist_is_404(apos: Apos) -> None:
    answer = await apos.client().options("/nothing")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_without_a_setting_no_page_may_read_anything(apos: Apos, office: httpx.AsyncClient) -> None:
    for answer in (
        await office.get("/lots", headers={"Origin": PORTAL}),
        await office.options("/lots", headers={"Origin": PORTAL, **PREFLIGHT}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "vary" not in answer.headers


async def test_a_preflight_request_of_an_allowed_origin_needs_no_key_and_no_database(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, cors_origins=(PORTAL, "http://localhost:5173")) as apos:
        for path in ("/lots", f"/milestones/{ANY_ID}", "/nothing"):
            with counting(apos.service.database) as statements:
                answer = await apos.client().options(path, headers={"Origin": PORTAL, **PREFLIGHT})
            assert (answer.status_code, answer.content, statements) == (204, b"", [])
            headers = answer.headers
            assert (headers["access-control-allow-origin"], headers["vary"]) == (PORTAL, "Origin")
            assert headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, PATCH, POST, PUT"
            allowed = headers["access-control-allow-headers"].lower().split(", ")
            sent = {"authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "change-reason"}
            assert sent <= set(allowed)
            assert headers["access-control-max-age"] == "600"
            assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("origin", [OTHER, "https://PORTAL.example.nl", "http://portal.example.nl", "null", "*", ""])
async def test_another_origin_gets_nothing_to_read_by(database_url: str, clock: Clock, origin: str) -> None:
    async with running(database_url, clock, cors_origins=(PORTAL,)) as apos:
        client = await apos.as_(Role.VIEWER)
        preflight = await apos.client().options("/lots", headers={"Origin": origin, **PREFLIGHT})
        assert (preflight.status_code, preflight.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
        for answer in (preflight, await client.get("/lots", headers={"Origin": origin})):
            assert not [name for name in answer.headers if name.startswith("access-control")]
            assert answer.headers["vary"] == "Origin"


async def test_an_allowed_origin_reads_every_answer_refusals_too(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, cors_origins=(PORTAL,)) as apos:
        office = await apos.as_(Role.PROGRAMME_OFFICE)
        given = Given(apos, office)
        lot = await given.lot()
        origin = {"Origin": PORTAL}
        answers: list[Any] = [
            (200, await office.get(f"/lots/{lot['id']}", headers=origin)),
            (200, await office.head(f"/lots/{lot['id']}", headers=origin)),
            (201, await office.post("/test-sites", json={"name": "Terrein"}, headers=origin)),
            (400, await office.get("/lots?limit=0", headers=origin)),
            (401, await apos.client().get("/lots", headers=origin)),
            (404, await office.get("/nothing", headers=origin)),
            (405, await office.delete("/lots", headers=origin)),
            (428, await office.patch(f"/lots/{lot['id']}", json={}, headers=origin)),
            (200, await apos.client().get("/openapi.json", headers=origin)),
        ]
        for status, answer in answers:
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == PORTAL
            exposed = answer.headers["access-control-expose-headers"].split(", ")
            assert exposed == list(EXPOSED_HEADERS)
            assert {"ETag", "Location", "Link", "Retry-After", "API-Version", "X-Request-Id"} <= set(exposed)
            assert "access-control-allow-credentials" not in answer.headers
        varying = await given.admin.get("/portfolio-status", headers=origin)
        assert varying.headers["vary"] == "Accept, Origin"
        assert (await office.get("/lots")).headers["vary"] == "Origin", "also to who names no origin"


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("", ()),
        ("https://a.example", ("https://a.example",)),
        (" https://a.example, http://localhost:5173 ", ("https://a.example", "http://localhost:5173")),
        ("https://a.example http://[::1]:8080", ("https://a.example", "http://[::1]:8080")),
    ],
)
def test_origins_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, written: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("APOS_CORS_ORIGINS", written)
    assert Settings().cors_origins == origins


@pytest.mark.parametrize(
    "written",
    [
        "*", "https://*.example.nl", "https://a.example/", "https://a.example/portal", "a.example", "null", "ftp://a.example",
        "https://A.example", "https://a.example:443", "http://a.example:80", "https://user@a.example", '["https://a.example"]',
    ],
)  # fmt: skip
def test_what_a_browser_would_not_send_as_an_origin_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("APOS_CORS_ORIGINS", f"https://b.example,{written}")
    with pytest.raises(ValidationError, match="write each origin as a browser sends it") as refused:
        Settings()
    assert written in str(refused.value)
