"""Components from XLSX: of the first visible sheet with headings, or of the sheets that are named, with the values last computed.

Hidden sheets are not read.
"""

from collections.abc import Sequence
from functools import partial

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.recognition import unread_as_workbook
from api.intake.tables.archives import Archive
from api.intake.tables.rows import SheetTable
from api.intake.tables.sheet_notes import noted
from api.intake.tables.sheets import read_sheets
from api.intake.tables.workbooks import Sheet, Workbook
from domain.declarations.exchange_rates import ExchangeRate


def read_xlsx(raw: bytes, sheets: Sequence[str] = (), rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a workbook: of its first sheet with headings, or of the sheets that are named.

    Raises UnreadableFile where it is not one or not safe to open, and possibly on iteration.
    """
    if not raw:
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    if unread := unread_as_workbook(raw, "XLSX"):
        raise UnreadableFile(unread)
    book = Workbook(Archive(raw))
    return read_sheets({sheet.name: _table(book, sheet, rate) for sheet in book.sheets}, sheets)


def _table(book: Workbook, sheet: Sheet, rate: ExchangeRate | None) -> SheetTable:
    rows, notes = partial(book.rows, sheet), partial(noted, appearance=sheet.appearance)
    return SheetTable(Format.XLSX, rows, exchange_rate=rate, noted=notes)
