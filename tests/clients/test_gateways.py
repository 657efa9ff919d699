"""What stands between the command and the service: proxies that answer in its place, answers that are cut, and none at all."""

import json
from uuid import UUID

import httpx
import pytest

from apos_client import NotUnderstood
from tests.clients.command_line import answered, run
from tests.clients.services import client_with_answers

PAGE = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
READ = ["lots", "list"]
WRITE = [
    *("milestones", "record", str(UUID(int=7)), "--outcome", "met"),
    *("--assessed-on", "2026-11-20", "--narrative", "Range was shown."),
]
ANSWERS = [
    pytest.param(httpx.Response(502, text="<h1>Bad gateway</h1>", headers=PAGE), 8, "Bad Gateway", id="502 as a page"),
    pytest.param(httpx.Response(413, text="<h1>Large</h1>", headers=PAGE), 3, "Request Entity", id="413 as a page"),
    pytest.param(httpx.Response(200, text="<h1>Sign in</h1>", headers=PAGE), 1, "got text/html", id="a login page"),
    pytest.param(httpx.Response(302, headers={"Location": "/login"}), 1, "answered 302", id="a redirect"),
    pytest.param(httpx.Response(200, content=b"", headers=JSON), 1, "the answer is empty", id="an empty body"),
    pytest.param(httpx.Response(204), 1, "got no content type", id="no content"),
    pytest.param(httpx.Response(200, content=b'{"items": [{', headers=JSON), 1, "is not JSON", id="a cut body"),
    pytest.param(httpx.Response(200, content=b"[" * 100_000, headers=JSON), 1, "is not JSON", id="too deep"),
    pytest.param(httpx.Response(500, content=b"[" * 100_000, headers=JSON), 1, "Internal", id="a failure too deep"),
    pytest.param(httpx.Response(503, headers={"Retry-After": "9" * 5000}), 8, "Service Unavail", id="a wait too long"),
    pytest.param(httpx.ReadTimeout(""), 8, "was lost (ReadTimeout)", id="no answer in time"),
    pytest.param(httpx.RemoteProtocolError("received 3 of 9"), 8, "was lost (received 3", id="a cut answer"),
    pytest.param(httpx.ConnectTimeout("timed out"), 8, "cannot reach", id="no connection in time"),
    pytest.param(httpx.ConnectError("Connection refused"), 8, "Connection refused", id="a refused connection"),
]
PERHAPS = "It may have been done all the same"


@pytest.mark.parametrize("words", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize(("answer", "code", "said"), ANSWERS)
def test_it_is_told_in_lines_and_as_a_problem(
    answer: httpx.Response | Exception, code: int, said: str, words: list[str]
) -> None:
    lines = answered([answer] * 3, *words)
    assert (lines.exit_code, lines.stdout, said in lines.stderr) == (code, "", True), lines.stderr
    document = answered([answer] * 3, *words, "--json")
    assert (document.exit_code, document.stdout) == (code, "")
    problem = json.loads(document.stderr)
    assert problem["exitCode"] == code
    assert said in f"{problem['title']} {problem['detail']}"
    assert problem.get("perhapsDone", False) == (PERHAPS in lines.stderr) == (PERHAPS in problem["detail"])


@pytest.mark.parametrize(
    ("answer", "words", "perhaps"),
    [
        (httpx.Response(502, text="x", headers=PAGE), WRITE, True),
        (httpx.Response(504, text="x", headers=PAGE), WRITE, True),
        (httpx.Response(504, text="x", headers=PAGE), READ, False),
        (httpx.Response(503, text="x", headers=PAGE), WRITE, False),
        (httpx.Response(502, json={"status": 502, "title": "t", "detail": "d"}), WRITE, False),
        (httpx.ReadTimeout(""), WRITE, True),
        (httpx.ReadTimeout(""), READ, False),
        (httpx.ConnectTimeout(""), WRITE, False),
    ],
)
def test_a_write_that_was_perhaps_done_says_so(
    answer: httpx.Response | Exception, words: list[str], perhaps: bool
) -> None:
    assert (PERHAPS in answered([answer] * 3, *words).stderr) == perhaps


def test_an_empty_file_is_not_taken_for_the_file() -> None:
    empty = httpx.Response(200, content=b"", headers={"Content-Type": "text/csv"})
    with client_with_answers([empty]) as apos, pytest.raises(NotUnderstood, match="the answer is empty"):
        apos.portfolio_status.csv()


@pytest.mark.parametrize("given", [[], ["--json"]], ids=["lines", "json"])
@pytest.mark.parametrize(
    "settings",
    [
        {"APOS_URL": "https://me:geheim@apos.example.org"},
        {"APOS_URL": "https://me:geheim@[apos.example.org"},
        {"APOS_URL": "ftp://me:geheim@apos.example.org"},
        {"APOS_URL": "https://me:geheim/@apos.example.org:port"},
        {"APOS_URL": "https://apos.example.org?key=geheim"},
        {"APOS_URL": "apos.example.org?key=geheim"},
        {"APOS_URL": "apos_geheim_geheim_geheim"},
        {"APOS_URL": "https://apos.example.org", "APOS_KEY": "apos_geheim geheim"},
        {"APOS_URL": "https://apos.example.org", "HTTPS_PROXY": "http://me:geheim/x@proxy.example.org:3128"},
        {"APOS_URL": "https://apos.example.org", "HTTPS_PROXY": "ftp://me:geheim@proxy.example.org"},
        {"APOS_URL": "https://apos.example.org", "HTTPS_PROXY": "socks5://me:geheim@proxy.example.org"},
    ],
    ids=lambda settings: "+".join(settings.values()),
)
def test_no_login_and_no_key_is_in_a_message(settings: dict[str, str], given: list[str]) -> None:
    result = run({"APOS_KEY": "apos_geheim_geheim_geheim", **settings}, *READ, *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "heim" not in result.stderr
    key = settings.get("APOS_KEY", "apos_geheim_geheim_geheim")
    asked = run(settings, "login", "--key-stdin", *given, given=f"{key}\n")
    assert (asked.exit_code, "heim" in asked.stderr + asked.stdout) == (2, False)
