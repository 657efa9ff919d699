"""Reads the rows of an OpenDocument sheet as a stream: what each cell shows, and the exact number behind it.

Cells and rows that repeat are written once in the file, with how often; what they would unpack to is limited.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from api.intake.ods.documents import ERROR_KIND, TABLE_DEPTH, OdsDocument, OdsSheet, plain_names
from api.intake.ods.shown_numbers import ShownText
from api.intake.parsed import UnreadableFile
from api.intake.tables.cells import MESSAGE_ERROR
from api.intake.tables.conditional_formats import UNREAD, ConditionalFormats, shown_either
from api.intake.tables.merged_cells import MergedArea, MergedCells, MergedLimit
from api.intake.tables.number_formats import MESSAGE_HIDDEN
from api.intake.tables.rows import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenCell,
    Cell,
    FormattedNumber,
    Row,
    is_blank,
    refuse_giant,
)
from api.intake.tables.serial_days import MESSAGE_NO_DATE
from api.intake.tables.styles import MESSAGE_TIME
from api.intake.tables.workbooks import MESSAGE_NO_NUMBER, MESSAGE_UNCOMPUTED, NUMBER
from api.intake.tables.xml_parts import local, new_parser, refuse_long_text

MAX_REPEATED = 2_000_000
"""Cells with values that may come from repetition, in one sheet."""
MESSAGE_UNSHOWN = (
    "stores a value without the text that the cell shows; open the file in a spreadsheet program and save it again"
)
MESSAGE_KIND = "holds a value of a kind that is not read; write it as text or as a number"
_PLAIN = re.compile(r"0|[1-9][0-9]{0,10}")
_SIGN = re.compile(r"[^\d\s.,'()+\u2019\u00a0\u202f\u2009\u2212-]")
_SPACE = re.compile(r"[ \t\r\n]+")
_HIDDEN = ("collapse", "filter")
_LARGEST_COUNT = 10_000_000
_GROUPS = frozenset({"table-row-group", "table-column-group"})
_SPACES = {"s": " ", "tab": "\t", "line-break": "\n"}
_DRAWING = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0|"
_APART = frozenset({"annotation", "note", "ruby-text", "table", "detective", "forms", "shapes", "event-listeners"})
"""Elements within a sheet that hold no value of a cell, though they can hold text."""


def count_of(given: str | None) -> int:
    """How often something is repeated; 1 where it is not said."""
    if given is None or not given.isdecimal() or not given.isascii():
        return 1
    return max(1, int(given)) if len(given) <= len(str(_LARGEST_COUNT)) else _LARGEST_COUNT


def rows_of(document: OdsDocument, sheet: OdsSheet) -> Iterator[Row]:
    """The rows of a sheet, one by one; rows without a value are blank."""
    reader = _OdsSheetReader(document, sheet)
    merged, limit, conditional = MergedCells([]), MergedLimit(), ConditionalFormats(sheet.conditional)
    last = 0
    for piece in document.pieces(sheet):
        for row, cells, areas in reader.finished_rows(piece):
            yield from ((blank, ()) for blank in range(last + 1, min(row, MAX_ROWS)))
            merged.areas += [MergedArea(*area) for area in areas]
            limit.add(areas)
            sheet.merged.update(dict.fromkeys(areas))
            conditional.apply(row, cells)
            merged.apply(row, cells)
            refuse_giant(row, cells)
            yield row, cells
            last = row
        if reader.is_done:
            sheet.appearance.merged = list(sheet.merged)
            return


Areas = list[tuple[int, int, int, int]]


class _OdsSheetReader:
    """Builds rows from the XML of a sheet as it is parsed."""

    def __init__(self, document: OdsDocument, sheet: OdsSheet) -> None:
        self.is_done = False
        self._document = document
        self._appearance = sheet.appearance
        self._depth = self._apart = self._hidden_groups = 0
        self._row = self._columns = self._expanded = 0
        self._attributes: dict[str, str] = {}
        self._cells: list[Cell] = []
        self._width = 0
        self._areas: Areas = []
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._paragraphs = 0
        self._ends_in_space = self._is_text = False
        self._done: list[tuple[int, int, list[Cell], Areas]] = []
        """Rows that are complete: the first and the last of equal ones, their cells, and what is merged from the first on."""
        self._parser = new_parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data

    def finished_rows(self, piece: bytes) -> Iterator[tuple[int, list[Cell], Areas]]:
        """The rows that are complete after a further piece, with the merged areas that begin in them."""
        self._parser.Parse(piece, False)
        refuse_long_text(self._text)
        done, self._done = self._done, []
        for first, last, cells, areas in done:
            for row in range(first, last + 1):
                yield row, list(cells), areas if row == first else []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self.is_done or self._depth < TABLE_DEPTH:
            return
        element = local(name)
        if self._apart or (self._depth > TABLE_DEPTH and (element in _APART or name.startswith(_DRAWING))):
            self._apart += 1
        elif element in ("table-cell", "covered-table-cell"):
            self._cell = plain_names(attributes)
            self._paragraphs = 0
            self._text.clear()
        elif element == "table-row":
            self._attributes = plain_names(attributes)
            self._cells, self._areas, self._width = [], [], 0
        elif element == "table-column":
            self._note_column(plain_names(attributes))
        elif element in _GROUPS:
            self._hidden_groups += self._hidden_groups > 0 or plain_names(attributes).get("display") == "false"
        else:
            self._start_text(element, attributes)

    def _start_text(self, element: str, attributes: dict[str, str]) -> None:
        if element in ("p", "h"):
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
            self._is_text = self._ends_in_space = True
        elif self._is_text and element in _SPACES:
            count = count_of(plain_names(attributes).get("c")) if element == "s" else 1
            self._text.append(_SPACES[element] * min(count, MAX_CELL + 1))
            self._ends_in_space = False

    def _data(self, text: str) -> None:
        if not self._is_text or self._apart:
            return
        text = _SPACE.sub(" ", text)
        if self._ends_in_space:
            text = text.removeprefix(" ")
        if text:
            self._text.append(text)
            self._ends_in_space = text.endswith(" ")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._apart:
            self._apart -= 1
            return
        if self.is_done or self._depth < TABLE_DEPTH - 1:
            return
        element = local(name)
        if element in ("table-cell", "covered-table-cell"):
            self._add_cell(is_covered=element == "covered-table-cell")
        elif element == "table-row":
            self._add_row()
        elif element in ("p", "h"):
            self._is_text = False
        elif element in _GROUPS:
            self._hidden_groups -= self._hidden_groups > 0
        elif element == "table":
            self.is_done = True

    def _note_column(self, given: dict[str, str]) -> None:
        first = self._columns + 1
        self._columns = min(self._columns + count_of(given.get("number-columns-repeated")), _LARGEST_COUNT)
        if self._is_hidden(given):
            self._appearance.hide_columns(first, self._columns)

    def _is_hidden(self, given: dict[str, str]) -> bool:
        return given.get("visibility") in _HIDDEN or given.get("style-name") in self._document.no_size

    def _add_cell(self, *, is_covered: bool) -> None:
        given = self._cell
        repeat = count_of(given.get("number-columns-repeated"))
        value: Cell = "" if is_covered else cell_of(given, "".join(self._text), has_text=self._paragraphs > 0)
        if given.get("style-name") in self._document.mapped:
            value = shown_either(value, UNREAD)
        if "number-columns-spanned" in given or "number-rows-spanned" in given:
            self._add_area(given)
        if value != "":
            self._expanded += repeat - 1
            if self._width + repeat > MAX_COLUMNS:
                raise UnreadableFile(
                    f"a cell of row {self._row + 1} is beyond the {MAX_COLUMNS} columns that are read; move it or take it out"
                )
            self._refuse_expanded()
            self._cells += [""] * (self._width - len(self._cells))
            self._cells += [value] * repeat
        self._width = min(self._width + repeat, _LARGEST_COUNT)

    def _add_area(self, given: dict[str, str]) -> None:
        rows, columns = count_of(given.get("number-rows-spanned")), count_of(given.get("number-columns-spanned"))
        if rows > 1 or columns > 1:
            top, left = self._row + 1, self._width
            self._areas.append((top, left, top + rows - 1, left + columns - 1))

    def _add_row(self) -> None:
        first = self._row + 1
        repeat = count_of(self._attributes.get("number-rows-repeated"))
        self._row = min(self._row + repeat, _LARGEST_COUNT)
        if is_blank(self._cells) and not self._areas:
            return
        self._expanded += (repeat - 1) * max(1, len(self._cells))
        self._refuse_expanded()
        is_hidden = self._hidden_groups > 0 or self._is_hidden(self._attributes)
        # A table is refused at the first row beyond those that are read.
        last = min(self._row, max(first, MAX_ROWS + 1))
        for row in range(first, last + 1) if is_hidden else ():
            self._appearance.hide_row(row)
        self._done.append((first, last, self._cells, self._areas))

    def _refuse_expanded(self) -> None:
        if self._expanded > MAX_REPEATED:
            raise UnreadableFile(
                f"cells with values are repeated more than {MAX_REPEATED} times; empty those that are not needed"
            )


def cell_of(given: Mapping[str, str], text: str, *, has_text: bool) -> Cell:
    """The cell with these attributes, that shows this text."""
    kind = given.get("value-type")
    if given.get(ERROR_KIND) == "error":
        return BrokenCell(MESSAGE_ERROR.format(text[:20]))
    if kind in ("float", "percentage", "currency"):
        return _number(given, text, has_text=has_text)
    if kind in ("string", None):
        return _text(given, text, kind, has_text=has_text)
    if not text.strip():
        return BrokenCell(MESSAGE_HIDDEN if has_text else MESSAGE_UNSHOWN)
    return _other(given, kind)


def _other(given: Mapping[str, str], kind: str) -> Cell:
    if kind == "boolean":
        return "TRUE" if given.get("boolean-value") in ("true", "1") else "FALSE"
    if kind == "date":
        return _date(given.get("date-value", ""))
    return BrokenCell(MESSAGE_TIME if kind == "time" else MESSAGE_KIND)


def _text(given: Mapping[str, str], text: str, kind: str | None, *, has_text: bool) -> Cell:
    if text:
        return text
    if given.get("string-value"):
        return BrokenCell(MESSAGE_HIDDEN if has_text else MESSAGE_UNSHOWN)
    return BrokenCell(MESSAGE_UNCOMPUTED) if kind is None and "formula" in given else ""


def _number(given: Mapping[str, str], text: str, *, has_text: bool) -> Cell:
    stored = given.get("value", "")
    if not NUMBER.fullmatch(stored):
        return BrokenCell(MESSAGE_NO_NUMBER)
    if not has_text:
        return BrokenCell(MESSAGE_UNSHOWN)
    value = float(stored)
    if not text.strip():
        return "" if value == 0 else BrokenCell(MESSAGE_HIDDEN)
    if text == stored and _PLAIN.fullmatch(text):
        return value
    currency = given.get("currency", "EUR")
    # A currency that the file states and the cell does not show is no euro for that.
    shown = text if currency == "EUR" or _SIGN.search(text) else f"{text} {currency[:10]}"
    return FormattedNumber(value, ShownText(shown))


def _date(stored: str) -> Cell:
    try:
        return date.fromisoformat(stored[:10])
    except ValueError:
        return BrokenCell(MESSAGE_NO_DATE)
