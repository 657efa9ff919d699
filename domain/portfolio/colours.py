"""The double colour (dubbele kleur): slip and colour against the original and against the current baseline.

Both are always shown together, so that a rebaseline cannot hide that a lot is late against what was first agreed. All is
computed from plain values and today's date; the delivery confidence, an officer's own judgement, does not belong here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class MilestoneStatus(StrEnum):
    """The outcome of the assessment that counts, or scheduled if there is none; terms of the Open Contracting Data Standard."""

    SCHEDULED = "scheduled"
    MET = "met"
    PARTIALLY_MET = "partiallyMet"
    NOT_MET = "notMet"


class Colour(StrEnum):
    """The colour of a milestone, lot or challenge against a baseline; grey: it has no baseline."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


_WORSE = {Colour.GREY: 0, Colour.GREEN: 1, Colour.AMBER: 2, Colour.RED: 3}


@dataclass(frozen=True, slots=True)
class Progress:
    """What the colours of a milestone are computed from. Windows are given by their last day, None if there is no window.

    `assessed_on` is the day of the assessment that counts, `dropped_on` the day on which the milestone was given up.
    """

    id: UUID
    status: MilestoneStatus
    critical: bool | None
    original_end: date | None
    current_end: date | None
    forecast_end: date | None
    achieved_on: date | None
    assessed_on: date | None = None
    dropped_on: date | None = None

    @property
    def baseline_ends(self) -> tuple[date | None, date | None]:
        """The last days of the original and the current window that it is judged against.

        A dropped milestone is not judged against the current baseline.
        """
        return self.original_end, None if self.is_dropped else self.current_end

    @property
    def is_dropped(self) -> bool:
        """Whether it was agreed once and is given up."""
        return self.dropped_on is not None

    @property
    def is_settled(self) -> bool:
        """Whether its slip no longer depends on the day: it was achieved, or dropped."""
        return self.is_dropped or (self.status is MilestoneStatus.MET and self.achieved_on is not None)

    @property
    def is_due(self) -> bool:
        """Whether it still has to be met."""
        return self.status is not MilestoneStatus.MET and not self.is_dropped


class BaselineColour(NamedTuple):
    """Slip in days and colour against one baseline; without a baseline slip is None."""

    slip_days: int | None
    colour: Colour


class BothColours(NamedTuple):
    """The colours against both baselines, which are always shown together."""

    original: BaselineColour
    current: BaselineColour


def slip(*, baseline_end: date | None, progress: Progress, today: date) -> int | None:
    """Days from the end of the baseline window to the date achieved; negative when it was achieved early.

    While it is not met, the days to the later of today and the forecast's end, and 0 if neither is after the window's
    last day. For a dropped milestone, the days to the day on which it was dropped, whatever was forecast. None without a
    baseline.
    """
    if baseline_end is None:
        return None
    if progress.dropped_on is not None:
        return max(0, (progress.dropped_on - baseline_end).days)
    if progress.status is MilestoneStatus.MET and progress.achieved_on is not None:
        return (progress.achieved_on - baseline_end).days
    reached = max(today, progress.forecast_end or today)
    return max(0, (reached - baseline_end).days)


def baseline_colour(
    *, baseline_end: date | None, progress: Progress, amber_up_to_days: int, today: date
) -> BaselineColour:
    """The slip and colour of a milestone against one baseline: grey without one, red if notMet or dropped, else by its slip.

    What is partly met is at least amber from its assessment on.
    """
    days = slip(baseline_end=baseline_end, progress=progress, today=today)
    by_slip = colour_of_slip(slip_days=days, failed=_failed(progress), amber_up_to_days=amber_up_to_days)
    amber_from = _amber_from(progress)
    if days is None or amber_from is None or today < amber_from:
        return by_slip
    return BaselineColour(days, _worse_of(by_slip.colour, Colour.AMBER))


def _failed(progress: Progress) -> bool:
    return progress.is_dropped or progress.status is MilestoneStatus.NOT_MET


