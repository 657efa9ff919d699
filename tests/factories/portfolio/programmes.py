"""Programmes, their settings, and amounts of a fund."""

from typing import Any

from domain.base import new_id
from domain.money import Money, Qualifier, to_cents
from domain.portfolio.programmes import FundAmount, Programme, ProgrammeSettings
from tests.factories.dates import a_day, a_moment
from tests.factories.rows import a_row

FUND = "strategic-cooperation"


def a_programme(**named: Any) -> Programme:
    """A programme whose budget was not published."""
    return a_row(Programme, named, code="APOS", title="Actieplan Productiezekerheid Onbemenste Systemen")


def a_programme_settings(**named: Any) -> ProgrammeSettings:
    """Settings in force from 1 January 2027 on, with nothing set apart."""
    return a_row(
        ProgrammeSettings,
        named,
        programme_id=new_id(),
        effective_on=a_day("2027-01-01"),
        recorded_at=a_moment("2026-11-21T09:00:00"),
    )


def euros(text: str, qualifier: Qualifier = Qualifier.EXACT) -> Money:
    """The amount that is written `15000000.00`."""
    return Money(to_cents(text), qualifier)


def of_fund(text: str, fund: str | None = FUND, qualifier: Qualifier = Qualifier.EXACT) -> FundAmount:
    """An amount of a fund."""
    return FundAmount(fund, euros(text, qualifier))
