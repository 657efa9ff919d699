"""Queries for score schemes and their publications, and for the scheme that applies to a lot or challenge."""

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
    joined = seen.outerjoin(published, published.c.scheme_id == seen.c.id)
    return select(seen, published.c.effective_on).select_from(joined).subquery()


def last_publication(context: ReadContext) -> Select[Any]:
    """The latest date of effect of a published scheme."""
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
    """The scheme version of the first score stored for a lot or challenge, whichever supplier it is of.

    Read with the rights of the service itself, because it applies to all suppliers, also those who may not see each other.
    """
    unrestricted = replace(context, actor=SYSTEM)
    score, declared = visible(StoredScore, unrestricted), visible(OriginDeclaration, unrestricted)
    of_parent = declared.c.challenge_id == challenge_id if lot_id is None else declared.c.lot_id == lot_id
    versions_used = select(score.c.scheme_version).join(declared, declared.c.id == score.c.declaration_id)
    return versions_used.where(of_parent).order_by(score.c.id).limit(1)


def of_version(context: ReadContext, version: str) -> Select[Any]:
    """The scheme with this version."""
    seen = visible(ScoreScheme, context)
    return select(seen).where(seen.c.scheme_version == version)


def versions(context: ReadContext) -> Select[Any]:
    """The versions of all schemes, the oldest first."""
    seen = visible(ScoreScheme, context)
    return select(seen.c.scheme_version).order_by(seen.c.id)


def documents(context: ReadContext) -> Select[Any]:
    """The documents of all schemes, the oldest first."""
    seen = visible(ScoreScheme, context)
    return select(seen.c.document).order_by(seen.c.id)
