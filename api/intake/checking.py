"""Checks a parsed file: every line as the body of a component, and everything that is wrong is reported at once.

Lines are checked a slice at a time and kept only in storage form, so that a hundred thousand of them take bounded memory.
All or nothing: one refused line refuses the file.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused
from api.intake.refusals import REQUIRED, Refusals, ToldRefusal
from api.intake.report import IntakeReport, RefusedCell, UsedLines, report_of
from api.schemas.declarations import Component, as_stored
from api.schemas.faults import MISSING, fault_of
from domain.base import new_id
from domain.declarations.component_columns import COLUMN_OF, LINE
from domain.declarations.components import MAX_COMPONENTS, CheckedLines, PackedRows, check_lines
from domain.errors import BrokenRule, Fault

SLICE = 500
NARROW = 10
MESSAGE_EMPTY = "the file holds no components and would empty the declaration; to empty it, send an empty list as JSON"
MESSAGE_TOO_MANY = f"the components are more than {MAX_COMPONENTS}; leave out what is not part of one system"
_LINES: TypeAdapter[list[Component]] = TypeAdapter(list[Component])


class RefusedLines(BrokenRule):
    """Lines that cannot be used; `report` says which, and `count` is the number of things wrong with them."""

    def __init__(self, report: IntakeReport, faults: Sequence[Fault], count: int) -> None:
        things = "1 thing is" if count == 1 else f"{count} things are"
        super().__init__(f"{things} wrong with the lines, so nothing was stored; see errors and report", faults)
        self.report = report.model_dump(mode="json", by_alias=True)
        self.count = count


@dataclass(slots=True)
class CheckedUpload:
    """A file that was read and checked: its lines, and what is wrong with them so far."""

    parsed: ParsedFile
    lines: CheckedLines
    rows: Sequence[int]
    refusals: Refusals
    lines_are_valid: bool
    """Whether each line is valid on its own."""

    def report(self) -> IntakeReport:
        """The intake report: what was read, and what was not."""
        refused_rows = self.refusals.rows
        used = UsedLines(self.lines, [row not in refused_rows for row in self.rows])
        told, _ = self._told()
        return report_of(self.parsed, used, list(map(self._cell, told)), len(refused_rows))

    def add_faults(self, faults: Sequence[Fault]) -> None:
        """Adds faults found by comparing the lines with each other, or with the declaration they are for."""
        for fault in faults:
            self.refusals.add(self._located(fault))

    def refuse(self) -> None:
        """Raises RefusedLines where anything is wrong."""
        if self.refusals.count:
            told, count = self._told()
            raise RefusedLines(self.report(), [self._fault(each.refused) for each in told], count)

    def _told(self) -> tuple[list[ToldRefusal], int]:
        refused_lines = len(self.refusals.rows.difference(self.rows))
        return self.refusals.told(len(self.rows) + refused_lines, self._has_value)

    def _has_value(self, name: str) -> bool:
        """Whether any line that can be used has a value of a field; of a field that is no column of a line it is not known."""
        column = COLUMN_OF.get(name)
        if column is None:
            return True
        place, unknown = LINE.index(column.name), (None, column.default)
        return any(row[place] not in unknown for row in self.lines.rows)

    def _cell(self, told: ToldRefusal) -> RefusedCell:
        each = told.refused
        sheet, row = self.parsed.place_of(each.row)
        return RefusedCell(
            row=row, column=each.column, field=each.field, detail=each.detail, count=told.count, sheet=sheet
        )

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
        sheet, row = self.parsed.place_of(refused.row)
        if self.parsed.format is Format.JSON:
            place = refused.column or (f"/components/{row - 1}" if row else "/components")
        else:
            place = f"/sheets/{_step(sheet)}" if sheet is not None else ""
            place += f"/rows/{row}" if row else ""
        return Fault(f"{place}/{path}" if path else place, refused.detail)


def check(parsed: ParsedFile, *, may_be_empty: bool = False) -> CheckedUpload:
    """Checks each line of a file, and all of them together. Raises UnreadableFile where the reader does.

    A file without lines is refused unless it `may_be_empty`, or is JSON, which says explicitly that there are none.
    """
    refusals = Refusals(parsed)
    checker = _LineChecker(parsed, refusals)
    rows = PackedRows(checker.rows())
    # What was read is passed on to another process, which a reader cannot be.
    parsed.lines = iter(())
    if len(checker.line_rows) > MAX_COMPONENTS:
        too_many = Refusals(parsed)
        too_many.add(Refused(None, None, None, MESSAGE_TOO_MANY))
        return CheckedUpload(parsed, check_lines([], new_id()), [], too_many, lines_are_valid=False)
    lines_are_valid = not refusals.count
    lines = check_lines(rows, new_id(), None if lines_are_valid else checker.refused_keys)
    checked_upload = CheckedUpload(parsed, lines, checker.line_rows, refusals, lines_are_valid)
    checked_upload.add_faults(lines.faults)
    if not (may_be_empty or parsed.format is Format.JSON or checker.line_rows or refusals.count):
        refusals.add(Refused(None, None, None, MESSAGE_EMPTY))
    return checked_upload


def _step(text: str) -> str:
    """A text as a step of a pointer."""
    return text.replace("~", "~0").replace("/", "~1")


def _refused(parsed: ParsedFile, row: int | None, name: str, detail: str) -> Refused:
    """A refusal of a field, with the column that the field, or the object it is part of, is read from."""
    columns = parsed.columns_of(row)
    known = next((field for field in (name, name.partition(".")[0]) if field in columns), None)
    return Refused(row, columns[known] if known else None, known or name or None, detail)


class _LineChecker:
    """Checks lines a slice at a time; lines that cannot be read are left out, and their keys kept in `refused_keys`."""

    def __init__(self, parsed: ParsedFile, refusals: Refusals) -> None:
        self._parsed = parsed
        self._refusals = refusals
        self._cells: set[tuple[int | None, str | None]] = set()
        self._of_headings: set[str | None] = set()
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
            if refused.row in self._parsed.heading_rows:
                self._of_headings.add(refused.field)
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
        component = line.component if isinstance(line.component, dict) else {}
        key = component.get("key")
        self.refused_keys.add(key if isinstance(key, str) else f"row {line.row}")
        self._refusals.valued |= component.keys()
        self._refusals.missing.update(name for name in REQUIRED if name not in component)
        if self._refusals.is_full:
            self._refusals.count_only(line.row, error.error_count())
            return
        self._refusals.rows.add(line.row)
        for refused in self._faults(line, error):
            if not self._is_told(refused):
                self._refusals.add_detail(refused)

    def _faults(self, line: ParsedLine, error: ValidationError) -> Iterator[Refused]:
        for wrong in error.errors(include_url=False, include_input=False):
            path = wrong["loc"][1:]
            detail = fault_of({**wrong, "loc": ("body", *path)}).detail
            yield _refused(self._parsed, line.row, ".".join(map(str, path)), detail)

    def _is_told(self, refused: Refused) -> bool:
        """Whether a reader told already why a field, or the row or column of it, cannot be used."""
        own = {(refused.row, refused.field), (refused.row, None)}
        return not own.isdisjoint(self._cells) or (refused.detail == MISSING and refused.field in self._of_headings)
