"""The demo from end to end, in a folder of its own, and that it always stops what it started."""

import csv
import hashlib
import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from apos_client import Apos, Conflict, Problem, Window
from tests.clients.services import DEMO, RunningService, demo_module, run_in_this_process

MADE = ["day.sqlite", "parts.csv", "score.json", "server.log", "status.csv", "status.json", "trial-report.txt"]


@pytest.fixture(scope="module")
def day() -> Any:
    return demo_module("day")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A run of the demo in a folder with files of an earlier run, and of somebody else."""
    folder = tmp_path_factory.mktemp("day")
    for name in (*MADE, "mine.txt"):
        (folder / name).write_text("old", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, DEMO / "day.py", "--folder", folder],
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    return folder, done


@pytest.fixture
def run(day: Any, local_service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs the demo within the test, in a folder of the test; its service is a process of its own, its commands are not."""
    monkeypatch.setattr(local_service.LocalService, "run", run_in_this_process)
    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP)}

    def main(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["day.py", "--folder", str(tmp_path), *words])
        code: int = day.main()
        return code

    yield main
    for name, handler in handlers.items():
        signal.signal(name, handler)


def test_the_day_ends_well_and_lists_what_it_made(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = lived
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.strip() for line in done.stdout.splitlines()[-4:]] == [
        str(folder / name) for name in ("status.json", "status.csv", "score.json", "trial-report.txt")
    ]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*MADE, "mine.txt"])
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "old"


