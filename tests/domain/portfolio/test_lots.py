"""Lots: the arrows of status, and what it is to run."""

import pytest

from domain.errors import Conflict, Fault
from domain.portfolio.lots import CooperationForm, LotStatus, PartnerRole, check_step, reached_running
from domain.registers import OperationalDomain
from tests.factories.portfolio.lots import a_lot, a_lot_partner

STATUSES = ["exploring", "marketDialogue", "approved", "running", "paused", "phasingOut", "completed", "terminated"]
TRANSITIONS = {
    "exploring": ["marketDialogue", "terminated"],
    "marketDialogue": ["approved", "terminated"],
    "approved": ["running", "terminated"],
    "running": ["paused", "phasingOut", "terminated"],
    "paused": ["running", "terminated"],
    "phasingOut": ["completed", "terminated"],
    "completed": [],
    "terminated": [],
}
"""exploring -> marketDialogue -> approved -> running -> paused <-> running -> phasingOut -> completed; else terminated."""
STEPS = [(before, after) for before in STATUSES for after in STATUSES]
ALLOWED = [(before, after) for before, after in STEPS if after == before or after in TRANSITIONS[before]]
REFUSED = [step for step in STEPS if step not in ALLOWED]


def _named(steps: list[tuple[str, str]]) -> list[object]:
    return [pytest.param(*step, id=" -> ".join(step)) for step in steps]


def test_the_words_are_those_of_the_domain() -> None:
    assert [status.value for status in LotStatus] == STATUSES
    assert [form.value for form in CooperationForm] == [
        *("competition", "longTermCooperation", "strategicPartnership", "challengeFollowOn")
    ]
    assert [domain.value for domain in OperationalDomain] == ["land", "sea", "air", "space", "cyber", "joint"]
    assert [role.value for role in PartnerRole] == ["prime", "strategicPartner", "partner", "incumbent"]


def test_the_table_of_steps_is_whole() -> None:
    assert (len(STEPS), len(ALLOWED), len(REFUSED)) == (64, 21, 43)


@pytest.mark.parametrize(("before", "after"), _named(ALLOWED))
def test_a_lot_goes_along_an_arrow_or_stays(before: str, after: str) -> None:
    check_step(before=LotStatus(before), after=LotStatus(after))


@pytest.mark.parametrize(("before", "after"), _named(REFUSED))
def test_a_lot_never_goes_where_no_arrow_leads(before: str, after: str) -> None:
    with pytest.raises(Conflict) as refusal:
        check_step(before=LotStatus(before), after=LotStatus(after))
    allowed = ", ".join(TRANSITIONS[before]) or "none"
    assert refusal.value.detail == f"a lot cannot go from {before} to {after}; allowed from {before}: {allowed}"
    assert refusal.value.faults == (Fault("/status", f"allowed from {before}: {allowed}"),)


@pytest.mark.parametrize(
    ("status", "has_run", "expected"),
    [
        pytest.param("exploring", False, False, id="exploring: not yet"),
        pytest.param("marketDialogue", False, False, id="marketDialogue: not yet"),
        pytest.param("approved", False, False, id="approved: not yet"),
        pytest.param("running", False, True, id="running: now"),
        pytest.param("paused", False, True, id="paused: it has reached running"),
        pytest.param("phasingOut", False, True, id="phasingOut: it has reached running"),
        pytest.param("completed", False, True, id="completed: it has reached running"),
        pytest.param("terminated", False, False, id="terminated before it ran: never"),
        pytest.param("terminated", True, True, id="terminated after it ran: it has"),
        pytest.param("running", True, True, id="running again: it has"),
    ],
)
def test_runs_means_has_reached_running(status: str, has_run: bool, expected: bool) -> None:
    assert reached_running(LotStatus(status), has_run=has_run) is expected


def test_a_new_lot_is_being_explored_and_has_not_run() -> None:
    lot = a_lot()
    assert (lot.status, lot.has_run) == (LotStatus.EXPLORING, False)


def test_whether_a_lot_contains_ai_is_not_known_until_it_is_answered() -> None:
    assert a_lot().contains_ai is None


def test_a_budget_that_was_not_published_is_null_and_not_zero() -> None:
    assert (a_lot().budget_cents, a_lot().budget_qualifier) == (None, None)


def test_a_partner_takes_part_until_it_is_closed() -> None:
    assert a_lot_partner().ended_on is None
