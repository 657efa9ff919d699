"""Queries for the portfolio's status: a few statements, whatever the size of the portfolio."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Enum, FromClause, Select, String, Text, cast, func, select, type_coerce

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.base import EuroCents, Id
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.oversight.dependencies import Dependency
from domain.portfolio.milestones import Milestone, Rebaseline
from domain.portfolio.parent_progress import ParentProgress
from domain.scoring.scores import StoredScore

@cached_per_context
def lines(context: ReadContext, parents: FromClause) -> Select[Any]:
    """The columns that the status shows of lots or challenges, ordered by code; `parents` are those with their progress."""
    names = ["id", "programme_id", "key", "code", "title", "status", "amber_up_to_days", "status_since", "ended_on"]
    names += [column.name for column in parents.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names += [name for name in ParentProgress.model_fields if name in parents.c]
    return select(*(_unconverted(parents.c[name]) for name in names)).order_by(parents.c.code)


def _unconverted(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column whose values are only compared and written as JSON: ids and enums as text, which saves converting each."""
    if isinstance(column.type, Id):
        return cast(column, Text).label(column.key)
    plain = String() if isinstance(column.type, Enum) else BigInteger() if isinstance(column.type, EuroCents) else None
    return column if plain is None else type_coerce(column, plain).label(column.key)


@cached_per_context
def last_rebaselines(context: ReadContext) -> Select[Any]:
    """The rebaseline of each lot and challenge that was recorded last; `parent_id` is its lot or challenge."""
    seen, milestone = visible(Rebaseline, context), visible(Milestone, context)
    parent = func.coalesce(milestone.c.lot_id, milestone.c.challenge_id)
    latest_first = (seen.c.recorded_at.desc(), seen.c.id.desc())
    place = func.row_number().over(partition_by=parent, order_by=latest_first)
    joined = seen.join(milestone, milestone.c.id == seen.c.milestone_id)
    ranked = select(seen, parent.label("parent_id"), place.label("place")).select_from(joined)
    found = ranked.where(parent.is_not(None)).subquery()
    return select(*(column for column in found.c if column.name != "place")).where(found.c.place == 1)


def waivers_in_force(context: ReadContext) -> Select[Any]:
    """The confirmed waivers of accepted declarations that have not expired today, each with the stored knock-outs."""
    waiver, declared, score = (visible(kind, context) for kind in (Waiver, OriginDeclaration, StoredScore))
    confirmed = visible(WaiverConfirmation, context)
    joined = select(waiver, score.c.knock_outs).join(confirmed, confirmed.c.waiver_id == waiver.c.id)
    joined = joined.join(declared, declared.c.id == waiver.c.declaration_id)
    scored = joined.join(score, score.c.declaration_id == declared.c.id)
    return scored.where(declared.c.status == DeclarationStatus.ACCEPTED, waiver.c.expires_on >= context.today)


def dependencies(context: ReadContext) -> Select[Any]:
    """The number of dependencies."""
    return select(func.count()).select_from(visible(Dependency, context))
