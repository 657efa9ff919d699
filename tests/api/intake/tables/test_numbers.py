"""Numbers as people write them: every form that is read, and every one that is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.tables.numbers import (
    MESSAGE_EUROS,
    MESSAGE_PLAIN,
    MESSAGE_WEEKS,
    amount_text,
    digits_of,
    number,
    pieces_text,
    shown_mark,
    weeks_text,
)
from api.intake.tables.rows import UnreadableCell
from tests.api.intake.outcomes import of_csv
from tests.support.properties import holds

NARROW, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€ 1.148,00", "1148.00"), ("EUR 1,148.00", "1148.00"), ("1 148,00", "1148.00"), ("1148,00 euro", "1148.00"),
        (f"1{FIXED}148,00", "1148.00"), (f"1{NARROW}148", "1148"), ("1'148.50", "1148.50"), ("12,-", "12.00"),
        ("1.148,-", "1148.00"), ("€ 1.148,--", "1148.00"),
        ("€12,50", "12.50"), ("€ 5", "5"), ("0,125", "0.125"), ("1148,500", "1148.500"), (".5", "0.5"),
        ("1.148.000", "1148000"), ("1,148,000", "1148000"), ("1.148,5", "1148.5"), ("007", "7"), ("0", "0"),
        ("12.123456000", "12.123456"), ("12.5000", "12.5000"), ("1 148 000,25", "1148000.25"),
    ],
)  # fmt: skip
def test_an_amount_is_read_whichever_way_it_is_written(text: str, expected: str) -> None:
    assert number(amount_text(text), lambda: None) == expected


@pytest.mark.parametrize(
    "text", ["$1,148", "US$ 3", "12 USD", "£2", "¥ 3", "usd 4", "5 dollar", "CHF 5", "3 元", "RMB 2", "R$ 5"]
)
def test_another_currency_than_the_euro_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCell, match=MESSAGE_EUROS):
        amount_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "+5",
        "5-",
        "(5)",
        "1.1.1",
        "1,1,1",
        "1e3",
        "1E+03",
        "5%",
        "1 14",
        "1.14.800",
        "ca. 5",
        "٣",
        "5/2",
        "1 148.000,5 0",
    ],
)
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    with pytest.raises(UnreadableCell, match=MESSAGE_PLAIN):
        number(text, lambda: None)


def test_more_decimals_than_are_kept_are_refused_and_never_rounded() -> None:
    with pytest.raises(UnreadableCell, match="has more than 6 decimals; round it to 6"):
        number("0.1234567", lambda: None)


@pytest.mark.parametrize("text", ["1,148", "1.148", "12.500", "999,999"])
def test_three_digits_behind_one_mark_are_either_and_are_read_by_what_others_show(text: str) -> None:
    digits, mark = text.replace(",", "").replace(".", ""), "," if "," in text else "."
    with pytest.raises(
        UnreadableCell, match=r"can mean two numbers, and nothing else in the file shows which; write \d+ or [\d.]+"
    ):
        number(text, lambda: None)
    assert number(text, lambda: mark) == text.replace(",", ".")
    assert number(text, lambda: ",.".replace(mark, "")) == digits


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1,5", ","),
        ("1.5", "."),
        ("1.148,00", ","),
        ("1,148,000", "."),
        ("1,148", None),
        ("5", None),
        ("x", None),
        ("0.125", "."),
    ],
)
def test_what_a_number_shows_of_its_decimal_mark(text: str, mark: str | None) -> None:
    assert shown_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "expected"), [("8 weeks", "8"), ("8 weken", "8"), ("8wk", "8"), ("8,5 Wk.", "8,5"), ("8", "8")]
)
def test_weeks_may_say_that_they_are_weeks(text: str, expected: str) -> None:
    assert weeks_text(text) == expected


@pytest.mark.parametrize("text", ["8 days", "3 maanden", "1 jaar", "2 months", "5d"])
def test_another_unit_of_time_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCell, match=MESSAGE_WEEKS):
        weeks_text(text)


def test_a_quantity_may_be_told_in_pieces() -> None:
    assert [pieces_text(text) for text in ("4 pcs", "4 st", "4 stuks", "4x", "4 EA", "4 m")] == [
        "4",
        "4",
        "4",
        "4",
        "4",
        "4 m",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1148.0, "1148"),
        (0.000001, "0.000001"),
        (12.5, "12.5"),
        (2.675, "2.675"),
        (1e14, "100000000000000"),
    ],
)
def test_a_number_of_a_spreadsheet_is_read_as_it_is_shown(value: float, text: str) -> None:
    assert digits_of(value) == text


@holds
@given(
    st.integers(0, 10**9 - 1),
    st.integers(1, 6),
    st.integers(0, 10**6 - 1),
    st.sampled_from([",.", ".,", " ,", " .", "',", "'."]),
)
def test_every_grouped_form_of_a_number_is_that_number(whole: int, places: int, behind: int, marks: str) -> None:
    fraction = f"{behind:06d}"[:places]
    text = f"{whole:,}".replace(",", marks[0]) + marks[1] + fraction
    mark = marks[1]
    assert Decimal(number(text, lambda: mark)) == Decimal(f"{whole}.{fraction}")


@holds
@given(st.decimals(0, 999_999_999, places=6))
def test_what_a_spreadsheet_makes_of_a_number_is_read_back_exactly(value: Decimal) -> None:
    assert Decimal(digits_of(float(value))) == value


def test_the_column_decides_before_the_file_and_both_marks_decide_nothing() -> None:
    head = "key;name;quantity;unitValue\n"
    comma = of_csv((head + "A;A;1,5;1.148\nB;B;2;2.000,50\n").encode())
    assert (comma.lines[2]["unitValue"], comma.refused) == ({"amount": "1148"}, [])
    elsewhere = of_csv((head + "A;A;1,5;1.148\n").encode())
    assert (elsewhere.lines[2]["unitValue"], elsewhere.refused) == ({"amount": "1148"}, [])
    own = of_csv((head + "A;A;1,5;1.148\nB;B;2;12.5\n").encode())
    assert (own.lines[2]["unitValue"], own.refused) == ({"amount": "1.148"}, [])
    both = of_csv((head + "A;A;1;1.148\nB;B;2;12.5\nC;C;2;12,5\n").encode())
    nothing = of_csv((head + "A;A;1;1.148\n").encode())
    why = "can mean two numbers, and nothing else in the file shows which; write 1148 or 1.1480"
    assert both.refused == nothing.refused == [(2, "D unitValue", "unitValue", why)]
