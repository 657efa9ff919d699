"""A table as lines of components: its headings are found, titles, blanks and totals passed over, and cells read.

Headings stand within the first rows; two rows that could both be them, and say different things, are refused. Lines are
given one by one. What is wrong is remembered up to a limit, after which nothing more is read: the file is refused anyway.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

from api.intake.parsed import Ignored, ParsedFile, ParsedLine, Refused, SkipReason, UnreadableFile
from api.intake.tables.cells import AMOUNTS, Dialect, Value, mark_in, value_of
from api.intake.tables.columns import Headings, understood
from api.intake.tables.rows import MAX_ROWS, Cell, Row, SheetTable, Unreadable, is_blank, is_empty, letter_of
from domain.declarations.component_columns import COLUMN_OF

HEADINGS_WITHIN = 50
"""Rows among which headings are looked for."""
MOST_REFUSED = 1_000
"""Cells that are refused before reading stops."""
_TOTAL = re.compile(
    r"\s*(?:(?:sub|grand|eind)[\s-]*)?(?:totals?|totaal|totalen)\b|\s*(?:合计|总计|小计)", re.IGNORECASE
)
MESSAGE_HEADINGS = (
    f"no row of headings is found in the first {HEADINGS_WITHIN} rows: one row must name the columns, among them a name or "
    "a part number, and a quantity; the empty template has all of them"
)
MESSAGE_ENOUGH = (
    f"{MOST_REFUSED} things are already wrong, so nothing below this row was read; correct them and send it again"
)


def read_table(table: SheetTable) -> ParsedFile:
    """What a table holds. Raises UnreadableFile where it has no headings, also while its lines are taken."""
    headings = headings_of(table)
    if headings is None:
        raise UnreadableFile(MESSAGE_HEADINGS)
    own = table.own and headings.row == 1 and headings.is_canonical
    dialect = Dialect(suspicious=table.separated, canonical=headings.is_canonical, own=own)
    columns = {field: headings.labels[index] for field, index in headings.columns.items()}
    parsed = ParsedFile(table.format, iter(()), columns, list(headings.unread), refused=list(headings.refused))
    parsed.lines = _TableLines(table, headings, dialect, parsed).each()
    return parsed


def headings_of(table: SheetTable) -> Headings | None:
    """The row of headings of a table, None where it has none. Raises UnreadableFile where two rows could be it."""
    first = islice(table.rows(), HEADINGS_WITHIN)
    able = [headings for row, cells in first if (headings := understood(row, cells)).suffices]
    for other in able[1:]:
        if other.columns != able[0].columns:
            raise UnreadableFile(
                f"rows {able[0].row} and {other.row} could both be the headings; keep one table, under one row of headings"
            )
    return able[0] if able else None


@dataclass(slots=True)
class _Column:
    """A field with where it stands and what reads it."""

    field: str
    index: int
    label: str
    value: Value
    outer: str
    inner: str


class _TableLines:
    """The lines of a table as they are taken."""

    def __init__(self, table: SheetTable, headings: Headings, dialect: Dialect, parsed: ParsedFile) -> None:
        self._table = table
        self._headings = headings
        self._found = parsed
        self._marks = cache(self._shown_marks)
        self._blank: list[int] = []
        self._nameless = [index for index, text in enumerate(headings.cells) if not text]
        self._unnamed: set[int] = set()
        self._columns = [
            _Column(
                field,
                index,
                headings.labels[index],
                value_of(field, dialect, partial(self._mark, field)),
                *(*COLUMN_OF[field].path, "")[:2],
            )
            for field, index in headings.columns.items()
        ]

    def each(self) -> Iterator[ParsedLine]:
        """The lines, one by one; what they are not is remembered on the way."""
        for row, cells in self._table.rows():
            why = self._skip_reason(row, cells)
            if why is SkipReason.BLANK:
                self._blank += [row] if row < MAX_ROWS else []
                continue
            if row > MAX_ROWS:
                raise UnreadableFile(
                    f"the file goes on below row {MAX_ROWS}; a declaration has at most half as many lines"
                )
            self._found.ignored += [Ignored(blank, SkipReason.BLANK) for blank in self._blank]
            self._blank.clear()
            if why is not None:
                self._found.ignored.append(Ignored(row, why))
            elif row != self._headings.row:
                yield self._line(row, cells)
                if len(self._found.refused) >= MOST_REFUSED:
                    self._found.refused.append(Refused(row, None, None, MESSAGE_ENOUGH))
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
            if quantity[:1].isalpha() and understood(row, cells).columns == self._headings.columns:
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
        self._look_beside(row, cells)
        component: dict[str, Any] = {}
        for column in self._columns:
            if column.index < len(cells) and (cell := cells[column.index]) != "":
                try:
                    value = column.value(cell)
                except Unreadable as fault:
                    self._found.refused.append(Refused(row, column.label, column.field, fault.detail))
                    continue
                if value is None:
                    continue
                if column.inner:
                    component.setdefault(column.outer, {})[column.inner] = value
                else:
                    component[column.outer] = value
        return ParsedLine(row, component)

    def _look_beside(self, row: int, cells: Sequence[Cell]) -> None:
        """Cells under no heading: in text they mean that a separator stood within a cell, elsewhere they are unread."""
        width = len(self._headings.labels)
        if len(cells) > width and not is_blank(cells[width:]):
            if self._table.separated:
                detail = (
                    f"has {len(cells)} cells under {width} headings; put text that holds a separator in quotation marks"
                )
                self._found.refused.append(Refused(row, None, None, detail))
                return
            self._note_unnamed(range(width, len(cells)), cells)
        self._note_unnamed(self._nameless, cells)

    def _note_unnamed(self, places: Sequence[int], cells: Sequence[Cell]) -> None:
        for index in places:
            if index < len(cells) and index not in self._unnamed and not is_empty(cells[index]):
                self._unnamed.add(index)
                self._found.unread.append(letter_of(index))

    def _mark(self, field: str) -> str | None:
        """The decimal mark that a field's column shows, or else the file; None where it shows none, or both."""
        marks: dict[str, set[str]] = self._marks()
        shown = marks[field] or set().union(*marks.values())
        return next(iter(shown)) if len(shown) == 1 else None

    def _shown_marks(self) -> dict[str, set[str]]:
        """The decimal marks that each column of numbers shows, from reading it all once more."""
        marks: dict[str, set[str]] = {field: set() for field in AMOUNTS if field in self._headings.columns}
        for _row, cells in self._below():
            for field, shown in marks.items():
                mark = mark_in(field, self._at(field, cells))
                if mark is not None:
                    shown.add(mark)
        return marks

    def _below(self) -> Iterator[Row]:
        return (parsed for parsed in self._table.rows() if self._headings.row < parsed[0] <= MAX_ROWS)
