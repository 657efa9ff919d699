"""What came of reading a file, as a test says it: the lines by row, what was passed over, and what was refused where."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.intake.parsed import ParsedFile, UnreadableFile
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx

CORPUS = Path(__file__).parent / "corpus"


@dataclass
class Outcome:
    """All of what came of a file. `refused` and `notes` have row, column, field and the words."""

    lines: dict[int, dict[str, Any]] = field(default_factory=dict)
    ignored: dict[int, str] = field(default_factory=dict)
    refused: list[tuple[int | None, str | None, str | None, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[tuple[int | None, str | None, str | None, str]] = field(default_factory=list)


def read_fully(found: ParsedFile) -> Outcome:
    """Everything in a file, once its lines are taken."""
    lines = {line.row: line.component for line in found.lines}
    return Outcome(
        lines,
        {ignored.row: ignored.reason.value for ignored in found.ignored},
        [(fault.row, fault.column, fault.field, fault.detail) for fault in found.refused],
        found.unread,
        [(note.row, note.column, note.field, note.detail) for note in found.notes],
    )


def of_csv(raw: bytes) -> Outcome:
    """What comes of a CSV file."""
    return read_fully(read_csv(raw))


def of_xlsx(raw: bytes) -> Outcome:
    """What comes of a workbook."""
    return read_fully(read_xlsx(raw))


def refusal_of(raw: bytes, *, xlsx: bool = False) -> str:
    """Why a file cannot be used as a whole, whether that is told at once or while its lines are taken."""
    try:
        (of_xlsx if xlsx else of_csv)(raw)
    except UnreadableFile as refusal:
        return refusal.detail
    raise AssertionError("the file can be used")
