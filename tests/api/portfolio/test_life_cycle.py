"""Any order of writes of lots, challenges, milestones and registers: each is done or refused as GOVERNANCE.md 2 says.

A naive model goes along (tests/support/life_cycle.py), and after every write the status of the portfolio must say what it says.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.permissions import Role
from tests.support.databases import Postgres, Sqlite
from tests.support.given import Given
from tests.support.life_cycle import CHALLENGE_STEPS, LOT_STEPS, Assessed, Days, Judged, Parent, totals
from tests.support.service import Clock, ledger_matches_rows, running

STEPS = {"gate": (4, 30), "full": (40, 50)}
"""How many histories are made, and how many writes each has."""
MATCH = {"If-Match": "*"}
START = date(2026, 11, 21)
WHY = {"reason": "Vervallen.", "authority": "Stuurgroep"}
PROOF = [{"title": "Verslag", "uri": "https://example.org/v.pdf", "sha256": "0" * 64}]
NOUNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "commitments": ({"kind": "aim", "text": "t"}, {"text": "u"}),
    "targets": ({"title": "t", "bound": "atLeast", "boundPct": 5, "definitionVersion": "d"}, {"title": "u"}),
    "dependencies": ({"subject": "t"}, {"subject": "u"}),
}
numbers = st.integers(0, 30)
offsets = st.sampled_from([-120, -40, -1, 0, 1])
windows: st.SearchStrategy[Days] = st.tuples(st.sampled_from([-5, 0]), st.sampled_from([-200, -30, 0, 60])).map(
    lambda pair: (START + timedelta(pair[1] - 10 + pair[0]), START + timedelta(pair[1]))
)


def as_window(days: Days | None) -> dict[str, str] | None:
    return days and {"start": days[0].isoformat(), "end": days[1].isoformat()}


class LifeCycle(RuleBasedStateMachine):
    """A service on a database of its own, and the model of what is in it."""

    server: Postgres | Sqlite

    def __init__(self) -> None:
        super().__init__()
        self.parents: list[Parent] = []
        self.registered: dict[str, dict[str, bool]] = {noun: {} for noun in NOUNS}
        self.today = START
        self.clock, self.url, self.stack = Clock(), self.server.empty(), AsyncExitStack()
        self.runner = asyncio.Runner()
        self.apos = self.runner.run(self.stack.enter_async_context(running(self.url, self.clock)))
        self.admin = self.runner.run(self.apos.as_(Role.PROGRAMME_ADMIN))
        self.given = Given(self.apos, self.admin)
        self.programme = self.runner.run(self.given.programme())["id"]
        self.source = self.runner.run(self.given.source())["key"]

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()
        ledger_matches_rows(self.url)
        self.server.drop(self.url)

    def day(self, offset: int) -> date:
        return self.today + timedelta(offset)

    def sent(self, method: str, path: str, body: dict[str, Any], refused: set[int]) -> httpx.Response | None:
        """The answer of a write; None where it was refused, as it must be then and only then."""
        headers = MATCH if method == "PATCH" else {}
        answer = self.runner.run(self.admin.request(method, path, json=body, headers=headers))
        done = {200, 201}
        assert answer.status_code in (refused or done), (method, path, body, answer.status_code, answer.text)
        return None if refused else answer

    @property
    def milestones(self) -> list[Judged]:
        return [each for parent in self.parents for each in parent.milestones]

    @initialize(noun=st.sampled_from(["lots", "challenges"]))
    def begin_with_one(self, noun: str) -> None:
        self.add_parent(noun, runs=True)
        self.add_milestone(0, (START - timedelta(40), START - timedelta(30)), "plain")

    @precondition(lambda self: len(self.parents) < 3)
    @rule(noun=st.sampled_from(["lots", "challenges"]), runs=st.booleans())
    def add_parent(self, noun: str, *, runs: bool) -> None:
        status = "running" if runs else "approved" if noun == "lots" else "open"
        make = self.given.lot if noun == "lots" else self.given.challenge
        made = self.runner.run(make(programmeId=self.programme, status=status))
        self.parents.append(Parent(made["id"], noun, status, self.today))

    @precondition(lambda self: len(self.milestones) < 6)
    @rule(
        number=numbers, window=st.none() | windows, kind=st.sampled_from(["plain", "published", "critical", "judged"])
    )
    def add_milestone(self, number: int, window: Days | None, kind: str) -> None:
        parent = self.parents[number % len(self.parents)]
        new = Judged("", parent, kind == "published", kind in ("critical", "judged"), kind == "judged", window)
        body = {"title": "m", "kind": "trial", "window": as_window(window), "critical": new.is_critical}
        body |= {"source": self.source} if new.is_published else {}
        body |= {"acceptanceCriterion": "Vliegt 100 km."} if new.has_criterion else {}
        path = f"/{parent.noun}/{parent.id}/milestones"
        answer = self.sent("POST", path, body, {409} if parent.ended_on else set())
        if answer is not None:
            new.id = answer.json()["id"]
            parent.milestones.append(new)
            parent.agree(new)

    @precondition(lambda self: self.milestones)
    @rule(
        number=numbers,
        outcome=st.sampled_from(["met", "met", "partiallyMet", "notMet"]),
        on=offsets,
        achieved=st.none() | offsets,
        corrected=st.none() | numbers,
        proof=st.booleans(),
    )
    def assess(
        self, number: int, outcome: str, on: int, achieved: int | None, corrected: int | None, *, proof: bool
    ) -> None:
        milestone = self.milestones[number % len(self.milestones)]
        achieved_on = None if achieved is None or outcome != "met" else self.day(achieved)
        corrects = None
        if corrected is not None and milestone.assessments:
            corrects = milestone.assessments[corrected % len(milestone.assessments)]
        refused = milestone.refuses_assessment(
            outcome=outcome, on=self.day(on), achieved_on=achieved_on, corrects=corrects, proof=proof, today=self.today
        )
        body = {"outcome": outcome, "assessedOn": self.day(on).isoformat(), "narrative": "n"}
        body |= {"achievedOn": achieved_on.isoformat()} if achieved_on else {}
        body |= {"corrects": corrects.id} if corrects else {}
        evidence = {"evidence": PROOF} if proof else {}
        answer = self.sent("POST", f"/milestones/{milestone.id}/assessments", {**body, **evidence}, refused)
        if answer is not None:
            milestone.assessments.append(Assessed(answer.json()["id"], outcome, self.day(on), achieved_on))
            if corrects:
                corrects.is_corrected = True

    @precondition(lambda self: self.milestones)
    @rule(number=numbers, forecast=st.none() | windows)
    def forecast(self, number: int, forecast: Days | None) -> None:
        milestone = self.milestones[number % len(self.milestones)]
        body = {"forecast": as_window(forecast)}
        if self.sent("PATCH", f"/milestones/{milestone.id}", body, milestone.refuses_forecast(forecast)):
            milestone.forecast = forecast

    @precondition(lambda self: self.milestones)
    @rule(number=numbers, window=st.none() | windows)
    def edit_window(self, number: int, window: Days | None) -> None:
        milestone = self.milestones[number % len(self.milestones)]
        body = {"window": as_window(window)}
        if self.sent("PATCH", f"/milestones/{milestone.id}", body, milestone.refuses_window(window)):
            milestone.window = window
            milestone.parent.agree(milestone)

    @precondition(lambda self: self.milestones)
    @rule(number=numbers, window=windows)
    def rebaseline(self, number: int, window: Days) -> None:
        milestone = self.milestones[number % len(self.milestones)]
        body = {"window": as_window(window), **WHY}
        refused = milestone.refuses_rebaseline(window)
        if self.sent("POST", f"/milestones/{milestone.id}/rebaselines", body, refused):
            milestone.window = window

    @precondition(lambda self: self.milestones)
    @rule(number=numbers, kind=st.sampled_from(["enteredInError", "dropped"]), on=offsets)
    def withdraw(self, number: int, kind: str, on: int) -> None:
        milestone = self.milestones[number % len(self.milestones)]
        body = {"kind": kind, "on": self.day(on).isoformat(), **WHY}
        refused = milestone.refuses_withdrawal(kind, self.day(on), self.today)
        if self.sent("POST", f"/milestones/{milestone.id}/withdrawals", body, refused):
            milestone.withdrawn = (kind, self.day(on))
        parent = milestone.parent
        path = f"/{parent.noun}/{parent.id}/milestones"
        listed = self.runner.run(self.admin.get(path)).json()["items"]
        assert {each["id"] for each in listed} == {each.id for each in parent.listed}

    @rule(number=numbers, step=numbers, since=st.none() | offsets, cancels=st.booleans())
    def step(self, number: int, step: int, since: int | None, *, cancels: bool) -> None:
        parent = self.parents[number % len(self.parents)]
        steps = [*LOT_STEPS, "completed", "terminated"] if parent.noun == "lots" else [*CHALLENGE_STEPS, "cancelled"]
        status, on = steps[step % len(steps)], None if since is None else self.day(since)
        cancels = cancels and parent.noun == "challenges"
        body: dict[str, Any] = {"status": status, **({"cancellation": WHY} if cancels else {})}
        body |= {"statusSince": on.isoformat()} if on else {}
        refused = parent.refuses_step(to=status, since=on, cancels=cancels, today=self.today)
        if self.sent("PATCH", f"/{parent.noun}/{parent.id}", body, refused):
            parent.step(to=status, since=on, today=self.today)

    @rule(noun=st.sampled_from(list(NOUNS)), published=st.booleans())
    def register(self, noun: str, *, published: bool) -> None:
        body = {**NOUNS[noun][0], **({"source": self.source} if published else {})}
        answer = self.sent("POST", f"/{noun}", body, set())
        assert answer is not None
        self.registered[noun][answer.json()["id"]] = not published

    @precondition(lambda self: any(self.registered.values()))
    @rule(number=numbers)
    def take_back(self, number: int) -> None:
        """What was registered is withdrawn, unless a published source says it; then it is in no list and no longer written."""
        places = [(noun, row_id) for noun, rows in self.registered.items() for row_id in rows]
        noun, row_id = places[number % len(places)]
        path = f"/{noun}/{row_id}"
        may_be = self.registered[noun][row_id]
        body = {"kind": "enteredInError", "on": self.today.isoformat(), **WHY}
        if self.sent("POST", f"{path}/withdrawals", body, set() if may_be else {409}):
            del self.registered[noun][row_id]
        self.sent("PATCH", path, NOUNS[noun][1], {409} if may_be else set())
        listed = self.runner.run(self.admin.get(f"/{noun}")).json()["items"]
        assert {each["id"] for each in listed} == set(self.registered[noun])

    @rule(days=st.sampled_from([1, 30, 100]))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)
        self.clock.move_to(self.today.isoformat())

    @invariant()
    def the_status_says_what_the_model_says(self) -> None:
        status = self.runner.run(self.admin.get("/portfolio-status")).json()
        shown = {line["id"]: line for line in (*status["lots"], *status["challenges"])}
        assert shown.keys() == {parent.id for parent in self.parents}
        for parent in self.parents:
            line = parent.line(self.today)
            assert {name: shown[parent.id][name] for name in line} == line
        expected = totals(self.parents, self.today)
        assert {name: status["totals"][name] for name in expected} == expected


def test_every_write_is_done_or_refused_and_the_status_follows(server: Postgres | Sqlite, *, full: bool) -> None:
    cases, steps = STEPS["full" if full else "gate"]

    class OnThisServer(LifeCycle):
        pass

    OnThisServer.server = server
    run_state_machine_as_test(
        OnThisServer, settings=settings(max_examples=cases, stateful_step_count=steps, deadline=None)
    )
