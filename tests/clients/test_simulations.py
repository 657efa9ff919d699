"""Simulations through the client and the command: waited for as the service asks, shown, and left to go on."""

import json
import sys
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from rich.console import Console

from apos_client import Apos, Failed, Retries, StillRunning
from apos_client.command._reports import progress
from tests.clients.command_line import run, run_on
from tests.clients.services import RunningService, network_with_answers
from tests.clients.test_knows_contract import OPERATIONS

ANSWERS = OPERATIONS["simulateScoreScheme"]["responses"]
COMPLETE, RUNNING = (ANSWERS[status]["content"]["application/json"]["example"] for status in ("201", "202"))
ID = RUNNING["id"]
WHY = "it was begun 3 times without getting any further"


def running(done: int, status: int = 200, **headers: str) -> httpx.Response:
    """An answer that shows it running."""
    return httpx.Response(status, json={**RUNNING, "progress": {"done": done, "total": 40}}, headers=headers)


def ends(**fields: Any) -> httpx.Response:
    """An answer that shows it ended."""
    return httpx.Response(200, json={**COMPLETE, **fields})


FAILED = {**RUNNING, "status": "failed", "failure": WHY}


def client(answers: Iterable[httpx.Response], pauses: list[float]) -> Apos:
    """A client on a network with these answers, which notes how long it waits."""
    retries = Retries(wait=pauses.append)
    return Apos("https://apos.example.org", None, transport=network_with_answers(answers), retries=retries)


def test_it_is_waited_for_as_long_as_the_service_asks_and_no_longer() -> None:
    pauses: list[float] = []
    seen: list[tuple[int, int]] = []
    answers = [running(0, 202), running(10, **{"Retry-After": "7"}), running(30), ends()]
    with client(answers, pauses) as apos:
        simulation = apos.score_schemes.simulate(ID, on_progress=lambda *each: seen.append(each))
    assert (simulation.status, simulation.compared) == ("complete", COMPLETE["compared"])
    assert pauses == [5.0, 7.0, 5.0]
    assert seen == [(0, 40), (10, 40), (30, 40)]


def test_one_that_is_complete_at_once_is_not_asked_for_again() -> None:
    pauses: list[float] = []
    with client([httpx.Response(201, json=COMPLETE)], pauses) as apos:
        assert apos.score_schemes.simulate(ID).status == "complete"
    assert pauses == []


def test_without_waiting_it_is_given_as_it_is_and_may_be_waited_for_later() -> None:
    pauses: list[float] = []
    with client([running(0, 202), running(20), ends()], pauses) as apos:
        simulation = apos.score_schemes.simulate(ID, wait=False)
        assert (simulation.status, simulation.compared, pauses) == ("running", None, [])
        assert simulation.by_parent is None
        assert apos.score_schemes.finished(simulation).status == "complete"
    assert pauses == [5.0, 5.0]


def test_who_waits_no_longer_is_told_how_far_it_is() -> None:
    pauses: list[float] = []
    with client([running(0, 202), running(10), running(20)], pauses) as apos, pytest.raises(StillRunning) as error:
        apos.score_schemes.simulate(ID, timeout=8)
    assert (pauses, error.value.simulation.progress.done) == ([5.0, 3.0], 20)
    assert str(error.value) == f"the simulation {ID} is still running, with 20 of 40 declarations compared"


def test_one_that_failed_is_an_error_that_says_why() -> None:
    with client([running(0, 202), httpx.Response(200, json=FAILED)], []) as apos, pytest.raises(Failed) as error:
        apos.score_schemes.simulate(ID)
    assert str(error.value) == f"the simulation {ID} failed: {WHY}"
    assert error.value.simulation.failure == WHY


def test_the_command_shows_what_moved() -> None:
    result = run_on(client([running(0, 202), ends()], []), "simulations", "run", ID)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout.split()
        == (
            f"Simulation {ID}: 1 declaration compared: 1 up, 1 down, 1 unchanged; 1 knocked out, 1 relieved; 1 change rank."
        ).split()
    )


def test_the_command_need_not_wait_and_can_follow_it_later() -> None:
    result = run_on(client([running(0, 202)], []), "simulations", "run", ID, "--no-wait")
    assert result.stdout.split() == f"Simulation {ID}: running, 0 of 40 declarations compared.".split()
    result = run_on(client([running(20), ends()], []), "simulations", "follow", ID, ID, "--json")
    assert json.loads(result.stdout) == COMPLETE


@pytest.mark.parametrize(
    ("answers", "timeout", "lines"),
    [
        (
            [running(0, 202)],
            "0",
            [
                f"the simulation {ID} is still running, with 0 of 40 declarations compared",
                "It goes on in the service. Follow it with `apos simulations follow`, or read it later.",
            ],
        ),
        (
            [running(0, 202), httpx.Response(200, json=FAILED)],
            "60",
            [
                f"the simulation {ID} failed: {WHY}",
                "Simulate again. If it fails again, report it to those who run the service: its log has the cause.",
            ],
        ),
    ],
    ids=["not complete in time", "failed"],
)
def test_the_command_says_what_to_do_where_there_is_nothing_to_show(
    answers: list[httpx.Response], timeout: str, lines: list[str]
) -> None:
    result = run_on(client(answers, []), "simulations", "run", ID, "--timeout", timeout)
    assert (result.exit_code, result.stdout, result.stderr.splitlines()) == (8, "", lines)


def test_the_progress_is_a_bar_on_a_terminal_and_nothing_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with progress.count_bar("Comparing declarations") as unseen:
        assert unseen is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as narrower:
            narrower.setenv(name, value)
            with progress.count_bar("Comparing declarations") as unseen, progress.bar("a.csv") as unsent:
                assert (unseen, unsent) == (None, None)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "Console", lambda **_: Console(stderr=True, force_terminal=True, width=80))
    with progress.count_bar("Comparing declarations") as show:
        assert show is not None
        show(30, 40)
    assert "Comparing declarations" in (shown := capsys.readouterr().err)
    assert "30/40" in shown


def test_the_service_is_asked_for_one_and_has_it_afterwards(workplace: RunningService) -> None:
    with workplace.client() as apos:
        simulation = apos.score_schemes.simulate("BM-1.0")
        assert apos.score_schemes.find_simulation("BM-1.0", simulation.id) == simulation
    result = run(workplace.settings(), "simulations", "follow", "BM-1.0", str(simulation.id), "--json")
    assert json.loads(result.stdout) == simulation.document()
    refused = run(workplace.settings("auditor"), "simulations", "run", "BM-1.0")
    assert refused.exit_code == 5
