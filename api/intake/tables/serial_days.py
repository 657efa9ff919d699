"""Days as the workbooks of Microsoft Excel store them: as a number of days."""

from datetime import date, timedelta

from api.intake.tables.rows import BrokenCell, Cell

_FIRST_1900, _BEFORE_LEAP, _FIRST_1904 = date(1899, 12, 31), 60, date(1904, 1, 1)
_LAST_SERIAL, _DAYS_TO_1904 = 2_958_465, 1_462
MESSAGE_NO_DATE = "does not hold a date that can be read; write it as 2026-11-21"


def day_of(serial: float, *, from_1904: bool) -> Cell:
    """The day of a number, counted from 1900 or from 1904; a broken cell where it is none."""
    # Compared before it is converted: infinity cannot be made an integer.
    if not 1 <= serial < _LAST_SERIAL + 1 - (_DAYS_TO_1904 if from_1904 else 0):
        return BrokenCell(MESSAGE_NO_DATE)
    days = int(serial)
    if from_1904:
        return _FIRST_1904 + timedelta(days)
    # Spreadsheets count 1900 as a leap year, as the first of them (Lotus 1-2-3) did.
    return _FIRST_1900 + timedelta(days if days < _BEFORE_LEAP else days - 1)
