"""Queries for score schemes and their publications, and for the scheme that applies to a lot or challenge."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.scoring.score_schemes import SchemePublication, ScoreScheme
from domain.scoring.scoring_profiles import ScoringProfile


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


def effects(context: ReadContext) -> Select[Any]:
    """The versions of the published schemes with their dates of effect, the earliest first."""
    seen, published = visible(ScoreScheme, context), visible(SchemePublication, context)
    columns = select(seen.c.scheme_version, published.c.effective_on)
    return columns.join(published, published.c.scheme_id == seen.c.id).order_by(published.c.effective_on)


def of_profile(context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The scheme that the scoring profile of a lot or challenge names."""
    seen, profile = visible(ScoreScheme, context), visible(ScoringProfile, context)
    of_parent = profile.c.challenge_id == challenge_id if lot_id is None else profile.c.lot_id == lot_id
    return select(seen).join(profile, profile.c.scheme == seen.c.scheme_version).where(of_parent)


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
