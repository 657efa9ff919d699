"""The double colour: slip and colour of milestones, lots and challenges."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.portfolio.colours import (
    BaselineColour,
    BothColours,
    Colour,
    MilestoneStatus,
    Progress,
    baseline_colour,
    both_colours,
    judge_on,
    judges,
    next_due,
    overall,
    slip,
)
from domain.portfolio.programmes import AMBER_UP_TO_DAYS
from tests.factories.dates import a_day
from tests.factories.portfolio.colours import a_progress, a_progress_with_one_baseline
from tests.support.properties import days, holds, progresses, unmet

SCHEDULED, MET = MilestoneStatus.SCHEDULED, MilestoneStatus.MET
PARTIALLY_MET, NOT_MET = MilestoneStatus.PARTIALLY_MET, MilestoneStatus.NOT_MET
GREEN, AMBER, RED, GREY = Colour.GREEN, Colour.AMBER, Colour.RED, Colour.GREY
END = "2027-03-31"
BADNESS = [GREEN, AMBER, RED]


def test_the_statuses_are_the_words_of_the_open_contracting_standard() -> None:
    assert [s.value for s in MilestoneStatus] == ["scheduled", "met", "partiallyMet", "notMet"]


def test_the_colours_are_green_amber_red_and_grey() -> None:
    assert [c.value for c in Colour] == ["green", "amber", "red", "grey"]


@pytest.mark.parametrize(
    ("progress", "today", "expected"),
    [
        pytest.param({"status": MET, "achieved_on": END}, "2028-01-01", 0, id="met on the last day"),
        pytest.param(
            {"status": MET, "achieved_on": "2027-04-05"}, "2028-01-01", 5, id="met late: to the date achieved"
        ),
        pytest.param({"status": MET, "achieved_on": "2027-03-21"}, "2028-01-01", -10, id="met early: below zero"),
        pytest.param(
            {"status": MET, "achieved_on": END, "forecast_end": "2027-12-31"}, END, 0, id="met: the forecast is past"
        ),
        pytest.param({}, "2026-11-21", 0, id="not met: 0 until the last day has passed"),
        pytest.param({}, END, 0, id="not met: 0 on the last day itself"),
        pytest.param({}, "2027-04-01", 1, id="not met: 1 on the day after"),
        pytest.param({"forecast_end": "2027-03-01"}, "2026-11-21", 0, id="not met: a forecast within the window is 0"),
        pytest.param(
            {"forecast_end": "2027-06-30"}, "2026-11-21", 91, id="not met: a forecast that passes it counts now"
        ),
        pytest.param({"forecast_end": "2027-04-10"}, "2027-04-20", 20, id="not met: to today, later than the forecast"),
        pytest.param({"forecast_end": "2027-04-20"}, "2027-04-10", 20, id="not met: to the forecast, later than today"),
        pytest.param({"status": PARTIALLY_MET}, "2027-04-10", 10, id="partiallyMet keeps slipping"),
        pytest.param({"status": NOT_MET}, "2027-04-10", 10, id="notMet keeps slipping"),
        pytest.param({"status": NOT_MET}, "2026-11-21", 0, id="notMet before the end has not slipped"),
        pytest.param(
            {"dropped_on": "2027-04-10", "forecast_end": "2028-01-01"}, "2029-01-01", 10, id="dropped: to the day on"
        ),
        pytest.param({"dropped_on": "2026-11-21"}, "2029-01-01", 0, id="dropped before the end has not slipped"),
    ],
)
def test_slip_runs_from_the_end_of_the_baseline_window(progress: dict[str, Any], today: str, expected: int) -> None:
    found = slip(baseline_end=a_day(END), progress=a_progress(**progress), today=a_day(today))
    assert found == expected


@pytest.mark.parametrize("status", MilestoneStatus)
def test_without_a_baseline_there_is_no_slip_and_the_colour_is_grey(status: MilestoneStatus) -> None:
    progress = a_progress(status=status, achieved_on="2027-01-01" if status is MET else None)
    found = baseline_colour(baseline_end=None, progress=progress, amber_up_to_days=90, today=a_day("2028-01-01"))
    assert found == BaselineColour(None, GREY)


@pytest.mark.parametrize(
    ("status", "reached", "amber_up_to_days", "expected"),
    [
        pytest.param(MET, "2027-03-01", 90, BaselineColour(-30, GREEN), id="green: slip below 0"),
        pytest.param(MET, END, 90, BaselineColour(0, GREEN), id="green: slip 0"),
        pytest.param(MET, "2027-04-01", 90, BaselineColour(1, AMBER), id="amber: from 1"),
        pytest.param(MET, "2027-06-29", 90, BaselineColour(90, AMBER), id="amber: to 90"),
        pytest.param(MET, "2027-06-30", 90, BaselineColour(91, RED), id="red: more than 90"),
        pytest.param(SCHEDULED, END, 90, BaselineColour(0, GREEN), id="green: scheduled and in time"),
        pytest.param(PARTIALLY_MET, "2027-04-01", 90, BaselineColour(1, AMBER), id="amber: partiallyMet and late"),
        pytest.param(PARTIALLY_MET, END, 90, BaselineColour(0, AMBER), id="amber: partiallyMet, however early"),
        pytest.param(PARTIALLY_MET, "2027-06-30", 90, BaselineColour(91, RED), id="red: partiallyMet and far too late"),
        pytest.param(NOT_MET, END, 90, BaselineColour(0, RED), id="red: notMet, however early"),
        pytest.param(MET, "2027-04-30", 30, BaselineColour(30, AMBER), id="thresholds are settings: amber to 30"),
        pytest.param(MET, "2027-05-01", 30, BaselineColour(31, RED), id="thresholds are settings: red beyond 30"),
        pytest.param(MET, "2027-04-01", 0, BaselineColour(1, RED), id="thresholds are settings: no amber at all"),
        pytest.param(
            MET, END, 0, BaselineColour(0, GREEN), id="thresholds are settings: in time is green whatever they are"
        ),
    ],
)
def test_the_colour_follows_from_slip_and_outcome(
    status: MilestoneStatus, reached: str, amber_up_to_days: int, expected: BaselineColour
) -> None:
    progress = a_progress(status=status, achieved_on=reached if status is MET else None)
    today = a_day("2028-01-01") if status is MET else a_day(reached)
    found = baseline_colour(baseline_end=a_day(END), progress=progress, amber_up_to_days=amber_up_to_days, today=today)
    assert found == expected


def test_amber_is_1_to_90_where_a_programme_has_set_nothing() -> None:
    assert AMBER_UP_TO_DAYS == 90


def test_both_colours_stand_together_against_the_original_and_the_current_baseline() -> None:
    progress = a_progress(original_end=END, current_end="2027-09-30", forecast_end="2027-10-10")
    found = both_colours(progress=progress, amber_up_to_days=90, today=a_day("2026-11-21"))
    assert found == BothColours(original=BaselineColour(193, RED), current=BaselineColour(10, AMBER))


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        pytest.param("2026-11-19", GREEN, id="not before its assessment"),
        pytest.param("2026-11-20", AMBER, id="from its assessment on"),
        pytest.param("2026-11-21", AMBER, id="and after it"),
    ],
)
def test_what_is_partly_met_is_at_least_amber_against_both_from_its_assessment_on(today: str, colour: Colour) -> None:
    progress = a_progress_with_one_baseline(END, status=PARTIALLY_MET, assessed_on="2026-11-20")
    expected = BothColours(BaselineColour(0, colour), BaselineColour(0, colour))
    assert both_colours(progress=progress, amber_up_to_days=90, today=a_day(today)) == expected
    assert overall(milestones=[progress], amber_up_to_days=90, today=a_day(today)) == expected


@pytest.mark.parametrize("status", [SCHEDULED, PARTIALLY_MET, NOT_MET])
def test_a_dropped_milestone_is_red_against_the_original_and_grey_against_the_current(status: MilestoneStatus) -> None:
    progress = a_progress(
        status=status, original_end=END, current_end="2030-01-01", dropped_on="2027-04-10", forecast_end="2029-01-01"
    )
    expected = BothColours(BaselineColour(10, RED), BaselineColour(None, GREY))
    assert both_colours(progress=progress, amber_up_to_days=90, today=a_day("2029-06-01")) == expected
    assert overall(milestones=[progress], amber_up_to_days=90, today=a_day("2029-06-01")) == expected


def test_a_dropped_milestone_is_always_judged_against_the_original_and_no_longer_due() -> None:
    dropped = a_progress_with_one_baseline("2028-01-31", dropped_on="2026-11-21", critical=False)
    due = a_progress_with_one_baseline("2027-12-31")
    found = overall(milestones=[dropped, due], amber_up_to_days=90, today=TODAY)
    assert found == BothColours(BaselineColour(0, RED), BaselineColour(0, GREEN))
    assert next_due([dropped]) == []


def test_what_was_met_late_stays_visible_beside_what_was_dropped() -> None:
    dropped = a_progress_with_one_baseline("2026-01-31", dropped_on="2026-02-01")
    late = a_progress_with_one_baseline("2026-01-31", status=MET, achieved_on="2026-02-10")
    found = overall(milestones=[dropped, late], amber_up_to_days=90, today=TODAY)
    assert found == BothColours(BaselineColour(10, RED), BaselineColour(10, AMBER))


@holds
@given(progresses(status=unmet), days, days, days)
def test_slip_never_shrinks_while_time_passes_and_it_is_not_met(
    progress: Progress, baseline_end: date, one: date, other: date
) -> None:
    earlier, later = sorted((one, other))
    before = slip(baseline_end=baseline_end, progress=progress, today=earlier)
    after = slip(baseline_end=baseline_end, progress=progress, today=later)
    assert before is not None
    assert after is not None
    assert 0 <= before <= after


@holds
@given(progresses(status=unmet, dropped_on=st.none()), days, days, days, days)
def test_slip_never_shrinks_while_the_forecast_recedes_and_it_is_not_met(
    progress: Progress, baseline_end: date, today: date, one: date, other: date
) -> None:
    earlier, later = sorted((one, other))
    slips = [
        slip(baseline_end=baseline_end, progress=replace(progress, forecast_end=end), today=today)
        for end in (None, earlier, later)
    ]
    assert slips == sorted(slips, key=lambda found: -1 if found is None else found)


@holds
@given(progresses(), days, st.none() | days, st.integers(0, 400))
def test_a_rebaseline_never_changes_how_a_milestone_stands_against_the_original(
    progress: Progress, today: date, new_end: date | None, amber: int
) -> None:
    rebaselined = replace(progress, current_end=new_end)
    before = both_colours(progress=progress, amber_up_to_days=amber, today=today)
    after = both_colours(progress=rebaselined, amber_up_to_days=amber, today=today)
    assert after.original == before.original


@holds
@given(progresses(), days, st.integers(0, 400))
def test_grey_means_without_a_baseline_and_nothing_else(progress: Progress, today: date, amber: int) -> None:
    both = both_colours(progress=progress, amber_up_to_days=amber, today=today)
    current_end = None if progress.dropped_on else progress.current_end
    for found, end in ((both.original, progress.original_end), (both.current, current_end)):
        assert (found.colour is GREY) == (found.slip_days is None) == (end is None)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        pytest.param([], [], id="nothing is due where there is nothing"),
        pytest.param([(MET, "2026-01-31")], [], id="what was met is not due"),
        pytest.param([(SCHEDULED, "2027-01-31"), (SCHEDULED, "2027-02-28")], [0], id="the window that ends first"),
        pytest.param([(MET, "2026-01-31"), (SCHEDULED, "2027-02-28")], [1], id="of those not met"),
        pytest.param([(NOT_MET, "2026-01-31"), (SCHEDULED, "2027-02-28")], [0], id="notMet is still due"),
        pytest.param([(PARTIALLY_MET, "2026-01-31"), (SCHEDULED, "2027-02-28")], [0], id="partiallyMet is still due"),
        pytest.param(
            [(SCHEDULED, "2027-01-31"), (NOT_MET, "2027-01-31"), (SCHEDULED, "2027-02-28")], [0, 1], id="all on a tie"
        ),
        pytest.param(
            [(SCHEDULED, None), (SCHEDULED, "2029-01-31")], [1], id="without a window only if there is no other"
        ),
        pytest.param(
            [(SCHEDULED, None), (NOT_MET, None), (MET, END)], [0, 1], id="without a window if there is no other"
        ),
    ],
)
def test_next_due_are_those_not_met_whose_current_window_ends_first(
    ends: list[tuple[MilestoneStatus, str | None]], expected: list[int]
) -> None:
    milestones = [
        a_progress(
            status=status,
            original_end="2020-01-01",
            current_end=end,
            achieved_on="2026-01-01" if status is MET else None,
        )
        for status, end in ends
    ]
    assert next_due(milestones) == [milestones[at] for at in expected]


def test_next_due_looks_at_the_current_window_and_not_at_the_original() -> None:
    moved = a_progress(original_end="2027-01-31", current_end="2028-01-31")
    other = a_progress(original_end="2027-06-30", current_end="2027-06-30")
    assert next_due([moved, other]) == [other]


@holds
@given(st.lists(progresses(), max_size=6))
def test_something_is_due_as_long_as_something_is_not_met(milestones: list[Progress]) -> None:
    due = next_due(milestones)
    assert bool(due) == any(m.status is not MET and m.dropped_on is None for m in milestones)
    assert all(m.status is not MET and m.dropped_on is None for m in due)


TODAY = a_day("2027-04-10")
LATE = a_progress_with_one_baseline("2027-03-31")
RED_LATE = a_progress_with_one_baseline("2026-03-31")
LATER = a_progress_with_one_baseline("2027-12-31")


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        pytest.param([], BaselineColour(None, GREY), id="no milestones: grey"),
        pytest.param([LATER], BaselineColour(0, GREEN), id="next due, in time: green"),
        pytest.param([LATE, LATER], BaselineColour(10, AMBER), id="next due, late: amber"),
        pytest.param([RED_LATE, LATE], BaselineColour(375, RED), id="next due, far too late: red"),
        pytest.param(
            [LATE, a_progress_with_one_baseline("2027-12-31", forecast_end="2028-12-31")],
            BaselineColour(10, AMBER),
            id="neither critical nor next due: does not count",
        ),
        pytest.param(
            [LATE, a_progress_with_one_baseline("2027-12-31", forecast_end="2028-12-31", critical=True)],
            BaselineColour(366, RED),
            id="critical counts though it is not next due",
        ),
        pytest.param(
            [a_progress_with_one_baseline("2026-01-31", status=MET, achieved_on="2026-02-05", critical=True), LATER],
            BaselineColour(5, AMBER),
            id="critical counts though it was met",
        ),
        pytest.param(
            [a_progress_with_one_baseline("2026-01-31", status=MET, achieved_on="2026-12-31"), LATER],
            BaselineColour(0, GREEN),
            id="met and not critical: does not count",
        ),
        pytest.param(
            [a_progress_with_one_baseline("2027-12-31", status=NOT_MET, critical=True), LATE],
            BaselineColour(10, RED),
            id="the worst colour and the worst slip of those that count",
        ),
        pytest.param([a_progress(critical=True)], BaselineColour(None, GREY), id="only grey: grey"),
        pytest.param(
            [a_progress(critical=True), LATER], BaselineColour(0, GREEN), id="grey counts only when there is no other"
        ),
    ],
)
def test_a_lot_is_as_bad_as_the_worst_that_is_critical_or_next_due(
    milestones: list[Progress], expected: BaselineColour
) -> None:
    found = overall(milestones=milestones, amber_up_to_days=90, today=TODAY)
    assert found == BothColours(original=expected, current=expected)


@holds
@given(st.lists(progresses(), max_size=6), days, st.integers(0, 400))
def test_a_lot_is_never_better_than_a_critical_milestone_that_is_not_grey(
    milestones: list[Progress], today: date, amber: int
) -> None:
    whole = overall(milestones=milestones, amber_up_to_days=amber, today=today)
    for milestone in milestones:
        own = both_colours(progress=milestone, amber_up_to_days=amber, today=today)
        for part, lot in ((own.original, whole.original), (own.current, whole.current)):
            if milestone.critical and part.colour is not GREY:
                assert BADNESS.index(lot.colour) >= BADNESS.index(part.colour)
                assert lot.slip_days is not None
                assert part.slip_days is not None
                assert lot.slip_days >= part.slip_days


def worst_of_those_that_decide(milestones: list[Progress], side: str, amber: int, today: date) -> BaselineColour:
    """A lot against one baseline, straight from the text: the worst of what is critical or next due, each judged today.

    What was dropped always counts against the original baseline, and never against the current one.
    """
    ends = {m.id: getattr(m, f"{side}_end") for m in milestones}
    agreed = [m for m in milestones if m.dropped_on is None]
    open_ends = {ends[m.id] for m in agreed if m.status is not MET} - {None}
    first = min(open_ends) if open_ends else None
    deciding = [m for m in agreed if m.critical or (m.status is not MET and ends[m.id] == first)] or agreed
    if side == "original":
        deciding = [*deciding, *(m for m in milestones if m.dropped_on is not None)]
    judged = [judged_alone(m, ends[m.id], amber, today) for m in deciding]
    with_baseline = [each for each in judged if each.slip_days is not None]
    if not with_baseline:
        return BaselineColour(None, GREY)
    worst = max(BADNESS.index(each.colour) for each in with_baseline)
    slips = [each.slip_days for each in with_baseline if each.slip_days is not None]
    return BaselineColour(max(slips), BADNESS[worst])


def judged_alone(milestone: Progress, end: date | None, amber: int, today: date) -> BaselineColour:
    """A milestone against a baseline that it has, straight from the text."""
    if end is None:
        return BaselineColour(None, GREY)
    if milestone.dropped_on is not None:
        return BaselineColour(max(0, (milestone.dropped_on - end).days), RED)
    if milestone.status is MET:
        assert milestone.achieved_on is not None
        days = (milestone.achieved_on - end).days
    else:
        days = max(0, (max(today, milestone.forecast_end or today) - end).days)
    if milestone.status is NOT_MET or days > amber:
        return BaselineColour(days, RED)
    is_partly_met = milestone.status is PARTIALLY_MET and (milestone.assessed_on or today) <= today
    return BaselineColour(days, AMBER if days > 0 or is_partly_met else GREEN)


@holds
@given(st.lists(progresses(), max_size=6), days, st.integers(0, 400))
def test_what_is_kept_without_a_date_gives_the_colours_of_any_day(
    milestones: list[Progress], today: date, amber: int
) -> None:
    found = overall(milestones=milestones, amber_up_to_days=amber, today=today)
    assert found.original == worst_of_those_that_decide(milestones, "original", amber, today)
    assert found.current == worst_of_those_that_decide(milestones, "current", amber, today)


@holds
@given(st.lists(progresses(), max_size=6), st.randoms(), days)
def test_the_order_of_the_milestones_does_not_matter(milestones: list[Progress], chance: Random, today: date) -> None:
    shuffled = list(milestones)
    chance.shuffle(shuffled)
    found = overall(milestones=shuffled, amber_up_to_days=90, today=today)
    assert found == overall(milestones=milestones, amber_up_to_days=90, today=today)
    assert {m.id for m in next_due(shuffled)} == {m.id for m in next_due(milestones)}


@pytest.mark.parametrize(
    "critical", [pytest.param(True, id="a critical milestone"), pytest.param(False, id="the milestone next due")]
)
def test_rebaselining_never_turns_a_lot_green_against_what_was_first_agreed(*, critical: bool) -> None:
    late = a_progress_with_one_baseline("2026-03-31", critical=critical)
    moved = replace(late, current_end=a_day("2028-06-30"))
    before = overall(milestones=[late, LATER], amber_up_to_days=90, today=TODAY)
    after = overall(milestones=[moved, LATER], amber_up_to_days=90, today=TODAY)
    assert before.original == BaselineColour(375, RED)
    assert after.original == BaselineColour(375, RED)


def the_worst_of_those_judged(
    milestones: list[Progress], side: str, amber: int, today: date
) -> tuple[Progress, int | None] | None:
    """GOVERNANCE.md 3 in the order of its words, over every milestone that is judged."""
    original = side == "original"
    agreed = [m for m in milestones if not m.is_dropped]
    due = {m.id for m in next_due(agreed, against_original=original)}
    judged = [m for m in agreed if m.critical or m.id in due] or agreed
    ranked = []
    for m in [*judged, *(m for m in milestones if m.is_dropped and original)]:
        end = m.original_end if original else m.current_end
        found = baseline_colour(baseline_end=end, progress=m, amber_up_to_days=amber, today=today)
        badness = [GREY, *BADNESS].index(found.colour)
        ranked.append((-badness, -(found.slip_days or 0), end or date.max, m.id, m, found.slip_days))
    if not ranked:
        return None
    *_, milestone, slip_days = min(ranked, key=lambda row: row[:4])
    return milestone, slip_days


@holds
@given(st.lists(progresses(), max_size=6, unique_by=lambda m: m.id), days, st.integers(0, 400))
def test_what_is_kept_without_a_date_tells_which_milestone_gives_the_colour_on_any_day(
    milestones: list[Progress], today: date, amber: int
) -> None:
    for side in ("original", "current"):
        candidates = judges(milestones, against_original=side == "original")
        found = judge_on(candidates, today=today, amber_up_to_days=amber)
        expected = the_worst_of_those_judged(milestones, side, amber, today)
        assert (found and (found[0].id, found[1])) == (expected and (expected[0].id, expected[1]))
        days_of_amber = {m.assessed_on for m in milestones if m.status is PARTIALLY_MET}
        assert len(candidates) <= 5 + 2 * len(days_of_amber)


JUDGED = [
    pytest.param([{"original_end": "2026-11-01"}, {"original_end": "2026-10-01"}], 1, id="the worst slip"),
    pytest.param(
        [{"original_end": "2026-11-10", "status": NOT_MET}, {"original_end": "2026-11-01"}], 0, id="the worst colour"
    ),
    pytest.param(
        [{"original_end": "2027-02-01"}, {"original_end": "2027-01-01"}], 1, id="equal: the end that comes first"
    ),
    pytest.param([{"original_end": None}, {"original_end": "2027-01-01"}], 1, id="none is last"),
    pytest.param(
        [
            {"original_end": "2027-01-01"},
            {"original_end": "2027-02-01", "status": PARTIALLY_MET, "assessed_on": "2026-11-01"},
        ],
        1,
        id="partly met is amber at least",
    ),
    pytest.param(
        [
            {"original_end": "2027-01-01"},
            {"original_end": "2027-02-01", "status": PARTIALLY_MET, "assessed_on": "2026-12-01"},
        ],
        0,
        id="partly met only later",
    ),
    pytest.param(
        [{"original_end": "2026-11-01"}, {"original_end": "2027-01-01", "dropped_on": "2026-11-10"}],
        1,
        id="dropped is red against the original",
    ),
    pytest.param([{"original_end": "2027-01-01"}, {"original_end": "2027-01-01"}], 0, id="equal: the first id"),
]


@pytest.mark.parametrize(("given_milestones", "expected"), JUDGED)
def test_the_milestone_that_gives_the_colour(given_milestones: list[dict[str, Any]], expected: int) -> None:
    made = [a_progress(critical=True, **fields) for fields in given_milestones]
    made = [replace(m, id=i) for m, i in zip(made, sorted(m.id for m in made), strict=True)]
    found = judge_on(judges(made, against_original=True), today=a_day("2026-11-21"), amber_up_to_days=90)
    assert found is not None
    assert found[0].id == made[expected].id
