"""Queries for milestones and their assessments, and the fields that decide the colours of a milestone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, null, or_, select

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible, visible_with_withdrawn
from domain.base import Id
from domain.portfolio.challenges import Challenge
from domain.portfolio.colours import MilestoneStatus, Progress
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Assessment, Milestone, overrun_days
from domain.withdrawals import WithdrawalKind


@cached_per_context
def with_parent(context: ReadContext, *, withdrawn: bool) -> Any:
    """The milestones that the reader may see, each with what decides its colours beside itself.

    That is the id of the programme whose amber threshold applies, `of_programme`, and the day on which its lot or challenge
    ended, `parent_ended_on`. With `withdrawn`, those that were entered in error too.
    """
    milestone = (visible_with_withdrawn if withdrawn else visible)(Milestone, context)
    lot, challenge = (visible(kind, context) for kind in (Lot, Challenge))
    programme = func.coalesce(milestone.c.programme_id, lot.c.programme_id, challenge.c.programme_id)
    ended = func.coalesce(lot.c.ended_on, challenge.c.ended_on)
    return (
        select(milestone, programme.label("of_programme"), ended.label("parent_ended_on"))
        .outerjoin(lot, lot.c.id == milestone.c.lot_id)
        .outerjoin(challenge, challenge.c.id == milestone.c.challenge_id)
        .subquery()
    )


def progress_of(row: Mapping[str, Any]) -> Progress:
    """The fields that decide the colours of a milestone, from its row."""
    return Progress(
        id=row["id"],
        status=MilestoneStatus(row["status"]),
        critical=row["critical"],
        original_end=row["original_end"],
        current_end=row["window_end"],
        forecast_end=row["forecast_end"],
        achieved_on=row["achieved_on"],
        assessed_on=row["assessed_on"],
        dropped_on=row["withdrawn_on"] if row["withdrawn_kind"] == WithdrawalKind.DROPPED else None,
    )


@cached_per_context
def assessments_with_end(context: ReadContext, kind: type[Lot] | type[Challenge] | None) -> Select[Any]:
    """Every assessment of the milestone `milestone_id`, each with the day on which its lot or challenge ended.

    That is `parent_ended_on` of the lot or challenge `parent_id`; a programme (None) does not end. A milestone without an
    assessment has one row without an id.
    """
    seen, ids = visible(Assessment, context), ("milestone_id", "parent_id")
    own = select(*(bindparam(name, type_=Id()).label(name) for name in ids)).subquery()
    joined = own.outerjoin(seen, seen.c.milestone_id == own.c.milestone_id)
    if kind is None:
        return select(seen, null().label("parent_ended_on")).select_from(joined)
    parent = visible(kind, context)
    joined = joined.outerjoin(parent, parent.c.id == own.c.parent_id)
    return select(seen, parent.c.ended_on.label("parent_ended_on")).select_from(joined)


def parent_end(context: ReadContext, milestone: Milestone) -> Select[Any] | None:
    """The day on which the lot or challenge of a milestone ended; None for a milestone of a programme, which does not end."""
    kind, parent_id = (Lot, milestone.lot_id) if milestone.lot_id is not None else (Challenge, milestone.challenge_id)
    if parent_id is None:
        return None
    seen = visible(kind, context)
    return select(seen.c.ended_on).where(seen.c.id == parent_id)


def of_parent(context: ReadContext, parent: str, parent_id: UUID) -> Select[Any]:
    """The ids of the milestones of a lot or challenge, locked in order of id."""
    seen = visible(Milestone, context)
    return select(seen.c.id).where(seen.c[parent] == parent_id).order_by(seen.c.id).with_for_update(key_share=True)


def predecessor_of(context: ReadContext, milestone_id: UUID) -> Select[Any]:
    """The id of the milestone that this one comes after."""
    seen = visible(Milestone, context)
    return select(seen.c.after).where(seen.c.id == milestone_id)


def dependents(context: ReadContext, ids: Sequence[UUID] | None) -> Select[Any]:
    """Pairs of a milestone with a forecast and one that comes after it; of these milestones, or of all (None)."""
    first, dependent = visible(Milestone, context).alias(), visible(Milestone, context).alias()
    pairs = select(
        first.c.id,
        first.c.title,
        first.c.status,
        first.c.forecast_end,
        or_(first.c.withdrawn_kind.is_not(None), dependent.c.withdrawn_kind.is_not(None)).label("is_dropped"),
        dependent.c.id.label("dependent_id"),
        dependent.c.title.label("dependent_title"),
        dependent.c.status.label("dependent_status"),
        dependent.c.window_end.label("dependent_end"),
    ).join(dependent, dependent.c.after == first.c.id)
    if ids is not None:
        pairs = pairs.where(first.c.id.in_(ids))
    return pairs.where(first.c.forecast_end.is_not(None), dependent.c.window_end.is_not(None)).order_by(
        first.c.id, dependent.c.id
    )


def overrun_of(pair: Mapping[str, Any]) -> int | None:
    """Days by which the forecast of a pair of `dependents` passes the dependent's window, None where it does not."""
    return overrun_days(
        forecast_end=pair["forecast_end"],
        status=MilestoneStatus(pair["status"]),
        dependent_end=pair["dependent_end"],
        dependent_status=MilestoneStatus(pair["dependent_status"]),
        is_dropped=bool(pair["is_dropped"]),
    )


def without_original(context: ReadContext, parent: str, parent_id: UUID) -> Select[Any]:
    """The milestones of a lot or challenge with a window but no original baseline, locked in order of id."""
    seen = visible(Milestone, context)
    unfixed = select(seen).where(
        seen.c[parent] == parent_id, seen.c.window_end.is_not(None), seen.c.original_end.is_(None)
    )
    return unfixed.order_by(seen.c.id).with_for_update(key_share=True)
