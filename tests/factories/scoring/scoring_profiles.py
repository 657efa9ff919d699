"""Scoring profiles."""

from typing import Any

from domain.base import new_id
from domain.scoring.scoring_profiles import ScoringProfile
from tests.factories.rows import a_row


def a_scoring_profile(**named: Any) -> ScoringProfile:
    """The profile of a lot of its own, not frozen yet, unless a challenge is named."""
    parent = {} if {"lot_id", "challenge_id"} & set(named) else {"lot_id": new_id()}
    groups = [
        {"name": "control", "weight": "3", "critical": True},
        {"name": "power", "weight": "0.5", "critical": False},
    ]
    return a_row(
        ScoringProfile,
        named,
        function_groups=groups,
        dimensions=["spareParts"],
        cap_percent="12.5",
        scheme="BM-1.0",
        **parent,
    )
