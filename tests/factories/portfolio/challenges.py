"""Challenges and their entrants."""

from typing import Any

from domain.base import new_id
from domain.portfolio.challenges import Challenge, ChallengeEntrant
from tests.factories.rows import a_row


def a_challenge(**named: Any) -> Challenge:
    """A challenge that was announced, of a programme of its own."""
    return a_row(Challenge, named, programme_id=new_id(), code="APOS-IC-15", title="Industry Challenge")


def a_challenge_entrant(**named: Any) -> ChallengeEntrant:
    """A supplier that entered a challenge."""
    return a_row(ChallengeEntrant, named, challenge_id=new_id(), supplier_id=new_id())
