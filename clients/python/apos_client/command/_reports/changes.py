"""The changes of a revision on a terminal: lines added, removed and changed, and how each point of the score changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import ChangedLines, ChangeEffect, FieldChange, LineChange, RevisionChanges
from apos_client.command._reports.comparison import compared_figures, comparison, knock_outs, signed
from apos_client.command._reports.tables import Column, table

UNKNOWN = "-"
ORIGINS = {
    "added": "lines added",
    "removed": "lines removed",
    "changed": "lines changed",
    "affected": "lines that did not change",
    "design_authority": "design authority",
    "empty_groups": "groups without a component",
    "residual": "value that no line accounts for",
}


@dataclass(frozen=True, slots=True)
class _FieldRow:
    """A changed field of a line or of the system; the line is named at its first field."""

    line: str
    points: str | None
    field: FieldChange


def changes_report(changes: RevisionChanges, width: int) -> RenderableType:
    """What a revision changed, for a terminal of this width."""
    lines = changes.lines
    counts = ", ".join(
        f"{count} {word}"
        for count, word in (
            (lines.added.count, "added"),
            (lines.removed.count, "removed"),
            (lines.changed.count, "changed"),
            (lines.unchanged, "unchanged"),
        )
    )
    return Group(
        Text(f"Revision {changes.revision} against revision {changes.against_revision}.\nLines: {counts}."),
        *_fields("Lines changed:", list(_rows(lines.changed)), lines.changed, width),
        *_lines("Lines added:", lines.added, width),
        *_lines("Lines removed:", lines.removed, width),
        *_fields("The system as a whole:", [_FieldRow("", None, each) for each in changes.system], None, width),
        *(
            _effect(changes.effect, width)
            if changes.effect
            else [Text("\nThere is no scoring profile to score it on.")]
        ),
    )


def _rows(changed: ChangedLines) -> Iterator[_FieldRow]:
    for line in changed.items:
        for number, field in enumerate(line.fields):
            yield _FieldRow("" if number else line.key, None if number else line.points, field)


def _fields(heading: str, rows: Sequence[_FieldRow], lines: ChangedLines | None, width: int) -> list[RenderableType]:
    of_lines: list[Column[_FieldRow]] = [
        Column("Line", lambda each: each.line),
        Column("Points", lambda each: signed(each.points) if each.line else "", is_figure=True),
    ]
    columns: list[Column[_FieldRow]] = [
        *(of_lines if lines else []),
        Column("Field", lambda each: each.field.field),
        Column("Before", lambda each: each.field.before or UNKNOWN, is_title=True),
        Column("After", lambda each: each.field.after or UNKNOWN, is_title=True),
    ]
    return [Text(f"\n{heading}\n"), table(columns, [rows], width), *_more(lines)] if rows else []


def _lines(heading: str, lines: ChangedLines, width: int) -> list[RenderableType]:
    columns: list[Column[LineChange]] = [
        Column("Line", lambda each: each.key),
        Column("Points", lambda each: signed(each.points), is_figure=True),
        Column("Name", lambda each: each.name, is_title=True),
    ]
    return [Text(f"\n{heading}\n"), table(columns, [lines.items], width), *_more(lines)] if lines.items else []


def _more(lines: ChangedLines | None) -> list[RenderableType]:
    """How many lines are not shown."""
    rest = lines.count - len(lines.items) if lines else 0
    return [Text(f"... and {rest} more.")] if rest else []


def _effect(effect: ChangeEffect, width: int) -> list[RenderableType]:
    shares = effect.origin_shares
    verdicts = [("EDIP", shares.edip.verdict), ("SAFE", shares.safe.verdict)]
    moved = [f"{rule} from {each.before} to {each.after}" for rule, each in verdicts if each.before != each.after]
    return [
        Text(f"\nEffect, both on {effect.reference_date}, by {effect.scheme_version}:\n"),
        comparison(compared_figures(effect), ("Before", "After"), width),
        *([Text(f"\nVerdicts: {', '.join(moved)}.")] if moved else []),
        *knock_outs("Knock-outs that are gone:", effect.knock_outs.went.items, width),
        *knock_outs("Knock-outs that are new:", effect.knock_outs.came.items, width),
        *_attribution(effect, width),
    ]


def _attribution(effect: ChangeEffect, width: int) -> list[RenderableType]:
    """Which changes the difference in points comes from; nothing if there is none."""
    given = {} if effect.attribution is None else effect.attribution.model_dump()
    rows = [(ORIGINS.get(name, name), points) for name, points in given.items() if Decimal(points)]
    columns: list[Column[tuple[str, str]]] = [
        Column("Points", lambda each: signed(each[1]), is_figure=True),
        Column("From", lambda each: each[0]),
    ]
    return [Text("\nWhere the difference comes from:\n"), table(columns, [rows], width)] if rows else []
