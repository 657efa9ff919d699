"""Empty tables to fill in: what each column is for, in English and Dutch, and the file itself as CSV or XLSX.

Help stands in rows above the headings, where a reader passes over it as over any title, so that what was filled in can be
sent as it is. The columns told of are those that are read: their fields and other headings are the reader's own.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import IO, Any

import xlsxwriter

from api.intake.tables.cells import AMOUNTS, TEXTS, escaped
from api.intake.tables.columns import DESIGNATOR, ITEM, SPELLINGS
from api.intake.tables.numbers import SURE_DIGITS
from domain.declarations.components import FIELDS, MAX_COMPONENTS
from domain.scoring.inputs import EvidenceLevel

COMPONENTS = "components"
"""The id of the template of components."""
REQUIRED = frozenset({"key", "name", "quantity"})
HELP: dict[str, tuple[str, str, str]] = {
    "key": (
        "What this line is called in your own list, once in the whole table",
        "Hoe deze regel in uw eigen lijst heet, eenmaal in de hele tabel",
        "R1",
    ),
    "parentKey": (
        "Key of the sub-assembly it is part of; empty: of the system itself",
        "Sleutel van de samenstelling waar het deel van is; leeg: van het systeem zelf",
        "autopilot",
    ),
    "name": ("What it is", "Wat het is", "Autopilot board"),
    "partNumber": ("The maker's own number of the part", "Het nummer dat de maker eraan geeft", "AP-7"),
    "manufacturer": ("Who makes it, not who sells it", "Wie het maakt, niet wie het verkoopt", "Example Avionics"),
    "functionGroup": (
        "Name of a function group of the scoring profile",
        "Naam van een functiegroep van het scoreprofiel",
        "control",
    ),
    "quantity": (
        "How many there are in one delivered system, not per sub-assembly",
        "Hoeveel er in een geleverd systeem zitten, niet per samenstelling",
        "4",
    ),
    "unitValue": (
        "Value of one piece in euros, without the sign; empty: unknown",
        "Waarde van een stuk in euro's, zonder teken; leeg: onbekend",
        "12.50",
    ),
    "countryOfManufacture": (
        "Country where it is made, as two letters; empty: unknown",
        "Land waar het is gemaakt, in twee letters; leeg: onbekend",
        "NL",
    ),
    "countryOfControl": (
        "Country from which its maker is controlled in the end, as two letters; empty: unknown",
        "Land van waaruit de maker uiteindelijk wordt bestuurd, in twee letters; leeg: onbekend",
        "NL",
    ),
    "licenceCountry": (
        "Country of the licence holder, NONE if there is no foreign licence; empty: unknown",
        "Land van de licentiehouder, NONE als er geen buitenlandse licentie is; leeg: onbekend",
        "NONE",
    ),
    "exportRegime": (
        "Country whose export rules it falls under, NONE if under no foreign ones; empty: unknown",
        "Land onder wiens exportregels het valt, NONE als onder geen buitenlandse; leeg: onbekend",
        "NONE",
    ),
    "secondSourceCountry": (
        "Country where a replacement is made, as two letters; empty: there is none, or unknown",
        "Land waar een vervanger wordt gemaakt, in twee letters; leeg: die is er niet, of onbekend",
        "DE",
    ),
    "stockWeeks": (
        "For how many weeks of production there is stock",
        "Voor hoeveel weken productie er voorraad is",
        "12",
    ),
    "leadTimeWeeks": ("In how many weeks it is delivered", "In hoeveel weken het wordt geleverd", "8"),
    "evidence.level": (
        f"How well this is proven: {', '.join(level.value for level in EvidenceLevel)}",
        "Hoe goed dit is bewezen: none (niet), selfDeclared (eigen verklaring), document, audited (gecontroleerd)",
        "document",
    ),
    "evidence.expiresOn": (
        "Last day on which the evidence holds, as 2028-06-30",
        "Laatste dag waarop het bewijs geldt, als 2028-06-30",
        "2028-06-30",
    ),
    "evidence.uri": (
        "Where the evidence is found",
        "Waar het bewijs te vinden is",
        "https://example.org/certificate.pdf",
    ),
    "evidence.sha256": (
        "SHA-256 of the evidence: 64 hexadecimal digits",
        "SHA-256 van het bewijs: 64 hexadecimale cijfers",
        "0" * 64,
    ),
    "statementId": (
        "Number of a statement that the maker declared itself and shares with you",
        "Nummer van een verklaring die de maker zelf heeft afgelegd en met u deelt",
        "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
    ),
}
"""Of each field: what it is for in English, the same in Dutch, and an example."""
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_WIDE = {"name": 30, "evidence.uri": 40, "evidence.sha256": 68, "statementId": 38}
_FIRST = 3
"""The first row under help and headings, counted from 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template. `others` are headings that are read as this one."""

    field: str
    required: bool
    english: str
    dutch: str
    example: str
    others: tuple[str, ...]


def columns() -> tuple[Column, ...]:
    """The columns of the template of components, in their order."""
    return tuple(Column(field, field in REQUIRED, *HELP[field], _others(field)) for field in FIELDS)


def _others(field: str) -> tuple[str, ...]:
    beside = (*SPELLINGS[DESIGNATOR], *SPELLINGS[ITEM]) if field == "key" else ()
    return (*SPELLINGS[field], *beside)


@cache
def template_csv() -> str:
    """The empty template as CSV. It begins with a byte-order mark, without which spreadsheets misread accents."""
    text = io.StringIO()
    csv.writer(text).writerows(_top())
    return f"\ufeff{text.getvalue()}"


@cache
def template_xlsx() -> bytes:
    """The empty template as XLSX."""
    file = io.BytesIO()
    write_workbook(file, ())
    return file.getvalue()


def write_workbook(file: IO[bytes], lines: Iterable[Sequence[str | None]]) -> None:
    """Writes the template with these lines in it, each with a text for every field or None where it is unknown.

    Lines are written as they come, by way of a temporary file.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"title": COMPONENTS, "created": _MADE})
    sheet = book.add_worksheet("Components")
    _lay_out(book, sheet)
    for row, line in enumerate(lines, _FIRST):
        for column, (field, text) in enumerate(zip(FIELDS, line, strict=True)):
            if text is not None:
                _write(sheet, row, column, field, text)
    _explain(book)
    book.close()