def _amber_from(progress: Progress) -> date | None:
    """The day from which a milestone that is partly met is at least amber, None for any other milestone.

    From the first day there is, where the day of its assessment is not known.
    """
    return (progress.assessed_on or date.min) if progress.status is MilestoneStatus.PARTIALLY_MET else None


def colour_of_slip(*, slip_days: int | None, failed: bool, amber_up_to_days: int) -> BaselineColour:
    """The colour for a slip: green up to 0 days, amber up to the threshold, red beyond it or if failed, grey without slip.

    For several milestones, give their worst slip and whether any failed: the result is their worst colour.
    """
    if slip_days is None:
        return BaselineColour(None, Colour.GREY)
    if failed or slip_days > amber_up_to_days:
        return BaselineColour(slip_days, Colour.RED)
    return BaselineColour(slip_days, Colour.AMBER if slip_days > 0 else Colour.GREEN)


def both_colours(*, progress: Progress, amber_up_to_days: int, today: date) -> BothColours:
    """The slip and colour of a milestone against both baselines."""
    return BothColours(
        *(
            baseline_colour(baseline_end=end, progress=progress, amber_up_to_days=amber_up_to_days, today=today)
            for end in progress.baseline_ends
        )
    )


def next_due(milestones: Iterable[Progress], *, against_original: bool = False) -> list[Progress]:
    """The milestones not yet met whose window ends first, all of them on a tie.

    Uses the current window, or the original one if `against_original`. notMet and partiallyMet are still due, dropped ones
    are not. Milestones without a window are due only if none that is not met has a window.
    """
    unmet = [(m.original_end if against_original else m.current_end, m) for m in milestones if m.is_due]
    first = min((end for end, _ in unmet if end is not None), default=None)
    return [m for end, m in unmet if end == first]


class Undated(NamedTuple):
    """The milestones that decide the colour of a lot or challenge against one baseline, as far as no date is needed.

    `settled_slip`: their worst slip in days that no longer depends on the day. `open_end`: the earliest end of a window of
    those still to be met. `least`: the best colour there can be, and `amber_from` the day from which that is amber at least,
    None if no day makes it so. All are None where none of them has a baseline."""

    settled_slip: int | None
    open_end: date | None
    least: Colour | None
    amber_from: date | None

    def colour_on(self, today: date, amber_up_to_days: int) -> BaselineColour:
        """The slip and colour on a day: grey where no milestone that decides has a baseline."""
        if self.least is None:
            return BaselineColour(None, Colour.GREY)
        slip_days = self.settled_slip
        if self.open_end is not None:
            slip_days = max(slip_days or 0, (today - self.open_end).days, 0)
        is_partly_met = self.amber_from is not None and today >= self.amber_from
        least = _worse_of(self.least, Colour.AMBER) if is_partly_met else self.least
        by_slip = colour_of_slip(slip_days=slip_days, failed=False, amber_up_to_days=amber_up_to_days)
        return by_slip if least == Colour.GREEN else BaselineColour(slip_days, _worse_of(by_slip.colour, least))


def undated(milestones: Sequence[Progress], *, against_original: bool) -> Undated:
    """Judges the milestones that decide the colour against one baseline, as far as no date is needed."""
    return _undated(_judged(milestones, against_original=against_original), 0 if against_original else 1)


def _undated(judged: Sequence[Progress], side: int) -> Undated:
    ends = [(m, end) for m in judged if (end := m.baseline_ends[side]) is not None]
    if not ends:
        return Undated(None, None, None, None)
    settled = [days for m, end in ends if (days := _settled_slip(m, end)) is not None]
    return Undated(
        max(settled, default=None),
        min((end for m, end in ends if not m.is_settled), default=None),
        Colour.RED if any(_failed(m) for m, _ in ends) else Colour.GREEN,
        min((day for m, _ in ends if (day := _amber_from(m)) is not None), default=None),
    )


