"""Challenges: the one line of status, what it is to run, and who may be made a winner by hand."""

import pytest

from domain.errors import BrokenRule, Conflict, Fault
from domain.portfolio.challenges import (
    ChallengeStatus,
    EntrantStatus,
    check_cancellation,
    check_entrant,
    check_step,
    reached_running,
)
from tests.factories.portfolio.challenges import a_challenge, a_challenge_entrant

STATUSES = ["announced", "open", "running", "trial", "decided", "closed", "cancelled"]
LINE = {
    "announced": ["open", "cancelled"],
    "open": ["running", "cancelled"],
    "running": ["trial", "cancelled"],
    "trial": ["cancelled"],
    "decided": ["closed", "cancelled"],
    "closed": [],
    "cancelled": [],
}
"""announced -> open -> running -> trial -> decided -> closed, and cancelled from every one but closed.

Deciding takes the trial results and so is no step by hand.
"""
STEPS = [(before, after) for before in STATUSES for after in STATUSES]
ALLOWED = [(before, after) for before, after in STEPS if after == before or after in LINE[before]]
REFUSED = [step for step in STEPS if step not in ALLOWED]


def _named(steps: list[tuple[str, str]]) -> list[object]:
    return [pytest.param(*step, id=" -> ".join(step)) for step in steps]


def test_the_words_are_those_of_the_domain() -> None:
    assert [status.value for status in ChallengeStatus] == STATUSES
    assert [status.value for status in EntrantStatus] == ["entered", "selected", "rejected", "withdrawn", "winner"]


def test_the_table_of_steps_is_whole() -> None:
    assert (len(STEPS), len(ALLOWED), len(REFUSED)) == (49, 16, 33)


@pytest.mark.parametrize(("before", "after"), _named(ALLOWED))
def test_a_challenge_goes_along_its_line_or_stays(before: str, after: str) -> None:
    check_step(before=ChallengeStatus(before), after=ChallengeStatus(after))


@pytest.mark.parametrize(("before", "after"), _named(REFUSED))
def test_a_challenge_never_goes_another_way(before: str, after: str) -> None:
    with pytest.raises(Conflict, match=f"^a challenge cannot go from {before} to {after}; allowed") as refusal:
        check_step(before=ChallengeStatus(before), after=ChallengeStatus(after))
    assert [fault.pointer for fault in refusal.value.faults] == ["/status"]
    assert all(status in refusal.value.detail for status in LINE[before])


def test_a_trial_is_not_decided_by_a_step_of_status_and_the_refusal_says_why() -> None:
    with pytest.raises(Conflict, match="a decision needs the trial results"):
        check_step(before=ChallengeStatus.TRIAL, after=ChallengeStatus.DECIDED)


def test_nothing_follows_on_closed_and_the_refusal_does_not_speak_of_a_decision() -> None:
    with pytest.raises(Conflict) as refusal:
        check_step(before=ChallengeStatus.CLOSED, after=ChallengeStatus.OPEN)
    assert refusal.value.faults == (Fault("/status", "allowed from closed: none"),)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param("announced", False, id="announced: not yet"),
        pytest.param("open", False, id="open: not yet"),
        pytest.param("running", True, id="running: now"),
        pytest.param("trial", True, id="trial: it has reached running"),
        pytest.param("decided", True, id="decided: it has reached running"),
        pytest.param("closed", True, id="closed: it has reached running"),
        pytest.param("cancelled", False, id="cancelled: it no longer will"),
    ],
)
def test_runs_means_has_reached_running(status: str, expected: bool) -> None:
    assert reached_running(ChallengeStatus(status)) is expected


def test_a_cancellation_needs_its_reason_and_nothing_else_has_one() -> None:
    check_cancellation(status=ChallengeStatus.CANCELLED, reason="Niemand kan het leveren.")
    check_cancellation(status=ChallengeStatus.CLOSED, reason=None)
    for status, reason, said in (
        (ChallengeStatus.CANCELLED, None, "give the reason for cancelling it"),
        (ChallengeStatus.CLOSED, "Klaar.", "only a cancelled challenge has this"),
    ):
        with pytest.raises(BrokenRule, match=said) as refusal:
            check_cancellation(status=status, reason=reason)
        assert [fault.pointer for fault in refusal.value.faults] == ["/cancellation"]


@pytest.mark.parametrize("before", ["entered", "selected", "rejected", "withdrawn"])
def test_nobody_is_made_a_winner_by_hand(before: str) -> None:
    with pytest.raises(Conflict, match="becomes the winner by the decision") as refusal:
        check_entrant(before=EntrantStatus(before), after=EntrantStatus.WINNER)
    assert [fault.pointer for fault in refusal.value.faults] == ["/status"]


@pytest.mark.parametrize("before", ["entered", "selected", "rejected", "withdrawn"])
@pytest.mark.parametrize("after", ["entered", "selected", "rejected", "withdrawn"])
def test_an_entrant_is_selected_rejected_or_withdrawn_by_hand(before: str, after: str) -> None:
    check_entrant(before=EntrantStatus(before), after=EntrantStatus(after))


def test_a_winner_stays_a_winner_when_nothing_changes() -> None:
    check_entrant(before=EntrantStatus.WINNER, after=EntrantStatus.WINNER)


def test_a_new_challenge_is_announced_and_a_new_entrant_has_entered() -> None:
    assert a_challenge().status is ChallengeStatus.ANNOUNCED
    assert a_challenge_entrant().status is EntrantStatus.ENTERED
