"""The rows of a table in any file format: cells, and what is wrong with a single one.

A row is as long as it needs to be; an empty cell is empty text. Rows come one by one and can be read again from the
beginning, so that they are never all in memory.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.tables.number_formats import ShownAmount
from domain.declarations.exchange_rates import ExchangeRate

MAX_CELL = 32_767
"""Characters that a cell may hold, the limit of spreadsheets."""
MAX_ROWS = 200_000
"""Rows that are read of a table: twice the lines that a declaration may have."""
MAX_COLUMNS = 1_000


class UnreadableCell(Exception):
    """A cell that cannot be used; the detail says what to write instead."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell of a spreadsheet that holds no value to read, and why."""

    detail: str


class NumberDisplay(Protocol):
    """What a cell shows of a number; both raise UnshownNumber where that cannot be said."""

    def shown(self, value: float) -> str:
        """The text that the cell shows."""
        ...

    def amount(self, value: float) -> ShownAmount:
        """The exact number with the text that the cell shows around it."""
        ...


@dataclass(frozen=True, slots=True)
class FormattedNumber:
    """A number with the format that it is shown by, which can add text, scale it or pad it."""

    value: float
    format: NumberDisplay


Cell = str | float | date | BrokenCell | FormattedNumber
Row = tuple[int, Sequence[Cell]]
"""A row's number, as a spreadsheet counts, and its cells."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table in a file; each call of `rows` reads it from the beginning.

    `delimited`: a text file with separators between its cells, so that one cell too many shifts all that follow.
    `noted`: adds to a parsed table what must be known of how the file shows it, such as hidden rows.
    `exchange_rate`: its unit values are in another currency, and converted by this rate.
    `own_mark`: the decimal mark of our own export, which it is if its first row has exactly our own headings; None where it
    cannot be our own export.
    """

    format: Format
    rows: Callable[[], Iterator[Row]]
    delimited: bool = False
    exchange_rate: ExchangeRate | None = None
    noted: Callable[[ParsedFile], ParsedFile] | None = None
    own_mark: str | None = None


def letter_of(index: int) -> str:
    """The letters over a column of a spreadsheet; the first is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_LETTERS = re.compile(r"[A-Z]{1,3}")


@lru_cache(maxsize=2_000)
def column_index(letters: str) -> int:
    """The index of a column, counted from 0, from its letters. Raises UnreadableFile where they are none."""
    if not _LETTERS.fullmatch(letters):
        raise UnreadableFile("the file holds a cell without a valid address; save it again in a spreadsheet program")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def is_empty(cell: Cell) -> bool:
    """Whether a cell is empty or holds only white space."""
    return isinstance(cell, str) and not cell.strip()


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether all cells of a row are empty."""
    return all(is_empty(cell) for cell in cells)


def refuse_giant(row: int, cells: Sequence[Cell]) -> None:
    """Raises UnreadableFile where a cell holds more characters than a cell may."""
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise UnreadableFile(
                f"cell {letter_of(index)}{row} holds {len(cell)} characters, and a cell holds {MAX_CELL} at most; "
                "shorten it, or close the quotation mark that is open before it"
            )
