"""What a reader finds in a file of components: lines, what was passed over, and what cannot be used.

A reader knows its format alone. It gives each line as the body of a component, the very one that JSON carries, so that one
check serves every format; and it remembers where everything stood, as the user's own program counts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Format(StrEnum):
    """The formats that components come in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    CYCLONEDX = "cyclonedx"


class SkipReason(StrEnum):
    """Why a row is no component."""

    BLANK = "blank"
    TITLE = "title"
    TOTAL = "total"


class UnreadableFile(Exception):
    """A file that cannot be read as what it says it is, or that no careful reader opens; the detail says the cure."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One component as it was found: the body of a component in JSON, and its row.

    A row is counted from 1 as a spreadsheet shows it, title rows included; in JSON formats it is the place among the
    components in the order of the document.
    """

    row: int
    component: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no component."""

    row: int
    why: SkipReason


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be used: the row, the column as the user sees it, the field of a component, and what would be right."""

    row: int | None
    column: str | None
    field: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was left unknown although the file says something of it: where, which field, and why."""

    row: int | None
    column: str
    field: str
    detail: str


@dataclass(slots=True)
class ParsedFile:
    """A file as it is being read: `lines` gives the components one by one, the lists fill while it is taken from.

    `columns` tells for each field, dotted as in `evidence.level`, the column it is read from, as the user sees it: letter and
    heading. `unread` are headings that say nothing here. A reader that cannot use a cell adds to `refused` and still gives
    the line without that field, so that all that is wrong with a line is told at once.

    `compositions` tells by the key of an assembly, None for the system as a whole, how complete its author calls it, where
    a format says such a thing: `complete`, `incomplete`, `unknown` and so on.
    """

    format: Format
    lines: Iterator[ParsedLine]
    columns: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    compositions: dict[str | None, str] = field(default_factory=dict)


def is_open(aggregate: str) -> bool:
    """Whether an author's word on an assembly leaves open what else is in it."""
    return aggregate.startswith("incomplete") or aggregate == "unknown"
