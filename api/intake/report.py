"""The intake report: what was read of a file of components, what was not, and what is still to be answered.

It is the answer to every upload; where a line cannot be used, it is part of the problem instead. Lists hold at most the
first hundred entries; the counts count all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import Any

from pydantic import Field

from api.intake.parsed import Format, ParsedFile, Refused, SkipReason, is_open
from api.schemas.bodies import View
from domain.declarations.component_columns import COLUMNS, LINE, ComponentColumn
from domain.declarations.components import CheckedLines

MAX_LISTED = 100
MAX_KEYS = 10
SCORED_COLUMNS = tuple(column for column in COLUMNS if column.is_expected)
"""The fields of a leaf that a score needs."""
PARTS = "components"
_KEY = LINE.index("key")
_BATCH = 1000
Row = Sequence[Any]
"""A line in storage form."""


class LineCounts(View):
    """Rows of a file: those read are those used, those ignored and those refused. A header is none of them."""

    read: int
    used: int
    ignored: int
    refused: int


class IgnoredRow(View):
    """A row that is not a component: blank, a title, or a total."""

    row: int = Field(description="As a spreadsheet counts, from 1")
    why: SkipReason


class RefusedCell(View):
    """What cannot be used, and what would be right."""

    row: int | None = Field(description="As a spreadsheet counts; in JSON the place among the components, from 1")
    column: str | None = Field(description="Letter and heading, or a pointer into the document")
    field: str | None = Field(description="Field of a component", examples=["unitValue"])
    detail: str


class ReadColumn(View):
    """Which column a field is read from."""

    field: str = Field(examples=["quantity"])
    column: str = Field(examples=["D (Qty)"])


class FieldCompleteness(View):
    """Of how many leaves a field is known; a leaf is a component without parts."""

    field: str = Field(examples=["countryOfManufacture"])
    known: int
    leaves: int


class OpenQuestion(View):
    """What a score asks and the components do not say: of how many leaves, and of which, the costliest ten first.

    The field `components` names the sub-assemblies whose author says that not all their parts are listed.
    """

    field: str = Field(examples=["countryOfControl"])
    unanswered: int
    component_keys: list[str]


class IntakeNote(View):
    """What was left unknown although the file says something of it, and why."""

    row: int | None
    column: str = Field(description="A pointer into the document")
    field: str = Field(examples=["countryOfManufacture"])
    detail: str


class IntakeReport(View):
    """What an intake read, and what it did not."""

    format: Format
    encoding: str | None = Field(description="How the text is encoded; null for a workbook", examples=["UTF-8"])
    lines: LineCounts
    columns: list[ReadColumn]
    unread: list[str] = Field(description="Headings that were not recognised, so their columns were not read")
    ignored: list[IgnoredRow] = Field(description="At most 100; `lines` counts all")
    refused: list[RefusedCell] = Field(description="At most 100; of one line there can be several")
    notes: list[IntakeNote] = Field(description="At most 100")
    completeness: list[FieldCompleteness]
    questions: list[OpenQuestion]


@dataclass(frozen=True, slots=True)
class UsedLines:
    """The lines of a file of which nothing is refused: all its lines, and for each of them whether it is used."""

    lines: CheckedLines
    is_used: Sequence[bool]

    def leaves(self) -> Iterator[tuple[Row, int]]:
        """The leaves among them in storage form, each with its value in cents; 0 where that is unknown."""
        tree = self.lines.tree
        nodes = set(compress(tree.parent_keys, self.is_used))
        of_each = zip(self.lines.rows, tree.cents, self.is_used, strict=True)
        return ((row, cents or 0) for row, cents, is_used in of_each if is_used and row[_KEY] not in nodes)


def report_of(parsed: ParsedFile, used: UsedLines, refused: Sequence[Refused], lines: int) -> IntakeReport:
    """The report on a file. `refused` are the first refusals, `lines` is how many lines have any."""
    leaves, unanswered = _unanswered(used.leaves())
    count, ignored = sum(used.is_used), len(parsed.ignored)
    return IntakeReport(
        format=parsed.format,
        encoding=parsed.encoding,
        lines=LineCounts(read=count + ignored + lines, used=count, ignored=ignored, refused=lines),
        columns=[ReadColumn(field=name, column=column) for name, column in parsed.columns.items()],
        unread=parsed.unread[:MAX_LISTED],
        ignored=[IgnoredRow(row=row.row, why=row.reason) for row in parsed.ignored[:MAX_LISTED]],
        refused=[RefusedCell(row=r.row, column=r.column, field=r.field, detail=r.detail) for r in refused],
        completeness=[
            FieldCompleteness(field=each.column.field, known=leaves - each.count, leaves=leaves) for each in unanswered
        ],
        notes=[IntakeNote(row=n.row, column=n.column, field=n.field, detail=n.detail) for n in parsed.notes],
        questions=[*_questions(unanswered), *_open_assemblies(parsed)],
    )


@dataclass(slots=True)
class _Unanswered:
    """The leaves that do not give a field: how many, and the costliest of them, by negative cents and key."""

    column: ComponentColumn
    count: int = 0
    costliest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, leaves: Sequence[tuple[Row, int]]) -> None:
        """Adds those of these leaves that do not give the field; the evidence level `none` counts as not given."""
        place, unknown = LINE.index(self.column.name), (None, self.column.default)
        found = [(-cents, row[_KEY]) for row, cents in leaves if row[place] in unknown]
        self.count += len(found)
        self.costliest = sorted([*self.costliest, *found])[:MAX_KEYS]


def _unanswered(leaves: Iterator[tuple[Row, int]]) -> tuple[int, list[_Unanswered]]:
    """The number of leaves, and for each field that a score needs, which of them do not give it."""
    count, fields = 0, [_Unanswered(column) for column in SCORED_COLUMNS]
    while batch := list(islice(leaves, _BATCH)):
        count += len(batch)
        for each in fields:
            each.add(batch)
    return count, fields


def _questions(unanswered: Iterable[_Unanswered]) -> Iterable[OpenQuestion]:
    for each in unanswered:
        if each.count:
            keys = [key for _, key in each.costliest]
            yield OpenQuestion(field=each.column.field, unanswered=each.count, component_keys=keys)


def _open_assemblies(parsed: ParsedFile) -> Iterable[OpenQuestion]:
    """The sub-assemblies that may have parts that are not listed; the system as a whole counts too, but has no key."""
    open_keys = [key for key, aggregate in parsed.compositions.items() if is_open(aggregate)]
    if open_keys:
        keys = [key for key in open_keys if key is not None]
        yield OpenQuestion(field=PARTS, unanswered=len(open_keys), component_keys=sorted(keys)[:MAX_KEYS])
