"""Programmes (actieplannen) with their budget, and their settings with dates of effect.

Settings are rows, not environment variables, because a colour of last year must be judged by the threshold of last year.
Budget lines of the state's budget do not belong here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from domain.base import (
    MAX_KEY,
    MAX_TEXT,
    MAX_TITLE,
    Audited,
    Columns,
    EuroCents,
    Fact,
    Id,
    UtcDateTime,
    amount_checks,
    column,
    json_type,
    one_of,
)
from domain.errors import BrokenRule, Fault
from domain.money import Money, Qualifier

AMBER_UP_TO_DAYS = 90
"""The default threshold, from DOMAIN.md: amber from 1 to 90 days of slip, red beyond."""


class Budgeted(Columns):
    """The five columns of a budget; `budget_cents` is None where it was not published."""

    budget_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    budget_qualifier: Qualifier | None = Field(default=None, sa_type=one_of(Qualifier, "budget_qualifier"))
    budget_fund: str | None = Field(default=None, max_length=40)
    budget_note: str | None = Field(default=None, max_length=MAX_TEXT)
    budget_source: str | None = Field(default=None, max_length=MAX_KEY, foreign_key="sources.key")


class Programme(Budgeted, Fact, table=True):
    """A plan with a purpose, action lines and a budget (APOS; AI-DSS)."""

    __tablename__ = "programmes"
    __table_args__ = tuple(amount_checks("budget"))

    code: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    purpose: str | None = Field(default=None, max_length=MAX_TEXT)
    action_lines: list[str] = Field(default_factory=list, sa_type=json_type())


class ProgrammeSettings(Audited, table=True):
    """Settings that apply from a day until later settings take effect. Append-only.

    `envelope` is what lots and challenges may reserve in `envelope_fund`; if it is None, the programme's budget is the envelope.
    """

    __tablename__ = "programme_settings"
    __table_args__ = tuple(amount_checks("envelope"))

    programme_id: UUID = Field(sa_type=column(Id), foreign_key="programmes.id", index=True)
    effective_on: date = Field(index=True)
    amber_up_to_days: int = AMBER_UP_TO_DAYS
    envelope_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    envelope_qualifier: Qualifier | None = Field(default=None, sa_type=one_of(Qualifier, "envelope_qualifier"))
    envelope_fund: str | None = Field(default=None, max_length=40)
    envelope_note: str | None = Field(default=None, max_length=MAX_TEXT)
    envelope_source: str | None = Field(default=None, max_length=MAX_KEY, foreign_key="sources.key")
    recorded_at: datetime = Field(sa_type=column(UtcDateTime))


@dataclass(frozen=True, slots=True)
class FundAmount:
    """An amount and the fund that it comes from."""

    fund: str | None
    money: Money


def fund_amount(cents: int | None, qualifier: Qualifier | None, fund: str | None) -> FundAmount | None:
    """The columns of a budget as one value, None if it was not published."""
    return None if cents is None or qualifier is None else FundAmount(fund, Money(cents, qualifier))


def check_effect(*, effective_on: date, today: date) -> None:
    """Refuses settings that take effect before today, because they would change colours of the past."""
    if effective_on < today:
        raise BrokenRule.at(
            Fault(
                "/effectiveOn", f"settings cannot take effect before today, {today}: colours of the past would change"
            )
        )
