"""`apos commitments`: what is asked of the service, and what is shown."""

import json
import re
from datetime import date
from typing import Any

import httpx
import pytest

from apos_client import Apos, Retries
from tests.clients.command_line import NOWHERE, plain, run
from tests.clients.test_registers import COMMITMENT

TODAY = date(2026, 7, 2)
KEPT = {**COMMITMENT, "key": "c-kept", "status": "fulfilled", "due": "2026-07-03", "references": []}
NO_DAY = {**COMMITMENT, "key": "c-motie-van-dijk", "kind": "motie", "due": None, "text": "Voortrekkersrol " * 9}


def asked(*words: str, columns: int = 80, items: list[Any] | None = None) -> tuple[Any, list[dict[str, str]]]:
    """What the command prints, and the filters that it asks with."""
    queries: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        queries.append(dict(request.url.params))
        listed = [COMMITMENT, KEPT, NO_DAY] if items is None else items
        return httpx.Response(200, json={"items": listed, "nextCursor": None})

    network = httpx.MockTransport(answer)
    result = run(
        NOWHERE,
        "commitments",
        *words,
        columns=columns,
        today=lambda: TODAY,
        connect=lambda url, key: Apos(url, key, transport=network, retries=Retries(())),
    )
    return result, queries


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ([], {}),
        (["--status", "open"], {"status": "open"}),
        (["--kind", "motie"], {"kind": "motie"}),
        (["--overdue"], {"status": "open", "dueBefore": "2026-07-02"}),
        (["--overdue", "--status", "open"], {"status": "open", "dueBefore": "2026-07-02"}),
        (["--reference", "27 830, nr. 489"], {"reference": "27 830, nr. 489"}),
    ],
)
def test_each_option_is_a_filter(words: list[str], filters: dict[str, str]) -> None:
    result, queries = asked(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert queries == [{"limit": "200", "sort": "due", **filters}]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_table_fits_and_keeps_keys_and_days_whole(columns: int) -> None:
    result, _ = asked(columns=columns)
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    for key, due, status in (
        ("c-ngs", "2026-06-20", "overdue"),
        ("c-kept", "2026-07-03", "fulfilled"),
        ("c-motie-van-dijk", "-", "open"),
    ):
        _, _, row = plain(result.stdout).partition(f"{key} ")
        assert {due, status} <= set(re.split(r" c-[a-z]", row)[0].split())
    assert lines[-1] == "3 commitments, 1 overdue on 2026-07-02."


def test_a_paper_is_shown_by_its_usual_spelling_where_there_is_room() -> None:
    result, _ = asked(columns=120)
    assert "36 600, nr. 50" in result.stdout


def test_commitments_as_json_are_what_the_service_said() -> None:
    result, _ = asked("--json")
    assert json.loads(result.stdout) == [COMMITMENT, KEPT, NO_DAY]


def test_a_fulfilled_commitment_cannot_be_overdue() -> None:
    result, queries = asked("--overdue", "--status", "fulfilled")
    assert (result.exit_code, result.stdout, queries) == (2, "", [])
    assert result.stderr == (
        "--overdue selects open commitments, and --status those that are fulfilled: give one of them.\n"
    )


def test_none_are_none() -> None:
    result, _ = asked(items=[])
    assert result.stdout.splitlines()[-1] == "0 commitments, 0 overdue on 2026-07-02."
