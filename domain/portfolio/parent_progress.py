"""What the colours of a lot or challenge are computed from, without a date: kept with each write of what belongs to it.

A colour depends on today, but what it is computed from changes only when a milestone is written. So that is kept, one row
for each lot and challenge, and a reader works out today's colours from it alone. It is derived: nothing in it is a fact of
its own, `apos-server rebuild` makes it anew, and it has no history.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import Columns, Id, column, json_type, one_of
from domain.portfolio.colours import (
    Colour,
    Judge,
    MilestoneStatus,
    Progress,
    Undated,
    judge_on,
    judges,
    next_due,
    slip,
    undated,
)

MAX_SHARE = 40


class ParentProgress(Columns, table=True):
    """The milestones of a lot or challenge, counted and judged as far as that needs no date, and its declared share.

    `original_` and `current_` columns are those of `Undated`. `declared_share` is of accepted declarations, in percent with
    four decimals. `judges` and `last_achieved` are as `judges_of` and `last_achieved_of` give them, `origin` as
    `domain.scoring.combined_origins` does. `last_recorded_on` is the day of the newest event of it or of a row that names it.
    `revision` counts the writes of the row that follow from other rows, so that none is lost.
    """

    __tablename__ = "parent_progress"

    parent_id: UUID = Field(primary_key=True, sa_type=column(Id))
    revision: int = 1
    scheduled: int = 0
    met: int = 0
    partially_met: int = 0
    not_met: int = 0
    original_settled_slip: int | None = None
    original_open_end: date | None = None
    original_least: Colour | None = Field(default=None, sa_type=one_of(Colour, "original_least"))
    current_settled_slip: int | None = None
    current_open_end: date | None = None
    current_least: Colour | None = Field(default=None, sa_type=one_of(Colour, "current_least"))
    next_milestone_id: UUID | None = Field(default=None, sa_type=column(Id))
    declared_share: str | None = Field(default=None, max_length=MAX_SHARE)
    judges: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    last_achieved: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    origin: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    last_recorded_on: date | None = None


EXPLANATIONS = ("judges", "last_achieved", "origin", "last_recorded_on")
"""The columns that explain a line of the status; a list of lots needs none of them."""


def progress_columns(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> dict[str, Any]:
    """The columns of `ParentProgress` that follow from the milestones of a lot or challenge.

    `shown` are their rows by id, for the columns of `SHOWN`.
    """
    counts = {status: sum(m.status is status for m in milestones) for status in MilestoneStatus}
    sides = {name: undated(milestones, against_original=name == "original") for name in SIDES}
    due = min(next_due(milestones), key=lambda milestone: milestone.id, default=None)
    return {
        **{status.name.lower(): count for status, count in counts.items()},
        **{f"{side}_{name}": getattr(found, name) for side, found in sides.items() for name in Undated.__slots__},
        "next_milestone_id": due and due.id,
        "judges": judges_of(milestones, shown),
        "last_achieved": last_achieved_of(milestones, shown),
    }


def judges_of(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> dict[str, Any] | None:
    """The milestones that can give a colour, as the status shows them; None without milestones.

    `original` and `current` list, for each `Judge` against that baseline, its place in `milestones`, settled slip, open end
    and best colour.
    """
    if not milestones:
        return None
    found = {side: judges(milestones, against_original=side == "original") for side in SIDES}
    ids = sorted({judge.id for side in SIDES for judge in found[side]})
    return {
        "milestones": [_shown(shown[judge_id]) for judge_id in ids],
        **{
            side: [
                [ids.index(j.id), j.undated.settled_slip, _text(j.undated.open_end), j.undated.least] for j in of_side
            ]
            for side, of_side in found.items()
        },
    }


def judge_in(
    kept: Mapping[str, Any] | None, side: str, *, today: date, amber_up_to_days: int
) -> tuple[Mapping[str, Any], int | None] | None:
    """The milestone of `judges_of` that gives the colour on a day, as it is shown, with its slip; None without milestones."""
    if kept is None or not kept[side]:
        return None
    candidates = [_judge(kept["milestones"][number][side], number, *parts) for number, *parts in kept[side]]
    found = judge_on(candidates, today=today, amber_up_to_days=amber_up_to_days)
    assert found is not None
    return kept["milestones"][found[0].id.int], found[1]


def _judge(
    window: Mapping[str, str] | None, number: int, settled: int | None, open_end: str | None, least: str | None
) -> Judge:
    """A kept judge. Its place stands for its id: a lot's milestones are listed in the order of their ids."""
    day = None if open_end is None else date.fromisoformat(open_end)
    end = None if window is None else date.fromisoformat(window["end"])
    return Judge(UUID(int=number), end, Undated(settled, day, None if least is None else Colour(least)))


def last_achieved_of(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> dict[str, Any] | None:
    """The milestone that was achieved last, as the status shows it; of several on one day, the one with the first id."""
    achieved = [m for m in milestones if m.status is MilestoneStatus.MET and m.achieved_on is not None]
    if not achieved:
        return None
    last = min(achieved, key=lambda m: (-(m.achieved_on or date.min).toordinal(), m.id))
    ends = {"original": last.original_end, "current": last.current_end}
    day = last.achieved_on or date.min
    return {
        "milestoneId": str(last.id),
        "title": shown[last.id]["title"],
        "achievedOn": day.isoformat(),
        "slipDays": {side: slip(baseline_end=end, progress=last, today=day) for side, end in ends.items()},
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    windows = {"original": "original", "current": "window", "forecast": "forecast"}
    return {
        **{name: row[name] for name in ("key", "title", "status")},
        "id": str(row["id"]),
        "achievedOn": _text(row["achieved_on"]),
        **{name: _window(row[f"{columns}_start"], row[f"{columns}_end"]) for name, columns in windows.items()},
    }


def _window(start: date | None, end: date | None) -> dict[str, str] | None:
    return None if start is None or end is None else {"start": start.isoformat(), "end": end.isoformat()}


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


SIDES = ("original", "current")
DECIDING = frozenset({"status", "critical", "window_end", "original_end", "forecast_end", "achieved_on"})
"""The columns of a milestone from which its colours follow."""
SHOWN = frozenset({"key", "title", "window_start", "original_start", "forecast_start"})
"""The other columns of a milestone that a line of the status shows of it."""
