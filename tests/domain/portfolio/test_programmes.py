"""Programmes: settings with dates of effect, and reservations from the envelope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BrokenRule, Conflict, Fault
from domain.money import Money, Qualifier
from domain.portfolio.programmes import FundAmount, check_effect, check_reservation, fund_amount
from tests.factories.dates import a_day
from tests.factories.portfolio.programmes import FUND, a_programme_settings, euros, of_fund
from tests.support.properties import amounts, holds

MORE_THAN, UP_TO = Qualifier.MORE_THAN, Qualifier.UP_TO
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


@pytest.mark.parametrize(
    ("envelope", "reserved", "wanted"),
    [
        pytest.param(of_fund("100"), [], of_fund("100"), id="all of the envelope"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("40"), id="all that is left"),
        pytest.param(of_fund("100"), [None, euros("60")], of_fund("40"), id="what was not published reserves nothing"),
        pytest.param(of_fund("100"), [euros("60")], None, id="a budget that is not published reserves nothing"),
        pytest.param(None, [euros("60")], of_fund("40"), id="no envelope was published: nothing to go beyond"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("999", "dmf"), id="another fund is another sum"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("999", None), id="without a fund it enters no sum"),
        pytest.param(of_fund("100", None), [euros("60")], of_fund("999"), id="an envelope without a fund holds none"),
        pytest.param(
            of_fund("100", None), [euros("60")], of_fund("60", None), id="neither has a fund: each stands alone, no sum"
        ),
        pytest.param(
            of_fund("100"), [euros("60", MORE_THAN)], of_fund("40"), id="of a minimum the printed figure counts"
        ),
    ],
)
def test_a_challenge_reserves_within_the_envelope(
    envelope: FundAmount | None, reserved: list[Money | None], wanted: FundAmount | None
) -> None:
    check_reservation(envelope=envelope, reserved=reserved, wanted=wanted)


@pytest.mark.parametrize(
    ("envelope", "reserved", "wanted", "left"),
    [
        pytest.param(of_fund("100"), [], of_fund("100.01"), "100.00", id="a cent beyond the envelope"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("41"), "40.00", id="beyond what is left"),
        pytest.param(
            of_fund("100"), [euros("60", MORE_THAN)], of_fund("41"), "40.00", id="beyond what a minimum leaves"
        ),
        pytest.param(of_fund("100"), [euros("60", UP_TO)], of_fund("41"), "40.00", id="a maximum may be used whole"),
        pytest.param(
            of_fund("100"),
            [euros("60", UP_TO), euros("10", MORE_THAN)],
            of_fund("31"),
            "30.00",
            id="a maximum may be used whole, also beside a minimum",
        ),
        pytest.param(of_fund("100"), [euros("100")], of_fund("1"), "0.00", id="nothing is left"),
        pytest.param(of_fund("100"), [euros("300")], of_fund("1"), "0.00", id="never less than nothing is left"),
    ],
)
def test_a_reservation_beyond_the_envelope_is_refused(
    envelope: FundAmount, reserved: list[Money | None], wanted: FundAmount, left: str
) -> None:
    with pytest.raises(Conflict) as refusal:
        check_reservation(envelope=envelope, reserved=reserved, wanted=wanted)
    assert refusal.value.detail == f"the programme's envelope has {left} EUR left in fund {FUND}"
    assert refusal.value.faults == (Fault("/budget/amount", f"at most {left} can still be reserved"),)


def _fits(envelope: Money, reserved: list[Money | None], wanted: Money) -> bool:
    try:
        check_reservation(envelope=FundAmount(FUND, envelope), reserved=reserved, wanted=FundAmount(FUND, wanted))
    except Conflict:
        return False
    return True


@holds
@given(amounts, st.lists(st.none() | amounts, max_size=5), amounts)
def test_what_is_reserved_never_goes_beyond_the_envelope(
    envelope: Money, reserved: list[Money | None], wanted: Money
) -> None:
    if _fits(envelope, reserved, wanted):
        assert wanted.cents + sum(part.cents for part in reserved if part is not None) <= envelope.cents
