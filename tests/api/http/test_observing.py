"""What is seen of answers: who tried what, without any secret, and figures for whoever watches."""

import json
import logging
from collections.abc import Iterator
from logging.handlers import QueueListener
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import security_log
from domain.access.api_keys import hash_of
from domain.base import new_id
from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos, Clock, running

LOG = logging.getLogger("apos.security")


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The lines of the security log that were written until now."""
    monkeypatch.setattr(LOG, "disabled", False)
    file = tmp_path / "security.log"
    listener = security_log.start(str(file))

    def read() -> list[dict[str, Any]]:
        listener.stop()
        listener.start()
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    yield read
    close(listener)


def close(listener: QueueListener) -> None:
    """Stops the security log, and closes its file."""
    listener.stop()
    for handler in listener.handlers:
        handler.close()
    LOG.handlers = []
    LOG.setLevel(logging.NOTSET)


async def test_a_failed_sign_in_is_recorded_with_the_first_characters_of_its_hash(apos: Apos, lines: Any) -> None:
    await apos.client("apos_guess").get("/lots?key=secret", headers={"X-Request-Id": "r-1"})
    await apos.client().get("/lots")
    guessed, without = lines()
    assert guessed.pop("time").startswith("20")
    assert guessed == {
        "event": "signInFailed",
        "address": "127.0.0.1",
        "keyHash": hash_of("apos_guess")[:8],
        "method": "GET",
        "path": "/v1/lots",
        "status": 401,
        "requestId": "r-1",
    }
    assert "keyHash" not in without
    assert "apos_guess" not in json.dumps([guessed, without])


async def test_what_a_role_may_not_do_is_recorded_with_its_key(apos: Apos, lines: Any) -> None:
    key, secret = await apos.key(Role.VIEWER)
    await apos.client(secret).get("/audit-events")
    [line] = lines()
    assert (line["event"], line["key"], line["role"], line["status"]) == ("notPermitted", key, "viewer", 403)
    assert secret not in json.dumps(line)


async def test_a_supplier_that_looks_for_what_it_may_not_see_is_recorded(apos: Apos, given: Given, lines: Any) -> None:
    key, secret = await apos.key(Role.SUPPLIER, (await given.supplier())["id"])
    path = f"/origin-declarations/{new_id()}"
    for asked in (path, f"{path}/components", f"{path}/score"):
        assert (await apos.client(secret).get(asked)).status_code == 404
    seen = [(line["event"], line["key"], line["path"]) for line in lines()]
    assert seen == [
        ("confidentialNotFound", key, f"/v1{asked}") for asked in (path, f"{path}/components", f"{path}/score")
    ]


@pytest.mark.parametrize(
    ("path", "is_recorded"),
    [
        *(("/lots", False), ("/portfolio-status", False), ("/me", False), ("/sources", False)),
        *(("/audit-events", True), ("/api-keys", True), ("/origin-declarations", True), ("/component-verdicts", True)),
    ],
)
async def test_reads_of_what_is_confidential_are_recorded(
    admin: httpx.AsyncClient, lines: Any, path: str, *, is_recorded: bool
) -> None:
    assert (await admin.get(path)).status_code == 200
    assert [line["event"] for line in lines()] == ["confidentialRead"] * is_recorded


async def test_a_path_is_shortened(apos: Apos, lines: Any) -> None:
    await apos.client().get("/lots/" + "x" * 2000)
    [line] = lines()
    assert line["path"] == "/v1/lots/" + "x" * (security_log.MAX_PATH - len("/v1/lots/"))


def test_what_is_in_a_path_stays_on_its_line(lines: Any) -> None:
    path = '/v1/lots/"}\n{"event": "x"}\u2028\u202e'
    security_log.record(security_log.SecurityEvent.SIGN_IN_FAILED, {"path": path})
    [line] = lines()
    assert (line["event"], line["path"]) == ("signInFailed", path)


def test_lines_for_which_there_is_no_room_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(LOG, "disabled", False)
    monkeypatch.setattr(security_log, "MOST_WAITING", 2)
    file = tmp_path / "security.log"
    listener = security_log.start(str(file))
    listener.stop()
    for number in range(5):
        security_log.record(security_log.SecurityEvent.SLOWED, {"path": str(number)})
    listener.start()
    listener.stop()
    security_log.record(security_log.SecurityEvent.SLOWED, {"path": "5"})
    listener.start()
    close(listener)
    written = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line.get("path") for line in written] == ["0", "1", "5", None]
    assert (written[-1]["event"], written[-1]["lines"]) == ("linesLost", 3)


async def test_without_a_key_for_metrics_none_are_kept(apos: Apos) -> None:
    answer = await httpx.AsyncClient(transport=httpx.ASGITransport(apos.app), base_url="http://apos.test").get(
        "/metrics"
    )
    assert answer.status_code == 404


async def test_metrics_count_answers_events_and_conflicts_for_whoever_has_their_key(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, metrics_key="watch") as apos:
        admin = await apos.as_(Role.PROGRAMME_ADMIN)
        source = await Given(apos, admin).source()
        await admin.get("/lots")
        await admin.get("/lots")
        await apos.client("apos_guess").get("/lots")
        path = f"/sources/{source['id']}"
        tag = {"If-Match": (await admin.get(path)).headers["etag"]}
        answers = [await admin.patch(path, json={"title": title}, headers=tag) for title in "bc"]
        assert [answer.status_code for answer in answers] == [200, 412]
        outside = httpx.AsyncClient(transport=httpx.ASGITransport(apos.app), base_url="http://apos.test")
        for wrong in (
            {},
            {"Authorization": "Bearer other"},
            {"Authorization": f"Bearer {(await apos.key(Role.VIEWER))[1]}"},
        ):
            refused = await outside.get("/metrics", headers=wrong)
            assert (refused.status_code, "apos_requests" in refused.text) == (401, False)
        seen = (await outside.get("/metrics", headers={"Authorization": "Bearer watch"})).text.splitlines()
    for line in (
        'apos_requests_total{method="GET",route="/lots",status="200"} 2.0',
        'apos_requests_total{method="GET",route="/lots",status="401"} 1.0',
        'apos_request_seconds_count{method="GET",route="/lots"} 3.0',
        'apos_security_events_total{event="signInFailed"} 4.0',
        'apos_problems_total{kind="stale"} 1.0',
        'apos_problems_total{kind="no-credential"} 1.0',
        'apos_waiting{queue="files"} 0.0',
        'apos_connections_in_use{use="reading"} 0.0',
        'apos_connections_in_use{use="writing"} 0.0',
    ):
        assert line in seen, line
