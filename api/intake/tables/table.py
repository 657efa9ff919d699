"""Reads a table as lines of components: finds its headings, skips titles, blanks and totals, and reads the cells.

Headings are looked for in the first rows; two rows that could both be headings, with different columns, are refused. Lines
come one by one. Faults are collected up to a limit, after which nothing more is read: the file is refused anyway.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

from api.intake.parsed import Ignored, ParsedFile, ParsedLine, Refused, SkipReason, UnreadableFile
from api.intake.tables.cells import AMOUNTS, CellReader, Dialect, cell_reader, decimal_mark_in
from api.intake.tables.columns import Headings, parse_headings
from api.intake.tables.conversions import headings_in_currency
from api.intake.tables.other_money import other_currency_faults
from api.intake.tables.rows import MAX_ROWS, Cell, Row, SheetTable, UnreadableCell, is_blank, is_empty, letter_of
from domain.declarations.component_columns import COLUMN_OF

HEADINGS_WITHIN = 50
"""Rows among which headings are looked for."""
MAX_REFUSED = 1_000
"""Refused cells after which reading stops."""
_TOTAL = re.compile(
    r"\s*(?:(?:sub|grand|eind)[\s-]*)?(?:totals?|totaal|totalen)\b|\s*(?:合计|总计|小计)", re.IGNORECASE
)
MESSAGE_HEADINGS = (
    f"no row of headings is found in the first {HEADINGS_WITHIN} rows: one row must name the columns, among them a name or "
    "a part number, and a quantity; the empty template has all of them"
)
MESSAGE_ENOUGH = (
    f"{MAX_REFUSED} things are already wrong, so nothing below this row was read; correct them and send it again"
)


def read_table(table: SheetTable) -> ParsedFile:
    """The components of a table. Raises UnreadableFile where it has no headings, and possibly while its lines are iterated."""
    headings = headings_of(table)
    if headings is None:
        raise UnreadableFile(MESSAGE_HEADINGS)
    rate = table.exchange_rate
    headings = headings_in_currency(headings, rate)
    own_export = table.may_be_own_export and headings.row == 1 and headings.is_canonical
    dialect = Dialect(suspicious=table.delimited, canonical=headings.is_canonical, own_export=own_export, rate=rate)
    columns = {field: headings.labels[index] for field, index in headings.columns.items()}
    parsed = ParsedFile(table.format, iter(()), columns, list(headings.unread), refused=list(headings.refused))
    parsed.exchange_rate = rate
    parsed.refused += other_currency_faults(headings, table.rows()) if rate is None else []
    parsed.lines = _TableLines(table, headings, dialect, parsed).each()
    return parsed


def headings_of(table: SheetTable) -> Headings | None:
    """The row of headings of a table, None where it has none. Raises UnreadableFile where two rows could be it."""
    first = islice(table.rows(), HEADINGS_WITHIN)
    candidates = [headings for row, cells in first if (headings := parse_headings(row, cells)).suffices]
    for other in candidates[1:]:
        if other.columns != candidates[0].columns:
            raise UnreadableFile(
                f"rows {candidates[0].row} and {other.row} could both be the headings; "
                "keep one table, under one row of headings"
            )
    return candidates[0] if candidates else None


@dataclass(slots=True)
class _Column:
    """A field with the column it is read from, and the function that reads its cells."""

    field: str
    index: int
    label: str
    read: CellReader
    outer: str
    inner: str


class _TableLines:
    """The lines of a table, read as they are iterated."""

    def __init__(self, table: SheetTable, headings: Headings, dialect: Dialect, parsed: ParsedFile) -> None:
        self._table = table
        self._headings = headings
        self._parsed = parsed
        self._marks = cache(self._shown_marks)
        self._blank: list[int] = []
        self._nameless = [index for index, text in enumerate(headings.cells) if not text]
        self._unnamed: set[int] = set()
        self._columns = [
            _Column(
                field,
                index,
                headings.labels[index],
                cell_reader(field, dialect, partial(self._mark, field)),
                *(*COLUMN_OF[field].path, "")[:2],
            )
            for field, index in headings.columns.items()
        ]

    def each(self) -> Iterator[ParsedLine]:
        """Yields the lines one by one; ignored rows and refused cells are added to the parsed file on the way."""
        for row, cells in self._table.rows():
            reason = self._skip_reason(row, cells)
            if reason is SkipReason.BLANK:
                self._blank += [row] if row < MAX_ROWS else []
                continue
            if row > MAX_ROWS:
                raise UnreadableFile(
                    f"the file goes on below row {MAX_ROWS}; a declaration has at most half as many lines"
                )
            self._parsed.ignored += [Ignored(blank, SkipReason.BLANK) for blank in self._blank]
            self._blank.clear()
            if reason is not None:
                self._parsed.ignored.append(Ignored(row, reason))
            elif row != self._headings.row:
                yield self._line(row, cells)
                if len(self._parsed.refused) >= MAX_REFUSED:
                    self._parsed.refused.append(Refused(row, None, None, MESSAGE_ENOUGH))
                    return

    def _skip_reason(self, row: int, cells: Sequence[Cell]) -> SkipReason | None:
        if is_blank(cells):
            return SkipReason.BLANK
        if row < self._headings.row:
            return SkipReason.TITLE
        quantity = self._at("quantity", cells)
        if isinstance(quantity, str) and row != self._headings.row:
            if is_empty(quantity) and self._is_total(cells):
                return SkipReason.TOTAL
            if quantity[:1].isalpha() and parse_headings(row, cells).columns == self._headings.columns:
                return SkipReason.TITLE
        return None

    def _is_total(self, cells: Sequence[Cell]) -> bool:
        """Whether a row without a quantity begins with a word for a total, and has no key but that word."""
        first = next(cell for cell in cells if not is_empty(cell))
        key = self._at("key", cells)
        return isinstance(first, str) and _TOTAL.match(first) is not None and (is_empty(key) or key is first)

    def _at(self, field: str, cells: Sequence[Cell]) -> Cell:
        index = self._headings.columns.get(field)
        return cells[index] if index is not None and index < len(cells) else ""

    def _line(self, row: int, cells: Sequence[Cell]) -> ParsedLine:
        self._check_extra_cells(row, cells)
        component: dict[str, Any] = {}
        for column in self._columns:
            if column.index < len(cells) and (cell := cells[column.index]) != "":
                try:
                    value = column.read(cell)
                except UnreadableCell as fault:
                    self._parsed.refused.append(Refused(row, column.label, column.field, fault.detail))
                    continue
                if value is None:
                    continue
                if column.inner:
                    component.setdefault(column.outer, {})[column.inner] = value
                else:
                    component[column.outer] = value
        return ParsedLine(row, component)

    def _check_extra_cells(self, row: int, cells: Sequence[Cell]) -> None:
        """Handles cells without a heading: a text file is refused, as a separator is inside a cell; elsewhere they are unread."""
        width = len(self._headings.labels)
        if len(cells) > width and not is_blank(cells[width:]):
            if self._table.delimited:
                detail = (
                    f"has {len(cells)} cells under {width} headings; put text that holds a separator in quotation marks"
                )
                self._parsed.refused.append(Refused(row, None, None, detail))
                return
            self._note_unnamed(range(width, len(cells)), cells)
        self._note_unnamed(self._nameless, cells)

    def _note_unnamed(self, places: Sequence[int], cells: Sequence[Cell]) -> None:
        for index in places:
            if index < len(cells) and index not in self._unnamed and not is_empty(cells[index]):
                self._unnamed.add(index)
                self._parsed.unread.append(letter_of(index))

    def _mark(self, field: str) -> str | None:
        """The decimal mark of a field's column, or else of the whole file; None where they show neither mark, or both."""
        marks: dict[str, set[str]] = self._marks()
        shown = marks[field] or set().union(*marks.values())
        return next(iter(shown)) if len(shown) == 1 else None

    def _shown_marks(self) -> dict[str, set[str]]:
        """The decimal marks that each column of numbers shows; this reads the whole table once more."""
        marks: dict[str, set[str]] = {field: set() for field in AMOUNTS if field in self._headings.columns}
        for _row, cells in self._data_rows():
            for field, shown in marks.items():
                mark = decimal_mark_in(field, self._at(field, cells))
                if mark is not None:
                    shown.add(mark)
        return marks

    def _data_rows(self) -> Iterator[Row]:
        return (row for row in self._table.rows() if self._headings.row < row[0] <= MAX_ROWS)
