"""Readers of cells whose columns ask for more than their field: several part numbers, and weeks that say so themselves."""

from api.intake.tables.cells import CellReader
from api.intake.tables.columns import MESSAGE_UNIT, Headings
from api.intake.tables.designators import single_number
from api.intake.tables.numbers import is_other_time, normalised
from api.intake.tables.rows import Cell, UnreadableCell
from api.intake.tables.units import ENDS_IN_WEEKS
from api.intake.tables.unknowns import is_unknown


def special_reader(field: str, headings: Headings, read: CellReader) -> CellReader:
    """The reader of a field under these headings, given that of the field alone."""
    if field == "partNumber" and not headings.is_canonical:
        return lambda cell: read(single_number(cell))
    if field in headings.needs_unit:
        return lambda cell: read(cell) if _has_unit(cell) else None
    return read


def _has_unit(cell: Cell) -> bool:
    """Whether a cell says something; raises UnreadableCell where its number says no unit."""
    text = normalised(cell) if isinstance(cell, str) else ""
    if isinstance(cell, str) and is_unknown(text):
        return False
    if isinstance(cell, str | float) and not ENDS_IN_WEEKS.search(text) and not is_other_time(text):
        raise UnreadableCell(MESSAGE_UNIT)
    return True
