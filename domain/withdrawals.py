"""Withdrawals (intrekkingen): a row that was entered in error, and a milestone that was agreed once and is given up.

Rows are never deleted. One that was entered in error leaves lists, colours, sums and counts, and is still read by its id; a
dropped milestone stays where it is. Either is final: what was withdrawn is not written again. Consents, component statements
and declarations are withdrawn by rules of their own.
"""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_REASON, MAX_TITLE, Columns, one_of
from domain.errors import BrokenRule, Conflict, Fault


class WithdrawalKind(StrEnum):
    """Why a row is withdrawn: it should never have been there, or what it promised was given up."""

    ENTERED_IN_ERROR = "enteredInError"
    DROPPED = "dropped"


class Withdrawable(Columns):
    """The four columns of a withdrawal, all null while a row is not withdrawn."""

    withdrawn_kind: WithdrawalKind | None = Field(default=None, sa_type=one_of(WithdrawalKind, "withdrawn_kind"))
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = Field(default=None, max_length=MAX_REASON)
    withdrawn_authority: str | None = Field(default=None, max_length=MAX_TITLE)


def withdrawal_check(*, can_be_dropped: bool = False) -> sa.CheckConstraint:
    """The CHECK that a row has the whole of a withdrawal or none of it, and is dropped only where that can be."""
    parts = ("on", "reason", "authority")
    whole = " AND ".join(f"(withdrawn_kind IS NULL) = (withdrawn_{part} IS NULL)" for part in parts)
    kinds = "" if can_be_dropped else " AND (withdrawn_kind IS NULL OR withdrawn_kind = 'enteredInError')"
    return sa.CheckConstraint(whole + kinds, name="withdrawal")


def check_withdrawal(*, kind: WithdrawalKind, on: date, source: str | None, can_be_dropped: bool, today: date) -> None:
    """Refuses a day in the future, to drop what is no milestone, and an error in what a published source says.

    `source` is the key of the published source of the row, None where it has none.
    """
    faults = []
    if on > today:
        faults.append(Fault("/on", f"cannot be after today, {today}; give today or an earlier day"))
    if kind is WithdrawalKind.DROPPED and not can_be_dropped:
        faults.append(Fault("/kind", "only milestones are dropped; give enteredInError, or change the row instead"))
    if faults:
        raise BrokenRule.at(*faults)
    if kind is WithdrawalKind.ENTERED_IN_ERROR and source is not None:
        instead = "drop the milestone, or correct" if can_be_dropped else "correct"
        raise Conflict(
            f"this comes from a published source, {source}, so it was not entered in error; {instead} what it says",
            [Fault("/kind", "only a row without a published source can have been entered in error")],
        )


def check_not_withdrawn(*, row: Columns, noun: str) -> None:
    """Refuses to write a row that was withdrawn. `noun` is what it is called in the message."""
    if isinstance(row, Withdrawable) and row.withdrawn_kind is not None:
        how = "dropped" if row.withdrawn_kind is WithdrawalKind.DROPPED else "withdrawn as entered in error"
        raise Conflict(
            f"this {noun} was {how} on {row.withdrawn_on}, which is final: it can no longer be written; add a new one instead"
        )
