"""Components from ODS (OpenDocument): of the first visible sheet with headings, or of the sheets that are named.

Hidden sheets are not read.
"""

from collections.abc import Sequence
from functools import partial

from api.intake.ods.archives import OdsArchive
from api.intake.ods.documents import OdsDocument, OdsSheet
from api.intake.ods.rows import rows_of
from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.recognition import unread_as_workbook
from api.intake.tables.rows import SheetTable
from api.intake.tables.sheet_notes import noted
from api.intake.tables.sheets import read_sheets
from domain.declarations.exchange_rates import ExchangeRate


def read_ods(raw: bytes, sheets: Sequence[str] = (), rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a spreadsheet: of its first sheet with headings, or of the sheets that are named.

    Raises UnreadableFile where it is not one or not safe to open, and possibly on iteration.
    """
    if not raw:
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    if unread := unread_as_workbook(raw, "ODS"):
        raise UnreadableFile(unread)
    document = OdsDocument(OdsArchive(raw))
    return read_sheets({sheet.name: _table(document, sheet, rate) for sheet in document.sheets}, sheets)


def _table(document: OdsDocument, sheet: OdsSheet, rate: ExchangeRate | None) -> SheetTable:
    rows, notes = partial(rows_of, document, sheet), partial(noted, appearance=sheet.appearance)
    return SheetTable(Format.ODS, rows, exchange_rate=rate, noted=notes)
