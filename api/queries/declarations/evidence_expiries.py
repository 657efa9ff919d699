"""Queries for evidence that expires: on which days it does, and the rows from which the scores are computed."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from api.store.links import filter_by_link
from api.store.visibility import ReadContext, visible
from domain.dates import Window
from domain.declarations.component_columns import LINE, DeclaredComponent
from domain.declarations.evidence_expiries import ACTIVE_STATUSES, EXPIRING_LEVELS
from domain.declarations.origin_declarations import OriginDeclaration
from domain.scoring.score_schemes import ScoreScheme
from domain.scoring.scores import StoredScore
from domain.scoring.scoring_profiles import ScoringProfile

Filters = Mapping[str, UUID]
"""Columns of declarations, each with the value it must have."""


def _is_active(context: ReadContext, seen: Any, filters: Filters) -> list[ColumnElement[bool]]:
    chosen = [seen.c[name] == value for name, value in filters.items()]
    may_be_named = [filter_by_link(name, value, context) for name, value in filters.items()]
    return [seen.c.status.in_(ACTIVE_STATUSES), *chosen, *may_be_named]


def systems(context: ReadContext, filters: Filters) -> Select[Any]:
    """What the active declarations say of their systems as a whole, and how many lines they have."""
    seen = visible(OriginDeclaration, context)
    columns = (seen.c[name] for name in ("id", "dimensions", "design_authority", "component_count"))
    return select(*columns).where(*_is_active(context, seen, filters))


def days_of_lines(
    context: ReadContext, filters: Filters, window: Window, begin: tuple[date, UUID | None], most: int
) -> Select[Any]:
    """The days on which evidence of lines expires, by declaration, with the number of lines.

    In the order of day and declaration, from `begin` on, and at most `most` rows.
    """
    seen, lines = visible(OriginDeclaration, context), visible(DeclaredComponent, context)
    day, declaration_id = lines.c.evidence_expires_on, seen.c.id
    first, first_id = begin
    later = [day >= first]
    if first_id is not None:
        # Beside the condition that could stand for both, because an index serves a range but not an OR.
        later.append(or_(day > first, and_(day == first, declaration_id >= first_id)))
    return (
        select(day, declaration_id, func.count().label("lines"))
        .join(lines, lines.c.component_set == seen.c.component_set)
        .where(
            *_is_active(context, seen, filters), lines.c.evidence_level.in_(EXPIRING_LEVELS), day <= window.end, *later
        )
        .group_by(day, declaration_id)
        .order_by(day, declaration_id)
        .limit(most)
    )


def declarations(context: ReadContext, ids: Collection[UUID]) -> Select[Any]:
    """These declarations, each with the version of the scheme that its stored score is of."""
    seen, scores = visible(OriginDeclaration, context), visible(StoredScore, context)
    version = scores.c.scheme_version
    return select(seen, version).join(scores, scores.c.declaration_id == seen.c.id).where(seen.c.id.in_(ids))


def profiles(context: ReadContext, lots: Collection[UUID], challenges: Collection[UUID]) -> Select[Any]:
    """The scoring profiles of these lots and challenges."""
    seen = visible(ScoringProfile, context)
    return select(seen).where(or_(seen.c.lot_id.in_(lots), seen.c.challenge_id.in_(challenges)))


def schemes(context: ReadContext, versions: Collection[str]) -> Select[Any]:
    """The schemes of these versions."""
    seen = visible(ScoreScheme, context)
    return select(seen).where(seen.c.scheme_version.in_(versions))


def lines(context: ReadContext, sets: Collection[UUID]) -> Select[Any]:
    """The lines of these component sets, set by set and in order of position."""
    seen = visible(DeclaredComponent, context)
    columns = (seen.c[name] for name in ("component_set", *LINE))
    return select(*columns).where(seen.c.component_set.in_(sets)).order_by(seen.c.component_set, seen.c.position)
