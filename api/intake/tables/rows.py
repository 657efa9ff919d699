"""Rows as a table has them, whatever the format of the file: cells, and what is wrong with a single one.

A row is as long as it needs to be; an empty cell is empty text. Rows are given one by one and can be asked for again from
the beginning, so that nobody needs to hold them all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.intake.parsed import Format, UnreadableFile

MAX_CELL = 32_767
"""Characters that a cell may hold: as many as a spreadsheet keeps."""
MAX_ROWS = 200_000
"""Rows that are read of a table: twice the lines that a declaration takes."""
MAX_COLUMNS = 1_000


class Unreadable(Exception):
    """A cell that cannot be used; the detail says what would be right."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell of a spreadsheet that holds no value to read, and why."""

    detail: str


Cell = str | float | date | Broken
Row = tuple[int, Sequence[Cell]]
"""A row's number, as a spreadsheet counts, and its cells."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table in a file: its rows from the beginning, as often as they are asked for.

    `separated` tells of a text file whose cells are told apart by separators, so that a cell too many shifts all others.
    `own` tells that a row of our own headings at the very top makes it our own export.
    """

    format: Format
    rows: Callable[[], Iterator[Row]]
    separated: bool = False
    own: bool = False


def letter_of(index: int) -> str:
    """The letters over a column of a spreadsheet; the first is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing to see."""
    return isinstance(cell, str) and not cell.strip()


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether a row holds nothing to see."""
    return all(is_empty(cell) for cell in cells)


def refuse_giant(row: int, cells: Sequence[Cell]) -> None:
    """Refuses a file with a cell that holds more than any cell does."""
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise UnreadableFile(
                f"cell {letter_of(index)}{row} holds {len(cell)} characters, and a cell holds {MAX_CELL} at most; "
                "shorten it, or close the quotation mark that is open before it"
            )
