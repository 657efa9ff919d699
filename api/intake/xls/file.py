"""Components from XLS, the workbooks of Excel 97 to 2003 (BIFF8): of the first visible sheet with headings, or of those named.

The `xlrd` library opens them. It holds one sheet at a time, whole; the size of a file and the number of its cells are limited. It
is written for files that are sound, so whatever it raises on another is told as damage.
"""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import xlrd
from xlrd.compdoc import CompDoc

from api.intake.parsed import Format, Note, ParsedFile, UnreadableFile
from api.intake.recognition import unread_as_workbook
from api.intake.tables.archives import MESSAGE_EMBEDDED, MESSAGE_MACROS, MESSAGE_SAVE
from api.intake.tables.cells import MESSAGE_ERROR
from api.intake.tables.conditional_formats import ConditionalFormats
from api.intake.tables.merged_cells import MergedArea, MergedCells, MergedLimit
from api.intake.tables.rows import BrokenCell, Cell, Row, SheetTable, letter_of, refuse_giant
from api.intake.tables.serial_days import day_of
from api.intake.tables.sheet_notes import Appearance, noted
from api.intake.tables.sheets import read_sheets
from api.intake.tables.styles import PLAIN, CellStyle, style_of
from api.intake.tables.workbooks import MESSAGE_NO_NUMBER
from api.intake.xls.records import MESSAGE_BROKEN, MESSAGE_ENCRYPTED, MESSAGE_OLD, BookFacts, SheetFacts, facts_of
from domain.declarations.exchange_rates import ExchangeRate

MAX_BYTES = 64 * 1024 * 1024
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM, _OLD_STREAM, _ENCRYPTED_STREAM = "Workbook", "Book", "EncryptedPackage"
_UNSAFE = {"_VBA_PROJECT_CUR": MESSAGE_MACROS, "Ctls": "the file holds ActiveX controls; remove them and save it again"}
_EMBEDDED = "MBD"
_DOCUMENTS = {"WordDocument": "a Word document", "PowerPoint Document": "a PowerPoint presentation"}
_NOTE_EMPTY = (
    "hold formulas with an empty text, and are read as empty; a file of this format does not tell them from formulas that were "
    "never computed, so open and save it in a spreadsheet program if another program wrote it"
)


