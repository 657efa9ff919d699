"""Queries for the colours of lots and challenges, which are worked out of what is kept of their milestones."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, bindparam, func, select

from api.store.loading import one
from api.store.select_cache import cached_per_context
from api.store.sessions import Session
from api.store.visibility import ReadContext, visible
from domain.base import Audited
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.parent_progress import EXPLANATIONS, ParentProgress
from domain.portfolio.programmes import AMBER_UP_TO_DAYS, ProgrammeSettings

PROGRESS = tuple(name for name in ParentProgress.model_fields if name not in ("parent_id", "revision", *EXPLANATIONS))


@cached_per_context
def with_progress(context: ReadContext, kind: type[Audited], *, explained: bool = False) -> FromClause:
    """Lots or challenges, each with its progress, null where it never had a milestone, and its threshold in force.

    The threshold, `amber_up_to_days`, is that of its programme, of the day on which it ended if it has. `explained`: with what
    explains a line of the status.
    """
    parents, progress = visible(kind, context), visible(ParentProgress, context)
    kept = (progress.c[name] for name in (*PROGRESS, *(EXPLANATIONS if explained else ())))
    columns = (*parents.c, *kept, _amber_up_to_days(context, parents))
    return select(*columns).outerjoin(progress, progress.c.parent_id == parents.c.id).subquery()


def _amber_up_to_days(context: ReadContext, parents: FromClause) -> ColumnElement[Any]:
    """The threshold in force of a programme: the one that took effect last, or that of the letters where it has set none.

    What has ended is judged by the one of that day.
    """
    seen = visible(ProgrammeSettings, context)
    judged_on = func.coalesce(parents.c.ended_on, bindparam("today", context.today, Date))
    in_force = select(seen.c.amber_up_to_days).where(
        seen.c.programme_id == parents.c.programme_id, seen.c.effective_on <= judged_on
    )
    last = in_force.order_by(seen.c.effective_on.desc(), seen.c.id.desc()).limit(1).correlate(parents).scalar_subquery()
    return func.coalesce(last, AMBER_UP_TO_DAYS).label("amber_up_to_days")


async def one_with_colours(
    session: Session, context: ReadContext, kind: type[Lot] | type[Challenge], row_id: UUID
) -> Mapping[str, Any]:
    """The row of `with_progress` of a lot or challenge; writes of the same transaction count. Raises NotFound."""
    await session.settle()
    return await one(session, with_progress(context, kind), row_id, kind)
