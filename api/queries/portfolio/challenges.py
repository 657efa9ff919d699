"""Queries for challenges and their entrants."""

from typing import Any

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.portfolio.challenges import Challenge


def other_budgets(context: ReadContext, challenge: Challenge) -> Select[Any]:
    """The published budgets of the programme's other challenges in the same fund."""
    seen = visible(Challenge, context)
    return select(seen.c.budget_cents, seen.c.budget_qualifier).where(
        seen.c.programme_id == challenge.programme_id,
        seen.c.id != challenge.id,
        seen.c.budget_fund == challenge.budget_fund,
        seen.c.budget_cents.is_not(None),
    )
