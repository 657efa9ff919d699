"""What the columns of a table hold: whether anything, words or only numbers, levels of an indented bill of materials.

It decides between columns whose headings could all be read as the same field, and is gathered from the first rows.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from api.intake.tables.number_formats import UnshownNumber
from api.intake.tables.rows import Cell, FormattedNumber

SAMPLED_ROWS = 500
"""Rows below the headings that are looked at."""
LEVEL = re.compile(r"[.\s>+*_-]*(?P<level>[0-9]{1,2})(?:[.,]0+)?")
"""A level of an indented bill of materials: 2, ..2 or 2.0."""
PATH = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*\.?")
"""An item number that can name the part above it: 1.2 is part of 1."""
_DOTTED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*\.0*[1-9][0-9]{0,5}\.?")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


class Contents:
    """What is known of the columns after some rows; of a table without rows nothing is."""

    def __init__(self) -> None:
        self._filled = Counter[int]()
        self._levels = Counter[int]()
        self._paths = Counter[int]()
        self._worded: set[int] = set()
        self._dotted: set[int] = set()

    def add(self, cells: Sequence[Cell]) -> None:
        """Looks at one more row."""
        for index, cell in enumerate(cells):
            if text := plain_text(cell):
                self._filled[index] += 1
                self._levels[index] += LEVEL.fullmatch(text) is not None
                self._paths[index] += PATH.fullmatch(text) is not None
                if not _NUMBER.fullmatch(text):
                    self._worded.add(index)
                if _DOTTED.fullmatch(text):
                    self._dotted.add(index)

    def is_filled(self, index: int) -> bool:
        """Whether a column can hold values: it does, or there is no row to tell."""
        return not self._filled or index in self._filled

    def is_only_numbers(self, index: int) -> bool:
        """Whether every value of a column is a plain number."""
        return index in self._filled and index not in self._worded

    def is_levels(self, index: int) -> bool:
        """Whether a column holds levels; a word among them is refused at its row."""
        return 0 < self._filled[index] <= 2 * self._levels[index]

    def is_paths(self, index: int) -> bool:
        """Whether a column holds item numbers of which some are dotted."""
        return index in self._dotted and self._filled[index] <= 2 * self._paths[index]


def plain_text(cell: Cell) -> str:
    """The text of a cell as far as it tells what the column holds; a broken cell, and a number not shown, holds nothing."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, FormattedNumber):
        try:
            return cell.format.shown(cell.value)
        except UnshownNumber:
            return ""
    return cell.isoformat() if isinstance(cell, date) else ""
