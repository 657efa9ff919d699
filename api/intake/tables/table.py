"""Reads a table as lines of components: finds its headings, skips titles, blanks and totals, and reads the cells.

Headings are looked for in the first rows; two rows that could both be headings, with different columns, are refused. Lines
come one by one. Faults are collected up to a limit, after which nothing more is read: the file is refused anyway.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from api.intake.parsed import Ignored, ParsedFile, ParsedLine, Refused, SkipReason, UnreadableFile
from api.intake.tables.cells import AMOUNTS, CellReader, Dialect, cell_reader, decimal_mark_in
from api.intake.tables.columns import Headings, parse_headings
from api.intake.tables.contents import SAMPLED_ROWS, Contents
from api.intake.tables.conversions import headings_in_currency
from api.intake.tables.line_remarks import LineRemarks, heading_faults, heading_notes
from api.intake.tables.nearest import headings_fault, nearest_of
from api.intake.tables.not_fitted import NotFitted
from api.intake.tables.other_money import StatedCurrencies, other_currency_faults
from api.intake.tables.rows import MAX_ROWS, Cell, Row, SheetTable, UnreadableCell, is_blank, is_empty, letter_of
from api.intake.tables.special_cells import special_reader
from api.intake.tables.special_rows import is_named_total, is_section, is_total
from api.intake.tables.trees import LineTree
from domain.declarations.component_columns import COLUMN_OF

HEADINGS_WITHIN = 50
"""Rows among which headings are looked for."""
MAX_REFUSED = 1_000
"""Refused cells after which reading stops."""
MESSAGE_ENOUGH = (
    f"{MAX_REFUSED} things are already wrong, so nothing below this row was read; correct them and send it again"
)


def read_table(table: SheetTable, key_prefix: str = "") -> ParsedFile:
    """The components of a table. Raises UnreadableFile where it has no headings, and possibly while its lines are iterated.

    `key_prefix` is put before keys that are not from a column of keys: row numbers and designators recur on other sheets.
    """
    found = find_headings(table)
    if found.headings is None:
        raise UnreadableFile(headings_fault(found.nearest, HEADINGS_WITHIN))
    return read_under(table, found.headings, key_prefix)


def read_under(table: SheetTable, headings: Headings, key_prefix: str = "") -> ParsedFile:
    """The components of a table with these headings."""
    rate = table.exchange_rate
    headings = headings_in_currency(headings, rate)
    own_export = table.own_mark is not None and headings.row == 1 and headings.is_canonical
    dialect = Dialect(
        suspicious=table.delimited,
        canonical=headings.is_canonical,
        own_export=own_export,
        own_mark=table.own_mark or ".",
        rate=rate,
    )
    columns = {field: headings.labels[index] for field, index in headings.columns.items()}
    refused = [*headings.refused, *heading_faults(headings)]
    parsed = ParsedFile(table.format, iter(()), columns, list(headings.unread), refused=refused)
    parsed.exchange_rate = rate
    parsed.refused += other_currency_faults(headings, table.rows()) if rate is None else []
    parsed.heading_rows.add(headings.row)
    parsed.notes += heading_notes(headings)
    parsed.lines = _TableLines(table, headings, dialect, parsed, key_prefix).each()
    return parsed if table.noted is None else table.noted(parsed)


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """The row of headings of a table, None where it has none, and the row that comes nearest to one."""

    headings: Headings | None
    nearest: Headings | None


def find_headings(table: SheetTable) -> FoundHeadings:
    """Looks for the row of headings. Raises UnreadableFile where two rows could be it."""
    nearly: list[Headings] = []
    first: Headings | None = None
    first_cells: Sequence[Cell] = ()
    contents = Contents()
    for row, cells in table.rows():
        headings = parse_headings(row, cells) if row <= HEADINGS_WITHIN else None
        if headings is not None and headings.suffices:
            if first is not None and headings.columns != first.columns:
                raise UnreadableFile(
                    f"rows {first.row} and {row} could both be the headings; keep one table, under one row of headings"
                )
            first, first_cells = first or headings, first_cells or cells
        elif first is not None:
            contents.add(cells)
        elif headings is not None:
            nearly.append(headings)
        if row >= HEADINGS_WITHIN and (first is None or row >= first.row + SAMPLED_ROWS):
            break
    if first is None:
        return FoundHeadings(None, nearest_of(nearly))
    return FoundHeadings(parse_headings(first.row, first_cells, contents), None)


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

    def __init__(
        self, table: SheetTable, headings: Headings, dialect: Dialect, parsed: ParsedFile, key_prefix: str
    ) -> None:
        self._table = table
        self._headings = headings
        self._parsed = parsed
        self._marks = cache(self._shown_marks)
        self._blank: list[int] = []
        self._nameless = [index for index, text in enumerate(headings.cells) if not text]
        self._unnamed: set[int] = set()
        self._repeated = parse_headings(headings.row, headings.cells).columns
        self._columns = [
            _Column(
                field,
                index,
                headings.labels[index],
                special_reader(field, headings, cell_reader(field, dialect, partial(self._mark, field))),
                *(*COLUMN_OF[field].path, "")[:2],
            )
            for field, index in headings.columns.items()
        ]
        self._not_fitted = None if headings.is_canonical else NotFitted(headings)
        self._remarks = LineRemarks(headings, dialect, parsed, key_prefix)
        self._currencies = StatedCurrencies.of(headings, parsed)
        self._tree = None if headings.is_canonical else LineTree.of(headings, parsed)

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
                    break
        self._remarks.finish()
        if self._tree is not None:
            self._tree.finish()

    def _skip_reason(self, row: int, cells: Sequence[Cell]) -> SkipReason | None:
        if is_blank(cells):
            return SkipReason.BLANK
        if row < self._headings.row:
            return SkipReason.TITLE
        quantity = self._at("quantity", cells)
        if row == self._headings.row:
            return None
        is_word = isinstance(quantity, str) and quantity[:1].isalpha()
        if self._is_total(cells, quantity, is_word=is_word):
            return SkipReason.TOTAL
        if is_empty(quantity) and is_section(cells, self._headings):
            return SkipReason.SECTION
        return SkipReason.TITLE if is_word and parse_headings(row, cells).columns == self._repeated else None

    def _is_total(self, cells: Sequence[Cell], quantity: Cell, *, is_word: bool) -> bool:
        if not self._headings.is_canonical and is_named_total(cells):
            return True
        return (is_word or is_empty(quantity)) and is_total(cells, self._at("key", cells), quantity)

    def _at(self, field: str, cells: Sequence[Cell]) -> Cell:
        index = self._headings.columns.get(field)
        return cells[index] if index is not None and index < len(cells) else ""

    def _line(self, row: int, cells: Sequence[Cell]) -> ParsedLine:
        self._check_extra_cells(row, cells)
        refused = len(self._parsed.refused)
        component = self._read(row, cells)
        if self._currencies is not None:
            self._currencies.check(row, cells, component)
        self._remarks.complete(row, cells, component, {each.field for each in self._parsed.refused[refused:]})
        if self._tree is not None:
            self._tree.place(row, cells, component)
        if self._not_fitted is not None and (marked := self._not_fitted.refusal(row, cells)):
            # What else is wrong with a line that is to be taken out does not matter.
            self._parsed.refused[refused:] = [marked]
        return ParsedLine(row, component)

    def _read(self, row: int, cells: Sequence[Cell]) -> dict[str, Any]:
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
        return component

    def _check_extra_cells(self, row: int, cells: Sequence[Cell]) -> None:
        """Handles cells without a heading: a text file is refused, as a separator is inside a cell; elsewhere they are unread."""
        width = len(self._headings.labels)
        if len(cells) > width and not is_blank(cells[width:]):
            # A separator inside a cell makes a row longer than that of the headings, whose last cells may be empty.
            if self._table.delimited and len(cells) > self._headings.width:
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
