"""Selects of score schemes, of their publications, and of which one counts where."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, cached_per_context, visible
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import SYSTEM
from domain.scoring.score_schemes import SchemePublication, ScoreScheme
from domain.scoring.scores import StoredScore


@cached_per_context
def schemes(context: ReadContext) -> Any:
    """The schemes that the reader may see, each with its date of effect, null where it is not published."""
    seen, published = visible(ScoreScheme, context), visible(SchemePublication, context)
    beside = seen.outerjoin(published, published.c.scheme_id == seen.c.id)
    return select(seen, published.c.effective_on).select_from(beside).subquery()


def last_publication(context: ReadContext) -> Select[Any]:
    """The last date of effect that was published."""
    seen = visible(SchemePublication, context)
    return select(seen.c.effective_on).order_by(seen.c.effective_on.desc()).limit(1)


def publication_of(context: ReadContext, scheme_id: UUID) -> Select[Any]:
    """The publication of a scheme."""
    seen = visible(SchemePublication, context)
    return select(seen.c.id).where(seen.c.scheme_id == scheme_id)


def in_force(context: ReadContext) -> Select[Any]:
    """The scheme in force today: of those published, the one that took effect last."""
    seen, published = visible(ScoreScheme, context), visible(SchemePublication, context)
    took_effect = select(seen).join(published, published.c.scheme_id == seen.c.id)
    return (
        took_effect.where(published.c.effective_on <= context.today).order_by(published.c.effective_on.desc()).limit(1)
    )


def version_in_use(context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The version that the first score of a lot or challenge was stored under, whoever's that was.

    It is asked as the service, because all are scored under it, also those who may not know of each other.
    """
    whole = replace(context, actor=SYSTEM)
    score, declared = visible(StoredScore, whole), visible(OriginDeclaration, whole)
    of_parent = declared.c.challenge_id == challenge_id if lot_id is None else declared.c.lot_id == lot_id
    beside = select(score.c.scheme_version).join(declared, declared.c.id == score.c.declaration_id)
    return beside.where(of_parent).order_by(score.c.id).limit(1)


def of_version(context: ReadContext, version: str) -> Select[Any]:
    """The scheme of one version."""
    seen = visible(ScoreScheme, context)
    return select(seen).where(seen.c.scheme_version == version)


def versions(context: ReadContext) -> Select[Any]:
    """Every version that there is, the oldest first."""
    seen = visible(ScoreScheme, context)
    return select(seen.c.scheme_version).order_by(seen.c.id)


def documents(context: ReadContext) -> Select[Any]:
    """The documents of all schemes, the oldest first."""
    seen = visible(ScoreScheme, context)
    return select(seen.c.document).order_by(seen.c.id)
