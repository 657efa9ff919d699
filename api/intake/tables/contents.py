"""What the columns of a table hold: whether anything, words or only numbers, levels of an indented bill of materials.

It decides between columns whose headings could all be read as the same field, and is gathered from the first rows.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from api.intake.tables.number_formats import UnshownNumber
from api.intake.tables.numbers import is_currency
from api.intake.tables.rows import Cell, FormattedNumber

SAMPLED_ROWS = 500
"""Rows below the headings that are looked at."""
LEVEL = re.compile(r"[.\s>+*_-]*(?P<level>[0-9]{1,2})(?:[.,]0+)?")
"""A level of an indented bill of materials: 2, ..2 or 2.0."""
PATH = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*\.?")
"""An item number that can name the part above it: 1.2 is part of 1."""
_DOTTED = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})*\.0*[1-9][0-9]{0,5}\.?")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_LABEL = re.compile(r"[^\W\d_]{1,8}[-_ ]?[0-9]+[^\W\d_]?")
"""A label with a number, such as R12 or ITEM-3, which says nothing of what a part is."""
_WORD = re.compile(r"[^\W\d_]{3}|[\u4e00-\u9fff]")


class Contents:
    """What is known of the columns after some rows; of a table without rows nothing is."""

    def __init__(self) -> None:
        self._filled = Counter[int]()
        self._levels = Counter[int]()
        self._paths = Counter[int]()
        self._names = Counter[int]()
        self._currencies = Counter[int]()
        self._lone = Counter[int]()
        self._rows = 0
        self._shortest: int | None = None
        self._worded: set[int] = set()
        self._dotted: set[int] = set()

    def add(self, cells: Sequence[Cell]) -> None:
        """Looks at one more row."""
        filled = [(index, text) for index, cell in enumerate(cells) if (text := plain_text(cell))]
        if filled:
            self._shortest = min(len(cells), len(cells) if self._shortest is None else self._shortest)
        self._rows += len(filled) > 1
        self._lone.update(index for index, _ in filled if len(filled) == 1)
        for index, text in filled:
            self._filled[index] += 1
            self._levels[index] += LEVEL.fullmatch(text) is not None
            self._paths[index] += PATH.fullmatch(text) is not None
            self._names[index] += _WORD.search(text) is not None and not _LABEL.fullmatch(text)
            self._currencies[index] += is_currency(text)
            if not _NUMBER.fullmatch(text):
                self._worded.add(index)
            if _DOTTED.fullmatch(text):
                self._dotted.add(index)

    def is_filled(self, index: int) -> bool:
        """Whether a column can hold values: it does, or there is no row to tell."""
        return not self._filled or index in self._filled

    def are_as_wide(self, width: int) -> bool:
        """Whether every row with a value has at least this many cells."""
        return self._shortest is not None and self._shortest >= width

    def is_only_numbers(self, index: int) -> bool:
        """Whether every value of a column is a plain number."""
        return index in self._filled and index not in self._worded

    def is_names(self, index: int) -> bool:
        """Whether most values of a column say in words what something is, and are no numbers or labels."""
        return self._filled[index] < 2 * self._names[index]

    def is_currencies(self, index: int) -> bool:
        """Whether every value of a column is the name of a currency, the euro included."""
        return 0 < self._filled[index] == self._currencies[index]

    def is_mostly_alone(self, index: int) -> bool:
        """Whether a column more often holds the only value of its row than there are rows with several: titles do not."""
        return self._lone[index] > self._rows

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
