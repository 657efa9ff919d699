"""What the colours of a lot or challenge are computed from, without a date: kept with each write of what belongs to it.

A colour depends on today, but what it is computed from changes only when a milestone is written. So that is kept, one row
for each lot and challenge, and a reader works out today's colours from it alone. It is derived: nothing in it is a fact of
its own, `apos-server rebuild` makes it anew, and it has no history.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Columns, Id, column, json_type, one_of
from domain.portfolio.colours import Colour, MilestoneStatus, Progress, Undated, judges, next_due, slip, undated

MAX_SHARE = 40


class ParentProgress(Columns, table=True):
    """The milestones of a lot or challenge, counted and judged as far as that needs no date, and its declared share.

    Those that were dropped or entered in error are counted apart, and have no count by their status.
    `original_` and `current_` columns are those of `Undated`. `declared_share` is of accepted declarations, in percent with
    four decimals. `judges`, `next_milestone` and `last_achieved` are what the functions of these names give, as the very text
    of which a status is made: RFC 8785. `origin` is as `domain.scoring.combined_origins` gives it. `last_recorded_on` is the
    day of the newest event of it or of a row that names it. `revision` counts the writes of the row that follow from other
    rows, so that none is lost.
    """

    __tablename__ = "parent_progress"

    parent_id: UUID = Field(primary_key=True, sa_type=column(Id))
    revision: int = 1
    scheduled: int = 0
    met: int = 0
    partially_met: int = 0
    not_met: int = 0
    dropped: int = 0
    entered_in_error: int = 0
    original_settled_slip: int | None = None
    original_open_end: date | None = None
    original_least: Colour | None = Field(default=None, sa_type=one_of(Colour, "original_least"))
    original_amber_from: date | None = None
    current_settled_slip: int | None = None
    current_open_end: date | None = None
    current_least: Colour | None = Field(default=None, sa_type=one_of(Colour, "current_least"))
    current_amber_from: date | None = None
    next_milestone: str | None = Field(default=None, sa_type=column(sa.Text()))
    declared_share: str | None = Field(default=None, max_length=MAX_SHARE)
    judges: str | None = Field(default=None, sa_type=column(sa.Text()))
    last_achieved: str | None = Field(default=None, sa_type=column(sa.Text()))
    origin: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    last_recorded_on: date | None = None


EXPLANATIONS = ("next_milestone", "judges", "last_achieved", "origin", "last_recorded_on")
"""The columns that explain a line of the status; a list of lots needs none of them."""


def progress_columns(
    milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]], *, entered_in_error: int = 0
) -> dict[str, Any]:
    """The columns of `ParentProgress` that follow from the milestones of a lot or challenge.

    `milestones` are those that were not entered in error, and `entered_in_error` is how many were. `shown` are their rows by
    id, for the columns of `SHOWN`.
    """
    live = [milestone for milestone in milestones if not milestone.is_dropped]
    counts = {status: sum(m.status is status for m in live) for status in MilestoneStatus}
    sides = {name: undated(milestones, against_original=name == "original") for name in SIDES}
    return {
        **{status.name.lower(): count for status, count in counts.items()},
        **{f"{side}_{name}": getattr(found, name) for side, found in sides.items() for name in Undated._fields},
        "dropped": len(milestones) - len(live),
        "entered_in_error": entered_in_error,
        "next_milestone": next_milestone(milestones, shown),
        "judges": judges_of(milestones, shown),
        "last_achieved": last_achieved_of(milestones, shown),
    }


def next_milestone(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> str | None:
    """The milestone that is due next, as the status shows it; of several, the one with the first id."""
    due = min(next_due(milestones), key=lambda milestone: milestone.id, default=None)
    if due is None:
        return None
    found = _shown(shown[due.id])
    return _text({**{name: found[name] for name in ("id", "key", "title", "forecast")}, "window": found["current"]})


def judges_of(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> str | None:
    """The milestones that can give a colour, as the status shows them; None without milestones.

    `original` and `current` list, for each `Judge` against that baseline, its place in `milestones`, settled slip, open end,
    best colour and the day from which that is amber.
    """
    if not milestones:
        return None
    found = {side: judges(milestones, against_original=side == "original") for side in SIDES}
    ids = sorted({judge.id for side in SIDES for judge in found[side]})
    of_sides = {
        side: sorted(
            [ids.index(judge.id), kept.settled_slip, _day(kept.open_end), kept.least, _day(kept.amber_from)]
            for judge in of_side
            for kept in (judge.undated,)
        )
        for side, of_side in found.items()
    }
    return _text({"milestones": [_shown(shown[judge_id]) for judge_id in ids], **of_sides})


def last_achieved_of(milestones: Sequence[Progress], shown: Mapping[UUID, Mapping[str, Any]]) -> str | None:
    """The milestone that was achieved last, as the status shows it; of several on one day, the one with the first id."""
    achieved = [m for m in milestones if m.status is MilestoneStatus.MET and m.achieved_on is not None]
    if not achieved:
        return None
    last = min(achieved, key=lambda m: (-(m.achieved_on or date.min).toordinal(), m.id))
    ends = dict(zip(SIDES, last.baseline_ends, strict=True))
    day = last.achieved_on or date.min
    return _text(
        {
            "milestoneId": str(last.id),
            "title": shown[last.id]["title"],
            "achievedOn": day.isoformat(),
            "slipDays": {side: slip(baseline_end=end, progress=last, today=day) for side, end in ends.items()},
        }
    )


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    windows = {"original": "original", "current": "window", "forecast": "forecast"}
    return {
        **{name: row[name] for name in ("key", "title", "status")},
        "id": str(row["id"]),
        "achievedOn": _day(row["achieved_on"]),
        **{name: _window(row[f"{columns}_start"], row[f"{columns}_end"]) for name, columns in windows.items()},
    }


def _window(start: date | None, end: date | None) -> dict[str, str] | None:
    return None if start is None or end is None else {"start": start.isoformat(), "end": end.isoformat()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(value: Mapping[str, Any]) -> str:
    """RFC 8785, which the standard library writes too where there are only text, whole numbers and ASCII names."""
    return _JSON.encode(value)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
SIDES = ("original", "current")
DECIDING = frozenset(
    {
        *("status", "critical", "window_end", "original_end", "forecast_end", "achieved_on", "assessed_on"),
        *("withdrawn_kind", "withdrawn_on"),
    }
)
"""The columns of a milestone from which `progress_columns` follow."""
SHOWN = frozenset({"key", "title", "window_start", "original_start", "forecast_start"})
"""The other columns of a milestone that a line of the status shows of it."""
