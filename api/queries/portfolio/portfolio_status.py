"""Queries for the portfolio's status: a few statements, whatever the size of the portfolio."""

from typing import Any

from sqlalchemy import FromClause, Select, func, select

from api.store.visibility import ReadContext, cached_per_context, visible
from domain.oversight.dependencies import Dependency
from domain.portfolio.milestones import Milestone
from domain.portfolio.parent_progress import ParentProgress

NEXT = ("id", "key", "title", "window_start", "window_end", "forecast_start", "forecast_end")
"""What the status shows of the milestone that is due next, in columns that begin with `next_`."""


@cached_per_context
def lines(context: ReadContext, parents: FromClause) -> Select[Any]:
    """The columns that the status shows of lots or challenges, ordered by code; `parents` are those with their progress."""
    due = visible(Milestone, context)
    names = ["id", "key", "code", "title", "status", "amber_up_to_days", "status_since", "ended_on"]
    names += [column.name for column in parents.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names += [name for name in ParentProgress.model_fields if name in parents.c]
    joined = parents.outerjoin(due, due.c.id == parents.c.next_milestone_id)
    shown = (*(parents.c[name] for name in names), *(due.c[name].label(f"next_{name}") for name in NEXT))
    return select(*shown).select_from(joined).order_by(parents.c.code)


def dependencies(context: ReadContext) -> Select[Any]:
    """The number of dependencies."""
    return select(func.count()).select_from(visible(Dependency, context))
