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


def test_a_word_is_broken_before_a_row_becomes_a_block() -> None:
    long = Row("K-1", "Lange-afstandswapensystemen", "1.00", "2026-07-02")
    assert lines(38, [long]) == [
        "Code  Title         Figure  Day",
        "─" * 38,
        "K-1   Lange-afstan    1.00  2026-07-02",
        "      dswapensyste",
        "      men",
    ]
    assert lines(37, [long])[0] == "Code    K-1"


BELOW: list[Column[Row]] = [*COLUMNS[:3], Column("Day", lambda row: row.spare, goes_below=True)]


def test_a_column_goes_below_the_one_before_it_only_where_all_do_not_fit() -> None:
    assert table(BELOW, [ROWS], 40).plain == table(COLUMNS, [ROWS], 40).plain
    assert table(BELOW, [ROWS], 37).plain.splitlines() == [
        "Code  Title                    Figure",
        "                                  Day",
        "─" * 37,
        "K-1   A title of a lot          12.50",
        "      that is rather long  2026-07-02",
        "K-22  Kort                   1,000.00",
        "                           2027-07-02",
    ]


def test_two_columns_may_go_below_the_same_one() -> None:
    both: list[Column[Row]] = [
        Column("Code", lambda row: row.code),
        Column("Figure", lambda row: row.figure, goes_below=True),
        Column("Day", lambda row: row.spare, goes_below=True),
    ]
    shown = table(both, [ROWS[:1], [], ROWS[1:]], 12).plain.splitlines()
    first, second = ["K-1", "12.50", "2026-07-02"], ["K-22", "1,000.00", "2027-07-02"]
    assert shown == ["Code", "Figure", "Day", "─" * 10, *first, "", *second]


@pytest.mark.parametrize("columns", [COLUMNS, BELOW], ids=["beside", "below"])
@pytest.mark.parametrize("width", range(1, 90))
def test_nothing_is_lost_on_any_terminal(width: int, columns: list[Column[Row]]) -> None:
    rows = [*ROWS, Row("K-333", "Lange-afstandswapensystemen der marine", "7.00", "2028-07-02")]
    shown = table(columns, [rows], width).plain.splitlines()
    words = "".join("".join(shown).split())
    assert all(word in words for row in rows for cell in (row.code, row.figure, row.spare) for word in cell.split())
    assert all(header in words for header in ("Code", "Title", "Figure", "Day"))
    assert all(_titles(shown, rows)[row.code] == "".join(row.title.split()) for row in rows)
    assert max(map(len, shown)) <= max(width, 18)


def _titles(shown: list[str], rows: list[Row]) -> dict[str, str]:
    """What is under each title, without blanks: from columns, or from blocks."""
    found = dict.fromkeys((row.code for row in rows), "")
    if shown[0].split() == ["Code", "K-1"]:
        for block in "\n".join(shown).split("\n\n"):
            parts = block.split("Figure")[0].split("Title")
            found[parts[0].split()[1]] = "".join(parts[1].split())
        return found
    start, code = shown[0].index("Title"), ""
    end = min(line.index(row.figure) for line in shown for row in rows if row.figure in line) - 1
    ends = [line.index(row.spare) for line in shown for row in rows if row.spare in line]
    end = min(end, min(ends) - 1)
    for line in shown:
        code = line.split()[0] if line.startswith("K-") else code
        found[code] = found.get(code, "") + "".join(line[start:end].split())
    return found


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
