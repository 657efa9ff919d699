"""Milestones: what fixes the original baseline, what an assessment may say, and which assessment counts."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import new_id
from domain.dates import Window
from domain.errors import BrokenRule, Conflict, Fault
from domain.portfolio.colours import MilestoneStatus
from domain.portfolio.milestones import (
    Assessment,
    MilestoneKind,
    Outcome,
    assessed_without,
    check_assessment,
    check_basis_of_met,
    check_correction,
    check_drop,
    check_order,
    check_parent_has_not_ended,
    check_rebaseline,
    check_window_edit,
    current_assessment,
    fix_original,
    overrun_days,
)
from tests.factories.dates import a_day, a_moment, a_window
from tests.factories.portfolio.milestones import an_assessment
from tests.support.properties import days, holds, windows

MET, PARTIALLY_MET, NOT_MET = Outcome.MET, Outcome.PARTIALLY_MET, Outcome.NOT_MET
FIRST = a_window("2026-07-01..2027-03-31")
SECOND = a_window("2027-04-01..2027-09-30")
TODAY = a_day("2026-11-21")


def test_the_kinds_are_the_words_of_the_contract() -> None:
    assert [kind.value for kind in MilestoneKind] == [
        *("marketDialogue", "research", "start", "trial", "delivery", "article36Review", "verificationValidation"),
        *("operationalUse", "phaseOut", "completion"),
    ]


def test_an_assessment_concludes_met_partially_met_or_not_met() -> None:
    assert [outcome.value for outcome in Outcome] == ["met", "partiallyMet", "notMet"]


@pytest.mark.parametrize(
    ("original", "window", "by", "expected"),
    [
        pytest.param(None, FIRST, "published", FIRST, id="from a published source: the first window fixes it"),
        pytest.param(None, FIRST, "of_programme", FIRST, id="of a programme: the first window fixes it"),
        pytest.param(None, FIRST, "parent_runs", FIRST, id="of what already runs, or starts to: the window fixes it"),
        pytest.param(None, FIRST, None, None, id="otherwise not until it starts to run"),
        pytest.param(None, None, "published", None, id="published without a window: nothing to fix yet"),
        pytest.param(None, None, "of_programme", None, id="of a programme without a window: nothing to fix yet"),
        pytest.param(None, None, "parent_runs", None, id="running without a window: nothing to fix yet"),
        pytest.param(FIRST, SECOND, None, FIRST, id="once fixed it stays"),
        pytest.param(FIRST, SECOND, "parent_runs", FIRST, id="once fixed it stays when the lot starts to run"),
        pytest.param(FIRST, None, "published", FIRST, id="once fixed it stays though the window went"),
    ],
)
def test_the_original_baseline_is_fixed_once(
    original: Window | None, window: Window | None, by: str | None, expected: Window | None
) -> None:
    reasons = {name: name == by for name in ("published", "of_programme", "parent_runs")}
    assert fix_original(original=original, window=window, **reasons) == expected


@holds
@given(
    windows,
    st.none() | windows,
    st.fixed_dictionaries({name: st.booleans() for name in ("published", "of_programme", "parent_runs")}),
)
def test_an_original_baseline_that_is_set_never_changes(
    original: Window, window: Window | None, reasons: dict[str, bool]
) -> None:
    assert fix_original(original=original, window=window, **reasons) == original


@pytest.mark.parametrize(
    ("original", "before", "after"),
    [
        pytest.param(None, None, FIRST, id="the first window"),
        pytest.param(None, FIRST, SECOND, id="edited freely until it is fixed"),
        pytest.param(None, FIRST, None, id="taken away until it is fixed"),
        pytest.param(FIRST, FIRST, FIRST, id="fixed and left as it is"),
        pytest.param(FIRST, SECOND, SECOND, id="rebaselined and left as it is"),
    ],
)
def test_a_window_may_be_edited(original: Window | None, before: Window | None, after: Window | None) -> None:
    check_window_edit(original=original, before=before, after=after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(FIRST, SECOND, id="another window"),
        pytest.param(FIRST, None, id="no window any more"),
        pytest.param(SECOND, FIRST, id="back to the original"),
        pytest.param(FIRST, Window(FIRST.start, FIRST.end + timedelta(days=1)), id="a single day later"),
    ],
)
def test_a_fixed_window_changes_only_by_a_rebaseline(before: Window, after: Window | None) -> None:
    with pytest.raises(Conflict, match="only by a rebaseline, with reason and authority") as refusal:
        check_window_edit(original=FIRST, before=before, after=after)
    assert [fault.pointer for fault in refusal.value.faults] == ["/window"]


def test_a_rebaseline_without_an_original_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="no original baseline yet"):
        check_rebaseline(original=None, before=FIRST, after=SECOND, status=MilestoneStatus.SCHEDULED)


def test_a_milestone_that_was_met_is_not_rebaselined() -> None:
    with pytest.raises(Conflict, match="was met, so its baseline stays as it was"):
        check_rebaseline(original=FIRST, before=FIRST, after=SECOND, status=MilestoneStatus.MET)


def test_a_rebaseline_to_the_same_window_is_wrong() -> None:
    with pytest.raises(BrokenRule, match="is the current window already, 2027-04-01 to 2027-09-30") as refusal:
        check_rebaseline(original=FIRST, before=SECOND, after=SECOND, status=MilestoneStatus.SCHEDULED)
    assert [fault.pointer for fault in refusal.value.faults] == ["/window"]


@pytest.mark.parametrize("status", [s for s in MilestoneStatus if s is not MilestoneStatus.MET])
@pytest.mark.parametrize("after", [pytest.param(SECOND, id="later"), pytest.param(FIRST, id="back to the original")])
def test_a_rebaseline_of_what_was_not_met_is_fine(status: MilestoneStatus, after: Window) -> None:
    before = FIRST if after is SECOND else SECOND
    check_rebaseline(original=FIRST, before=before, after=after, status=status)


@pytest.mark.parametrize(
    ("criterion", "evidence", "expected"),
    [
        pytest.param(None, [], ["criterion", "evidence"], id="neither"),
        pytest.param("Vliegt 100 km", [], ["evidence"], id="a criterion alone"),
        pytest.param(None, [{}], ["criterion"], id="evidence alone"),
        pytest.param("Vliegt 100 km", [{}], [], id="both"),
    ],
)
def test_an_assessment_says_what_it_does_not_rest_on(
    criterion: str | None, evidence: list[object], expected: list[str]
) -> None:
    assert assessed_without(criterion=criterion, evidence=evidence) == expected


@pytest.mark.parametrize(
    ("critical", "status", "criterion", "without"),
    [
        pytest.param(True, Outcome.MET, "Vliegt", ["evidence"], id="critical and met by its criterion"),
        pytest.param(True, Outcome.MET, None, ["criterion"], id="critical and met by evidence"),
        pytest.param(False, Outcome.MET, None, ["criterion", "evidence"], id="met and not critical"),
        pytest.param(None, Outcome.MET, None, ["criterion", "evidence"], id="met and not known to be critical"),
        pytest.param(True, Outcome.NOT_MET, None, ["criterion", "evidence"], id="critical and notMet"),
        pytest.param(True, Outcome.PARTIALLY_MET, None, ["criterion", "evidence"], id="critical and partiallyMet"),
        pytest.param(True, Outcome.MET, None, None, id="met before that was noted"),
    ],
)
def test_met_rests_on_a_criterion_or_evidence_on_a_critical_milestone(
    critical: bool | None, status: Outcome, criterion: str | None, without: list[str] | None
) -> None:
    check_basis_of_met(critical=critical, status=status, criterion=criterion, without=without)


@pytest.mark.parametrize(
    ("criterion", "without"),
    [
        pytest.param(None, ["criterion", "evidence"], id="neither"),
        pytest.param(None, ["evidence"], id="the criterion is gone"),
        pytest.param("Later bedacht", ["criterion", "evidence"], id="the criterion came afterwards"),
    ],
)
def test_a_critical_milestone_is_not_met_by_nothing(criterion: str | None, without: list[str]) -> None:
    with pytest.raises(Conflict, match="by its acceptance criterion or by evidence") as refusal:
        check_basis_of_met(critical=True, status=MilestoneStatus.MET, criterion=criterion, without=without)
    assert [fault.pointer for fault in refusal.value.faults] == ["/evidence"]


def test_what_was_met_is_not_dropped() -> None:
    with pytest.raises(Conflict, match="was met, so it cannot be dropped"):
        check_drop(status=MilestoneStatus.MET, original=FIRST)


def test_what_was_not_agreed_yet_is_not_dropped() -> None:
    with pytest.raises(Conflict, match="was not agreed yet; withdraw it as entered in error"):
        check_drop(status=MilestoneStatus.SCHEDULED, original=None)


@pytest.mark.parametrize("status", [s for s in MilestoneStatus if s is not MilestoneStatus.MET])
def test_what_was_agreed_and_not_met_may_be_dropped(status: MilestoneStatus) -> None:
    check_drop(status=status, original=FIRST)


def test_what_the_colours_of_the_day_of_an_end_rest_on_stays() -> None:
    check_parent_has_not_ended(ended_on=None)
    with pytest.raises(Conflict, match="ended on 2026-11-20 and keeps the colours of that day"):
        check_parent_has_not_ended(ended_on=a_day("2026-11-20"))


@pytest.mark.parametrize(
    ("outcome", "assessed_on", "achieved_on"),
    [
        pytest.param(MET, "2026-11-21", "2026-11-21", id="met today"),
        pytest.param(MET, "2026-11-21", "2026-01-01", id="met and achieved before the assessment"),
        pytest.param(PARTIALLY_MET, "2026-11-20", None, id="partiallyMet"),
        pytest.param(NOT_MET, "2026-11-20", None, id="notMet"),
    ],
)
def test_an_assessment_says_what_was_found(outcome: Outcome, assessed_on: str, achieved_on: str | None) -> None:
    check_assessment(
        outcome=outcome,
        assessed_on=a_day(assessed_on),
        achieved_on=a_day(achieved_on) if achieved_on else None,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("outcome", "assessed_on", "achieved_on", "faults"),
    [
        pytest.param(NOT_MET, "2026-11-22", None, ["/assessedOn"], id="dated in the future"),
        pytest.param(MET, "2026-11-21", None, ["/achievedOn"], id="met without achievedOn"),
        pytest.param(PARTIALLY_MET, "2026-11-21", "2026-11-21", ["/achievedOn"], id="achievedOn with partiallyMet"),
        pytest.param(NOT_MET, "2026-11-21", "2026-11-21", ["/achievedOn"], id="achievedOn with notMet"),
        pytest.param(MET, "2026-11-20", "2026-11-21", ["/achievedOn"], id="achievedOn after assessedOn"),
        pytest.param(MET, "2026-11-22", None, ["/assessedOn", "/achievedOn"], id="all that is wrong at once"),
        pytest.param(
            NOT_MET,
            "2026-11-22",
            "2026-11-23",
            ["/assessedOn", "/achievedOn", "/achievedOn"],
            id="each in its own words",
        ),
    ],
)
def test_an_assessment_is_refused(
    outcome: Outcome, assessed_on: str, achieved_on: str | None, faults: list[str]
) -> None:
    with pytest.raises(BrokenRule) as refusal:
        check_assessment(
            outcome=outcome,
            assessed_on=a_day(assessed_on),
            achieved_on=a_day(achieved_on) if achieved_on else None,
            today=TODAY,
        )
    assert [fault.pointer for fault in refusal.value.faults] == faults


@holds
@given(st.sampled_from(Outcome), days, st.none() | days, days)
def test_an_assessment_that_passes_can_be_trusted(
    outcome: Outcome, assessed_on: date, achieved_on: date | None, today: date
) -> None:
    with suppress(BrokenRule):
        check_assessment(outcome=outcome, assessed_on=assessed_on, achieved_on=achieved_on, today=today)
        assert assessed_on <= today
        assert (outcome is MET) == (achieved_on is not None)
        assert achieved_on is None or achieved_on <= assessed_on


def test_what_corrects_nothing_needs_nothing() -> None:
    check_correction(corrects=None, recorded=[])


def test_an_assessment_of_the_milestone_can_be_corrected() -> None:
    wrong = an_assessment()
    check_correction(corrects=wrong.id, recorded=[an_assessment(), wrong])


def test_a_correction_can_be_corrected_itself() -> None:
    wrong = an_assessment()
    also_wrong = an_assessment(corrects=wrong.id)
    check_correction(corrects=also_wrong.id, recorded=[wrong, also_wrong])


def test_what_is_no_assessment_of_the_milestone_cannot_be_corrected() -> None:
    with pytest.raises(BrokenRule) as refusal:
        check_correction(corrects=new_id(), recorded=[an_assessment()])
    assert refusal.value.faults == (
        Fault("/corrects", "this milestone has no assessment with this id; give the id of one that it has"),
    )


def test_an_assessment_is_corrected_once() -> None:
    wrong = an_assessment()
    right = an_assessment(corrects=wrong.id)
    with pytest.raises(Conflict) as refusal:
        check_correction(corrects=wrong.id, recorded=[wrong, right])
    assert refusal.value.faults == (Fault("/corrects", f"correct {right.id} instead"),)


@dataclass(frozen=True)
class Said:
    """An assessment of a table: its day, the hour of its recording, and the place in the table of what it corrects."""

    assessed_on: str
    hour: int
    corrects: int | None = None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([], None, id="none was recorded: scheduled"),
        pytest.param([Said("2026-11-01", 9)], 0, id="the only one"),
        pytest.param([Said("2026-11-02", 9), Said("2026-11-01", 10)], 0, id="the latest by assessedOn"),
        pytest.param([Said("2026-11-01", 9), Said("2026-11-01", 10)], 1, id="then by recording"),
        pytest.param([Said("2026-11-02", 9), Said("2026-11-01", 10, corrects=0)], 1, id="that no other corrects"),
        pytest.param(
            [Said("2026-11-03", 9), Said("2026-11-02", 8), Said("2026-11-01", 10, corrects=0)],
            1,
            id="the latest of those that stand, though a correction is newer",
        ),
        pytest.param(
            [Said("2026-11-03", 9), Said("2026-11-02", 10, corrects=0), Said("2026-11-01", 11, corrects=1)],
            2,
            id="a correction that was corrected does not count",
        ),
    ],
)
def test_the_latest_assessment_that_no_other_corrects_counts(said: list[Said], expected: int | None) -> None:
    recorded: list[Assessment] = []
    for one in said:
        corrects = None if one.corrects is None else recorded[one.corrects].id
        moment = a_moment(f"2026-11-21T{one.hour:02}:00:00")
        recorded.append(an_assessment(assessed_on=one.assessed_on, recorded_at=moment, corrects=corrects))
    assert current_assessment(recorded) == (None if expected is None else recorded[expected])


@st.composite
def _recorded(draw: st.DrawFn) -> list[Assessment]:
    """Assessments of one milestone as the rules allow them, in the order of recording."""
    recorded: list[Assessment] = []
    free: list[UUID] = []
    for minute in range(draw(st.integers(0, 7))):
        corrects = draw(st.none() | st.sampled_from(free)) if free else None
        free = [one for one in free if one != corrects]
        row = an_assessment(
            assessed_on=draw(days),
            recorded_at=a_moment("2026-11-21T09:00:00") + timedelta(minutes=minute // 2),
            corrects=corrects,
        )
        recorded.append(row)
        free.append(row.id)
    return recorded


@holds
@given(_recorded(), st.randoms())
def test_the_assessment_that_counts_does_not_depend_on_the_order_of_the_list(
    recorded: list[Assessment], chance: Random
) -> None:
    shuffled = list(recorded)
    chance.shuffle(shuffled)
    assert current_assessment(shuffled) == current_assessment(recorded)


@holds
@given(_recorded())
def test_the_assessment_that_counts_was_never_corrected_and_none_that_stands_is_later(
    recorded: list[Assessment],
) -> None:
    found = current_assessment(recorded)
    corrected = {one.corrects for one in recorded}
    assert (found is None) == (recorded == [])
    if found is not None:
        assert found.id not in corrected
        standing = [one for one in recorded if one.id not in corrected]
        assert found.assessed_on == max(one.assessed_on for one in standing)


ONE, OTHER, THIRD = new_id(), new_id(), new_id()


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param([], id="after nothing"),
        pytest.param([OTHER], id="after one"),
        pytest.param([OTHER, THIRD], id="after two"),
    ],
)
def test_a_milestone_may_come_after_others(chain: list[UUID]) -> None:
    check_order(milestone_id=ONE, chain=chain)


@pytest.mark.parametrize(
    "chain", [pytest.param([ONE], id="directly"), pytest.param([OTHER, THIRD, ONE], id="through others")]
)
def test_a_milestone_never_comes_after_itself(chain: list[UUID]) -> None:
    with pytest.raises(BrokenRule) as refusal:
        check_order(milestone_id=ONE, chain=chain)
    assert [fault.pointer for fault in refusal.value.faults] == ["/after"]


@pytest.mark.parametrize(
    ("forecast", "status", "window", "dependent", "days"),
    [
        pytest.param(
            "2027-03-01",
            MilestoneStatus.SCHEDULED,
            "2027-02-01",
            MilestoneStatus.SCHEDULED,
            28,
            id="past the window of the dependent",
        ),
        pytest.param(
            "2027-02-01", MilestoneStatus.SCHEDULED, "2027-02-01", MilestoneStatus.SCHEDULED, None, id="on its last day"
        ),
        pytest.param(
            "2027-01-01", MilestoneStatus.SCHEDULED, "2027-02-01", MilestoneStatus.SCHEDULED, None, id="before it"
        ),
        pytest.param(
            "2027-03-01",
            MilestoneStatus.NOT_MET,
            "2027-02-01",
            MilestoneStatus.SCHEDULED,
            28,
            id="what was not met slips on",
        ),
        pytest.param(
            "2027-03-01", MilestoneStatus.MET, "2027-02-01", MilestoneStatus.SCHEDULED, None, id="what is met"
        ),
        pytest.param(
            "2027-03-01",
            MilestoneStatus.SCHEDULED,
            "2027-02-01",
            MilestoneStatus.MET,
            None,
            id="a dependent that is met",
        ),
        pytest.param(None, MilestoneStatus.SCHEDULED, "2027-02-01", MilestoneStatus.SCHEDULED, None, id="no forecast"),
        pytest.param(
            "2027-03-01",
            MilestoneStatus.SCHEDULED,
            None,
            MilestoneStatus.SCHEDULED,
            None,
            id="a dependent without a window",
        ),
    ],
)
def test_a_forecast_past_the_window_of_a_dependent_is_a_conflict(
    forecast: str | None, status: MilestoneStatus, window: str | None, dependent: MilestoneStatus, days: int | None
) -> None:
    assert (
        overrun_days(
            forecast_end=a_day(forecast) if forecast else None,
            status=status,
            dependent_end=a_day(window) if window else None,
            dependent_status=dependent,
        )
        == days
    )