def _top() -> list[list[str]]:
    described = columns()
    return [[column.english for column in described], [column.dutch for column in described], list(FIELDS)]


def _lay_out(book: Any, sheet: Any) -> None:
    small = book.add_format({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#595959"})
    bold = book.add_format({"bold": True, "bottom": 1})
    kinds = {"number": book.add_format(), "text": book.add_format({"num_format": "@"})}
    kinds["day"] = book.add_format({"num_format": "yyyy-mm-dd"})
    for index, field in enumerate(FIELDS):
        kind = "number" if field in AMOUNTS else "day" if field == "evidence.expiresOn" else "text"
        sheet.set_column(index, index, _WIDE.get(field, 20), kinds[kind])
    levels = {"validate": "list", "source": [level.value for level in EvidenceLevel]}
    place = FIELDS.index("evidence.level")
    sheet.data_validation(_FIRST, place, _FIRST + MAX_COMPONENTS, place, levels)
    sheet.freeze_panes(_FIRST, 1)
    for row, texts in enumerate(_top()):
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, bold if row == _FIRST - 1 else small)


def _write(sheet: Any, row: int, column: int, field: str, text: str) -> None:
    """Writes a value as what it is; a number of more digits than a spreadsheet keeps is written as text."""
    if field in AMOUNTS and sum(map(str.isdecimal, text)) <= SURE_DIGITS:
        sheet.write_number(row, column, float(text))
    elif field == "evidence.expiresOn":
        sheet.write_datetime(row, column, date.fromisoformat(text))
    else:
        sheet.write_string(row, column, escaped(text) if field in TEXTS else text)


def _explain(book: Any) -> None:
    """A second sheet that tells of each column; nothing in it can be taken for a table of components."""
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
