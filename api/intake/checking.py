"""Checks a parsed file: every line as the body of a component, and everything that is wrong is reported at once.

Lines are checked a slice at a time and kept only in storage form, so that a hundred thousand of them take bounded memory.
All or nothing: one refused line refuses the file.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused
from api.intake.report import MAX_LISTED, IntakeReport, UsedLines, report_of
from api.schemas.declarations import Component, as_stored
from api.schemas.faults import fault_of
from domain.base import new_id
from domain.declarations.components import MAX_COMPONENTS, CheckedLines, PackedRows, check_lines
from domain.errors import BrokenRule, Fault

SLICE = 500
NARROW = 10
_LINES: TypeAdapter[list[Component]] = TypeAdapter(list[Component])


class RefusedLines(BrokenRule):
    """Lines that cannot be used; `report` says which, and `count` is the number of things wrong with them."""

    def __init__(self, report: IntakeReport, faults: Sequence[Fault], count: int) -> None:
        things = "1 thing is" if count == 1 else f"{count} things are"
        super().__init__(f"{things} wrong with the lines, so nothing was stored; see errors and report", faults)
        self.report = report.model_dump(mode="json", by_alias=True)
        self.count = count


@dataclass(slots=True)
class _Refusals:
    """Everything that is wrong: the number of faults, the first hundred of them, and the rows they are in."""

    listed: list[Refused] = field(default_factory=list)
    count: int = 0
    rows: set[int] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether no more faults are listed, only counted."""
        return len(self.listed) >= MAX_LISTED

    def add(self, refused: Refused) -> None:
        """Adds a fault, and lists it while there is room."""
        self.count_only(refused.row, 1)
        if not self.is_full:
            self.listed.append(refused)

    def count_only(self, row: int | None, count: int) -> None:
        """Counts this many faults of a row without listing them."""
        self.count += count
        if row is not None:
            self.rows.add(row)


@dataclass(slots=True)
class CheckedUpload:
    """A file that was read and checked: its lines, and what is wrong with them so far."""

    parsed: ParsedFile
    lines: CheckedLines
    rows: Sequence[int]
    refusals: _Refusals
    lines_are_valid: bool
    """Whether each line is valid on its own; only then can they be checked against the declaration they are for."""

    def report(self) -> IntakeReport:
        """The intake report: what was read, and what was not."""
        refused_rows = self.refusals.rows
        used = UsedLines(self.lines, [row not in refused_rows for row in self.rows])
        return report_of(self.parsed, used, sorted(self.refusals.listed, key=_row_of), len(refused_rows))

    def add_faults(self, faults: Sequence[Fault]) -> None:
        """Adds faults found by comparing the lines with each other, or with the declaration they are for."""
        for fault in faults:
            self.refusals.add(self._located(fault))

    def refuse(self) -> None:
        """Raises RefusedLines where anything is wrong."""
        if self.refusals.count:
            faults = [self._fault(refused) for refused in sorted(self.refusals.listed, key=_row_of)]
            raise RefusedLines(self.report(), faults, self.refusals.count)

    def _located(self, fault: Fault) -> Refused:
        """A fault as a refusal: the pointer (`/components/3/quantity`) becomes the row and column in the file."""
        _, _, index, *path = (*fault.pointer.split("/"), "")
        if not index.isdecimal():
            return Refused(None, None, None, f"the components {fault.detail}")
        name = ".".join(step for step in path if step)
        return _refused(self.parsed, self.rows[int(index)], name, fault.detail)

    def _fault(self, refused: Refused) -> Fault:
        """A refusal as an error of a problem: its pointer leads into the body if that is JSON, otherwise to a row."""
        path = (refused.field or "").replace(".", "/")
        if self.parsed.format is Format.JSON:
            place = refused.column or (f"/components/{refused.row - 1}" if refused.row else "/components")
        else:
            place = f"/rows/{refused.row}" if refused.row else ""
        return Fault(f"{place}/{path}" if path else place, refused.detail)


def check(parsed: ParsedFile) -> CheckedUpload:
    """Checks each line of a file, and all of them together. Raises UnreadableFile where the reader does."""
    refusals = _Refusals()
    checker = _LineChecker(parsed, refusals)
    rows = PackedRows(checker.rows())
    if len(checker.line_rows) > MAX_COMPONENTS:
        too_many = f"are more than {MAX_COMPONENTS}; leave out what is not part of one system"
        return CheckedUpload(
            parsed,
            check_lines([], new_id()),
            [],
            _Refusals([Refused(None, None, None, f"the components {too_many}")], 1),
            lines_are_valid=False,
        )
    lines_are_valid = not refusals.count
    lines = check_lines(rows, new_id(), None if lines_are_valid else checker.refused_keys)
    checked_upload = CheckedUpload(parsed, lines, checker.line_rows, refusals, lines_are_valid)
    checked_upload.add_faults(lines.faults)
    return checked_upload


def _row_of(refused: Refused) -> int:
    return refused.row or 0


def _refused(parsed: ParsedFile, row: int | None, name: str, detail: str) -> Refused:
    """A refusal of a field, with the column that the field, or the object it is part of, is read from."""
    known = next((field for field in (name, name.partition(".")[0]) if field in parsed.columns), None)
    return Refused(row, parsed.columns[known] if known else None, known or name or None, detail)


class _LineChecker:
    """Checks lines a slice at a time; lines that cannot be read are left out, and their keys kept in `refused_keys`."""

    def __init__(self, parsed: ParsedFile, refusals: _Refusals) -> None:
        self._parsed = parsed
        self._refusals = refusals
        self._cells: set[tuple[int | None, str | None]] = set()
        self.line_rows = array("l")
        self.refused_keys: set[str] = set()

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The lines in storage form; stops within a slice after the maximum number of components."""
        lines = iter(self._parsed.lines)
        while len(self.line_rows) + len(self.refused_keys) <= MAX_COMPONENTS:
            batch = list(islice(lines, SLICE))
            self._collect_refused_cells()
            if not batch:
                return
            yield from self._validated(batch)

    def _collect_refused_cells(self) -> None:
        """Moves over what the reader refused in these lines, as one file can hold millions of refused cells."""
        self._cells = {(refused.row, refused.field) for refused in self._parsed.refused}
        for refused in self._parsed.refused:
            self._refusals.add(refused)
        self._parsed.refused.clear()
        self._refusals.rows.update(self._parsed.refused_rows)

    def _validated(self, batch: list[ParsedLine]) -> Iterator[tuple[Any, ...]]:
        try:
            components = _LINES.validate_python([line.component for line in batch])
        except ValidationError as error:
            if len(batch) == 1:
                self._refuse(batch[0], error)
            else:
                size = NARROW if len(batch) > NARROW else 1
                for start in range(0, len(batch), size):
                    yield from self._validated(batch[start : start + size])
            return
        self.line_rows.extend(line.row for line in batch)
        yield from as_stored(components)

    def _refuse(self, line: ParsedLine, error: ValidationError) -> None:
        key = line.component.get("key") if isinstance(line.component, dict) else None
        self.refused_keys.add(key if isinstance(key, str) else f"row {line.row}")
        if self._refusals.is_full:
            self._refusals.count_only(line.row, error.error_count())
            return
        for wrong in error.errors(include_url=False, include_input=False):
            path = wrong["loc"][1:]
            refused = _refused(
                self._parsed, line.row, ".".join(map(str, path)), fault_of({**wrong, "loc": ("body", *path)}).detail
            )
            if (refused.row, refused.field) not in self._cells:
                self._refusals.add(refused)
