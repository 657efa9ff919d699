"""Dollars beside a price that does not say its currency: the price is refused; other columns of money say nothing of it."""

import pytest

from tests.api.intake.books import book, cell, heads, row
from tests.api.intake.outcomes import of_csv, of_xlsx
from tests.api.intake.tables.test_number_formats import styles

WHY = "is in the currency of E {}, as {} there shows, and not in euros: convert the column to euros; if it is in euros already, "
CURE = "correct or take out that column"


def table(heading: str, *lines: tuple[str, str, str], price: str = "Unit Price") -> bytes:
    """A table of part, quantity, unit price, and another column."""
    rows = [f"P{n};M;{quantity};{unit};{other}" for n, (quantity, unit, other) in enumerate(lines, 1)]
    return "\n".join([f"Part #;Manufacturer;Qty;{price};{heading}", *rows]).encode()


@pytest.mark.parametrize(
    ("heading", "lines", "row", "shown"),
    [
        ("Extended Price", [("3", "0.29000", "$0.87"), ("1", "2.01000", "$2.01")], 2, "$0.87"),
        ("Ext. Price", [("2", "1.50", ""), ("3", "0.29", "US$ 0.87")], 3, "US$ 0.87"),
        ("Ext. Price (USD)", [("3", "0.29", "0.87")], 2, "0.87"),
        ("Total ($)", [("3", "0.29", "0.87")], 2, "0.87"),
        ("Total", [("10", "0.123", "1.23 GBP")], 2, "1.23 GBP"),
        ("Total", [("100", "0.0123", "£1.23")], 2, "£1.23"),
        ("Totaal", [("2", "1.148,50", "$ 2.297,00")], 2, "$ 2.297,00"),
        ("Total", [("7", "0.333", "¥2.33")], 2, "¥2.33"),
        ("List", [("3", "0.29", "$0.29")], 2, "$0.29"),
    ],
)
def test_a_unit_value_that_another_column_gives_in_another_currency_is_refused(
    heading: str, lines: list[tuple[str, str, str]], row: int, shown: str
) -> None:
    assert of_csv(table(heading, *lines)).refused == [
        (row, "D Unit Price", "unitValue", WHY.format(heading, shown) + CURE)
    ]


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        pytest.param("Extended Price", [("3", "0.29", "€0.87")], id="euros"),
        pytest.param("Extended Price", [("3", "0.29", "0.87")], id="no currency"),
        pytest.param("Price in dollars", [("3", "0.29", "$0.96"), ("1", "2.00", "$2.20")], id="another amount"),
        pytest.param("Extended Price", [("3", "0.29", "$0.87"), ("1", "2.00", "$2.20")], id="the same by chance once"),
        pytest.param("Total all", [("3", "0.29", "0.87")], id="a word that is a currency code too"),
        pytest.param("Shipping", [("3", "", "$5.00")], id="no unit value"),
        pytest.param("Note", [("3", "0.29", "was $ before")], id="no amount"),
        pytest.param("Discount", [("3", "0", "$0.00")], id="nothing"),
    ],
)
def test_another_column_of_money_says_nothing_of_the_unit_value(
    heading: str, lines: list[tuple[str, str, str]]
) -> None:
    assert of_csv(table(heading, *lines)).refused == []


def test_dollars_that_a_workbook_shows_by_a_number_format_are_seen_too() -> None:
    names = ("Part #", "Manufacturer", "Qty", "Unit Price", "Extended Price")
    line = [cell("A2", "P"), cell("C2", "3", "n"), cell("D2", "0.29", "n"), cell("E2", "0.87", "n", 1)]
    raw = book(heads(1, names), row(2, *line), styles=styles("[$$-409]#,##0.00"))
    assert of_xlsx(raw).refused == [(2, "D Unit Price", "unitValue", WHY.format("Extended Price", "$0.87") + CURE)]


def test_a_price_in_dollars_is_refused_once_whatever_stands_beside_it() -> None:
    found = of_csv(table("Extended Price", ("3", "$0.29", "$0.87")))
    assert [(at, field, detail) for at, _, field, detail in found.refused] == [
        (2, "unitValue", "is not in euros: convert it, and write it as 1148.50")
    ]
