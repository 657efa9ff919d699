"""Consents (toestemmingen) of suppliers to be named: in public, or to the other partners of their lots.

A consent is given on a day and holds until it is withdrawn; after that a new one is needed. A supplier that a published
source names needs no consent.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TEXT, Audited, Id, column, one_of
from domain.errors import BrokenRule, Conflict, Fault


class ConsentScope(StrEnum):
    """To whom a supplier may be named."""

    PUBLIC = "public"
    LOT_PARTNERS = "lotPartners"


class Consent(Audited, table=True):
    """A supplier's consent to be named; it holds while `withdrawn_on` is null."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.CheckConstraint("withdrawn_on >= given_on", name="withdrawn_after_given"),
        sa.Index(
            "uq_consents_open",
            "supplier_id",
            "scope",
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        ),
    )

    supplier_id: UUID = Field(sa_type=column(Id), foreign_key="suppliers.id", index=True)
    scope: ConsentScope = Field(sa_type=one_of(ConsentScope, "scope"))
    given_on: date
    withdrawn_on: date | None = None
    note: str | None = Field(default=None, max_length=MAX_TEXT)


def check_consent(*, given_on: date, withdrawn_on: date | None, today: date) -> None:
    """Refuses days in the future, and a withdrawal before the consent."""
    faults = [
        Fault(f"/{name}", f"is after today, {today}; give today, or the earlier day on which it was said")
        for name, day in (("givenOn", given_on), ("withdrawnOn", withdrawn_on))
        if day is not None and day > today
    ]
    if withdrawn_on is not None and withdrawn_on < given_on:
        faults.append(
            Fault("/withdrawnOn", f"is before the consent was given, on {given_on}; give that day or a later one")
        )
    if faults:
        raise BrokenRule.at(*faults)


def check_withdrawal(*, before: date | None, after: date | None) -> None:
    """Refuses to undo a withdrawal, because a supplier must not be named again without being asked."""
    if before is not None and after != before:
        raise Conflict(
            "this consent was withdrawn, which is final; record a new consent instead",
            [Fault("/withdrawnOn", "is final and cannot be changed")],
        )
