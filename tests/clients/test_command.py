"""The command `apos`: what it prints, where, and how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from apos_client import Apos
from apos_client.command import app
from tests.clients.places import LosesAnswers, Place, stranger

LOT_CODES = ["AI-DSS-S1", "AI-DSS-S2", "APOS-K1", "APOS-K2", "APOS-K3"]
CODES = [*LOT_CODES, "APOS-IC-15", "APOS-IC-30"]
COLOUR = "(green|amber|red|grey)"
RECORD = ["--outcome", "partiallyMet", "--assessed-on", "2026-07-02", "--narrative", "Range was shown."]
SHA256 = "0" * 64


def run(settings: dict[str, str], *words: str, columns: int = 200) -> Any:
    """What the command does with these words; its output without the codes that colour it."""
    clean: dict[str, str | None] = {"APOS_URL": None, "APOS_KEY": None, "COLUMNS": str(columns)}
    return CliRunner().invoke(app, words, env={**clean, **settings})


def plain(text: str) -> str:
    """Words in one line, without colours and frames."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[╭╮╰╯│─]", "", text).split())


def test_there_are_exactly_three_commands() -> None:
    [milestones] = app.registered_groups
    assert milestones.typer_instance is not None
    assert [each.callback.__name__ for each in app.registered_commands if each.callback] == ["status", "lots"]
    assert [each.callback.__name__ for each in milestones.typer_instance.registered_commands if each.callback] == [
        "record"
    ]


