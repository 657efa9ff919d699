"""The intake report: what was read of a file of components, what was not, and what is still to be answered.

It is the answer to every upload; where a line cannot be used, it is part of the problem instead. Lists hold at most the
first hundred entries; the counts count all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress, islice
from typing import Any

from pydantic import Field

from api.intake.parsed import Format, Ignored, Note, ParsedFile, SkipReason, is_open
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
SHEET = "The sheet, where several were read"
Row = Sequence[Any]
"""A line in storage form."""


class LineCounts(View):
    """Rows of a file: those read are those used, those ignored and those refused. A header is none of them."""

    read: int
    used: int
    ignored: int
    refused: int


class IgnoredRow(View):
    """A row that is not a component: blank, a title, a total, or the title of a section within the table."""

    row: int = Field(description="As a spreadsheet counts, from 1")
    why: SkipReason
    sheet: str | None = Field(description=SHEET)


class RefusedCell(View):
    """What cannot be used, and what would be right. What is wrong in every row is told once: without row, with their count."""

    row: int | None = Field(description="As a spreadsheet counts; in JSON the place among the components, from 1")
    column: str | None = Field(description="Letter and heading, or a pointer into the document")
    field: str | None = Field(description="Field of a component", examples=["unitValue"])
    detail: str
    count: int = Field(description="In how many rows", examples=[1])
    sheet: str | None = Field(description=SHEET)


class ReadColumn(View):
    """Which column a field is read from."""

    field: str = Field(examples=["quantity"])
    column: str = Field(examples=["D (Qty)"])
    sheet: str | None = Field(description=SHEET)


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
    """What to look at: something left unknown although the file says something of it, or read with a doubt, and why."""

    row: int | None = Field(description="The first row that it is about")
    column: str | None = Field(description="Letter and heading, or a pointer into the document")
    field: str | None = Field(examples=["countryOfManufacture"])
    detail: str
    sheet: str | None = Field(description=SHEET)


class Conversion(View):
    """The exchange rate by which unit values were converted to euros, as stated with the file."""

    currency: str = Field(description="Code of ISO 4217", examples=["USD"])
    rate: str = Field(description="Euros for one unit of the currency", examples=["0.9217"])
    rate_date: date = Field(description="The day that the rate is of")


class IntakeReport(View):
    """What an intake read, and what it did not."""

    format: Format
    encoding: str | None = Field(description="How the text is encoded; null for a workbook", examples=["UTF-8"])
    sheets: list[str] = Field(description="Sheets of a workbook that were read")
    unread_sheets: list[str] = Field(description="Visible sheets that were not; name those that are to be, as `sheet`")
    lines: LineCounts
    columns: list[ReadColumn]
    unread: list[str] = Field(description="Headings that were not recognised, so their columns were not read")
    ignored: list[IgnoredRow] = Field(description="At most 100; `lines` counts all")
    refused: list[RefusedCell] = Field(description="At most 100; of one line there can be several")
    notes: list[IntakeNote] = Field(description="At most 100")
    completeness: list[FieldCompleteness]
    questions: list[OpenQuestion]
    conversion: Conversion | None = Field(description="Null where amounts were given in euros")


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


def report_of(parsed: ParsedFile, used: UsedLines, refused: Sequence[RefusedCell], lines: int) -> IntakeReport:
    """The report on a file. `refused` are the first refusals, `lines` is how many lines have any."""
    leaves, unanswered = _unanswered(used.leaves())
    count, ignored = sum(used.is_used), len(parsed.ignored)
    return IntakeReport(
        format=parsed.format,
        encoding=parsed.encoding,
        sheets=parsed.sheets,
        unread_sheets=parsed.unread_sheets,
        lines=LineCounts(read=count + ignored + lines, used=count, ignored=ignored, refused=lines),
        columns=list(_columns(parsed)),
        unread=parsed.unread[:MAX_LISTED],
        ignored=[_ignored(parsed, row) for row in parsed.ignored[:MAX_LISTED]],
        refused=list(refused),
        completeness=[
            FieldCompleteness(field=each.column.field, known=leaves - each.count, leaves=leaves) for each in unanswered
        ],
        notes=[_note(parsed, note) for note in parsed.notes[:MAX_LISTED]],
        conversion=_conversion(parsed),
        questions=[*_questions(unanswered), *_open_assemblies(parsed)],
    )


def _conversion(parsed: ParsedFile) -> Conversion | None:
    rate = parsed.exchange_rate
    return None if rate is None else Conversion(currency=rate.currency, rate=rate.rate, rate_date=rate.day)


def _columns(parsed: ParsedFile) -> Iterable[ReadColumn]:
    sheets: Sequence[str | None] = parsed.sheets if parsed.sheet_columns else [None]
    for sheet, columns in zip(sheets, parsed.sheet_columns or [parsed.columns], strict=True):
        for name, column in columns.items():
            yield ReadColumn(field=name, column=column, sheet=sheet)


def _ignored(parsed: ParsedFile, ignored: Ignored) -> IgnoredRow:
    sheet, row = parsed.place_of(ignored.row)
    return IgnoredRow(row=row or 0, why=ignored.reason, sheet=sheet)


def _note(parsed: ParsedFile, note: Note) -> IntakeNote:
    sheet, row = parsed.place_of(note.row)
    return IntakeNote(row=row, column=note.column, field=note.field, detail=note.detail, sheet=sheet)


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
