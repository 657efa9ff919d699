"""Selects of challenges and their entrants."""

from typing import Any

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.challenges import Challenge, ChallengeEntrant


def challenges(reader: Reader) -> Any:
    """The challenges that the reader may see."""
    return readable(Challenge, reader)


def entrants(reader: Reader) -> Any:
    """The entrants that the reader may see."""
    return readable(ChallengeEntrant, reader)


def other_budgets(reader: Reader, challenge: Challenge) -> Select[Any]:
    """The published budgets of the programme's other challenges in the same fund."""
    seen = readable(Challenge, reader)
    return select(seen.c.budget_cents, seen.c.budget_qualifier).where(
        seen.c.programme_id == challenge.programme_id,
        seen.c.id != challenge.id,
        seen.c.budget_fund == challenge.budget_fund,
        seen.c.budget_cents.is_not(None),
    )
