"""The intake report: what was read of a file of components, what was not, and what is still to be answered.

It is the answer to every upload; where a line cannot be used, it is part of the problem instead. Lists hold at most the
first hundred entries; the counts count all.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from api.intake.parsed import Format, ParsedFile, Refused, SkipReason, is_open
from api.schemas.bodies import View
from domain.declarations.component_columns import COLUMNS, ColumnKind, ComponentColumn
from domain.scoring.inputs import ComponentInput, EvidenceLevel
from domain.scoring.tree import value_cents

MAX_LISTED = 100
MAX_KEYS = 10
SCORED_COLUMNS = tuple(column for column in COLUMNS if column.is_expected)
"""The fields of a leaf that a score needs."""
PARTS = "components"


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
    lines: LineCounts
    columns: list[ReadColumn]
    unread: list[str] = Field(description="Headings that were not recognised, so their columns were not read")
    ignored: list[IgnoredRow] = Field(description="At most 100; `lines` counts all")
    refused: list[RefusedCell] = Field(description="At most 100; of one line there can be several")
    notes: list[IntakeNote] = Field(description="At most 100")
    completeness: list[FieldCompleteness]
    questions: list[OpenQuestion]


def report_of(
    parsed: ParsedFile, components: Sequence[ComponentInput], refused: Sequence[Refused], lines: int
) -> IntakeReport:
    """The report on a file. `refused` are the first refusals, `lines` is how many lines have any."""
    leaves = _leaves(components)
    known = _completeness(leaves)
    used, ignored = len(components), len(parsed.ignored)
    return IntakeReport(
        format=parsed.format,
        lines=LineCounts(read=used + ignored + lines, used=used, ignored=ignored, refused=lines),
        columns=[ReadColumn(field=field, column=column) for field, column in parsed.columns.items()],
        unread=parsed.unread[:MAX_LISTED],
        ignored=[IgnoredRow(row=row.row, why=row.reason) for row in parsed.ignored[:MAX_LISTED]],
        refused=[RefusedCell(row=r.row, column=r.column, field=r.field, detail=r.detail) for r in refused],
        completeness=known,
        notes=[IntakeNote(row=n.row, column=n.column, field=n.field, detail=n.detail) for n in parsed.notes],
        questions=[*_questions(leaves), *_open_assemblies(parsed)],
    )


def _leaves(components: Sequence[ComponentInput]) -> Sequence[ComponentInput]:
    parents = {component.parent_key for component in components}
    return [component for component in components if component.key not in parents]


def _is_known(leaf: ComponentInput, column: ComponentColumn) -> bool:
    """Whether a leaf gives the field; the evidence level `none` counts as not given."""
    if column.kind is ColumnKind.EVIDENCE_LEVEL:
        return leaf.evidence.level is not EvidenceLevel.NONE
    return getattr(leaf, column.name) is not None


def _completeness(leaves: Sequence[ComponentInput]) -> list[FieldCompleteness]:
    return [
        FieldCompleteness(field=column.field, known=sum(_is_known(leaf, column) for leaf in leaves), leaves=len(leaves))
        for column in SCORED_COLUMNS
    ]


def _questions(leaves: Sequence[ComponentInput]) -> Iterable[OpenQuestion]:
    for column in SCORED_COLUMNS:
        unknown = [leaf for leaf in leaves if not _is_known(leaf, column)]
        if unknown:
            first = sorted(unknown, key=_costliest)[:MAX_KEYS]
            yield OpenQuestion(field=column.field, unanswered=len(unknown), component_keys=[leaf.key for leaf in first])


def _open_assemblies(parsed: ParsedFile) -> Iterable[OpenQuestion]:
    """The sub-assemblies that may have parts that are not listed; the system as a whole counts too, but has no key."""
    open_keys = [key for key, aggregate in parsed.compositions.items() if is_open(aggregate)]
    if open_keys:
        keys = [key for key in open_keys if key is not None]
        yield OpenQuestion(field=PARTS, unanswered=len(open_keys), component_keys=sorted(keys)[:MAX_KEYS])


def _costliest(leaf: ComponentInput) -> tuple[Any, ...]:
    return -(value_cents(leaf) or 0), leaf.key
