"""What the colours of a lot or challenge are computed from, without a date: kept with each write of what belongs to it.

A colour depends on today, but what it is computed from changes only when a milestone is written. So that is kept, one row
for each lot and challenge, and a reader works out today's colours from it alone. It is derived: nothing in it is a fact of
its own, `apos-server rebuild` makes it anew, and it has no history.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import Columns, Id, column, one_of
from domain.portfolio.colours import Colour, MilestoneStatus, Progress, Undated, next_due, undated

MAX_SHARE = 40


class ParentProgress(Columns, table=True):
    """The milestones of a lot or challenge, counted and judged as far as that needs no date, and its declared share.

    Those that were dropped or entered in error are counted apart, and have no count by their status.
    `original_` and `current_` columns are those of `Undated`. `declared_share` is of accepted declarations, in percent with
    four decimals. `revision` counts the writes of the row, so that none is lost.
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
    next_milestone_id: UUID | None = Field(default=None, sa_type=column(Id))
    declared_share: str | None = Field(default=None, max_length=MAX_SHARE)


def progress_columns(milestones: Sequence[Progress], *, entered_in_error: int = 0) -> dict[str, Any]:
    """The columns of `ParentProgress` that follow from the milestones of a lot or challenge.

    `milestones` are those that were not entered in error, and `entered_in_error` is how many were.
    """
    live = [milestone for milestone in milestones if not milestone.is_dropped]
    counts = {status: sum(m.status is status for m in live) for status in MilestoneStatus}
    sides = {name: undated(milestones, against_original=name == "original") for name in ("original", "current")}
    due = min(next_due(milestones), key=lambda milestone: milestone.id, default=None)
    return {
        **{status.name.lower(): count for status, count in counts.items()},
        **{f"{side}_{name}": getattr(found, name) for side, found in sides.items() for name in Undated.__slots__},
        "dropped": len(milestones) - len(live),
        "entered_in_error": entered_in_error,
        "next_milestone_id": due and due.id,
    }


DECIDING = frozenset(
    {
        *("status", "critical", "window_end", "original_end", "forecast_end", "achieved_on", "assessed_on"),
        *("withdrawn_kind", "withdrawn_on"),
    }
)
"""The columns of a milestone from which `progress_columns` follow."""
