"""Tables on terminals of every width: titles are wrapped, rows become blocks, and nothing is lost."""

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
    Column("Title", lambda row: row.title, is_title=True),
    Column("Figure", lambda row: row.figure, is_figure=True),
    Column("Day", lambda row: row.spare),
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


def test_a_title_is_wrapped_between_words() -> None:
    shown = [line.split() for line in lines(54)[2:4]]
    assert shown == [
        ["K-1", *["A", "title", "of", "a", "lot", "that", "is"], "12.50", "2026-07-02"],
        ["rather", "long"],
    ]


def test_a_row_is_a_block_where_columns_do_not_fit() -> None:
    assert lines(30)[:6] == [
        "Code    K-1",
        "Title   A title of a lot that",
        "        is rather long",
        "Figure  12.50",
        "Day     2026-07-02",
        "",
    ]


@pytest.mark.parametrize("width", range(1, 90))
def test_nothing_is_lost_on_any_terminal(width: int) -> None:
    shown = lines(width)
    words = "".join("".join(shown).split())
    assert all(word in words for row in ROWS for cell in (row.code, row.figure, row.spare) for word in cell.split())
    letters = "".join("".join(line[8:].split()) for line in shown)
    assert "Atitleofalotthatisratherlong" in letters or all(each in " ".join(shown) for each in ROWS[0].title.split())
    assert all(header in words for header in ("Code", "Title", "Figure", "Day"))
    assert max(map(len, shown)) <= max(width, 18)


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
