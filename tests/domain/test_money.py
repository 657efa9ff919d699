"""Money: reading, writing and adding amounts."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MAX_CENTS, Money, Qualifier, Total, to_cents, to_euros, total
from tests.support.properties import amounts, cents, holds

EXACT, MORE_THAN, UP_TO = Qualifier.EXACT, Qualifier.MORE_THAN, Qualifier.UP_TO


def test_the_qualifiers_are_the_words_of_the_domain() -> None:
    assert [q.value for q in Qualifier] == ["exact", "moreThan", "upTo"]


def test_an_amount_is_exact_unless_its_source_says_otherwise() -> None:
    assert Money(1500).qualifier is EXACT


@pytest.mark.parametrize(
    ("euros", "expected"),
    [
        pytest.param("0", 0, id="zero is an amount"),
        pytest.param("15", 1500, id="whole euros"),
        pytest.param("15000000.00", 1_500_000_000, id="two decimals"),
        pytest.param("0.5", 50, id="one decimal is tenths"),
        pytest.param("0.05", 5, id="hundredths"),
        pytest.param("19.99", 1999, id="no float ever held it"),
        pytest.param("999999999999999.99", MAX_CENTS, id="the largest"),
    ],
)
def test_a_decimal_string_is_read_as_whole_cents(euros: str, expected: int) -> None:
    assert to_cents(euros) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("-1", id="a minus"),
        pytest.param("+1", id="a plus"),
        pytest.param("1,50", id="a decimal comma"),
        pytest.param("1.000.000", id="thousands separators"),
        pytest.param("1_000", id="underscores"),
        pytest.param("1.", id="a point without decimals"),
        pytest.param(".5", id="decimals without whole euros"),
        pytest.param("01", id="a leading zero"),
        pytest.param("1e3", id="an exponent"),
        pytest.param("0x1F", id="hexadecimal"),
        pytest.param("1.234", id="a third decimal"),
        pytest.param(" 1", id="a space before"),
        pytest.param("1\n", id="a line end after"),
        pytest.param("\u0661", id="digits of another script"),
        pytest.param("NaN", id="not a number"),
        pytest.param("1000000000000000", id="10^15 and more"),
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="at most two decimals"):
        to_cents(text)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, "0.00"), (5, "0.05"), (50, "0.50"), (1500, "15.00"), (MAX_CENTS, "999999999999999.99"), (-50, "-0.50")],
)
def test_cents_are_written_with_two_decimals(amount: int, expected: str) -> None:
    assert to_euros(amount) == expected


@holds
@given(cents)
def test_what_is_written_is_read_back_as_it_was(amount: int) -> None:
    assert to_cents(to_euros(amount)) == amount


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([], Total(None, 0), id="no parts is not published, not 0"),
        pytest.param([None, None], Total(None, 2), id="null is never 0: nothing published has no sum"),
        pytest.param([Money(100), None], Total(Money(100), 1), id="null never adds up, and is counted"),
        pytest.param([Money(0), None], Total(Money(0), 1), id="a published 0 is an amount"),
        pytest.param([Money(100), Money(50)], Total(Money(150), 0), id="exact and exact is exact"),
        pytest.param(
            [Money(100), Money(50, MORE_THAN)], Total(Money(150, MORE_THAN), 0), id="a minimum stays a minimum"
        ),
        pytest.param([Money(100), Money(50, UP_TO)], Total(Money(150, UP_TO), 0), id="a maximum makes a maximum"),
        pytest.param(
            [Money(100, MORE_THAN), Money(50, UP_TO), Money(7)],
            Total(Money(107, MORE_THAN), 0),
            id="beside a minimum a maximum promises nothing",
        ),
        pytest.param([Money(50, UP_TO)], Total(Money(50, UP_TO), 0), id="one amount is its own sum"),
    ],
)
def test_amounts_of_one_fund_add_up(parts: list[Money | None], expected: Total) -> None:
    assert total(parts) == expected


@holds
@given(st.lists(st.none() | amounts))
def test_a_sum_never_claims_more_than_its_parts(parts: list[Money | None]) -> None:
    published = [part for part in parts if part is not None]
    at_least = sum(part.cents for part in published if part.qualifier is not UP_TO)
    at_most = sum(part.cents for part in published)
    money = total(parts).money
    if money is None:
        assert not published
    elif money.qualifier is EXACT:
        assert at_least == money.cents == at_most
    elif money.qualifier is MORE_THAN:
        assert money.cents <= at_least
    else:
        assert money.cents >= at_most
        assert all(part.qualifier is not MORE_THAN for part in published)


@holds
@given(st.lists(st.none() | amounts, max_size=8), amounts)
def test_a_minimum_stays_a_minimum_in_every_sum(parts: list[Money | None], part: Money) -> None:
    money = total([*parts, Money(part.cents, MORE_THAN)]).money
    assert money is not None
    assert money.qualifier is MORE_THAN


@holds
@given(st.lists(st.none() | amounts), st.randoms())
def test_the_order_of_the_parts_does_not_matter(parts: list[Money | None], chance: Random) -> None:
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert total(shuffled) == total(parts)


@holds
@given(st.lists(amounts), st.integers(0, 20))
def test_what_was_not_published_is_counted_and_never_added(parts: list[Money], missing: int) -> None:
    assert total([*parts, *[None] * missing]) == Total(total(parts).money, missing)
