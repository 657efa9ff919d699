"""Envelopes: what lots and challenges reserve in a fund, and what an envelope must hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BrokenRule, Conflict, Fault
from domain.money import Money, Qualifier
from domain.portfolio.envelopes import (
    EnvelopeUse,
    Reservation,
    check_envelope,
    check_fund,
    check_reservation,
    envelope_of,
    reserves_more,
    use_of,
)
from domain.portfolio.programmes import FundAmount
from tests.factories.portfolio.programmes import FUND, a_programme, a_programme_settings, euros, of_fund
from tests.support.properties import amounts, holds

EXACT, MORE_THAN, UP_TO = Qualifier.EXACT, Qualifier.MORE_THAN, Qualifier.UP_TO


@pytest.mark.parametrize(
    ("envelope", "reserved", "wanted"),
    [
        pytest.param(of_fund("100"), [], of_fund("100"), id="all of the envelope"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("40"), id="all that is left"),
        pytest.param(of_fund("100"), [None, euros("60")], of_fund("40"), id="what was not published reserves nothing"),
        pytest.param(of_fund("100"), [euros("60")], None, id="a budget that is not published reserves nothing"),
        pytest.param(None, [euros("60")], of_fund("40"), id="no envelope was published: nothing to go beyond"),
        pytest.param(of_fund("100"), [euros("60")], of_fund("999", "dmf"), id="another fund is another sum"),
        pytest.param(None, [], of_fund("999", None), id="without an envelope a budget need not name its fund"),
        pytest.param(
            of_fund("100"), [euros("60", MORE_THAN)], of_fund("40"), id="of a minimum the printed figure counts"
        ),
    ],
)
def test_a_lot_or_challenge_reserves_within_the_envelope(
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


@pytest.mark.parametrize(
    ("wanted", "envelope", "refusal", "pointer"),
    [
        pytest.param(of_fund("1", None), of_fund("100"), BrokenRule, "/budget/fund", id="a budget without a fund"),
        pytest.param(of_fund("1", None), of_fund("9", None), BrokenRule, "/budget/fund", id="neither names a fund"),
        pytest.param(of_fund("1"), of_fund("100", None), Conflict, "/budget/fund", id="an envelope without a fund"),
    ],
)
def test_a_budget_in_a_programme_with_an_envelope_names_its_fund(
    wanted: FundAmount, envelope: FundAmount, refusal: type[BrokenRule] | type[Conflict], pointer: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_reservation(envelope=envelope, reserved=[], wanted=wanted)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_an_envelope_names_its_fund() -> None:
    check_fund(envelope=None, pointer="/envelope/fund")
    check_fund(envelope=of_fund("1"), pointer="/envelope/fund")
    with pytest.raises(BrokenRule) as refused:
        check_fund(envelope=of_fund("1", None), pointer="/envelope/fund")
    assert [fault.pointer for fault in refused.value.faults] == ["/envelope/fund"]


BUDGET = {"budget_cents": 5000, "budget_qualifier": EXACT, "budget_fund": FUND}
OWN = {"envelope_cents": 1000, "envelope_qualifier": UP_TO, "envelope_fund": "dmf"}


@pytest.mark.parametrize(
    ("settings", "budget", "found"),
    [
        pytest.param({}, BUDGET, of_fund("50"), id="settings without an envelope: the budget"),
        pytest.param(None, BUDGET, of_fund("50"), id="no settings: the budget"),
        pytest.param(OWN, BUDGET, of_fund("10", "dmf", UP_TO), id="settings with an envelope: that one"),
        pytest.param({}, {}, None, id="neither"),
    ],
)
def test_the_envelope_is_that_of_the_settings_in_force_or_else_the_budget(
    settings: dict[str, Any] | None, budget: dict[str, Any], found: FundAmount | None
) -> None:
    stored = None if settings is None else a_programme_settings(**settings).model_dump()
    assert envelope_of(stored, a_programme(**budget).model_dump()) == found


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        pytest.param(None, of_fund("1"), True, id="new"),
        pytest.param(of_fund("2"), of_fund("2"), False, id="the same"),
        pytest.param(of_fund("2"), of_fund("2.01"), True, id="a cent more"),
        pytest.param(of_fund("2"), of_fund("1"), False, id="less"),
        pytest.param(of_fund("2"), None, False, id="no longer published"),
        pytest.param(of_fund("2"), of_fund("1", None), True, id="it loses its fund"),
        pytest.param(of_fund("2", None), of_fund("2"), True, id="it gets a fund"),
        pytest.param(of_fund("2", None), of_fund("2", None), False, id="it never had a fund, and nothing changes"),
    ],
)
def test_what_reserves_more_is_checked_again(before: FundAmount | None, after: FundAmount | None, more: bool) -> None:
    assert reserves_more(before, after) is more


def _reserved(*budgets: FundAmount) -> list[Reservation]:
    return [Reservation(f"K{number}", budget) for number, budget in enumerate(budgets, start=1)]


@pytest.mark.parametrize(
    ("before", "after", "reserved"),
    [
        pytest.param(of_fund("100"), of_fund("60"), _reserved(of_fund("60")), id="to the last cent"),
        pytest.param(None, of_fund("60"), _reserved(of_fund("60")), id="a first envelope"),
        pytest.param(of_fund("100"), None, _reserved(of_fund("60")), id="no envelope any more"),
        pytest.param(of_fund("50"), of_fund("55"), _reserved(of_fund("60")), id="too small before: it may grow"),
        pytest.param(of_fund("50"), of_fund("50"), _reserved(of_fund("60")), id="too small before: it may stay"),
        pytest.param(of_fund("9"), of_fund("1"), _reserved(of_fund("60", "dmf")), id="another fund is not in it"),
        pytest.param(
            of_fund("50", None), of_fund("50"), _reserved(of_fund("60", None)), id="an envelope gets the fund it lacked"
        ),
    ],
)
def test_an_envelope_holds_what_is_reserved(
    before: FundAmount | None, after: FundAmount | None, reserved: list[Reservation]
) -> None:
    check_envelope(before=before, after=after, reservations=reserved, field="envelope")


@pytest.mark.parametrize(
    ("before", "after", "reserved", "fault"),
    [
        pytest.param(
            of_fund("100"),
            of_fund("59.99"),
            _reserved(of_fund("50"), of_fund("10", FUND, UP_TO)),
            Fault("/envelope/amount", "give at least 60.00, or reduce what is reserved first"),
            id="a cent too small",
        ),
        pytest.param(
            of_fund("100", "dmf"),
            of_fund("100"),
            _reserved(of_fund("200")),
            Fault("/envelope/amount", "give at least 200.00, or reduce what is reserved first"),
            id="another fund, where more is reserved",
        ),
        pytest.param(
            None,
            of_fund("100"),
            _reserved(of_fund("1"), of_fund("1", None)),
            Fault("/envelope", "give those budgets a fund first"),
            id="a budget without a fund would escape it",
        ),
    ],
)
def test_an_envelope_that_does_not_hold_what_is_reserved_is_refused(
    before: FundAmount | None, after: FundAmount, reserved: list[Reservation], fault: Fault
) -> None:
    with pytest.raises(Conflict) as refused:
        check_envelope(before=before, after=after, reservations=reserved, field="envelope")
    assert refused.value.faults == (fault,)


def test_of_many_budgets_without_a_fund_the_first_ten_are_named() -> None:
    with pytest.raises(Conflict, match=r"K1, K2, .*, K10 and 2 more$"):
        check_envelope(
            before=None, after=of_fund("100"), reservations=_reserved(*[of_fund("1", None)] * 12), field="budget"
        )


@pytest.mark.parametrize(
    ("envelope", "budgets", "use"),
    [
        pytest.param(of_fund("50"), [], EnvelopeUse(FUND, 5000, 0, 5000, EXACT), id="nothing is reserved"),
        pytest.param(
            of_fund("50"),
            [of_fund("20"), of_fund("99", "dmf"), of_fund("99", None)],
            EnvelopeUse(FUND, 5000, 2000, 3000, EXACT),
            id="its own fund alone",
        ),
        pytest.param(
            of_fund("50"),
            [of_fund("20", FUND, UP_TO), of_fund("10", FUND, MORE_THAN)],
            EnvelopeUse(FUND, 5000, 3000, 2000, MORE_THAN),
            id="a minimum stays a minimum",
        ),
        pytest.param(of_fund("5"), [of_fund("6")], EnvelopeUse(FUND, 500, 600, -100, EXACT), id="it has shrunk"),
        pytest.param(of_fund("5", None), [of_fund("6", None)], None, id="an envelope without a fund"),
    ],
)
def test_what_is_left_of_an_envelope(envelope: FundAmount, budgets: list[FundAmount], use: EnvelopeUse | None) -> None:
    assert use_of(envelope, budgets) == use


moves = st.tuples(
    st.sampled_from(["lot", "other lot", "challenge", "envelope"]), st.sampled_from([FUND, "dmf"]), amounts
)


@holds
@given(amounts, st.lists(moves, max_size=12))
def test_whatever_is_asked_in_turn_an_envelope_is_never_passed(
    first: Money, asked: list[tuple[str, str, Money]]
) -> None:
    """Each budget and the envelope itself change again and again; what is refused changes nothing."""
    envelope, held = FundAmount(FUND, first), dict[str, FundAmount]()
    for name, fund, money in asked:
        wanted = FundAmount(fund, money)
        others = [budget.money for other, budget in held.items() if other != name and budget.fund == fund]
        try:
            if name == "envelope":
                reservations = [Reservation(code, budget) for code, budget in held.items()]
                check_envelope(before=envelope, after=wanted, reservations=reservations, field="envelope")
                envelope = wanted
            else:
                if reserves_more(held.get(name), wanted):
                    check_reservation(envelope=envelope, reserved=others, wanted=wanted)
                held[name] = wanted
        except Conflict:
            continue
        assert sum(b.money.cents for b in held.values() if b.fund == envelope.fund) <= envelope.money.cents
