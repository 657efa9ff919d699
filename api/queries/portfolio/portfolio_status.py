"""Queries for the portfolio's status: a few statements, whatever the size of the portfolio."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Enum,
    FromClause,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.base import EuroCents, Id
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.oversight.commitments import Commitment
from domain.oversight.dependencies import Dependency, Safeguard
from domain.portfolio.milestones import Milestone, Rebaseline
from domain.portfolio.parent_progress import ParentProgress
from domain.registers import Source
from domain.scoring.scores import StoredScore


@cached_per_context
def lines(context: ReadContext, lots: FromClause, challenges: FromClause) -> CompoundSelect[Any]:
    """The columns that the status shows of lots and challenges, ordered by code; `kind` says which a row is.

    Both are given with their progress.
    """
    names = ["id", "programme_id", "key", "code", "title", "status", "source", "amber_up_to_days"]
    names += ["status_since", "ended_on"]
    names += [column.name for column in lots.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names += [name for name in ParentProgress.model_fields if name in lots.c]
    both = union_all(
        *(
            select(literal(kind).label("kind"), *(_unconverted(parents.c[name]) for name in names))
            for kind, parents in (("lot", lots), ("challenge", challenges))
        )
    )
    return both.order_by("code")


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


def sources(context: ReadContext, keys: Iterable[str]) -> Select[Any]:
    """The sources with these keys, by key."""
    source = visible(Source, context)
    return select(source).where(source.c.key.in_(sorted(keys))).order_by(source.c.key)


@cached_per_context
def counts(context: ReadContext) -> CompoundSelect[Any]:
    """How many there are: commitments per status and day on which they are due, safeguards per status, and dependencies.

    `of` says which of these a row counts.
    """
    commitment, safeguard, dependency = (visible(kind, context) for kind in (Commitment, Safeguard, Dependency))
    of_commitments = (_unconverted(commitment.c.status).label("status"), commitment.c.due.label("due"))
    of_safeguards = (_unconverted(safeguard.c.status), cast(null(), Date))
    return union_all(
        _counted("commitments", *of_commitments).group_by(commitment.c.status, commitment.c.due),
        _counted("safeguards", *of_safeguards).group_by(safeguard.c.status),
        _counted("dependencies", cast(null(), String), cast(null(), Date)).select_from(dependency),
    )


def _counted(of: str, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(literal(of).label("of"), *columns, func.count().label("number"))
