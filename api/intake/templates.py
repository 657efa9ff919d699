"""Empty tables to fill in: what each column is for, in English and Dutch, and the file itself as CSV or XLSX.

Help is in rows above the headings, which readers skip like any title, so a filled-in template can be sent unchanged. Fields
and accepted headings are those of the readers themselves.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import IO, Any

import xlsxwriter

from api.intake.field_texts import FIELD_TEXTS
from api.intake.tables.cells import AMOUNTS, TEXTS, escaped
from api.intake.tables.columns import SPELLINGS
from api.intake.tables.formulas import guarded
from api.intake.tables.numbers import KEPT_DIGITS
from domain.declarations.component_columns import COLUMN_OF, COLUMNS, FIELDS, ColumnKind
from domain.declarations.components import MAX_COMPONENTS
from domain.scoring.inputs import EvidenceLevel

COMPONENTS = "components"
"""The id of the template of components."""
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_WIDTHS = {"name": 30, "evidence.uri": 40, "evidence.sha256": 68, "statementId": 38}
_FIRST_LINE = 3
"""The first row under help and headings, counted from 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template. `others` are the other headings that are read as this field."""

    field: str
    required: bool
    english: str
    dutch: str
    example: str
    others: tuple[str, ...]


def columns() -> tuple[Column, ...]:
    """The columns of the template of components, in their order."""
    return tuple(_column(each.field, required=each.is_required) for each in COLUMNS)


def _column(field: str, *, required: bool) -> Column:
    text = FIELD_TEXTS[field]
    return Column(field, required, text.english, text.dutch, text.example, SPELLINGS[field])


@cache
def template_csv(separator: str = ",") -> str:
    """The empty template as CSV. It begins with a byte-order mark, without which spreadsheets misread accents."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([guarded(cell) for cell in row] for row in _heading_rows())
    return f"\ufeff{text.getvalue()}"


@cache
def template_xlsx() -> bytes:
    """The empty template as XLSX."""
    file = io.BytesIO()
    write_workbook(file, ())
    return file.getvalue()


def write_workbook(file: IO[bytes], lines: Iterable[Sequence[str | None]]) -> None:
    """Writes the template with these lines, each with a text for every field, or None where it is unknown.

    Lines are written as they come, through a temporary file.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"title": COMPONENTS, "created": _CREATED})
    sheet = book.add_worksheet("Components")
    _lay_out(book, sheet)
    for row, line in enumerate(lines, _FIRST_LINE):
        for column, (field, text) in enumerate(zip(FIELDS, line, strict=True)):
            if text is not None:
                _write(sheet, row, column, field, text)
    _add_help(book)
    book.close()


def _heading_rows() -> list[list[str]]:
    described = columns()
    return [[column.english for column in described], [column.dutch for column in described], list(FIELDS)]


def _lay_out(book: Any, sheet: Any) -> None:
    small = book.add_format({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#595959"})
    bold = book.add_format({"bold": True, "bottom": 1})
    kinds = {"number": book.add_format(), "text": book.add_format({"num_format": "@"})}
    kinds["day"] = book.add_format({"num_format": "yyyy-mm-dd"})
    levels = {"validate": "list", "source": [level.value for level in EvidenceLevel]}
    for index, each in enumerate(COLUMNS):
        kind = "number" if each.is_decimal else "day" if each.kind is ColumnKind.DAY else "text"
        sheet.set_column(index, index, _WIDTHS.get(each.field, 20), kinds[kind])
        if each.kind is ColumnKind.EVIDENCE_LEVEL:
            sheet.data_validation(_FIRST_LINE, index, _FIRST_LINE + MAX_COMPONENTS, index, levels)
    sheet.freeze_panes(_FIRST_LINE, 1)
    for row, texts in enumerate(_heading_rows()):
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, bold if row == _FIRST_LINE - 1 else small)


def _write(sheet: Any, row: int, column: int, field: str, text: str) -> None:
    """Writes a value as number, date or text; a number with more digits than a spreadsheet keeps becomes text."""
    if field in AMOUNTS and sum(map(str.isdecimal, text)) <= KEPT_DIGITS:
        sheet.write_number(row, column, float(text))
    elif COLUMN_OF[field].kind is ColumnKind.DAY:
        sheet.write_datetime(row, column, date.fromisoformat(text))
    else:
        sheet.write_string(row, column, escaped(text) if field in TEXTS else text)


def _add_help(book: Any) -> None:
    """Adds a second sheet that explains each column; readers cannot mistake it for a table of components."""
    sheet = book.add_worksheet("Help - Uitleg")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    heads = (
        "Heading - Kop",
        "Required - Verplicht",
        "English",
        "Nederlands",
        "Example - Voorbeeld",
        "Also read - Ook gelezen",
    )
    for index, (head, width) in enumerate(zip(heads, (24, 20, 50, 50, 30, 80), strict=True)):
        sheet.set_column(index, index, width, wrapped)
        sheet.write_string(0, index, head, bold)
    for row, described in enumerate(columns(), 1):
        required = "yes - ja" if described.required else "no - nee"
        texts = (
            described.field,
            required,
            described.english,
            described.dutch,
            described.example,
            "; ".join(described.others),
        )
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text)
