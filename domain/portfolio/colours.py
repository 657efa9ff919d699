"""The double colour (dubbele kleur): slip and colour against the original and against the current baseline.

Both are always shown together, so that a rebaseline cannot hide that a lot is late against what was first agreed. All is
computed from plain values and today's date; the delivery confidence, an officer's own judgement, does not belong here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
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
    """What the colours of a milestone are computed from. Windows are given by their last day, None if there is no window."""

    id: UUID
    status: MilestoneStatus
    critical: bool | None
    original_end: date | None
    current_end: date | None
    forecast_end: date | None
    achieved_on: date | None


@dataclass(frozen=True, slots=True)
class BaselineColour:
    """Slip in days and colour against one baseline; without a baseline slip is None."""

    slip_days: int | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class BothColours:
    """The colours against both baselines, which are always shown together."""

    original: BaselineColour
    current: BaselineColour


def slip(*, baseline_end: date | None, progress: Progress, today: date) -> int | None:
    """Days from the end of the baseline window to the date achieved; negative when it was achieved early.

    While it is not met, the days to the later of today and the forecast's end, and 0 if neither is after the window's
    last day. None without a baseline.
    """
    if baseline_end is None:
        return None
    if progress.status is MilestoneStatus.MET and progress.achieved_on is not None:
        return (progress.achieved_on - baseline_end).days
    reached = max(today, progress.forecast_end or today)
    return max(0, (reached - baseline_end).days)


def baseline_colour(
    *, baseline_end: date | None, progress: Progress, amber_up_to_days: int, today: date
) -> BaselineColour:
    """The slip and colour of a milestone against one baseline: grey without one, red if notMet, else by its slip."""
    days = slip(baseline_end=baseline_end, progress=progress, today=today)
    failed = progress.status is MilestoneStatus.NOT_MET
    return colour_of_slip(slip_days=days, failed=failed, amber_up_to_days=amber_up_to_days)


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
            for end in (progress.original_end, progress.current_end)
        )
    )


def next_due(milestones: Iterable[Progress], *, against_original: bool = False) -> list[Progress]:
    """The milestones not yet met whose window ends first, all of them on a tie.

    Uses the current window, or the original one if `against_original`. notMet and partiallyMet are still due. Milestones
    without a window are due only if none that is not met has a window.
    """
    unmet = [
        (m.original_end if against_original else m.current_end, m)
        for m in milestones
        if m.status is not MilestoneStatus.MET
    ]
    first = min((end for end, _ in unmet if end is not None), default=None)
    return [m for end, m in unmet if end == first]


@dataclass(frozen=True, slots=True)
class Undated:
    """The milestones that decide the colour of a lot or challenge against one baseline, as far as no date is needed.

    `settled_slip`: their worst slip in days that no longer depends on the day. `open_end`: the earliest end of a window of
    those still to be met. `least`: the best colour there can be. All are None where none of them has a baseline."""

    settled_slip: int | None
    open_end: date | None
    least: Colour | None

    def colour_on(self, today: date, amber_up_to_days: int) -> BaselineColour:
        """The slip and colour on a day: grey where no milestone that decides has a baseline."""
        if self.least is None:
            return BaselineColour(None, Colour.GREY)
        slips = [] if self.settled_slip is None else [self.settled_slip]
        if self.open_end is not None:
            slips.append(max(0, (today - self.open_end).days))
        by_slip = colour_of_slip(slip_days=max(slips), failed=False, amber_up_to_days=amber_up_to_days)
        return BaselineColour(by_slip.slip_days, _worse_of(by_slip.colour, self.least))


def undated(milestones: Sequence[Progress], *, against_original: bool) -> Undated:
    """Judges the milestones that decide the colour against one baseline, as far as no date is needed."""
    settled: list[int] = []
    ends: list[date] = []
    least = Colour.GREEN
    for milestone in _judged(milestones, against_original=against_original):
        end = milestone.original_end if against_original else milestone.current_end
        if end is None:
            continue
        if milestone.status is MilestoneStatus.MET and milestone.achieved_on is not None:
            settled.append((milestone.achieved_on - end).days)
            continue
        ends.append(end)
        if milestone.forecast_end is not None:
            settled.append(max(0, (milestone.forecast_end - end).days))
        if milestone.status is MilestoneStatus.NOT_MET:
            least = Colour.RED
    if not settled and not ends:
        return Undated(None, None, None)
    return Undated(max(settled, default=None), min(ends, default=None), least)


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
    due = {m.id for m in next_due(milestones, against_original=against_original)}
    return [m for m in milestones if m.critical or m.id in due] or milestones


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
    """The milestones that can give the colour on any day, at most seven of those judged; see `judge_on`.

    Of those with the same best colour, the worst slip that is settled is always worse than other settled ones, and the window
    that ends first always slips most of those still to be met; the others give the colour on no day.
    """
    found: dict[Colour | None, list[Judge]] = {}
    for milestone in _judged(milestones, against_original=against_original):
        end = milestone.original_end if against_original else milestone.current_end
        judge = Judge(milestone.id, end, undated([milestone], against_original=against_original))
        found.setdefault(judge.undated.least, []).append(judge)
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