def read_xls(raw: bytes, sheets: Sequence[str] = (), rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a workbook: of its first sheet with headings, or of the sheets that are named.

    Raises UnreadableFile where it is not one or not safe to open, and possibly on iteration.
    """
    if not raw:
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(
            f"the file has more than {MAX_BYTES // 1024**2} MB, the most for this format; {MESSAGE_SAVE}"
        )
    if unread := unread_as_workbook(raw, "XLS"):
        raise UnreadableFile(unread)
    if not raw.startswith(SIGNATURE):
        raise UnreadableFile(f"the file is not an XLS file; {MESSAGE_SAVE}")
    book = _Book(raw, facts_of(_stream_of(raw)))
    return read_sheets({sheet.name: _table(book, sheet, rate) for sheet in book.sheets}, sheets)


def _stream_of(raw: bytes) -> bytes:
    """The bytes of the workbook within the file. Raises UnreadableFile where there is none, or not safe to open."""
    with _refusing_damage():
        document = CompDoc(raw, logfile=io.StringIO())
        names = {entry.name for entry in document.dirlist if entry.etype}
        _refuse_parts(names)
        whole, start, size = document.locate_named_stream(_STREAM)
    return bytes(whole[start : start + size])


def _refuse_parts(names: set[str]) -> None:
    if _ENCRYPTED_STREAM in names:
        raise UnreadableFile(MESSAGE_ENCRYPTED)
    for name, message in _UNSAFE.items():
        if name in names:
            raise UnreadableFile(message)
    if any(name.startswith(_EMBEDDED) for name in names):
        raise UnreadableFile(MESSAGE_EMBEDDED)
    if _STREAM not in names:
        kind = next((kind for name, kind in _DOCUMENTS.items() if name in names), "not an XLS file")
        raise UnreadableFile(MESSAGE_OLD if _OLD_STREAM in names else f"the file is {kind}; {MESSAGE_SAVE}")


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Raises UnreadableFile for whatever the library raises."""
    try:
        yield
    except UnreadableFile:
        raise
    except RecursionError:
        raise UnreadableFile(MESSAGE_BROKEN.format("its parts are nested too deeply")) from None
    except Exception as error:
        reason = str(error)[:100] or type(error).__name__
        raise UnreadableFile(MESSAGE_BROKEN.format(reason)) from None


@dataclass(slots=True)
class _Sheet:
    """A visible sheet, by its place among all worksheets."""

    name: str
    place: int
    facts: SheetFacts
    appearance: Appearance = field(default_factory=Appearance)


class _Book:
    """A workbook, of which one sheet is held at a time."""

    def __init__(self, raw: bytes, facts: BookFacts) -> None:
        with _refusing_damage():
            self._book = xlrd.open_workbook(
                file_contents=raw, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
            )
            names = self._book.sheet_names()
            self._styles = [self._style(xf.format_key, facts) for xf in self._book.xf_list]
            places = list(zip(names, facts.sheets, strict=True))
        self.sheets = [_Sheet(name, place, each) for place, (name, each) in enumerate(places) if each.is_visible]
        self._held: int | None = None

    def _style(self, number: int, facts: BookFacts) -> CellStyle:
        code = self._book.format_map[number].format_str if number in facts.stated_formats else None
        return style_of(str(number), code)

    def rows(self, sheet: _Sheet) -> Iterator[Row]:
        """The rows of a sheet, one by one."""
        with _refusing_damage():
            held = self._sheet(sheet.place)
            self._note_appearance(held, sheet.appearance)
        merged = MergedCells([MergedArea(*area) for area in sheet.appearance.merged])
        conditional = ConditionalFormats(sheet.facts.conditional)
        for index in range(held.nrows):
            with _refusing_damage():
                cells = [self._cell(held, cell) for cell in held.row(index)]
            conditional.apply(index + 1, cells)
            merged.apply(index + 1, cells)
            refuse_giant(index + 1, cells)
            yield index + 1, cells

    def _sheet(self, place: int) -> xlrd.sheet.Sheet:
        if self._held not in (None, place):
            self._book.unload_sheet(self._held)
        self._held = place
        return self._book.sheet_by_index(place)

    @staticmethod
    def _note_appearance(held: xlrd.sheet.Sheet, appearance: Appearance) -> None:
        for index, row in held.rowinfo_map.items():
            if row.hidden or row.height == 0:
                appearance.hide_row(index + 1)
        for index, column in held.colinfo_map.items():
            if column.hidden or column.width == 0:
                appearance.hide_columns(index + 1, index + 1)
        areas = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in held.merged_cells]
        MergedLimit().add(areas)
        appearance.merged = sorted(areas)

    def _cell(self, held: xlrd.sheet.Sheet, cell: xlrd.sheet.Cell) -> Cell:
        value = cell.value
        if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return self._number(value, self._style_of(cell), hides_zeros=not held.show_zero_values)
        if cell.ctype == xlrd.XL_CELL_TEXT:
            style = self._style_of(cell)
            return value if style.keeps_text else style.text(value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return BrokenCell(MESSAGE_ERROR.format(xlrd.error_text_from_code.get(value, f"error {value}")))
        return ""

    def _style_of(self, cell: xlrd.sheet.Cell) -> CellStyle:
        index = cell.xf_index
        return self._styles[index] if index is not None and index < len(self._styles) else PLAIN

    def _number(self, value: float, style: CellStyle, *, hides_zeros: bool) -> Cell:
        if not math.isfinite(value):
            return BrokenCell(MESSAGE_NO_NUMBER)
        if value == 0 and hides_zeros:
            return ""
        if style.is_plain:
            return value
        cell = style.number(value)
        return day_of(value, from_1904=self._book.datemode == 1) if cell is None else cell


def _table(book: _Book, sheet: _Sheet, rate: ExchangeRate | None) -> SheetTable:
    return SheetTable(Format.XLS, partial(book.rows, sheet), exchange_rate=rate, noted=partial(_noted, sheet=sheet))


def _noted(parsed: ParsedFile, sheet: _Sheet) -> ParsedFile:
    """A parsed sheet with notes on what it hides and merges, and on formulas of which is not known whether they were computed."""
    found = noted(parsed, sheet.appearance)
    read = {label.partition(" ")[0]: (name, label) for name, label in parsed.columns.items()}
    for row, column in sheet.facts.empty_formulas:
        letter = letter_of(column)
        if letter in read and row not in parsed.heading_rows:
            name, label = read.pop(letter)
            found.notes.append(Note(row, label, name, f"some cells of this column {_NOTE_EMPTY}"))
    return found
