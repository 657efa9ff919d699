"""The command `apos`: what it prints, where, and how it ends."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.main import get_command

from apos_client import Apos
from apos_client.command import app, main
from apos_client.command._messages import EXIT_CODES
from apos_client.command._reports.tables import SHORTEST_TITLE
from apos_client.command._session import Environment
from tests.clients.command_line import NOWHERE, answered, plain, run, run_on
from tests.clients.services import LosesAnswers, RunningService

LOT_CODES = ["AI-DSS-S1", "AI-DSS-S2", "APOS-K1", "APOS-K2", "APOS-K3"]
CODES = [*LOT_CODES, "APOS-IC-15", "APOS-IC-30"]
COLOUR = "(green|amber|red|grey)"
RECORD = ["--outcome", "partiallyMet", "--assessed-on", "2026-07-02", "--narrative", "Range was shown."]
SHA256 = "0" * 64


COMMANDS = {
    "apos": [
        *(
            "login",
            "logout",
            "whoami",
            "status",
            "commitments",
            "rankings",
            "withdraw",
            "lots",
            "challenges",
            "suppliers",
        ),
        *("milestones", "sources", "organisations", "declare", "waivers", "simulations", "audit", "keys"),
    ],
    "apos lots": ["list", "show", "add", "change", "partners", "add-partner", "end-partner", "withdraw-partner"],
    "apos challenges": [
        *("list", "show", "add", "change", "entrants", "add-entrant", "change-entrant", "withdraw-entrant"),
    ],
    "apos suppliers": ["list", "show", "add", "change"],
    "apos milestones": [
        *("list", "show", "add", "change", "assessments", "rebaselines", "record", "forecast", "rebaseline"),
    ],
    "apos sources": ["list", "show", "add", "change"],
    "apos organisations": ["list", "show", "add", "change"],
    "apos simulations": ["run", "follow"],
    "apos declare": [
        *("preview", "draft", "revise", "submit", "withdraw", "score"),
        *("check", "upload", "templates", "export", "changes", "what-if"),
    ],
    "apos waivers": ["list", "add", "confirm"],
    "apos audit": ["list", "show"],
    "apos keys": ["list", "create", "confirm", "renew", "revoke"],
}


def test_there_are_exactly_these_commands() -> None:
    whole = get_command(app)
    found = {"apos": list(whole.commands)}  # type: ignore[attr-defined]
    groups = {name: each for name, each in whole.commands.items() if hasattr(each, "commands")}  # type: ignore[attr-defined]
    assert found | {f"apos {name}": list(each.commands) for name, each in groups.items()} == COMMANDS


@pytest.mark.parametrize(
    "words", [[], *([*group.split()[1:], name] for group, names in COMMANDS.items() for name in names)], ids=" ".join
)
def test_every_help_tells_the_exit_codes(words: list[str]) -> None:
    result = run({}, *words, "--help")
    assert result.exit_code == 0
    assert EXIT_CODES in plain(result.stdout)


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
@pytest.mark.parametrize(
    ("words", "codes"), [(["status"], CODES), (["lots"], LOT_CODES), (["lots", "list"], LOT_CODES)]
)
def test_a_table_fits_the_terminal_and_loses_nothing(
    portfolio: RunningService, words: list[str], codes: list[str], columns: int
) -> None:
    result = run(portfolio.settings(), *words, columns=columns)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(map(len, result.stdout.splitlines())) <= columns
    wide = run(portfolio.settings(), *words, columns=400).stdout
    narrow = set(result.stdout.split())
    for code in codes:
        [row] = [line for line in wide.splitlines() if line.startswith(f"{code} ")]
        assert len(re.findall(rf"\b{COLOUR}\b", row)) == 2
        # A longer word of a title may be broken; test_tables looks at every letter.
        assert {word for word in row.split() if len(word) <= SHORTEST_TITLE} <= narrow


def test_the_status_explains_its_two_colours(portfolio: RunningService) -> None:
    printed = plain(run(portfolio.settings(), "status").stdout)
    assert "Original: against the window that was first agreed, which never changes." in printed
    assert re.search(r"Original: \d green, \d amber, \d red, \d grey\. Current: \d green", printed)


def test_the_status_names_the_milestone_that_gives_each_amber_or_red_colour(
    portfolio: RunningService, reader: Apos
) -> None:
    printed = run(portfolio.settings(), "status", columns=400).stdout
    status = reader.portfolio_status.read()
    expected = []
    for line in (*status.lots, *status.challenges):
        for side in ("original", "current"):
            colour, judge = getattr(line.colours, side), getattr(line.judged_by, side)
            if colour in ("amber", "red"):
                slip = f", {judge.slip_days:+}d" if judge.slip_days else ""
                named = f"{judge.key or judge.id} {judge.title}, due {judge.baseline.end}{slip}"
                expected.append(f"- {line.code}, {side} {colour}: {named}")
    assert expected, "something in the portfolio of the letters is late"
    assert [line.rstrip() for line in printed.splitlines() if line.startswith("- ")] == expected


def test_a_budget_keeps_its_bound_and_an_unpublished_one_is_not_a_zero(portfolio: RunningService) -> None:
    rows = {line.split()[0]: line for line in run(portfolio.settings(), "lots").stdout.splitlines() if line.strip()}
    assert rows["APOS-K1"].rstrip().endswith("more than EUR 150,000,000")
    assert rows["APOS-K2"].rstrip().endswith("not published")


def test_a_supplier_is_shown_its_lot_without_colours(portfolio: RunningService) -> None:
    result = run(portfolio.settings("supplier"), "lots")
    assert result.exit_code == 0
    assert "APOS-K3" in result.stdout
    assert plain(result.stdout).endswith("1 lot that you may see.")
    assert "Original" not in result.stdout


def test_lots_as_json_are_what_the_service_said(portfolio: RunningService, reader: Apos) -> None:
    result = run(portfolio.settings(), "lots", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == [lot.document() for lot in reader.lots.each(sort="code")]


def test_the_status_as_json_is_what_the_service_said(portfolio: RunningService, reader: Apos) -> None:
    result = run(portfolio.settings(), "status", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["digest"] == reader.portfolio_status.read().digest


def test_an_assessment_is_recorded_with_its_evidence(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    evidence = [f"Verslag | deel 1=https://example.org/?n=1={SHA256}", f"Foto's=https://example.org/2={SHA256}"]
    options = [word for each in evidence for word in ("--evidence", each)]
    result = run(workplace.settings(), "milestones", "record", str(milestone), *RECORD, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    [recorded] = office.milestones.assessments(milestone)
    assert [item.title for item in recorded.evidence] == ["Verslag | deel 1", "Foto's"]
    assert recorded.evidence[0].uri == "https://example.org/?n=1"
    assert plain(result.stdout) == (
        f"Recorded: {milestone} was assessed as partiallyMet on 2026-07-02. Assessment {recorded.id}"
    )


def test_an_assessment_is_corrected_and_printed_as_json(workplace: RunningService, office: Apos) -> None:
    milestone = str(workplace.milestone())
    first = json.loads(run(workplace.settings(), "milestones", "record", milestone, *RECORD, "--json").stdout)
    words = ["--outcome", "met", "--assessed-on", "2026-07-02", "--achieved-on", "2026-07-01", "--narrative", "Alles."]
    result = run(workplace.settings(), "milestones", "record", milestone, *words, "--corrects", first["id"], "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    second = json.loads(result.stdout)
    assert (second["corrects"], second["achievedOn"]) == (first["id"], "2026-07-01")
    assert office.milestones.find(milestone).status == "met"


def test_a_milestone_is_named_by_its_key(workplace: RunningService, office: Apos) -> None:
    result = run(workplace.settings(), "milestones", "record", "m-c15-trial", *RECORD)
    assert result.exit_code == 0
    assert "m-c15-trial was assessed as partiallyMet" in plain(result.stdout)
    assert office.milestones.find("m-c15-trial").status == "partiallyMet"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--achieved-on", "2026-07-01"], "--achieved-on: only met has a day of achievement"),
        (["--assessed-on", "2099-01-01"], "--assessed-on: an assessment cannot be dated after today"),
        (["--evidence", f"a=b:c={SHA256}", "--evidence", "a=b:c=12"], "evidence 2, sha256: "),
        (["--narrative", ""], "--narrative: "),
        (
            ["--corrects", "00000000-0000-7000-8000-000000000000"],
            "--corrects: this milestone has no assessment with this id",
        ),
    ],
)
def test_refused_input_names_the_option_and_what_to_do(
    workplace: RunningService, words: list[str], message: str
) -> None:
    result = run(workplace.settings(), "milestones", "record", str(workplace.milestone()), *RECORD, *words)
    assert (result.exit_code, result.stdout) == (3, "")
    assert message in result.stderr
    assert result.stderr.splitlines()[-1] == "Correct this, and try again."


@pytest.mark.parametrize(
    ("milestone", "code", "message"),
    [("no-such", 6, "a milestone with the key 'no-such' does not exist"), ("No Such", 3, "MILESTONE: ")],
)
def test_a_milestone_that_does_not_exist_is_refused(
    workplace: RunningService, milestone: str, code: int, message: str
) -> None:
    result = run(workplace.settings(), "milestones", "record", milestone, *RECORD)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--outcome", "perhaps"], "'--outcome'"),
        (["--assessed-on", "2 July"], "'2 July' is not a date; give one such as 2026-11-20"),
        (["--evidence", "report.pdf"], "'report.pdf' lacks a part; give TITLE=URI=SHA256, in quotes"),
        (["--corrects", "first"], "'--corrects'"),
        (["--key", "apos_x"], "--key"),
    ],
)
def test_wrong_use_is_reported_before_anything_is_sent(words: list[str], message: str) -> None:
    settings = {"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "apos_x"}
    result = run(settings, "milestones", "record", "m-c15-trial", *RECORD, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in plain(result.stderr)


def test_a_missing_key_is_reported_with_what_to_do() -> None:
    result = run({"APOS_URL": "http://127.0.0.1:1"}, "status")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.splitlines() == [
        "You are not signed in.",
        "Sign in with `apos login`, or set APOS_KEY to an API key.",
    ]


def test_a_key_that_is_not_valid_is_reported_and_not_shown(portfolio: RunningService) -> None:
    result = run({"APOS_URL": portfolio.url, "APOS_KEY": "apos_secret"}, "lots")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "Your key is not valid" in result.stderr
    assert "apos_secret" not in result.stderr


def test_a_message_to_a_role_that_may_not_says_whom_to_ask(portfolio: RunningService) -> None:
    result = run(portfolio.settings("supplier"), "status")
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.splitlines() == [
        "Your role may not do this: the role supplier may not do this",
        "Ask the programme administrator for a key with another role.",
    ]


def test_a_service_that_cannot_be_reached_is_reported_with_its_address() -> None:
    result = run(NOWHERE, "status")
    assert (result.exit_code, result.stdout) == (8, "")
    assert result.stderr.startswith("cannot reach http://127.0.0.1:1: ")
    assert result.stderr.splitlines()[-1] == "Check that the service runs, and that you signed in to its address."


@pytest.mark.parametrize(
    "settings",
    [{"APOS_URL": "127.0.0.1:8000", "APOS_KEY": "apos_x"}, {"APOS_URL": "http://127.0.0.1:1", "APOS_KEY": "two words"}],
    ids=["the address", "the key"],
)
def test_settings_that_cannot_be_right_are_wrong_use(settings: dict[str, str]) -> None:
    result = run(settings, "status")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == "Correct APOS_URL or APOS_KEY, or sign in again with `apos login`."


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, 3), (401, 4), (403, 5), (404, 6), (409, 7), (412, 7), (413, 3), (422, 7), (428, 7), (429, 8), (451, 1),
        (500, 1), (502, 8), (503, 8), (504, 8),
    ],
)  # fmt: skip
def test_every_refusal_has_its_exit_code(status: int, code: int) -> None:
    result = answered([httpx.Response(status, json={"title": "No", "detail": "because"})], "lots")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith("No")


def test_too_many_requests_say_how_long_to_wait() -> None:
    busy = httpx.Response(429, headers={"Retry-After": "30"}, json={"title": "Too many requests", "detail": "wait"})
    assert "  wait: 30 seconds" in answered([busy], "lots").stderr.splitlines()


def test_a_message_does_nothing_to_the_terminal() -> None:
    answer = httpx.Response(409, json={"title": "No", "detail": "because \x1b[2J\nof it"})
    assert answered([answer], "lots").stderr.splitlines()[0] == "No: because  [2J of it"


def test_what_is_not_this_service_is_unexpected() -> None:
    result = answered([httpx.Response(200, text="<h1>Welcome</h1>", headers={"Content-Type": "text/html"})], "lots")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Check that the address is that of the APOS service" in result.stderr


def test_a_record_whose_answers_were_all_lost_warns_against_a_second(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    lossy = workplace.client(transport=LosesAnswers("POST", lost=9))
    result = run_on(lossy, "milestones", "record", str(milestone), *RECORD)
    assert (result.exit_code, result.stdout) == (8, "")
    assert "It may have been done all the same: check before you repeat it." in result.stderr
    assert len(list(office.milestones.assessments(milestone))) == 1


def test_a_failure_of_the_service_is_reported_with_the_number_of_the_request() -> None:
    problem = {"title": "Something went wrong", "detail": "nothing was stored", "instance": "urn:apos:request:7"}
    result = answered([httpx.Response(500, json=problem)], "status")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[:2] == [
        "Something went wrong: nothing was stored",
        "  request: urn:apos:request:7",
    ]


def test_a_wrong_field_that_no_option_filled_is_named_by_its_pointer() -> None:
    problem = {
        "title": "The request is not valid",
        "detail": "d",
        "errors": [{"pointer": "/query/sort", "detail": "no"}],
    }
    result = answered([httpx.Response(400, json=problem)], "lots")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines()[:2] == ["The request is not valid", "  /query/sort: no"]


def test_an_unexpected_error_is_one_line_without_a_trace_and_without_the_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(url: str, key: str) -> Apos:
        raise RuntimeError(f"the key {key} is odd")

    monkeypatch.setattr(sys, "argv", ["apos", "lots"])
    with pytest.raises(SystemExit) as ended:
        main(Environment(variables={"APOS_KEY": f"apos_{'k' * 43}", "APOS_URL": "http://127.0.0.1:1"}, connect=broken))
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (1, "")
    assert printed.err.splitlines()[0] == "Unexpected error: RuntimeError: the key apos_... is odd"
    assert "Traceback" not in printed.err


def test_lots_are_listed_by_status(portfolio: RunningService) -> None:
    result = run(portfolio.settings(), "lots", "--status", "running", "--json")
    assert [lot["code"] for lot in json.loads(result.stdout)] == ["AI-DSS-S1", "AI-DSS-S2"]


def test_the_status_as_csv_is_what_the_service_said(portfolio: RunningService, reader: Apos) -> None:
    result = run(portfolio.settings(), "status", "--csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.decode() == reader.portfolio_status.csv()


def test_the_status_as_csv_for_a_dutch_excel(portfolio: RunningService, reader: Apos) -> None:
    result = run(portfolio.settings(), "status", "--csv", "--dialect", "excel-nl")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.decode() == reader.portfolio_status.csv(dialect="excel-nl")
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbfkind;id;key;code;title;")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status"], "--dialect is for --csv; give both, or neither.\n"),
        (["declare", "export", "x", "--format", "json"], "--dialect is for --format csv; leave it out.\n"),
        (
            ["declare", "templates", "--format", "xlsx"],
            "--dialect is for the empty table as CSV; leave it out, or give --format csv.\n",
        ),
    ],
)
def test_a_dialect_of_what_is_not_csv_is_wrong_use(words: list[str], said: str) -> None:
    result = run(NOWHERE, *words, "--dialect", "excel-nl")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_json_and_csv_together_are_wrong_use() -> None:
    result = run(NOWHERE, "status", "--csv", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert json.loads(result.stderr)["detail"] == "Give --json or --csv, not both."


def test_the_installed_command_prints_utf_8_whatever_the_locale(workplace: RunningService) -> None:
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


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("ascii", "-- ##.. Caf? ?"),
        ("cp1252", "-- ##.. Café ?"),
        ("cp437", "── ██░░ Café ?"),
        ("utf-8", "── ██░░ Café Ł"),
    ],
)
def test_what_a_code_page_lacks_is_drawn_with_other_signs(
    encoding: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding=encoding))
    monkeypatch.setattr(sys, "argv", ["apos", "--version"])
    with pytest.raises(SystemExit):
        main(Environment(variables={}))
    print("── ██░░ Café Ł", flush=True)
    assert printed.getvalue().decode(encoding).splitlines()[-1] == line
