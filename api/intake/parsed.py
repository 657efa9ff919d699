"""What a reader gets from a file of components: its lines, the rows it ignored, and the cells it could not use.

There is one reader per format. It gives each line as the body of a component, the same as in JSON, so that one check serves
every format. It also records where each value was, counted as the user's own program counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from domain.declarations.exchange_rates import ExchangeRate

SHEET_ROWS = 10_000_000
"""More rows than a sheet has, so that one number can say sheet and row where several sheets are read."""


class Format(StrEnum):
    """The formats that components come in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    CYCLONEDX = "cyclonedx"


class SkipReason(StrEnum):
    """Why a row is not read as a component."""

    BLANK = "blank"
    TITLE = "title"
    TOTAL = "total"
    SECTION = "section"


class UnreadableFile(Exception):
    """A file that is not in its stated format, or is not safe to open; the detail says what to do about it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnknownSheet(UnreadableFile):
    """Sheets are asked for that the file does not have, or twice."""


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One component as it was read: its body, as in JSON, and its row.

    Rows are counted from 1 as a spreadsheet shows them, title rows included. In JSON formats the row is the position among
    the components, in the order of the document.
    """

    row: int
    component: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that was not read as a component, and why."""

    row: int
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be used: the row, the column as the user sees it, the field of a component, and what would be right."""

    row: int | None
    column: str | None
    field: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should look at: a field left unknown although the file says something about it, or read with a doubt.

    Where it is, and why; without a column where it is about rows, and without a row where it is about a column.
    """

    row: int | None
    column: str | None
    field: str | None
    detail: str


@dataclass(slots=True)
class ParsedFile:
    """A file while it is being read: `lines` yields the components one by one, and the lists fill as it is iterated.

    `columns` maps each field (`evidence.level`, dotted) to the column it is read from, as the user sees it: letter and heading.
    `unread` holds the headings that were not recognised. A reader that cannot use a cell adds to `refused` and still yields
    the line without that field, so that everything wrong with a line is reported at once.

    `compositions` maps the key of an assembly (None: the whole system) to how complete its author calls it: `complete`,
    `incomplete`, `unknown` and so on. It stays empty for formats that cannot say this. `exchange_rate` is the rate
    by which unit values were converted to euros, if one was stated.

    `heading_rows` are rows of headings: what is refused of them is no line. `sheets` are the sheets that are read, and
    `unread_sheets` those that are not. Where several are read, `sheet_columns` has the columns of each, and the rows of each
    are counted on from `SHEET_ROWS` times its place among them.

    `refused_rows` are rows with a fault that is told once for all of them, among `refused`.

    `encoding` is how the text of the file is encoded, None for a workbook, whose own parts say so.
    """

    format: Format
    lines: Iterator[ParsedLine]
    columns: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    compositions: dict[str | None, str] = field(default_factory=dict)
    exchange_rate: ExchangeRate | None = None
    heading_rows: set[int] = field(default_factory=set)
    sheets: list[str] = field(default_factory=list)
    unread_sheets: list[str] = field(default_factory=list)
    sheet_columns: list[dict[str, str]] = field(default_factory=list)

    def place_of(self, row: int | None) -> tuple[str | None, int | None]:
        """The sheet and row of a row as it is counted here; the sheet is None where no more than one is read."""
        if row is None or not self.sheet_columns:
            return None, row
        sheet, own = divmod(row, SHEET_ROWS)
        return self.sheets[sheet], own or None

    def columns_of(self, row: int | None) -> dict[str, str]:
        """The columns that the fields of a row are read from."""
        return self.sheet_columns[row // SHEET_ROWS] if row is not None and self.sheet_columns else self.columns

    encoding: str | None = None
    refused_rows: list[int] = field(default_factory=list)


def is_open(aggregate: str) -> bool:
    """Whether the stated completeness of an assembly allows for parts that are not listed."""
    return aggregate.startswith("incomplete") or aggregate == "unknown"
