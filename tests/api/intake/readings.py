"""What comes of a table as text: its lines by key, and its report."""

from dataclasses import dataclass
from typing import Any

import pytest

from api.intake.checking import check
from api.intake.parsed import UnreadableFile
from api.intake.report import IntakeReport
from api.intake.tables.csv_file import read_csv
from domain.declarations.component_columns import LINE


@dataclass(frozen=True)
class Read:
    """All that came of a file: the lines by key, and its report."""

    lines: dict[str, dict[str, Any]]
    report: IntakeReport

    @property
    def refused(self) -> list[tuple[int | None, str | None, str]]:
        """What was refused: row, column and why."""
        return [(each.row, each.column, each.detail) for each in self.report.refused]

    @property
    def notes(self) -> list[tuple[int | None, str | None, str]]:
        """What is noted: row, column and what."""
        return [(each.row, each.column, each.detail) for each in self.report.notes]


def read(text: str) -> Read:
    """What comes of a table."""
    checked = check(read_csv(text.encode()))
    lines = [dict(zip(LINE, row, strict=True)) for row in checked.lines.rows]
    return Read(
        {line["key"]: {name: value for name, value in line.items() if value not in (None, "none")} for line in lines},
        checked.report(),
    )


def refusal(text: str) -> str:
    """Why a table cannot be read at all."""
    with pytest.raises(UnreadableFile) as refused:
        read(text)
    return refused.value.detail
