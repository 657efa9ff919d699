"""Targets (streefcijfers): what the ministry aims at, as the replies to parliament state it.

Aims, never rules: nothing is refused or coloured by them. The definition version says what exactly is measured, because
the same words have meant different things.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, one_of


class TargetBound(StrEnum):
    """On which side of the figure the aim lies."""

    AT_LEAST = "atLeast"
    AT_MOST = "atMost"


class Target(Fact, table=True):
    """An aim as a bound in whole percent."""

    __tablename__ = "targets"
    __table_args__ = (sa.CheckConstraint("bound_pct BETWEEN 0 AND 100", name="bound_pct"),)

    title: str = Field(max_length=MAX_TITLE, index=True)
    bound: TargetBound = Field(sa_type=one_of(TargetBound, "bound"))
    bound_pct: int
    definition_version: str = Field(max_length=40, index=True)