def test_the_day_is_shown_in_steps(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    steps = re.findall(r"^(\d+)\. (.+)$", lived[1].stdout, re.MULTILINE)
    assert [title.strip() for _, title in steps] == [
        "The portfolio",
        "What was promised",
        "How it stands this morning",
        "A trial is assessed",
        "A forecast",
        "A rebaseline",
        "How it stands at noon",
        "A mistake is withdrawn",
        "A supplier enters the challenge",
        "It drafts a declaration",
        "It submits",
        "The office returns it",
        "It revises",
        "It submits the revision",
        "The office accepts it",
        "A concern is waived",
        "What another supplier sees of it",
        "How it stands this evening",
        "Exports",
        "What a supplier sees",
        "What the public sees",
        "Without a key",
    ]
    assert [number for number, _ in steps] == [str(number) for number in range(1, len(steps) + 1)]


def test_the_day_explains_why_the_two_colours_differ(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "APOS-IC-15 is red against the original baseline, which never moves" in printed
    assert "it is amber against the current one, which the rebaseline put at" in printed


def test_the_day_shows_what_parliament_waits_for(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "2026-06-20 toezegging Kabinetsinzet Nationale Grondstoffenstrategie" in printed
    assert re.search(r"Overdue: \d of 11\.", printed)


def test_the_day_shows_who_sees_what(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "It asks for APOS-K1 by its id: 404," in printed
    assert "It asks for the status: 403," in printed
    assert "A request without a key: 401," in printed


def test_the_day_withdraws_a_mistake_and_waives_a_concern_with_a_second_key(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "withdrawn Beproeving (an example), enteredInError, on 20" in printed
    assert "It withdraws m-c15-trial, which a letter names: 409, this comes from a published source" in printed
    assert re.search(r"The office cannot accept it: 409, .*KO-1.*compass", printed)
    assert "waived KO-1 at Compass, until 20" in printed
    assert "It confirms this itself: 409, you proposed this waiver yourself" in printed
    assert re.search(r"fictitious price none EUR [\d,.]+ The supplier finds another maker", printed)
    assert "1 superseded 2 accepted 3 withdrawn" in printed


def test_the_day_says_that_supplier_profile_and_drone_are_made_up(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "Made up: the supplier, the scoring profile and the drone. The challenge is real." in printed
    assert "V. Voorbeeld (made up)" in printed


def test_no_line_of_the_day_is_wider_than_a_terminal(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = lived
    assert [line for line in done.stdout.splitlines() if len(line.rstrip()) > 80 and str(folder) not in line] == []


def test_the_day_tells_what_cost_the_most_and_what_would_raise_it_most(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    printed = " ".join(lived[1].stdout.split())
    score = json.loads((lived[0] / "score.json").read_text(encoding="utf-8"))
    worst = sorted(score["explanation"], key=lambda line: float(line["lost"]), reverse=True)[:3]
    assert printed.count("The three costliest lines of its explanation:") == 2
    revised = printed.rpartition("The three costliest lines of its explanation:")[2].partition("13. ")[0]
    assert [f" {float(line['lost']):.2f} " in revised for line in worst] == [True] * 3
    assert f"{worst[0]['cause']['text'][1:]}." in revised.partition("What would raise it most:")[2]
    assert "- Of all, cloud access: up to 6.25 points. Dependence in cloud access is not declared." in printed


def test_the_day_shows_the_intake_of_a_spreadsheet_and_the_changes_of_the_revision(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "read 67 lines: 64 used, 3 ignored, 0 refused known of all functionGroup, unitValue," in printed
    assert "still asked countryOfManufacture of 2, countryOfControl of 3," in printed
    assert "It sees what changed: 17 lines, 8 fields of the whole; +14.10 points, 4 knock-outs gone." in printed
    bill = (lived[0] / "parts.csv").read_text(encoding="utf-8-sig").splitlines()
    assert bill[0] == "Stuklijst Voorbeelddrone (made up)"
    assert bill[2].startswith("RefDes;Samenstelling;Omschrijving;")
    assert bill[3].startswith("airframe;;Airframe, complete;DEMO-0101;;;1;12088,30;")


def test_the_revision_is_better_and_is_what_the_status_shows(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = lived
    score = json.loads((folder / "score.json").read_text(encoding="utf-8"))
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    printed = re.search(r"score of 100 +([\d.]+) +([\d.]+)", done.stdout)
    assert printed is not None
    assert float(printed[1]) < float(printed[2]) == float(score["score"])
    assert score["knockOuts"] == []
    assert score["fictitiousPrice"] is not None
    assert {line["code"]: line["declaredShare"] for line in status["challenges"]} == {
        "APOS-IC-15": score["originShares"]["edip"]["declared"],
        "APOS-IC-30": None,
    }


def test_the_day_shows_that_another_supplier_learns_nothing(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    printed = " ".join(lived[1].stdout.split())
    assert "It lists the declarations it may see: 0." in printed
    assert (
        "It asks for this one by its id: 404, origin declaration not found: no origin declaration with this id"
        in printed
    )


def test_the_exports_say_the_same(lived: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = lived
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    with (folder / "status.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    lines = [*status["lots"], *status["challenges"]]
    assert len(rows) == len(lines) == 7
    for line in lines:
        row = rows[line["code"]]
        assert (row["colours.original"], row["colours.current"]) == tuple(line["colours"].values())
    assert rows["APOS-IC-15"]["colours.original"] == "red"
    assert rows["APOS-IC-15"]["colours.current"] == "amber"
    assert rows["APOS-IC-15"]["milestones.partiallyMet"] == "1"


def test_the_evidence_is_the_digest_of_a_file_that_is_there(
    lived: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = lived
    assert hashlib.sha256((folder / "trial-report.txt").read_bytes()).hexdigest() in done.stdout


def test_a_step_that_fails_ends_the_demo_in_words_and_stops_the_service(
    day: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: object) -> None:
        raise Conflict(Problem(409, "What is stored does not allow this", "there is no baseline"))

    monkeypatch.setattr(day.Day, "assess", refuse)
    assert run() == 1
    assert capsys.readouterr().err == "\nThe demo stopped: What is stored does not allow this: there is no baseline\n"
    assert _is_stopped(tmp_path)


def test_whoever_stops_the_demo_stops_the_service(
    day: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day.Day, "assess", lambda self: signal.raise_signal(signal.SIGTERM))
    assert run() == 130
    assert _is_stopped(tmp_path)


def test_a_database_to_serve_is_made_once_with_a_key_that_only_its_owner_reads(run: Any, tmp_path: Path) -> None:
    assert run("--prepare-only") == 0
    database, key = tmp_path / "portfolio.sqlite", tmp_path / "office.key"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office.key", "portfolio.sqlite"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = database.read_bytes(), key.read_bytes()
    assert run("--prepare-only") == 0
    assert (database.read_bytes(), key.read_bytes()) == before


def test_the_prepared_key_opens_the_prepared_database(
    run: Any, local_service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "office.key").write_text("apos_of_an_earlier_database", encoding="utf-8")
    (tmp_path / "portfolio.sqlite.new").write_text("an interrupted run left this", encoding="utf-8")
    assert run("--prepare-only") == 0
    assert f"APOS_KEY=$(cat {tmp_path / 'office.key'})" in capsys.readouterr().out
    key = (tmp_path / "office.key").read_text(encoding="utf-8").strip()
    with local_service.LocalService(tmp_path, "portfolio.sqlite").serving(key) as url, Apos(url, key) as apos:
        assert len(list(apos.lots.each())) == 5


def test_a_port_that_another_service_took_is_given_up(
    local_service: Any, portfolio: RunningService, filled: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keys = filled
    with _another_service() as other:
        ports = iter([other.server_port, local_service._free_port()])
        monkeypatch.setattr(local_service, "_free_port", lambda: next(ports))
        with local_service.LocalService(folder, "portfolio.sqlite").serving(keys["office"]) as url:
            assert not url.endswith(f":{other.server_port}")
            assert httpx.get(f"{url}/readyz", trust_env=False).text == "ok\n"
        other.shutdown()


def test_a_service_that_never_starts_is_reported_with_its_own_message(
    local_service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_service, "ATTEMPTS", 1)
    service = local_service.LocalService(tmp_path, "none.sqlite")
    with pytest.raises(local_service.Failed, match="run `apos-server migrate` first"), service.serving("apos_x"):
        pass


def test_a_command_that_fails_is_reported_with_its_own_message(local_service: Any, tmp_path: Path) -> None:
    with pytest.raises(
        local_service.Failed, match=r"`apos-server keys create --role queen` failed:\nthe role 'queen' does not"
    ):
        local_service.LocalService(tmp_path, "none.sqlite").make_keys(["queen"])


@pytest.mark.parametrize(
    ("today", "agreed", "year"),
    [
        (date(2026, 11, 21), date(2027, 3, 31), 2027),
        (date(2025, 1, 1), None, 2027),
        (date(2027, 6, 20), date(2027, 3, 31), 2027),
        (date(2027, 6, 21), date(2027, 3, 31), 2028),
        (date(2031, 12, 31), date(2027, 3, 31), 2032),
        (date(2026, 11, 21), date(2028, 7, 1), 2029),
    ],
)
def test_the_summer_of_the_forecast_always_lies_ahead(day: Any, today: date, agreed: date | None, year: int) -> None:
    window = agreed and Window(start=date(2026, 7, 1), end=agreed)
    assert day.summer_after(today, window) == Window(start=date(year, 6, 21), end=date(year, 8, 31))


def _is_stopped(folder: Path) -> bool:
    """Whether the service closed its database, as it does when it ends in order."""
    return (folder / "day.sqlite").exists() and not (folder / "day.sqlite-wal").exists()


class _Other(BaseHTTPRequestHandler):
    """Another service that is ready, and does not know our keys."""

    def do_GET(self) -> None:  # the name that http.server calls
        self.send_response(200 if self.path == "/readyz" else 401)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that http.server gives
        """Logs nothing."""


def _another_service() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Other)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
