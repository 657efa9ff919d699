"""Waivers (ontheffingen) of knock-outs: recorded decisions that a concern does not count, until the day they expire.

A waiver is for one revision of a declaration and never changes. It is proposed by one actor and confirmed by another, and
counts for nothing until then. To prolong it, record another; the newest one in force counts.
It restores the fictitious price and changes no other figure. How a score uses it belongs to scoring.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_REASON, MAX_TEXT, MAX_TITLE, Audited, Id, UtcDateTime, column, one_of
from domain.declarations.component_columns import MAX_COMPONENT_KEY
from domain.errors import Conflict, Fault, refuse
from domain.scoring.inputs import DimensionName, WaiverInput
from domain.scoring.results import KnockOutCode, ScoreKnockOut

MOST_NAMED = 10
"""The most knock-outs that a refusal lists."""


class Waiver(Audited, table=True):
    """A decision about one knock-out of a submitted declaration, at a component or in a dimension."""

    __tablename__ = "waivers"
    __table_args__ = (sa.CheckConstraint("(component_key IS NULL) <> (dimension IS NULL)", name="one_place"),)

    declaration_id: UUID = Field(sa_type=column(Id), foreign_key="origin_declarations.id", index=True)
    code: KnockOutCode = Field(sa_type=one_of(KnockOutCode, "code"))
    component_key: str | None = Field(default=None, max_length=MAX_COMPONENT_KEY)
    dimension: DimensionName | None = Field(default=None, sa_type=one_of(DimensionName, "dimension"))
    authority: str = Field(max_length=MAX_TITLE)
    reason: str = Field(max_length=MAX_REASON)
    expires_on: date
    alternative_trajectory: str = Field(max_length=MAX_TEXT)
    recorded_at: datetime = Field(sa_type=column(UtcDateTime))


class WaiverConfirmation(Audited, table=True):
    """The confirmation of a waiver, from which on it counts; there is at most one."""

    __tablename__ = "waiver_confirmations"

    waiver_id: UUID = Field(sa_type=column(Id), foreign_key="waivers.id", unique=True)
    confirmed_at: datetime = Field(sa_type=column(UtcDateTime))


def check_confirmation(*, is_confirmed: bool, expires_on: date, today: date) -> None:
    """Refuses to confirm a waiver twice, or one that has expired meanwhile."""
    if is_confirmed:
        raise Conflict("this waiver was confirmed already; it counts, and nothing more is needed")
    if expires_on < today:
        raise Conflict(f"this waiver expired on {expires_on}, before it was confirmed; propose another")


def check_waiver(
    *, code: KnockOutCode, component_key: str | None, dimension: DimensionName | None, expires_on: date, today: date
) -> None:
    """Refuses a code other than KO-1, a waiver with neither or both of component and dimension, and an expiry before today."""
    faults = []
    if code is not KnockOutCode.CONCERN:
        faults.append(
            Fault("/code", f"only {KnockOutCode.CONCERN} can be waived; {code} is cured by changing the declaration")
        )
    if (component_key is None) == (dimension is None):
        faults.append(Fault("/componentKey", "give either componentKey or dimension: the one that has the knock-out"))
    if expires_on < today:
        faults.append(Fault("/expiresOn", f"is before today, {today}; give today or a later day"))
    refuse(faults)


def check_knock_out(
    *,
    code: KnockOutCode,
    component_key: str | None,
    dimension: DimensionName | None,
    knock_outs: Sequence[ScoreKnockOut] | None,
) -> None:
    """Refuses to waive a knock-out that today's score does not have, or one of a draft (`knock_outs` is None)."""
    if knock_outs is None:
        raise Conflict("this declaration is a draft; only knock-outs of a submitted one can be waived")
    concerns = [entry for entry in knock_outs if entry.code is code]
    if any((entry.component_key, entry.dimension) == (component_key, dimension) for entry in concerns):
        return
    raise Conflict(
        f"today's score of this declaration has no such knock-out; {_named(code, concerns)}",
        [Fault("/dimension" if component_key is None else "/componentKey", "has no such knock-out today")],
    )


def _named(code: KnockOutCode, concerns: Sequence[ScoreKnockOut]) -> str:
    if not concerns:
        return f"it has no {code} at all"
    places = [str(entry.component_key or entry.dimension) for entry in concerns[:MOST_NAMED]]
    more = len(concerns) - len(places)
    return f"it has {code} at {', '.join(places)}{f' and {more} more' if more else ''}"


def waiver_of(row: Mapping[str, Any]) -> WaiverInput:
    """A recorded waiver as input for scoring."""
    return WaiverInput(
        code=row["code"],
        authority=row["authority"],
        reason=row["reason"],
        expires_on=row["expires_on"],
        alternative_trajectory=row["alternative_trajectory"],
        component_key=row["component_key"],
        dimension=row["dimension"],
    )
