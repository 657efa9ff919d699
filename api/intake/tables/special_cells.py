"""Readers of cells whose columns ask for more than their field: several part numbers, and weeks that say so themselves."""

from api.intake.tables.cells import CellReader
from api.intake.tables.columns import MESSAGE_UNIT, Headings
from api.intake.tables.contents import plain_text
from api.intake.tables.designators import single_number
from api.intake.tables.numbers import normalised
from api.intake.tables.rows import Cell, UnreadableCell
from api.intake.tables.units import ENDS_IN_WEEKS


def special_reader(field: str, headings: Headings, read: CellReader) -> CellReader:
    """The reader of a field under these headings, given that of the field alone."""
    if field == "partNumber" and not headings.is_canonical:
        return lambda cell: read(single_number(cell))
    if field in headings.needs_unit:
        return lambda cell: _in_weeks(cell, read(cell))
    return read


def _in_weeks(cell: Cell, value: str | None) -> str | None:
    """The value read of a cell; raises UnreadableCell where it is a number that says no unit."""
    if value is not None and not ENDS_IN_WEEKS.search(normalised(plain_text(cell))):
        raise UnreadableCell(MESSAGE_UNIT)
    return value
