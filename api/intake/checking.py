"""Taking what a reader found: every line checked as the body of a component, and all that is wrong told at once.

Lines are checked a slice at a time and kept in storage form alone, so that a hundred thousand of them stay within bounded
memory. All or nothing: one refused line refuses the file.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused
from api.intake.report import MOST_NAMED, IntakeReport, report_of
from api.schemas.declarations import Component, as_stored
from api.schemas.faults import fault_of
from domain.base import new_id
from domain.declarations.components import MAX_COMPONENTS, CheckedLines, PackedRows, check_lines
from domain.errors import BrokenRule, Fault

SLICE = 500
NARROW = 10
_LINES: TypeAdapter[list[Component]] = TypeAdapter(list[Component])


class RefusedLines(BrokenRule):
    """Lines that cannot be used; `report` says which, and `count` how much is wrong with them."""

    def __init__(self, report: IntakeReport, faults: Sequence[Fault], count: int) -> None:
        things = "1 thing is" if count == 1 else f"{count} things are"
        super().__init__(f"{things} wrong with the lines, so nothing was stored; see errors and report", faults)
        self.report = report.model_dump(mode="json", by_alias=True)
        self.count = count


@dataclass(slots=True)
class _Refusals:
    """What is wrong: how much, the first hundred things by name, and the rows it is of."""

    named: list[Refused] = field(default_factory=list)
    count: int = 0
    rows: set[int] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether there is no room to name more."""
        return len(self.named) >= MOST_NAMED

    def add(self, refused: Refused) -> None:
        """One thing more."""
        self.more(refused.row, 1)
        if not self.is_full:
            self.named.append(refused)

    def more(self, row: int | None, count: int) -> None:
        """So many things more, in a row, that are not named."""
        self.count += count
        if row is not None:
            self.rows.add(row)


@dataclass(slots=True)
class CheckedUpload:
    """A file that was read: its lines, and what is wrong with them so far."""

    parsed: ParsedFile
    given: CheckedLines
    rows: Sequence[int]
    refusals: _Refusals
    has_shape: bool
    """Whether every line can be read by itself; only then can all of them be held against what they are for."""

    def report(self) -> IntakeReport:
        """What was read, and what was not."""
        at_fault = self.refusals.rows
        used = [c for row, c in zip(self.rows, self.given.components, strict=True) if row not in at_fault]
        return report_of(self.parsed, used, sorted(self.refusals.named, key=_place), len(at_fault))

    def note(self, faults: Sequence[Fault]) -> None:
        """Remembers what is wrong with the lines beside others, or beside what they are for."""
        for fault in faults:
            self.refusals.add(self._placed(fault))

    def refuse(self) -> None:
        """Raises RefusedLines where anything is wrong."""
        if self.refusals.count:
            faults = [self._fault(refused) for refused in sorted(self.refusals.named, key=_place)]
            raise RefusedLines(self.report(), faults, self.refusals.count)

    def _placed(self, fault: Fault) -> Refused:
        """Where in the file the field stands that a pointer leads to."""
        _, _, index, *path = (*fault.pointer.split("/"), "")
        if not index.isdecimal():
            return Refused(None, None, None, f"the components {fault.detail}")
        name = ".".join(step for step in path if step)
        return _refused(self.parsed, self.rows[int(index)], name, fault.detail)

    def _fault(self, refused: Refused) -> Fault:
        """A refusal as a problem's error: its pointer leads into the body where that is JSON, and else to a row."""
        path = (refused.field or "").replace(".", "/")
        if self.parsed.format is Format.JSON:
            place = refused.column or (f"/components/{refused.row - 1}" if refused.row else "/components")
        else:
            place = f"/rows/{refused.row}" if refused.row else ""
        return Fault(f"{place}/{path}" if path else place, refused.detail)


def check(parsed: ParsedFile) -> CheckedUpload:
    """The lines of a file, each checked by itself and all of them together. Raises UnreadableFile as its reader does."""
    refusals = _Refusals()
    checked = _Checked(parsed, refusals)
    rows = PackedRows(checked.rows())
    if len(checked.places) > MAX_COMPONENTS:
        more = f"are more than {MAX_COMPONENTS}; leave out what is not part of one system"
        return CheckedUpload(
            parsed,
            check_lines([], new_id()),
            [],
            _Refusals([Refused(None, None, None, f"the components {more}")], 1),
            has_shape=False,
        )
    has_shape = not refusals.count
    given = check_lines(rows, new_id(), None if has_shape else checked.unusable)
    checked_upload = CheckedUpload(parsed, given, checked.places, refusals, has_shape)
    checked_upload.note(given.faults)
    return checked_upload


def _place(refused: Refused) -> int:
    return refused.row or 0


def _refused(parsed: ParsedFile, row: int | None, name: str, detail: str) -> Refused:
    """A refusal of a field, with the column that it, or what it is part of, is read from."""
    known = next((field for field in (name, name.partition(".")[0]) if field in parsed.columns), None)
    return Refused(row, parsed.columns[known] if known else None, known or name or None, detail)


class _Checked:
    """Lines as they are checked, a slice at a time; those that cannot be read are left out and remembered by key."""

    def __init__(self, parsed: ParsedFile, refusals: _Refusals) -> None:
        self._found = parsed
        self._refusals = refusals
        self._cells: set[tuple[int | None, str | None]] = set()
        self.places = array("l")
        self.unusable: set[str] = set()

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The lines in storage form; no more than may be, and a slice."""
        lines = iter(self._found.lines)
        while len(self.places) + len(self.unusable) <= MAX_COMPONENTS:
            some = list(islice(lines, SLICE))
            self._take_over()
            if not some:
                return
            yield from self._checked(some)

    def _take_over(self) -> None:
        """What the reader refused while it gave these lines; one file can hold millions of such cells."""
        self._cells = {(refused.row, refused.field) for refused in self._found.refused}
        for refused in self._found.refused:
            self._refusals.add(refused)
        self._found.refused.clear()

    def _checked(self, some: list[ParsedLine]) -> Iterator[tuple[Any, ...]]:
        try:
            components = _LINES.validate_python([line.component for line in some])
        except ValidationError as error:
            if len(some) == 1:
                self._refuse(some[0], error)
            else:
                size = NARROW if len(some) > NARROW else 1
                for start in range(0, len(some), size):
                    yield from self._checked(some[start : start + size])
            return
        self.places.extend(line.row for line in some)
        yield from as_stored(components)

    def _refuse(self, line: ParsedLine, error: ValidationError) -> None:
        key = line.component.get("key") if isinstance(line.component, dict) else None
        self.unusable.add(key if isinstance(key, str) else f"row {line.row}")
        if self._refusals.is_full:
            self._refusals.more(line.row, error.error_count())
            return
        for wrong in error.errors(include_url=False, include_input=False):
            path = wrong["loc"][1:]
            refused = _refused(
                self._found, line.row, ".".join(map(str, path)), fault_of({**wrong, "loc": ("body", *path)}).detail
            )
            if (refused.row, refused.field) not in self._cells:
                self._refusals.add(refused)
