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

from api.intake.cells import AMOUNTS, Manner, Value, mark_in, value_of
from api.intake.columns import Headings, understood
from api.intake.found import Found, Ignored, Line, Refused, Unusable, Why
from api.intake.rows import MAX_ROWS, Cell, Row, Table, Unreadable, is_blank, is_empty, letter_of

HEADINGS_WITHIN = 50
"""Rows among which headings are looked for."""
MOST_REFUSED = 1_000
"""Cells that are refused before reading stops."""
_TOTAL = re.compile(
    r"\s*(?:(?:sub|grand|eind)[\s-]*)?(?:totals?|totaal|totalen)\b|\s*(?:合计|总计|小计)", re.IGNORECASE
)
SAY_HEADINGS = (
    f"no row of headings is found in the first {HEADINGS_WITHIN} rows: one row must name the columns, among them a name or "
    "a part number, and a quantity; the empty template has all of them"
)
SAY_ENOUGH = (
    f"{MOST_REFUSED} things are wrong already, so nothing below this row was read; mend these and send it again"
)


def read_table(table: Table) -> Found:
    """What a table holds. Raises Unusable where it has no headings, also while its lines are taken."""
    headings = headings_of(table)
    if headings is None:
        raise Unusable(SAY_HEADINGS)
    own = table.own and headings.row == 1 and headings.is_canonical
    manner = Manner(suspicious=table.separated, canonical=headings.is_canonical, own=own)
    columns = {field: headings.labels[index] for field, index in headings.columns.items()}
    found = Found(table.format, iter(()), columns, list(headings.unread), refused=list(headings.refused))
    found.lines = _Lines(table, headings, manner, found).each()
    return found


def headings_of(table: Table) -> Headings | None:
    """The row of headings of a table, None where it has none. Raises Unusable where two rows could be it."""
    first = islice(table.rows(), HEADINGS_WITHIN)
    able = [headings for row, cells in first if (headings := understood(row, cells)).suffices]
    for other in able[1:]:
        if other.columns != able[0].columns:
            raise Unusable(
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


class _Lines:
    """The lines of a table as they are taken."""

    def __init__(self, table: Table, headings: Headings, manner: Manner, found: Found) -> None:
        self._table = table
        self._headings = headings
        self._found = found
        self._marks = cache(self._shown_marks)
        self._blank: list[int] = []
        self._nameless = [index for index, text in enumerate(headings.cells) if not text]
        self._unnamed: set[int] = set()
        self._columns = [
            _Column(
                field,
                index,
                headings.labels[index],
                value_of(field, manner, partial(self._mark, field)),
                *field.partition(".")[::2],
            )
            for field, index in headings.columns.items()
        ]

    def each(self) -> Iterator[Line]:
        """The lines, one by one; what they are not is remembered on the way."""
        for row, cells in self._table.rows():
            why = self._why_no_line(row, cells)
            if why is Why.BLANK:
                self._blank += [row] if row < MAX_ROWS else []
                continue
            if row > MAX_ROWS:
                raise Unusable(f"it goes on below row {MAX_ROWS}; a declaration has half as many lines at most")
            self._found.ignored += [Ignored(blank, Why.BLANK) for blank in self._blank]
            self._blank.clear()
            if why is not None:
                self._found.ignored.append(Ignored(row, why))
            elif row != self._headings.row:
                yield self._line(row, cells)
                if len(self._found.refused) >= MOST_REFUSED:
                    self._found.refused.append(Refused(row, None, None, SAY_ENOUGH))
                    return

    def _why_no_line(self, row: int, cells: Sequence[Cell]) -> Why | None:
        if is_blank(cells):
            return Why.BLANK
        if row < self._headings.row:
            return Why.TITLE
        quantity = self._at("quantity", cells)
        if isinstance(quantity, str) and row != self._headings.row:
            if is_empty(quantity) and self._is_total(cells):
                return Why.TOTAL
            if quantity[:1].isalpha() and understood(row, cells).columns == self._headings.columns:
                return Why.TITLE
        return None

    def _is_total(self, cells: Sequence[Cell]) -> bool:
        """Whether a row without a quantity begins with a word for a total, and has no key but that word."""
        first = next(cell for cell in cells if not is_empty(cell))
        key = self._at("key", cells)
        return isinstance(first, str) and _TOTAL.match(first) is not None and (is_empty(key) or key is first)

    def _at(self, field: str, cells: Sequence[Cell]) -> Cell:
        index = self._headings.columns.get(field)
        return cells[index] if index is not None and index < len(cells) else ""

    def _line(self, row: int, cells: Sequence[Cell]) -> Line:
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
                    component[column.outer] = {"amount": value} if column.outer == "unitValue" else value
        return Line(row, component)

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
            self._tell_unnamed(range(width, len(cells)), cells)
        self._tell_unnamed(self._nameless, cells)

    def _tell_unnamed(self, places: Sequence[int], cells: Sequence[Cell]) -> None:
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
        return (found for found in self._table.rows() if self._headings.row < found[0] <= MAX_ROWS)
