"""Components from XLSX: visible sheets with a row of headings, with the values that were last computed.

Hidden sheets are not read.
"""

from collections.abc import Sequence
from functools import partial

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.tables.archives import Archive
from api.intake.tables.rows import SheetTable
from api.intake.tables.sheets import read_sheets
from api.intake.tables.workbooks import Workbook


def read_xlsx(raw: bytes, sheets: Sequence[str] = ()) -> ParsedFile:
    """The components of a workbook: of its first sheet with headings, or of the sheets that are named.

    Raises UnreadableFile where it is not one or not safe to open, and possibly on iteration.
    """
    if not raw:
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    book = Workbook(Archive(raw))
    tables = {sheet.name: SheetTable(Format.XLSX, partial(book.rows, sheet)) for sheet in book.sheets}
    return read_sheets(tables, sheets)
