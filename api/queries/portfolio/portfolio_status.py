"""Queries for the portfolio's status: a few statements, whatever the size of the portfolio."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import FromClause, Select, func, select

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.oversight.dependencies import Dependency
from domain.portfolio.milestones import Milestone, Rebaseline
from domain.portfolio.parent_progress import EXPLANATIONS, ParentProgress
from domain.registers import Source
from domain.scoring.scores import StoredScore

NEXT = ("id", "key", "title", "window_start", "window_end", "forecast_start", "forecast_end")
"""What the status shows of the milestone that is due next, in columns that begin with `next_`."""


@cached_per_context
def lines(context: ReadContext, parents: FromClause) -> Select[Any]:
    """The columns that the status shows of lots or challenges, ordered by code; `parents` are those with their progress."""
    due, progress = visible(Milestone, context), visible(ParentProgress, context)
    names = ["id", "programme_id", "key", "code", "title", "status", "source", "amber_up_to_days"]
    names += ["status_since", "ended_on"]
    names += [column.name for column in parents.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names += [name for name in ParentProgress.model_fields if name in parents.c]
    joined = parents.outerjoin(due, due.c.id == parents.c.next_milestone_id)
    joined = joined.outerjoin(progress, progress.c.parent_id == parents.c.id)
    shown = (
        *(parents.c[name] for name in names),
        *(due.c[name].label(f"next_{name}") for name in NEXT),
        *(progress.c[name] for name in EXPLANATIONS),
    )
    return select(*shown).select_from(joined).order_by(parents.c.code)


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


def sources(context: ReadContext, keys: Iterable[str]) -> Select[Any]:
    """The sources with these keys, by key."""
    source = visible(Source, context)
    return select(source).where(source.c.key.in_(sorted(keys))).order_by(source.c.key)


def dependencies(context: ReadContext) -> Select[Any]:
    """The number of dependencies."""
    return select(func.count()).select_from(visible(Dependency, context))
