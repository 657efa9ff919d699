"""The office's daily work on the command line: shown, added and changed, and what else it prints where."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apos_client import Apos
from tests.clients.command_line import NOWHERE, plain, run
from tests.clients.services import RunningService


def asked(place: RunningService, *words: str, role: str = "office", **options: Any) -> Any:
    result = run(place.settings(role), *words, "--json", **options)
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return json.loads(result.stdout)


def test_the_search_that_the_help_gives_as_an_example_finds_something(workplace: RunningService) -> None:
    shown = " ".join(run(NOWHERE, "commitments", "--help").stdout.split())
    [example] = re.findall(r"such as '([^']+)'", shown)
    assert asked(workplace, "commitments", "--reference", example)


def test_a_lot_is_added_changed_cleared_and_shown(workplace: RunningService) -> None:
    code = f"T-{next(workplace.numbers)}"
    words = ["--programme", "apos", "--code", code, "--title", "Nieuw", "--period", "2027-01-01/2027-12-31"]
    made = asked(
        workplace,
        "lots",
        "add",
        *words,
        "--budget",
        "amount=1500000.00,fund=dmf",
        "--principle",
        "een",
        "--principle",
        "twee",
    )
    assert (made["period"], made["budget"]["amount"]) == ({"start": "2027-01-01", "end": "2027-12-31"}, "1500000.00")
    assert made["principles"] == ["een", "twee"]
    changed = asked(
        workplace, "lots", "change", made["id"], "--title", "Anders", "--clear", "budget", "--reason", "fout"
    )
    assert (changed["title"], changed["budget"], changed["period"]) == ("Anders", None, made["period"])
    shown = plain(run(workplace.settings(), "lots", "show", made["id"]).stdout)
    assert "title Anders" in shown
    assert "period 2027-01-01 to 2027-12-31" in shown
    assert f"etag {asked(workplace, 'lots', 'show', made['id'])['etag']}" in shown


def test_a_change_with_the_etag_of_an_older_read_is_a_conflict(workplace: RunningService) -> None:
    lot, _ = workplace.running_lot()
    etag = asked(workplace, "lots", "show", str(lot))["etag"]
    assert asked(workplace, "lots", "change", str(lot), "--title", "Een", "--if-match", etag)["title"] == "Een"
    result = run(workplace.settings(), "lots", "change", str(lot), "--title", "Twee", "--if-match", etag)
    assert (result.exit_code, result.stdout) == (7, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lots", "change", "x"], "Say what changes: give a field, or --clear with one."),
        (["lots", "change", "x", "--clear", "title"], "--clear title: is not a field that may be unknown; give one of"),
        (["lots", "change", "x", "--clear", "note", "--note", "a"], "--note is given and cleared: give one of them."),
        (["milestones", "add", "--title", "t", "--kind", "trial"], "give one of --lot, --challenge and --programme"),
        (["milestones", "change", "x", "--window", "2026-01-01"], "has no last day; give two days such as"),
        (["lots", "change", "x", "--cooperation", "word"], "lacks a field; give FIELD=VALUE"),
        (["rankings"], "Say of what: give --lot or --challenge."),
    ],
)
def test_wrong_use_is_said_before_anything_is_sent(words: list[str], message: str) -> None:
    result = run(NOWHERE, *words)
    assert (result.exit_code in (2, 8), result.stdout) == (True, "")
    if result.exit_code == 2:
        assert message in plain(result.stderr)


def test_partners_and_entrants_are_recorded_and_read(workplace: RunningService) -> None:
    lot, _ = workplace.running_lot()
    partner = asked(workplace, "lots", "add-partner", str(lot), "intelic", "--role", "partner")
    assert [each["id"] for each in asked(workplace, "lots", "partners", str(lot))] == [partner["id"]]
    words = ["lots", "end-partner", str(lot), partner["id"], "--ended-on", "2026-11-01"]
    assert asked(workplace, *words)["endedOn"] == "2026-11-01"
    assert "Intelic" in run(workplace.settings(), "lots", "partners", str(lot)).stdout


def test_what_was_entered_in_error_and_what_has_ended_is_shown_as_that(workplace: RunningService) -> None:
    lot, [milestone] = workplace.running_lot()
    mistake = asked(workplace, "lots", "add-partner", str(lot), "palantir", "--role", "partner")
    why = ["--on", "2026-11-01", "--reason", "Fout", "--authority", "Bureau"]
    done = run(workplace.settings(), "lots", "withdraw-partner", str(lot), mistake["id"], *why)
    assert "was withdrawn as entered in error on 2026-11-01, on the authority of Bureau" in plain(done.stdout)
    assert asked(workplace, "lots", "partners", str(lot)) == []
    entrant = asked(workplace, "challenges", "add-entrant", "challenge-30", "palantir")
    taken_back = asked(workplace, "challenges", "withdraw-entrant", "challenge-30", entrant["id"], *why)
    assert (taken_back["kind"], asked(workplace, "challenges", "entrants", "challenge-30")) == ("enteredInError", [])
    asked(workplace, "withdraw", "milestones", str(milestone), "--dropped", *why)
    listed = run(workplace.settings(), "milestones", "list", "--lot", str(lot))
    assert "dropped" in plain(listed.stdout)
    asked(workplace, "lots", "change", str(lot), "--status", "terminated", "--status-since", "2026-11-02")
    status = plain(run(workplace.settings(), "status").stdout)
    assert "ended 2026-11-02" in status
    assert re.search(r"Ended, and in neither count: \d+\. They keep the colours of that day\.", status)


def test_a_milestone_is_added_and_its_assessments_and_rebaselines_are_read(workplace: RunningService) -> None:
    lot, [milestone] = workplace.running_lot()
    words = ["--lot", str(lot), "--title", "Proef", "--kind", "trial", "--window", "2027-01-01/2027-02-01"]
    made = asked(workplace, "milestones", "add", *words)
    assert (made["lotId"], made["window"]["end"]) == (str(lot), "2027-02-01")
    assert asked(workplace, "milestones", "assessments", str(milestone)) == []
    assert asked(workplace, "milestones", "rebaselines", str(milestone)) == []
    assert plain(run(workplace.settings(), "milestones", "assessments", str(milestone)).stdout) == "0 assessments."


def test_a_source_and_an_organisation_are_added_changed_and_listed(workplace: RunningService) -> None:
    key = f"letter-{next(workplace.numbers)}"
    signed = ["--signed-by", "De minister van Defensie, A. Jansen", "--signed-by", "De staatssecretaris, B. de Vries"]
    printed = ["--title", "Brief", "--reference", "29 123, nr. 7", "--dated", "2026-05-21", *signed]
    made = asked(workplace, "sources", "add", "--key", key, *printed)
    assert (made["date"], made["signedBy"], made["uri"]) == ("2026-05-21", signed[1::2], None)
    uri = "https://example.org/29123-7"
    assert asked(workplace, "sources", "change", key, "--uri", uri)["uri"] == uri
    assert asked(workplace, "sources", "change", key, "--clear", "uri", "--clear", "dated")["date"] is None
    assert [each["key"] for each in asked(workplace, "sources", "list", "--reference", "29123-7")] == [key]
    coalition = ["--name", "Coalitie", "--kind", "cooperation", "--source", key]
    cooperation = asked(workplace, "organisations", "add", *coalition)
    listed = asked(workplace, "organisations", "list", "--kind", "cooperation")
    assert cooperation["id"] in [each["id"] for each in listed]
    assert "add an organisation." in run(NOWHERE, "organisations", "add", "--help").stdout.lower()


def test_what_is_overdue_is_listed_with_its_lot_or_challenge(portfolio: RunningService, reader: Apos) -> None:
    today = date(2027, 1, 1)
    listed = asked(portfolio, "milestones", "list", "--overdue", today=lambda: today)
    late = [
        each for each in reader.milestones.each() if each.window and each.window.end < today and each.status != "met"
    ]
    assert sorted(each["id"] for each in listed) == sorted(str(each.id) for each in late)
    assert late
    printed = run(portfolio.settings(), "milestones", "list", "--overdue", today=lambda: today).stdout
    assert "APOS-K2" in printed


def test_a_key_says_what_it_is(portfolio: RunningService) -> None:
    assert asked(portfolio, "whoami")["role"] == "programmeOffice"
    printed = run(portfolio.settings("supplier"), "whoami").stdout
    assert printed.startswith("Role: supplier\nSupplier: Intelic (intelic)\n")
    assert portfolio.keys["supplier"] not in printed


def test_an_auditor_reads_the_trail_and_the_keys(portfolio: RunningService, reader: Apos) -> None:
    lot = reader.lots.find("long-range")
    events = asked(portfolio, "audit", "list", "--kind", "lots", "--id", str(lot.id), role="auditor")
    assert [each["rowId"] for each in events] == [str(lot.id)]
    assert asked(portfolio, "audit", "show", str(events[0]["seq"]), role="auditor") == events[0]
    keys = asked(portfolio, "keys", "list", role="auditor")
    assert {each["role"] for each in keys} >= {"viewer", "auditor", "supplier", "programmeOffice"}
    assert run(portfolio.settings(), "keys", "list").exit_code == 5


@pytest.mark.parametrize(
    ("settings", "words", "code", "problem"),
    [
        (NOWHERE, ["status"], 8, {"title": "No answer from the service", "exitCode": 8}),
        ({}, ["status"], 4, {"title": "Not signed in", "exitCode": 4}),
        (NOWHERE, ["lots", "change", "x"], 2, {"title": "Wrong use", "exitCode": 2}),
    ],
)
def test_an_error_for_scripts_is_a_problem_document(
    settings: dict[str, str], words: list[str], code: int, problem: dict[str, Any]
) -> None:
    result = run(settings, *words, "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert problem.items() <= json.loads(result.stderr).items()


def test_a_refusal_for_scripts_is_that_of_the_service(portfolio: RunningService) -> None:
    result = run(portfolio.settings("supplier"), "status", "--json")
    document = json.loads(result.stderr)
    assert (result.exit_code, document["status"], document["exitCode"]) == (5, 403, 5)
    assert document["detail"] == "the role supplier may not do this"


def installed(place: RunningService, *words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    settings = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    return subprocess.run(
        [Path(sys.executable).with_name("apos"), *words],
        env={**settings, **place.settings(), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("code_page", ["cp1252", "cp437", "cp850", "ascii"])
@pytest.mark.parametrize("words", [["lots"], ["status"], ["milestones", "list"], ["--help"]], ids=" ".join)
def test_no_code_page_makes_it_fail(portfolio: RunningService, code_page: str, words: list[str]) -> None:
    done = installed(portfolio, *words, PYTHONIOENCODING=code_page)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(code_page)


def test_a_pipe_gets_each_row_on_one_line_without_escapes(portfolio: RunningService, reader: Apos) -> None:
    done = installed(portfolio, "lots", PYTHONIOENCODING="utf-8")
    text = done.stdout.decode()
    assert all(lot.title in text for lot in reader.lots.each())
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("words", [["--version"], ["-h"], ["lots", "-h"]], ids=" ".join)
def test_the_version_and_the_short_help(words: list[str]) -> None:
    result = run({}, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(("apos 0", "Usage: apos"))
