"""Scoring profiles (scoreprofielen) of lots and challenges: what declarations are scored on, published beforehand.

A lot or challenge has at most one. It freezes when its lot or challenge runs or the first declaration for it is submitted,
whichever is first, so that all are scored on the same. It names its scheme from the day it is published, so that a score
never fixes one. What makes a profile invalid belongs to `profiles`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Audited, EuroCents, Id, UtcDateTime, column, json_type
from domain.dates import day_of
from domain.errors import BrokenRule, Conflict, Fault, refuse
from domain.scoring.inputs import DimensionName, FunctionGroup, Profile
from domain.scoring.profiles import profile_faults

MAX_SCHEME = 40
"""Characters of the version of a scheme."""


class ScoringProfile(Audited, table=True):
    """What a lot or challenge scores on. Weights and the cap are decimal text, exactly as given."""

    __tablename__ = "scoring_profiles"
    __table_args__ = (sa.CheckConstraint("(lot_id IS NULL) <> (challenge_id IS NULL)", name="one_parent"),)

    lot_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", unique=True)
    challenge_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="challenges.id", unique=True)
    function_groups: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    dimensions: list[str] = Field(default_factory=list, sa_type=json_type())
    cap_percent: str = Field(max_length=20)
    require_eu_prime: bool = False
    reference_amount_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    scheme: str = Field(max_length=MAX_SCHEME, foreign_key="score_schemes.scheme_version", index=True)
    frozen_at: datetime | None = Field(default=None, sa_type=column(UtcDateTime))


def profile_of(row: Mapping[str, Any]) -> Profile:
    """A profile as input for scoring, from its columns."""
    return Profile(
        function_groups=tuple(
            FunctionGroup(group["name"], Fraction(group["weight"]), group["critical"])
            for group in row["function_groups"]
        ),
        dimensions=tuple(DimensionName(name) for name in row["dimensions"]),
        cap_percent=Fraction(row["cap_percent"]),
        require_eu_prime=row["require_eu_prime"],
        reference_amount_cents=row["reference_amount_cents"],
    )


def check_profile(*, profile: Profile) -> None:
    """Refuses an invalid profile, with everything wrong in it."""
    refuse(profile_faults(profile=profile, at=""))


def check_scheme(*, scheme: str, effective_on: date | None, today: date, in_effect: Sequence[str]) -> None:
    """Refuses a scheme that does not exist or is not published, or does not take effect until later.

    One that another has superseded may be named. `effective_on` is its date of effect, `in_effect` what can be named.
    """
    if effective_on is not None and effective_on <= today:
        return
    later = "is not published" if effective_on is None else f"takes effect on {effective_on}, after today"
    raise BrokenRule.at(Fault("/scheme", f"scheme {scheme} {later}; give one of: {', '.join(in_effect)}"))


def check_open(*, frozen_at: datetime | None) -> None:
    """Refuses to change a frozen profile."""
    if frozen_at is not None:
        raise Conflict(
            f"this scoring profile was frozen on {day_of(frozen_at)}: its lot or challenge runs or has a submission"
        )
