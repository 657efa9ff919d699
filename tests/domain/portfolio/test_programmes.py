"""Programmes: settings with dates of effect, and amounts of a fund."""

import pytest

from domain.errors import BrokenRule
from domain.money import Money, Qualifier
from domain.portfolio.programmes import FundAmount, check_effect, fund_amount
from tests.factories.dates import a_day
from tests.factories.portfolio.programmes import FUND, a_programme_settings

UP_TO = Qualifier.UP_TO
TODAY = a_day("2026-11-21")


def test_a_programme_that_sets_nothing_has_the_threshold_of_the_domain() -> None:
    assert a_programme_settings().amber_up_to_days == 90


@pytest.mark.parametrize("day", [pytest.param("2026-11-21", id="today"), pytest.param("2027-01-01", id="later")])
def test_settings_take_effect_today_or_later(day: str) -> None:
    check_effect(effective_on=a_day(day), today=TODAY)


def test_settings_never_judge_the_past_again() -> None:
    with pytest.raises(BrokenRule) as refusal:
        check_effect(effective_on=a_day("2026-11-20"), today=TODAY)
    assert [fault.pointer for fault in refusal.value.faults] == ["/effectiveOn"]


def test_a_published_budget_is_an_amount_of_its_fund() -> None:
    assert fund_amount(1500, UP_TO, FUND) == FundAmount(FUND, Money(1500, UP_TO))


def test_a_budget_of_zero_was_published() -> None:
    assert fund_amount(0, Qualifier.EXACT, None) == FundAmount(None, Money(0))


def test_a_budget_that_was_not_published_is_no_amount() -> None:
    assert fund_amount(None, None, FUND) is None
