"""Queries for the colours of lots and challenges: one row for each, whatever the number of their milestones.

The database computes the slip here, over all milestones in one pass, because reading them one by one costs many times as
much. The rule is in `domain.portfolio.colours`; a test compares these queries with it for arbitrary milestones.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Integer, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from api.store.loading import found_or_raise
from api.store.sessions import Session
from api.store.visibility import ReadContext, cached_per_context, visible
from domain.base import Audited
from domain.portfolio.challenges import Challenge
from domain.portfolio.colours import MilestoneStatus
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone
from domain.portfolio.programmes import AMBER_UP_TO_DAYS, ProgrammeSettings

_KINDS: Mapping[str, type[Audited]] = {"lot_id": Lot, "challenge_id": Challenge}


class Days(FunctionElement[int]):
    """The number of days from the second date to the first, `Days(late, early)`."""

    inherit_cache = True
    name = "days"
    type = Integer()


@compiles(Days, "postgresql")
def _on_postgresql(element: Days, compiler: SQLCompiler, **given: Any) -> str:
    late, early = (compiler.process(day, **given) for day in element.clauses)
    return f"({late} - {early})"


@compiles(Days, "sqlite")
def _on_sqlite(element: Days, compiler: SQLCompiler, **given: Any) -> str:
    late, early = (compiler.process(day, **given) for day in element.clauses)
    return f"CAST(julianday({late}) - julianday({early}) AS INTEGER)"


Choice = Literal["all", "ids", "id"]
"""Which lots or challenges: all of them, those in the parameter `ids`, or the one in the parameter `id`."""


@cached_per_context
def parent_colours(context: ReadContext, parent: str, choice: Choice = "all") -> Select[Any]:
    """Milestone counts, and slip against each baseline, of lots (`lot_id`) or challenges (`challenge_id`) with milestones.

    `original_slip` is the worst slip of the milestones that decide the
    colour, chosen as `overall` of the domain does; `original_failed` is whether one of them was not met. The same for
    `current`. `amber_up_to_days` is the threshold in force of their programme.
    """
    parents = visible(_KINDS[parent], context)
    seen, due = visible(Milestone, context), _first_due(context, parent, choice)
    columns: list[ColumnElement[Any]] = [
        func.count(case((seen.c.status == status, 1))).label(status.name.lower()) for status in MilestoneStatus
    ]
    for name, end in (("original", seen.c.original_end), ("current", seen.c.window_end)):
        is_due = and_(_unmet(seen), end.is_not_distinct_from(due.c[name]))
        # Where all are met and none is critical, all of them decide.
        judged = or_(seen.c.critical.is_(True), is_due, due.c.judged == 0)
        slip = _slip(seen, end, bindparam("today", context.today, Date))
        failed = and_(judged, seen.c.status == MilestoneStatus.NOT_MET, end.is_not(None))
        columns += [
            func.max(case((judged, slip))).label(f"{name}_slip"),
            (func.count(case((failed, 1))) > 0).label(f"{name}_failed"),
        ]
    columns.append(_amber_up_to_days(context, parents).label("amber_up_to_days"))
    joined = seen.join(due, due.c[parent] == seen.c[parent]).join(parents, parents.c.id == seen.c[parent])
    return select(seen.c[parent], *columns).select_from(joined).group_by(seen.c[parent], parents.c.programme_id)


@cached_per_context
def next_milestones(context: ReadContext, parent: str) -> Select[Any]:
    """The milestone of each lot (`lot_id`) or challenge (`challenge_id`) that is due next; of several on one day, the first.

    An index finds it for each. A join to the earliest end would be as fast, until many milestones end on one day: SQLite
    then searches all of those for every lot.
    """
    parents = visible(_KINDS[parent], context)
    seen, own = visible(Milestone, context), visible(Milestone, context).alias()
    names = (parent, "id", "key", "title", "window_start", "window_end", "forecast_start", "forecast_end")
    unmet = select(own.c.id).where(own.c[parent] == parents.c.id, _unmet(own))
    first = unmet.order_by(own.c.window_end.nulls_last(), own.c.id).limit(1).correlate(parents).scalar_subquery()
    return select(*(seen.c[name] for name in names)).select_from(parents.join(seen, seen.c.id == first))


@cached_per_context
def with_colours(context: ReadContext, parent: str) -> Select[Any]:
    """The lot or challenge in the parameter `id`, with its row of `parent_colours`, empty where it has no milestones."""
    parents, coloured = visible(_KINDS[parent], context), parent_colours(context, parent, "id").subquery()
    columns = [column for column in coloured.c if column.name != parent]
    joined = parents.outerjoin(coloured, coloured.c[parent] == parents.c.id)
    return select(parents, *columns).select_from(joined).where(parents.c.id == bindparam("id"))


def _first_due(context: ReadContext, parent: str, choice: Choice) -> FromClause:
    """For each lot or challenge, the earliest end on each baseline of its milestones that are not met.

    `judged` is the number of milestones that are critical or not met.
    """
    seen = visible(Milestone, context)
    ends = {"original": seen.c.original_end, "current": seen.c.window_end}
    first = [func.min(case((_unmet(seen), end))).label(name) for name, end in ends.items()]
    judged = func.count(case((or_(_unmet(seen), seen.c.critical.is_(True)), 1))).label("judged")
    chosen = {
        "all": seen.c[parent].is_not(None),
        "ids": seen.c[parent].in_(bindparam("ids", expanding=True)),
        "id": seen.c[parent] == bindparam("id"),
    }
    return select(seen.c[parent], *first, judged).where(chosen[choice]).group_by(seen.c[parent]).subquery()


def _amber_up_to_days(context: ReadContext, parents: FromClause) -> ColumnElement[Any]:
    """The threshold in force of a programme: the one that took effect last, or that of the letters where it has set none."""
    seen = visible(ProgrammeSettings, context)
    in_force = select(seen.c.amber_up_to_days).where(
        seen.c.programme_id == parents.c.programme_id, seen.c.effective_on <= bindparam("today", context.today, Date)
    )
    last = in_force.order_by(seen.c.effective_on.desc(), seen.c.id.desc()).limit(1).correlate(parents).scalar_subquery()
    return func.coalesce(last, AMBER_UP_TO_DAYS)


def _unmet(seen: FromClause) -> ColumnElement[bool]:
    return seen.c.status != MilestoneStatus.MET


def _slip(seen: FromClause, end: ColumnElement[Any], today: ColumnElement[Any]) -> ColumnElement[Any]:
    """`slip` of `domain.portfolio.colours` in SQL."""
    achieved = and_(seen.c.status == MilestoneStatus.MET, seen.c.achieved_on.is_not(None))
    reached = case((seen.c.forecast_end > today, seen.c.forecast_end), else_=today)
    late = case((reached > end, Days(reached, end)), else_=0)
    return case((end.is_(None), None), (achieved, Days(seen.c.achieved_on, end)), else_=late)


async def colours_of_parents(
    session: Session, context: ReadContext, parent: str, ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Any]]:
    """The rows of `parent_colours` for these lots or challenges, by id; those without milestones have none."""
    rows = (await session.execute(parent_colours(context, parent, "ids"), {"ids": list(ids)})).mappings()
    return {row[parent]: row for row in rows}


async def one_with_colours(session: Session, context: ReadContext, parent: str, row_id: UUID) -> Mapping[str, Any]:
    """The row of `with_colours`. Raises NotFound."""
    result = await session.execute(with_colours(context, parent), {"id": row_id})
    return found_or_raise(result.mappings().one_or_none(), _KINDS[parent])
