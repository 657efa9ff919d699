"""Conditional formats that have a number format of their own: where their rule holds, a cell shows something else.

Whether a rule holds is not computed here, as it can be any formula. So a cell in the area of such a rule is read only
where both number formats show the same; elsewhere it is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.intake.parsed import UnreadableFile
from api.intake.tables.number_formats import GENERAL, NumberFormat, ShownAmount, UnshownNumber
from api.intake.tables.rows import BrokenCell, Cell, FormattedNumber, NumberDisplay

MAX_AREAS = 1_000
MESSAGE_CONDITIONAL = (
    "can be shown otherwise by a conditional format that has a number format of its own; in that rule, take out the number "
    "format, or remove the rule"
)
MESSAGE_MANY = (
    f"conditional formats of the file have number formats in more than {MAX_AREAS} areas; take these formats out"
)
UNREAD = NumberFormat(fault=MESSAGE_CONDITIONAL)
"""The number format of a rule of which only is known that it has one."""
_SOME_DAY = 40_000.0


@dataclass(frozen=True, slots=True)
class ConditionalArea:
    """An area in which a rule may apply a number format; rows are counted from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int
    format: NumberFormat


@dataclass(frozen=True, slots=True)
class EitherFormat:
    """A number that is shown in one of two ways."""

    usual: NumberDisplay
    other: NumberFormat

    def shown(self, value: float) -> str:
        """The text that the cell shows. Raises UnshownNumber where the two ways differ."""
        usual = self.usual.shown(value)
        try:
            if not self._is_number(value) or self.other.shown(value) != usual:
                raise UnshownNumber(MESSAGE_CONDITIONAL)
        except UnshownNumber:
            raise UnshownNumber(MESSAGE_CONDITIONAL) from None
        return usual

    def amount(self, value: float) -> ShownAmount:
        """The exact number with the text around it. Raises UnshownNumber where the two ways differ."""
        usual = self.usual.amount(value)
        try:
            if not self._is_number(value) or self.other.amount(value) != usual:
                raise UnshownNumber(MESSAGE_CONDITIONAL)
        except UnshownNumber:
            raise UnshownNumber(MESSAGE_CONDITIONAL) from None
        return usual

    def _is_number(self, value: float) -> bool:
        return not self.other.section(value).is_date


class ConditionalFormats:
    """The conditional formats of a sheet that have number formats, applied to its rows, which must come in order."""

    def __init__(self, areas: Iterable[ConditionalArea]) -> None:
        """Raises UnreadableFile where there are too many areas."""
        self._areas = sorted(areas, key=lambda area: area.top)
        if len(self._areas) > MAX_AREAS:
            raise UnreadableFile(MESSAGE_MANY)
        self._next = 0
        self._active: list[ConditionalArea] = []

    def apply(self, row: int, cells: list[Cell]) -> None:
        """Marks the cells of a row that may be shown otherwise."""
        while self._next < len(self._areas) and self._areas[self._next].top <= row:
            self._active.append(self._areas[self._next])
            self._next += 1
        if not self._active:
            return
        self._active = [area for area in self._active if area.bottom >= row]
        for area in self._active:
            for index in range(area.left, min(area.right + 1, len(cells))):
                cells[index] = shown_either(cells[index], area.format)


def shown_either(cell: Cell, other: NumberFormat) -> Cell:
    """A cell that may be shown by another number format too: broken where the two show something else."""
    if isinstance(cell, BrokenCell) or cell == "":
        return cell
    try:
        if isinstance(cell, str):
            is_same = other.text(cell) == cell
        elif isinstance(cell, date):
            section = other.section(_SOME_DAY)
            is_same = section.is_date and section.has_day
        else:
            number = cell if isinstance(cell, FormattedNumber) else FormattedNumber(cell, GENERAL)
            return FormattedNumber(number.value, EitherFormat(number.format, other))
    except UnshownNumber:
        is_same = False
    return cell if is_same else BrokenCell(MESSAGE_CONDITIONAL)
