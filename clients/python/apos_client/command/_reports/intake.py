"""An intake report on a terminal: how much was read, which columns, what is refused and why, and what is still open.

A refusal is printed completely, however narrow the terminal is, because it says what to write instead.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import (
    FieldCompleteness,
    IgnoredRow,
    IntakeNote,
    IntakeReport,
    OpenQuestion,
    ReadColumn,
    RefusedCell,
)
from apos_client.command._messages import printable
from apos_client.command._reports.tables import Column, table

FORMATS = {"json": "JSON", "csv": "CSV", "xlsx": "XLSX", "ods": "ODS", "xls": "XLS", "cyclonedx": "CycloneDX"}
BLOCKS = 20
ROWS_NAMED = 10
LISTED = 100
"""As many refusals as a report lists at most."""


def intake_report(report: IntakeReport, width: int) -> RenderableType:
    """What was read of a file, and what was not."""
    parts = [_facts(report)]
    if report.columns:
        parts += [Text("\nRead from its columns:\n"), _columns(report.columns, width)]
    if report.refused:
        parts += [Text("\nRefused:\n"), *map(_detail, report.refused), *_more(report)]
    if report.notes:
        parts += [Text("\nTo know:\n"), *map(_detail, report.notes)]
    if any(each.leaves for each in report.completeness):
        leaves = _counted(report.completeness[0].leaves, "component")
        parts += [Text(f"\nAnswered, of {leaves} without parts:\n"), _completeness(report.completeness, width)]
    if report.questions:
        parts += [Text("\nStill open, the costliest components first:\n"), _questions(report.questions, width)]
    return Group(*parts)


def _facts(report: IntakeReport) -> Text:
    lines = report.lines
    facts = [
        ("Read as", FORMATS.get(report.format, report.format)),
        ("Lines", f"{lines.read} read: {lines.used} used, {lines.ignored} ignored, {lines.refused} refused"),
    ]
    if report.encoding:
        facts.append(("Encoding", report.encoding))
    if report.conversion is not None:
        stated = report.conversion
        facts.append(("Converted", f"1 {stated.currency} is {stated.rate} EUR, of {stated.rate_date}, as stated"))
    if report.sheets:
        facts.append(("Sheets", ", ".join(map(printable, report.sheets))))
    if report.unread_sheets:
        facts.append(("Not read", ", ".join(f"sheet {printable(each)}" for each in report.unread_sheets)))
    if report.ignored:
        facts.append(("Ignored", "; ".join(_ignored(report.ignored))))
    if report.unread:
        facts.append(("Not read", ", ".join(map(printable, report.unread))))
    return Text("\n").join(Text.assemble((f"{name:<12}", "bold"), value) for name, value in facts)


def _ignored(rows: Sequence[IgnoredRow]) -> Iterator[str]:
    """The rows that were ignored, by reason."""
    for why, rows_of_why in groupby(sorted(rows, key=lambda each: each.why), key=lambda each: each.why):
        numbers = [str(each.row) if each.sheet is None else f"{each.sheet}:{each.row}" for each in rows_of_why]
        named = ", ".join(numbers[:ROWS_NAMED]) + (", ..." if len(numbers) > ROWS_NAMED else "")
        yield f"{why} in {'row' if len(numbers) == 1 else 'rows'} {named}"


def _columns(columns: Sequence[ReadColumn], width: int) -> Text:
    shown: list[Column[ReadColumn]] = [
        Column("Column", _of_sheet, is_title=True),
        Column("Read as", lambda each: each.field),
    ]
    return table(shown, [columns], width)


def _of_sheet(column: ReadColumn) -> str:
    return column.column if column.sheet is None else f"{column.sheet}: {column.column}"


def _detail(cell: RefusedCell | IntakeNote) -> Text:
    place = [f"sheet {cell.sheet}"] if cell.sheet is not None else []
    place += [f"row {cell.row}"] if cell.row is not None else []
    place += [cell.column or cell.field or ""]
    where = ", ".join(each for each in place if each) or "the file"
    return Text(f"  {printable(where)}: {printable(cell.detail)}")


def _more(report: IntakeReport) -> list[Text]:
    """That only the first refusals are listed, if that is so."""
    is_cut = len(report.refused) >= LISTED
    return [Text(f"  These are the first; {report.lines.refused} lines are refused.")] if is_cut else []


def _completeness(fields: Sequence[FieldCompleteness], width: int) -> Text:
    shown: list[Column[FieldCompleteness]] = [
        Column("Field", lambda each: each.field),
        Column("", _bar),
        Column("Known", lambda each: f"{_percent(each)} %", is_figure=True),
        Column("Of them", lambda each: str(each.known), is_figure=True),
    ]
    return table(shown, [fields], width)


def _percent(field: FieldCompleteness) -> int:
    """Rounded down, so that 100 is all of them."""
    return field.known * 100 // field.leaves if field.leaves else 0


def _bar(field: FieldCompleteness) -> Text:
    filled = _percent(field) * BLOCKS // 100
    return Text("█" * filled + "░" * (BLOCKS - filled), style="green" if filled == BLOCKS else "yellow")


def _questions(questions: Sequence[OpenQuestion], width: int) -> Text:
    shown: list[Column[OpenQuestion]] = [
        Column("Field", lambda each: each.field),
        Column("Open", lambda each: str(each.unanswered), is_figure=True),
        Column("Components", _keys, is_title=True),
    ]
    return table(shown, [questions], width)


def _keys(question: OpenQuestion) -> str:
    rest = question.unanswered - len(question.component_keys)
    return ", ".join([*question.component_keys, *([f"{rest} more"] if rest > 0 else [])])


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
