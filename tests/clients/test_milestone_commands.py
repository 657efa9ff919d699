"""`apos milestones`: listed, assessed with files as evidence, forecast and rebaselined, and how each is refused."""

import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest

from apos_client import Apos
from tests.clients.command_line import NOWHERE, answered, plain, run
from tests.clients.services import WINDOW, RunningService

RECORD = ["--outcome", "partiallyMet", "--assessed-on", "2026-07-02", "--narrative", "Range was shown."]
SUMMER = ["--start", "2027-06-21", "--end", "2027-08-31"]
MILESTONE = {"id": "01a1fd6b-e8ab-764c-b47e-793b6405b962", "version": 1, "title": "T", "kind": "trial"}


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_milestones_are_listed_with_their_keys_and_both_colours(portfolio: RunningService, columns: int) -> None:
    result = run(portfolio.settings(), "milestones", "list", columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(map(len, result.stdout.splitlines())) <= columns
    _, _, after = plain(result.stdout).partition("m-c15-trial ")
    assert len(re.findall(r"\b(green|amber|red)\b", after.partition("m-")[0])) >= 2
    assert "APOS-IC-15" in after.partition("m-")[0]
    assert plain(result.stdout).count("10 milestones that you may see.") == 1


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["--challenge", "challenge-15"], ["m-c15-trial"]),
        (["--lot", "long-range"], ["m-lr-start", "m-lr-end"]),
        (["--challenge", "challenge-15", "--status", "met"], []),
    ],
)
def test_milestones_are_listed_by_what_they_belong_to(
    portfolio: RunningService, words: list[str], keys: list[str]
) -> None:
    result = run(portfolio.settings(), "milestones", "list", *words, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [each["key"] for each in json.loads(result.stdout)] == keys


def test_a_viewer_is_shown_no_colours(portfolio: RunningService) -> None:
    result = run(portfolio.settings("viewer"), "milestones", "list")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["Key", "Of", "Title", "By"]


def test_a_file_as_evidence_is_sent_as_its_digest(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    milestone, report = workplace.milestone(), tmp_path / "report.pdf"
    report.write_bytes(b"shown")
    words = ["--evidence-file", str(report), "--evidence-uri", "https://example.org/report.pdf"]
    result = run(workplace.settings(), "milestones", "record", str(milestone), *RECORD, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    [recorded] = office.milestones.assessments(milestone)
    assert [item.document() for item in recorded.evidence] == [
        {
            "title": "report.pdf",
            "uri": "https://example.org/report.pdf",
            "sha256": hashlib.sha256(b"shown").hexdigest(),
        }
    ]


def test_a_file_without_its_address_is_wrong_use(tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    report.touch()
    result = run(NOWHERE, "milestones", "record", "m", *RECORD, "--evidence-file", str(report))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "give one --evidence-uri for each --evidence-file" in plain(result.stderr)


def test_a_forecast_shows_both_colours_and_moves_no_baseline(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    result = run(workplace.settings(), "milestones", "forecast", str(milestone), *SUMMER, "--reason", "Endurance")
    assert (result.exit_code, result.stderr) == (0, "")
    printed = rf"{milestone} is expected from 2027-06-21 to 2027-08-31\. Original: red \+\d+d\. Current: red \+\d+d\."
    assert re.fullmatch(printed, plain(result.stdout))
    found = office.milestones.find(milestone)
    assert found.window == found.original
    assert str(found.forecast and found.forecast.end) == "2027-08-31"


def test_a_forecast_is_printed_as_json(workplace: RunningService) -> None:
    result = run(workplace.settings(), "milestones", "forecast", str(workplace.milestone()), *SUMMER, "--json")
    assert json.loads(result.stdout)["forecast"] == {"start": "2027-06-21", "end": "2027-08-31"}


def test_a_forecast_of_what_changed_meanwhile_is_a_conflict_and_says_so() -> None:
    seen = httpx.Response(200, json=MILESTONE, headers={"ETag": '"v1-a"'})
    stale = httpx.Response(412, json={"title": "It changed since you read it", "detail": "it is now at version 2"})
    result = answered([seen, stale], "milestones", "forecast", str(MILESTONE["id"]), *SUMMER)
    assert (result.exit_code, result.stdout) == (7, "")
    assert result.stderr.splitlines() == [
        "It changed since you read it: it is now at version 2",
        "Somebody changed it just now. Look at the present state, and decide again.",
    ]


@pytest.mark.parametrize("command", ["forecast", "rebaseline"])
def test_a_window_that_ends_before_it_starts_names_the_option(workplace: RunningService, command: str) -> None:
    words = ["--start", "2027-09-21", "--end", "2027-08-31"]
    words += ["--reason", "r", "--authority", "a"] if command == "rebaseline" else []
    result = run(workplace.settings(), "milestones", command, str(workplace.milestone()), *words)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "  --end: is before the start of the window" in result.stderr


def test_a_rebaseline_tells_the_window_before_and_keeps_the_original(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    words = [*SUMMER, "--reason", "The range is closed.", "--authority", "Stuurgroep"]
    result = run(workplace.settings(), "milestones", "rebaseline", str(milestone), *words)
    assert (result.exit_code, result.stderr) == (0, "")
    [done] = office.milestones.rebaselines(milestone)
    assert plain(result.stdout) == (
        f"{milestone} now has the window 2027-06-21 to 2027-08-31. Before: {WINDOW['start']} to {WINDOW['end']}. "
        f"The original window stays as it was first agreed. Rebaseline {done.id}"
    )
    assert str((found := office.milestones.find(milestone)).original and found.original.end) == WINDOW["end"]


def test_a_rebaseline_is_printed_as_json(workplace: RunningService) -> None:
    words = [*SUMMER, "--reason", "r", "--authority", "a", "--json"]
    result = run(workplace.settings(), "milestones", "rebaseline", str(workplace.milestone()), *words)
    assert json.loads(result.stdout)["previous"] == WINDOW


def test_what_a_rebaseline_lacks_names_the_option(workplace: RunningService) -> None:
    words = [*SUMMER, "--reason", "", "--authority", ""]
    result = run(workplace.settings(), "milestones", "rebaseline", str(workplace.milestone()), *words)
    assert result.exit_code == 3
    assert [line.split(":")[0].strip() for line in result.stderr.splitlines()[1:3]] == ["--reason", "--authority"]
