"""Trials and test sites: what a trial is of, and what a site may host."""

import pytest

from domain.errors import BrokenRule
from domain.portfolio.trials import TrialTally, check_subjects, tally
from domain.registers import SiteHost
from tests.factories.dates import a_day, a_window


def test_what_a_site_may_host_is_spelled_as_everywhere() -> None:
    assert [host.value for host in SiteHost] == ["explosives", "gpsDisruption", "indoor"]


@pytest.mark.parametrize(("challenges", "lots"), [(["a"], []), ([], ["a"]), (["a", "b"], ["a"])])
def test_a_trial_is_of_challenges_and_lots(challenges: list[str], lots: list[str]) -> None:
    check_subjects(challenge_ids=challenges, lot_ids=lots)


@pytest.mark.parametrize(
    ("challenges", "lots", "pointers"),
    [
        pytest.param([], [], ["/challengeIds"], id="nothing"),
        pytest.param(["a", "b", "a"], [], ["/challengeIds/2"], id="a challenge twice"),
        pytest.param(["a"], ["b", "b"], ["/lotIds/1"], id="a lot twice"),
    ],
)
def test_a_trial_of_nothing_or_of_something_twice_is_refused(
    challenges: list[str], lots: list[str], pointers: list[str]
) -> None:
    with pytest.raises(BrokenRule) as refused:
        check_subjects(challenge_ids=challenges, lot_ids=lots)
    assert [fault.pointer for fault in refused.value.faults] == pointers


@pytest.mark.parametrize(
    ("today", "counted"),
    [
        ("2026-06-30", TrialTally(in_window=0, ahead=2, past=0, without_window=1)),
        ("2026-07-01", TrialTally(in_window=1, ahead=1, past=0, without_window=1)),
        ("2026-09-30", TrialTally(in_window=1, ahead=1, past=0, without_window=1)),
        ("2026-10-01", TrialTally(in_window=0, ahead=1, past=1, without_window=1)),
    ],
)
def test_first_and_last_days_are_in_the_window(today: str, counted: TrialTally) -> None:
    windows = [a_window("2026-07-01..2026-09-30"), a_window("2027-01-01..2027-03-31"), None]
    assert tally(windows, today=a_day(today)) == counted
