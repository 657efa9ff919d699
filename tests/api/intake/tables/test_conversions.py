"""Tables in another currency with a stated rate: what is converted, what is in euros already, and what is refused."""

from datetime import date

import pytest

from api.intake.tables.conversions import currency_codes
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from domain.declarations.exchange_rates import ExchangeRate
from tests.api.intake.books import book, cell, heads, row
from tests.api.intake.outcomes import read_fully
from tests.api.intake.tables.test_number_formats import styles

DAY = date(2026, 11, 20)


def amounts(raw: bytes, currency: str = "USD", rate: str = "0.92") -> tuple[list[str | None], list[str]]:
    """The amounts of a CSV file with a rate, and why cells of it are refused."""
    found = read_fully(read_csv(raw, rate=ExchangeRate(currency, rate, DAY)))
    values = [(line.get("unitValue") or {}).get("amount") for line in found.lines.values()]
    return values, [detail for _, _, _, detail in found.refused]


def lines(*prices: str, heading: str = "Unit Price") -> bytes:
    """A table with these prices."""
    return "\n".join(
        [f"Item;Description;Qty;{heading}", *(f"{n};M;1;{price}" for n, price in enumerate(prices, 1))]
    ).encode()


@pytest.mark.parametrize(
    ("price", "euros"),
    [
        ("12.50", "11.50"), ("$12.50", "11.50"), ("US$ 12.50", "11.50"), ("12.50 USD", "11.50"), ("12,50 dollar", "11.50"),
        ("$ 1,148.50", "1056.62"), ("€ 5.00", "5.00"), ("5.00 EUR", "5.00"), ("0.004", "0.00368"), ("$12,-", "11.04"),
        ("n/a", None),
    ],
)  # fmt: skip
def test_an_amount_is_in_the_stated_currency_unless_it_says_euros(price: str, euros: str | None) -> None:
    assert amounts(lines(price)) == ([euros], [])


@pytest.mark.parametrize("price", ["£5", "5 GBP", "12 CAD", "CA$ 5 GBP", "zł 5"])
def test_an_amount_in_a_third_currency_is_refused(price: str) -> None:
    assert amounts(lines(price)) == ([None], ["is neither in USD, as stated, nor in euros: convert it"])


@pytest.mark.parametrize(
    ("currency", "price"),
    [
        ("GBP", "£10"),
        ("PLN", "10 zł"),
        ("CZK", "10 Kč"),
        ("SEK", "10 kr"),
        ("CAD", "$10"),
        ("JPY", "¥10"),
        ("CHF", "CHF 10"),
    ],
)
def test_a_currency_is_known_by_its_sign_its_code_and_its_word(currency: str, price: str) -> None:
    assert amounts(lines(price), currency, "0.5") == (["5.00"], [])
    assert currency in currency_codes()


def test_a_heading_in_the_stated_currency_is_read_and_one_in_euros_or_in_a_third_is_refused() -> None:
    assert amounts(lines("12.50", heading="Unit Price($)")) == (["11.50"], [])
    assert amounts(lines("12.50", heading="Unit Price (USD)")) == (["11.50"], [])
    assert amounts(lines("12.50", heading="Unit Price (EUR)"))[1] == [
        "says euros, and the file is stated to be in USD; leave out the currency, or correct the heading"
    ]
    assert amounts(lines("12.50", heading="Unit Price (GBP)")) == (
        [None],
        ["is not in euros: convert it, and write it as 1148.50"],
    )


def test_dollars_beside_say_nothing_new_where_dollars_are_stated() -> None:
    raw = b"Part #,Manufacturer,Qty,Unit Price,Extended Price\nMU-1,Muster,3,0.29000,$0.87\n"
    assert amounts(raw) == (["0.2668"], [])


@pytest.mark.parametrize(
    ("code", "euros"),
    [("[$$-409]#,##0.00", "11.50"), ("0.00", "11.50"), ('#,##0.00 "€"', "12.50"), ("[$£-809]0", None)],
)
def test_a_workbook_is_converted_by_what_its_cells_show(code: str, euros: str | None) -> None:
    cells = [cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("D2", "12.50", "n", 1)]
    raw = book(heads(1, ("key", "name", "quantity", "unitValue")), row(2, *cells), styles=styles(code))
    found = read_fully(read_xlsx(raw, rate=ExchangeRate("USD", "0.92", DAY)))
    amount = found.lines[2].get("unitValue", {}).get("amount")
    assert (amount and f"{float(amount):.2f}", bool(found.refused)) == (euros, euros is None)
