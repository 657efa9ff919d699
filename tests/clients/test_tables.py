"""Tables on terminals of every width: titles are shortened and less important columns left out, exact values never."""

import re
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from rich.text import Text

from apos_client import Budget
from apos_client.command._reports.tables import Column, amount, table


class Row(NamedTuple):
    code: str
    title: str
    figure: str
    spare: str


ROWS = [
    Row("K-1", "A title of a lot that is rather long", "12.50", "2026-07-02"),
    Row("K-22", "Kort", "1,000.00", "2027-07-02"),
]
COLUMNS: list[Column[Row]] = [
    Column("Code", lambda row: row.code),
    Column("Title", lambda row: row.title, spare=1, is_title=True),
    Column("Figure", lambda row: row.figure, is_figure=True),
    Column("Day", lambda row: row.spare, spare=2),
]


def lines(width: int, *sections: list[Row]) -> list[str]:
    return table(COLUMNS, sections or [ROWS], width).plain.splitlines()


def test_with_room_everything_is_shown_in_full() -> None:
    assert lines(80) == [
        "Code  Title                                   Figure  Day",
        "─" * 64,
        "K-1   A title of a lot that is rather long     12.50  2026-07-02",
        "K-22  Kort                                  1,000.00  2027-07-02",
    ]


def test_a_title_is_cut_short_before_a_column_goes() -> None:
    assert lines(54)[2] == "K-1   A title of a lot that is …     12.50  2026-07-02"


@pytest.mark.parametrize(
    ("width", "shown"), [(52, "Code Title Figure Day"), (51, "Code Title Figure"), (39, "Code Figure")]
)
def test_the_columns_that_matter_less_go_first(width: int, shown: str) -> None:
    assert lines(width)[0].split() == shown.split()


@pytest.mark.parametrize("width", range(1, 90))
def test_codes_and_figures_stay_whole_on_every_terminal(width: int) -> None:
    shown = lines(width)
    assert all(re.match(r"(K-1|K-22) .*(12\.50|1,000\.00)", line) for line in shown[2:])
    assert max(map(len, shown)) <= max(width, 14)


def test_sections_are_apart_and_an_empty_one_is_not_shown() -> None:
    assert lines(80, ROWS[:1], [], ROWS[1:])[3] == ""
    assert len(lines(80, ROWS[:1], [], ROWS[1:])) == 5


def test_wide_characters_count_for_what_they_take() -> None:
    wide = Row("K-1", "無人機" * 20, "1", "2026-07-02")
    assert max(map(cell_len, lines(60, [wide]))) <= 60


def test_what_is_in_a_cell_stays_on_its_line() -> None:
    odd = Row("K-1", "two\nlines\tand \x1b[31mred", "1", "d")
    assert lines(80, [odd])[2] == "K-1   two lines and [31mred       1  d"


def test_a_cell_keeps_its_style() -> None:
    column: Column[str] = Column("C", lambda word: Text(word, style="bold red"))
    assert any("red" in str(span.style) for span in table([column], [["late"]], 20).spans)


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (None, "not published"),
        (Budget(amount="150000000.00", qualifier="moreThan"), "more than EUR 150,000,000"),
        (Budget(amount="15.50", qualifier="upTo"), "up to EUR 15.50"),
    ],
)
def test_an_amount_keeps_its_bound(budget: Budget | None, words: str) -> None:
    assert amount(budget).plain == words
