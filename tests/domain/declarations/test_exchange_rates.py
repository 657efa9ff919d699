"""Stated exchange rates: exact conversion, and what is refused of a currency, a rate and its day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declarations.exchange_rates import ExchangeRate, exchange_rate
from domain.errors import BrokenRule
from tests.support.properties import holds

TODAY = date(2026, 11, 28)
KNOWN = frozenset({"USD", "GBP", "EUR"})
GOOD: dict[str, str | None] = {"currency": "USD", "rate": "0.9217", "rateDate": "2026-11-20"}


def stated(**changes: str | None) -> ExchangeRate | None:
    """The rate of a query that is good but for these changes."""
    return exchange_rate(given={**GOOD, **changes}, currencies=KNOWN, today=TODAY)


def test_a_rate_is_kept_as_it_is_stated_and_without_any_there_is_none() -> None:
    assert stated() == ExchangeRate("USD", "0.9217", date(2026, 11, 20))
    assert stated(rateDate="2026-11-28") is not None
    assert exchange_rate(given=dict.fromkeys(GOOD), currencies=KNOWN, today=TODAY) is None
    assert ExchangeRate("USD", "0.9217", date(2026, 11, 20)).stated == GOOD


@pytest.mark.parametrize(
    ("amount", "rate", "euros"),
    [
        ("12.50", "0.92", "11.50"), ("12.50", "0.9217", "11.52125"), ("0.29", "0.9217", "0.267293"),
        ("0.004", "0.9217", "0.003687"),
        ("0", "0.9", "0.00"), ("1000000", "0.00000001", "0.01"), ("999999999999", "999999.99999999", "999999999998990000.00"),
        ("0.000001", "0.5", "0.000001"), ("0.000001", "0.4", "0.00"), ("2", "1", "2.00"), ("1148.5", "1.2", "1378.20"),
    ],
)  # fmt: skip
def test_an_amount_is_converted_exactly_to_six_decimals_at_most(amount: str, rate: str, euros: str) -> None:
    assert ExchangeRate("USD", rate, TODAY).euros(amount) == euros


@holds
@given(st.decimals(0, 10**9, places=6), st.decimals("0.00000001", 999_999, places=8))
def test_a_conversion_is_never_further_off_than_its_last_decimal(amount: Decimal, rate: Decimal) -> None:
    found = Decimal(ExchangeRate("USD", format(rate, "f"), TODAY).euros(format(amount, "f")))
    assert abs(found - amount * rate) <= Decimal("0.0000005")


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"rate": None}, ["/query/rate"]), ({"currency": None}, ["/query/currency"]), ({"rateDate": ""}, ["/query/rateDate"]),
        ({"rate": None, "rateDate": None}, ["/query/rate", "/query/rateDate"]),
        *(({"rate": rate}, ["/query/rate"])
          for rate in ("0", "0.0", "-1", "+1", "1e3", "0.123456789", "1234567", "1,1", ".5", "٣", " 1")),
        *(({"currency": code}, ["/query/currency"]) for code in ("EUR", "usd", "XX", "US$", "DOLLAR")),
        *(({"rateDate": day}, ["/query/rateDate"])
          for day in ("2026-11-29", "2026-02-30", "20-11-2026", "1998-12-31", "0001-01-01", "2026-11-20T00:00", "x")),
        ({"currency": "EUR", "rate": "0", "rateDate": "2027-01-01"}, ["/query/currency", "/query/rate", "/query/rateDate"]),
    ],
)  # fmt: skip
def test_a_rate_that_cannot_be_used_is_refused_with_all_that_is_wrong(
    changes: dict[str, str | None], pointers: list[str]
) -> None:
    with pytest.raises(BrokenRule) as refusal:
        stated(**changes)
    assert [fault.pointer for fault in refusal.value.faults] == pointers
