"""Everything that is wrong with a file: how much, the first hundred things of it, and in which rows.

What is wrong in the same way in every row that says anything there is one thing, told once with the number of its rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from api.intake.parsed import Format, ParsedFile, Refused
from api.schemas.faults import MISSING
from domain.declarations.component_columns import COLUMNS

MAX_LISTED = 100
MAX_CAUSES = 200
"""Causes that are counted apart; of further ones nothing is told once for all rows."""
IN_ALL_ROWS = "{}; so in all {} rows"
IN_ALL_VALUES = "{}; so in all {} rows that say anything there"
REQUIRED = tuple(column.field for column in COLUMNS if column.is_required)
_CauseKey = tuple[str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class ToldRefusal:
    """A refusal as it is told: of one row, or without row of as many as have it."""

    refused: Refused
    count: int = 1


@dataclass(slots=True)
class Refusals:
    """The refusals of a file, as they are found."""

    parsed: ParsedFile
    rows: set[int] = field(default_factory=set)
    """Rows with lines that cannot be used."""
    valued: set[str] = field(default_factory=set)
    """Fields of which a refused line has a value."""
    missing: Counter[str] = field(default_factory=Counter)
    """How many refused lines lack a required field."""
    count: int = 0
    """How many faults there are, each row counted."""
    _listed: list[Refused] = field(default_factory=list)
    _causes: Counter[_CauseKey] = field(default_factory=Counter)
    _details: int = 0

    @property
    def is_full(self) -> bool:
        """Whether no more faults of validated lines are listed, only counted."""
        return self._details >= MAX_LISTED

    def add(self, refused: Refused) -> None:
        """Adds a fault, and lists it while fewer than a hundred of its cause are listed."""
        self.count_only(refused.row, 1)
        cause = _cause_of(refused)
        if cause in self._causes or len(self._causes) < MAX_CAUSES:
            self._causes[cause] += 1
            if self._causes[cause] <= MAX_LISTED:
                self._listed.append(refused)
        elif len(self._listed) < MAX_LISTED:
            self._listed.append(refused)

    def add_detail(self, refused: Refused) -> None:
        """Adds a fault of a validated line."""
        self._details += 1
        self.add(refused)

    def count_only(self, row: int | None, count: int) -> None:
        """Counts this many faults of a row without listing them."""
        self.count += count
        if row is not None and row not in self.parsed.heading_rows:
            self.rows.add(row)

    def told(self, lines: int, has_value: Callable[[str], bool]) -> tuple[list[ToldRefusal], int]:
        """The first hundred refusals, those of a whole file before those of rows, and how many there are.

        `lines` is how many lines the file has; `has_value` says whether any line that can be used has a value of a field.
        """
        whole = {} if self.parsed.format is Format.JSON else dict(self._of_all_rows(lines, has_value))
        told: dict[int | _CauseKey, ToldRefusal] = {}
        for place, refused in enumerate(self._listed):
            cause = _cause_of(refused)
            if cause in whole:
                told[cause] = ToldRefusal(replace(refused, row=None, detail=whole[cause][0]), whole[cause][1])
            else:
                told[place] = ToldRefusal(refused)
        # A cause holds for rows too in which something else was told instead, so that fewer may have been counted.
        count = max(len(told), self.count - sum(rows - 1 for _, rows in whole.values()))
        return sorted(told.values(), key=lambda each: each.refused.row or 0)[:MAX_LISTED], count

    def _of_all_rows(self, lines: int, has_value: Callable[[str], bool]) -> Iterator[tuple[_CauseKey, tuple[str, int]]]:
        """The causes that hold for every row, each with how it is told and its number of rows."""
        for cause, count in self._causes.items():
            _, name, detail = cause
            if name is None:
                continue
            if detail == MISSING and name in REQUIRED:
                if self.missing[name] == lines > 1:
                    yield cause, (IN_ALL_ROWS.format(detail, lines), lines)
            elif count > 1 and name.partition(".")[0] not in self.valued and not has_value(name):
                yield cause, (IN_ALL_VALUES.format(detail, count), count)


def _cause_of(refused: Refused) -> _CauseKey:
    """What two refusals have in common where they are told once; those of a whole file, or of headings, are told apart."""
    return refused.column, refused.field, refused.detail
