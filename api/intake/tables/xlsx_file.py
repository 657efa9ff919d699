"""Components from XLSX: the one visible sheet with a row of headings, with the values that were last computed.

Hidden sheets are not read.
"""

from functools import partial

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.tables.archives import Archive
from api.intake.tables.rows import SheetTable
from api.intake.tables.sheet_notes import noted
from api.intake.tables.table import MESSAGE_HEADINGS, headings_of, read_table
from api.intake.tables.workbooks import Workbook
from domain.declarations.exchange_rates import ExchangeRate


def read_xlsx(raw: bytes, rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a workbook. Raises UnreadableFile where it is not one or not safe to open, and possibly on iteration."""
    if not raw:
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    book = Workbook(Archive(raw))
    sheets = {sheet.name: sheet for sheet in book.sheets}
    tables = {
        name: SheetTable(Format.XLSX, partial(book.rows, sheet), exchange_rate=rate) for name, sheet in sheets.items()
    }
    usable = [name for name, table in tables.items() if headings_of(table) is not None]
    if not usable:
        raise UnreadableFile(f"{MESSAGE_HEADINGS}; sheets that are hidden are not read")
    if len(usable) > 1:
        names = ", ".join(usable)
        raise UnreadableFile(
            f"the sheets {names} each have a row of headings; keep one, and hide or take out the others"
        )
    return noted(read_table(tables[usable[0]]), sheets[usable[0]].appearance)