@pytest.mark.parametrize("words", [[], ["status"], ["lots"], ["milestones"], ["milestones", "record"]], ids=" ".join)
def test_every_help_tells_the_exit_codes(words: list[str]) -> None:
    result = run({}, *words, "--help")
    assert result.exit_code == 0
    assert (
        "Exit codes: 0 done, 1 refused by the service, 2 wrong use, 3 not signed in or not permitted, "
        "4 the service cannot be reached." in plain(result.stdout)
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
@pytest.mark.parametrize(("command", "codes"), [("status", CODES), ("lots", LOT_CODES)])
def test_a_table_fits_the_terminal_and_always_shows_both_colours(
    portfolio: Place, command: str, codes: list[str], columns: int
) -> None:
    result = run(portfolio.settings(), command, columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    for code in codes:
        [row] = [line for line in lines if line.startswith(f" {code} ")]
        assert len(re.findall(rf"\b{COLOUR}\b", row)) == 2


def test_the_status_explains_its_two_colours(portfolio: Place) -> None:
    told = plain(run(portfolio.settings(), "status").stdout)
    assert "Original: against the window that was first agreed, which never moves." in told
    assert re.search(r"Original: \d green, \d amber, \d red, \d grey\. Current: \d green", told)


def test_a_budget_keeps_its_bound_and_an_unpublished_one_is_no_zero(portfolio: Place) -> None:
    rows = {line.split()[0]: line for line in run(portfolio.settings(), "lots").stdout.splitlines() if line.strip()}
    assert rows["APOS-K1"].rstrip().endswith("more than EUR 150,000,000")
    assert rows["APOS-K2"].rstrip().endswith("not published")


def test_a_supplier_is_shown_its_lot_without_colours(portfolio: Place) -> None:
    result = run(portfolio.settings("supplier"), "lots")
    assert result.exit_code == 0
    assert "APOS-K3" in result.stdout
    assert plain(result.stdout).endswith("1 lot that you may see.")
    assert "Original" not in result.stdout


def test_lots_as_json_are_what_the_service_said(portfolio: Place, reader: Apos) -> None:
    result = run(portfolio.settings(), "lots", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == [lot.document() for lot in reader.lots.each(sort="code")]


def test_the_status_as_json_is_what_the_service_said(portfolio: Place, reader: Apos) -> None:
    result = run(portfolio.settings(), "status", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["digest"] == reader.portfolio_status.read().digest


def test_an_assessment_is_recorded_with_its_evidence(workplace: Place, office: Apos) -> None:
    milestone = workplace.milestone()
    evidence = [f"Verslag | deel 1|https://example.org/1|{SHA256}", f"Foto's|https://example.org/2|{SHA256}"]
    options = [word for each in evidence for word in ("--evidence", each)]
    result = run(workplace.settings(), "milestones", "record", str(milestone), *RECORD, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    [recorded] = office.milestones.assessments(milestone)
    assert [item.title for item in recorded.evidence] == ["Verslag | deel 1", "Foto's"]
    assert plain(result.stdout) == (
        f"Recorded: {milestone} was found partiallyMet on 2026-07-02. Assessment {recorded.id}"
    )


def test_an_assessment_is_corrected_and_printed_as_json(workplace: Place, office: Apos) -> None:
    milestone = str(workplace.milestone())
    first = json.loads(run(workplace.settings(), "milestones", "record", milestone, *RECORD, "--json").stdout)
    words = ["--outcome", "met", "--assessed-on", "2026-07-02", "--achieved-on", "2026-07-01", "--narrative", "Alles."]
    result = run(workplace.settings(), "milestones", "record", milestone, *words, "--corrects", first["id"], "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    second = json.loads(result.stdout)
    assert (second["corrects"], second["achievedOn"]) == (first["id"], "2026-07-01")
    assert office.milestones.find(milestone).status == "met"


def test_a_milestone_is_named_by_its_key(workplace: Place, office: Apos) -> None:
    result = run(workplace.settings(), "milestones", "record", "m-c15-trial", *RECORD)
    assert result.exit_code == 0
    assert "m-c15-trial was found partiallyMet" in plain(result.stdout)
    assert office.milestones.find("m-c15-trial").status == "partiallyMet"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--achieved-on", "2026-07-01"], "--achieved-on: only met has a day of achievement"),
        (["--assessed-on", "9999-01-01"], "--assessed-on: an assessment cannot be dated after today"),
        (["--evidence", f"a|b:c|{SHA256}", "--evidence", "a|b:c|12"], "--evidence 2, sha256: "),
        (["--narrative", ""], "--narrative: "),
        (["--corrects", "00000000-0000-7000-8000-000000000000"], "--corrects: this milestone has no such assessment"),
    ],
)
def test_refused_input_names_the_option_and_the_cure(workplace: Place, words: list[str], told: str) -> None:
    result = run(workplace.settings(), "milestones", "record", str(workplace.milestone()), *RECORD, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert result.stderr.splitlines()[-1] == "Correct what is named, and try again."


@pytest.mark.parametrize(
    ("milestone", "told"),
    [("no-such", "there is no milestone with key 'no-such'"), ("No Such", "MILESTONE: ")],
)
def test_a_milestone_that_is_not_there_is_refused(workplace: Place, milestone: str, told: str) -> None:
    result = run(workplace.settings(), "milestones", "record", milestone, *RECORD)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--outcome", "perhaps"], "'--outcome'"),
        (["--assessed-on", "2 July"], "'2 July' is not a date; give one such as 2026-11-20"),
        (["--evidence", "report.pdf"], "'report.pdf' lacks a part; give TITLE|URI|SHA256, in quotes"),
        (["--corrects", "first"], "'--corrects'"),
        (["--key", "apos_x"], "--key"),
    ],
)
def test_wrong_use_is_told_before_anything_is_sent(words: list[str], told: str) -> None:
    settings = {"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "apos_x"}
    result = run(settings, "milestones", "record", "m-c15-trial", *RECORD, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in plain(result.stderr)


def test_a_missing_key_is_told_with_its_cure() -> None:
    result = run({"APOS_URL": "http://127.0.0.1:1"}, "status")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines() == [
        "APOS_KEY is not set.",
        "Put your API key in it; the programme administrator makes keys.",
    ]


def test_a_key_that_is_not_valid_is_told_and_not_shown(portfolio: Place) -> None:
    result = run({"APOS_URL": portfolio.url, "APOS_KEY": "apos_secret"}, "lots")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "APOS_KEY holds no valid key" in result.stderr
    assert "apos_secret" not in result.stderr


def test_a_role_that_may_not_is_told_whom_to_ask(portfolio: Place) -> None:
    result = run(portfolio.settings("supplier"), "status")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines() == [
        "Your role may not do this: the role supplier may not do this",
        "Ask the programme administrator for a key with another role.",
    ]


def test_a_service_that_cannot_be_reached_is_told_with_its_address() -> None:
    result = run({"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "apos_x"}, "status")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("cannot reach http://127.0.0.1:1: ")
    assert result.stderr.splitlines()[-1] == "Check that the service runs and that APOS_URL is its address."


@pytest.mark.parametrize(
    "settings",
    [{"APOS_URL": "127.0.0.1:8000", "APOS_KEY": "apos_x"}, {"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "two words"}],
    ids=["the address", "the key"],
)
def test_settings_that_cannot_be_right_are_wrong_use(settings: dict[str, str]) -> None:
    result = run(settings, "status")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == "Correct APOS_URL or APOS_KEY."


def test_a_record_whose_answers_were_all_lost_warns_against_a_second(
    workplace: Place, office: Apos, monkeypatch: pytest.MonkeyPatch
) -> None:
    milestone = workplace.milestone()
    lossy = workplace.client(transport=LosesAnswers("POST", lost=9))
    monkeypatch.setattr("apos_client.command.Apos", lambda url, key: lossy)
    result = run(workplace.settings(), "milestones", "record", str(milestone), *RECORD)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "It may have been recorded all the same: look before you do it again." in result.stderr
    assert len(list(office.milestones.assessments(milestone))) == 1


def test_a_fault_of_the_service_is_told_with_the_request_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {"title": "Something went wrong", "detail": "nothing was stored", "instance": "urn:apos:request:7"}
    broken = stranger([httpx.Response(500, json=problem)])
    monkeypatch.setattr("apos_client.command.Apos", lambda url, key: broken)
    result = run({"APOS_KEY": "apos_x"}, "status")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[:2] == [
        "Something went wrong: nothing was stored",
        "  request: urn:apos:request:7",
    ]


def test_a_fault_that_no_option_filled_is_told_by_its_pointer(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {
        "title": "The request is not right",
        "detail": "d",
        "errors": [{"pointer": "/query/sort", "detail": "no"}],
    }
    newer = stranger([httpx.Response(400, json=problem)])
    monkeypatch.setattr("apos_client.command.Apos", lambda url, key: newer)
    result = run({"APOS_KEY": "apos_x"}, "lots")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[:2] == ["The request is not right", "  /query/sort: no"]


def test_the_installed_command_prints_utf_8_whatever_the_locale(workplace: Place) -> None:
    milestone = workplace.milestone()
    words = ["milestones", "record", str(milestone), *RECORD[:-1], "Continuïteit getoond.", "--json"]
    done = subprocess.run(
        [Path(sys.executable).with_name("apos"), *words],
        env={**os.environ, **workplace.settings(), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode())["narrative"] == "Continuïteit getoond."
    assert "Continuïteit".encode() in done.stdout