def _settled_slip(milestone: Progress, end: date) -> int | None:
    """The days by which a milestone has slipped whatever day it is, None if only the day says so."""
    if milestone.is_settled:
        return slip(baseline_end=end, progress=milestone, today=end)
    return None if milestone.forecast_end is None else max(0, (milestone.forecast_end - end).days)


def overall(*, milestones: Sequence[Progress], amber_up_to_days: int, today: date) -> BothColours:
    """A lot or challenge against both baselines: the worst of its milestones that are critical or next due.

    Which milestones are next due follows from the windows of the baseline they are compared with, so a rebaseline does not
    change the original colour. If all are met and none is critical, all count, so that a late one stays visible after it
    is met. The slip is the worst of the same milestones; the colour is grey only if there is no other colour.
    """
    return BothColours(
        *(
            undated(milestones, against_original=against_original).colour_on(today, amber_up_to_days)
            for against_original in (True, False)
        )
    )


def _judged(milestones: Sequence[Progress], *, against_original: bool) -> Sequence[Progress]:
    """Those that decide the colour; a dropped one always does against the original baseline, and never against the current."""
    live = [m for m in milestones if not m.is_dropped]
    due = {m.id for m in next_due(live, against_original=against_original)}
    judged = [m for m in live if m.critical or m.id in due] or live
    return [*judged, *(m for m in milestones if m.is_dropped)] if against_original else judged


def _worse_of(one: Colour, other: Colour) -> Colour:
    return max(one, other, key=_WORSE.__getitem__)


@dataclass(frozen=True, slots=True)
class Judge:
    """A milestone that can give the colour of its lot or challenge against one baseline, as far as no date is needed.

    `end` is the last day of that baseline, None where it has none. What a day makes of it is what `undated` gives.
    """

    id: UUID
    end: date | None
    undated: Undated


def judges(milestones: Sequence[Progress], *, against_original: bool) -> list[Judge]:
    """The milestones that can give the colour on any day, few of those judged; see `judge_on`.

    Of those with the same best colour, from the same day on, the worst slip that is settled is always worse than other settled
    ones, and the window that ends first always slips most of those still to be met; the others give the colour on no day.
    """
    found: dict[tuple[Colour | None, date | None], list[Judge]] = {}
    side = 0 if against_original else 1
    for milestone in _judged(milestones, against_original=against_original):
        of_one = _undated([milestone], side)
        judge = Judge(milestone.id, milestone.baseline_ends[side], of_one)
        found.setdefault((of_one.least, of_one.amber_from), []).append(judge)
    return [judge for group in found.values() for judge in dict.fromkeys(_worst_of_any_day(group))]


def _worst_of_any_day(group: Sequence[Judge]) -> Iterator[Judge]:
    settled = [judge for judge in group if judge.undated.settled_slip is not None]
    still_open = [judge for judge in group if judge.undated.open_end is not None]
    if settled:
        yield min(settled, key=lambda judge: (-(judge.undated.settled_slip or 0), judge.end or date.max, judge.id))
    if still_open:
        yield min(still_open, key=lambda judge: (judge.undated.open_end or date.max, judge.id))
    if not settled and not still_open:
        yield min(group, key=lambda judge: judge.id)


def judge_on(candidates: Sequence[Judge], *, today: date, amber_up_to_days: int) -> tuple[Judge, int | None] | None:
    """The milestone that gives the colour on a day, with its slip; None without milestones.

    The worst colour, then the worst slip, then the earliest end of the baseline, none last, then the id (GOVERNANCE.md 3).
    """
    coloured = [(judge, judge.undated.colour_on(today, amber_up_to_days)) for judge in candidates]
    if len(coloured) > 1:
        coloured.sort(
            key=lambda pair: (
                -_WORSE[pair[1].colour],
                -(pair[1].slip_days or 0),
                pair[0].end or date.max,
                pair[0].id,
            )
        )
    return (coloured[0][0], coloured[0][1].slip_days) if coloured else None
