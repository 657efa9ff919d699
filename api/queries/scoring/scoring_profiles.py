"""Queries for scoring profiles."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.scoring.scoring_profiles import ScoringProfile


def of_parent(context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The profile of a lot or of a challenge, whichever is given."""
    seen = visible(ScoringProfile, context)
    return select(seen).where(seen.c.challenge_id == challenge_id if lot_id is None else seen.c.lot_id == lot_id)
