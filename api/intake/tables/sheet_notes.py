"""What a sheet hides, and what it merges: noted beside the lines that are read from it.

Hidden rows and columns are read like all others, since a supplier declares the whole of a file; but who signs must know of
them. The same goes for values that stand in merged cells.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.intake.parsed import Note, ParsedFile, ParsedLine
from api.intake.tables.rows import MAX_COLUMNS, MAX_ROWS, column_index

MAX_RANGES = 20
"""Ranges of rows that a note names before it counts the rest."""
Area = tuple[int, int, int, int]
"""Top, left, bottom and right of merged cells: rows counted from 1, columns from 0."""


@dataclass(slots=True)
class Appearance:
    """What a sheet hides and merges. It is the same however often the sheet is read."""

    _hidden_rows: bytearray = field(default_factory=bytearray)
    hidden_columns: set[int] = field(default_factory=set)
    merged: Sequence[Area] = ()

    def hide_row(self, row: int) -> None:
        """Marks a row as hidden."""
        if not self._hidden_rows:
            self._hidden_rows = bytearray(MAX_ROWS + 1)
        if row <= MAX_ROWS:
            self._hidden_rows[row] = 1

    def hidden_among(self, rows: Sequence[int]) -> list[int]:
        """The hidden ones of these rows."""
        return [row for row in rows if self._hidden_rows[row]] if self._hidden_rows else []

    def hide_columns(self, first: int, last: int) -> None:
        """Marks columns as hidden, both counted from 1."""
        self.hidden_columns.update(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))


def noted(parsed: ParsedFile, appearance: Appearance) -> ParsedFile:
    """A parsed sheet that gets notes on what it hides and merges, once its lines are iterated."""
    parsed.lines = _lines(parsed, parsed.lines, appearance)
    return parsed


def _lines(parsed: ParsedFile, lines: Iterator[ParsedLine], appearance: Appearance) -> Iterator[ParsedLine]:
    rows = array("l")
    for line in lines:
        rows.append(line.row)
        yield line
    parsed.notes += [
        *_hidden_rows(rows, appearance),
        *_hidden_columns(parsed.columns, appearance),
        *_merged(parsed.columns, rows, appearance.merged),
    ]


def _hidden_rows(rows: Sequence[int], appearance: Appearance) -> Iterator[Note]:
    hidden = appearance.hidden_among(rows)
    if hidden:
        detail = (
            f"{_named(hidden)} hidden, by hand or by a filter, and counted; "
            "take out what is not part of the system, and show the rest"
        )
        yield Note(hidden[0], None, None, detail)


def _hidden_columns(columns: dict[str, str], appearance: Appearance) -> Iterator[Note]:
    for name, label in columns.items():
        if _index_of(label) in appearance.hidden_columns:
            yield Note(None, label, name, "is a hidden column, and is read")


def _merged(columns: dict[str, str], rows: Sequence[int], areas: Sequence[Area]) -> Iterator[Note]:
    """For each column that is read: the rows whose value is that of merged cells, and those that such cells leave unknown."""
    repeated: dict[int, list[int]] = {}
    unknown: dict[int, list[int]] = {}
    read = {_index_of(label) for label in columns.values()}
    for top, left, bottom, right in areas:
        found = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        covered = [row for row in found if row != top]
        if left == right:
            repeated.setdefault(left, []).extend(covered)
            continue
        for index in read:
            if left <= index <= right:
                unknown.setdefault(index, []).extend(covered if index == left else found)
    for name, label in columns.items():
        index = _index_of(label)
        if repeated.get(index):
            detail = f"{_named(repeated[index])} covered by merged cells, whose value is read for each of them"
            yield Note(repeated[index][0], label, name, detail)
        if unknown.get(index):
            detail = f"{_named(unknown[index])} covered by merged cells over several columns, and left empty"
            yield Note(unknown[index][0], label, name, f"{detail}; unmerge them, and write each value")


def _index_of(label: str) -> int:
    """The index of a column, counted from 0, by its label, which begins with its letters."""
    return column_index(label.partition(" ")[0])


def _named(rows: Sequence[int]) -> str:
    """Rows in words, as the beginning of a sentence: `rows 3 and 5 to 7 are`."""
    ranges: list[list[int]] = []
    for row in sorted(set(rows)):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return f"row {ranges[0][0]} is"
    texts = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:MAX_RANGES]]
    more = len(ranges) - MAX_RANGES
    *most, last_text = [*texts, f"{more} more"] if more > 0 else texts
    return f"rows {', '.join(most)} and {last_text} are" if most else f"rows {last_text} are"
