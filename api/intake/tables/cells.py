"""Reads cells as values of a component: each field reads its own kind of value exactly, or says what to write instead.

A cell that says "unknown" has no value. Nothing is filled in from elsewhere. Only what is particular to tables is checked
here: the values that come out are checked once more, as those of every other format are.
"""

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.intake.tables import conversions, numbers
from api.intake.tables.countries import country_code, is_doubtful
from api.intake.tables.formulas import BEGINNINGS, guarded, unguarded
from api.intake.tables.number_formats import SHORTENED_FROM, UnshownNumber
from api.intake.tables.rows import BrokenCell, Cell, FormattedNumber, UnreadableCell
from api.intake.tables.unknowns import SURELY_KNOWN, is_unknown
from domain.declarations.component_columns import COLUMN_OF, COLUMNS, ColumnKind
from domain.declarations.exchange_rates import ExchangeRate
from domain.scoring.inputs import NO_COUNTRY, EvidenceLevel

MESSAGE_FORMULA = "begins like a formula; put an apostrophe before it if it is text"
MESSAGE_CONTROL = "holds a control character; take it out"
MESSAGE_DATE_AS_TEXT = "was turned into a date by the spreadsheet program; format the cell as text and write it again"
MESSAGE_LONG_NUMBER = (
    "is a number with more digits than a spreadsheet keeps; format the cell as text and write it again"
)
MESSAGE_SHORTENED = (
    "is shown as a power of ten by the spreadsheet program, without all of its digits; "
    "format the cell as text and write it again"
)
MESSAGE_ERROR = "holds the error {}; correct it, or empty the cell"
MESSAGE_NARROW = (
    "holds only number signs, which a spreadsheet program shows where a column is too narrow; widen the column and save the "
    "file again"
)
MESSAGE_DAY = "is not a date that can be read; write it as 2026-11-21"
MESSAGE_LEVEL = f"is not a level of evidence; write one of: {', '.join(level.value for level in EvidenceLevel)}"
MESSAGE_NORWAY = "can mean Norway or no; write Norway if it is that country, and none if there is none"
MESSAGE_NAMIBIA = "can mean Namibia or not applicable; write Namibia, or leave it empty"
MAX_CACHED_CELLS = 2_000
"""Distinct cells of a column whose values are cached, so that a recurring one is read and stored once."""
_LARGEST = 10.0**numbers.KEPT_DIGITS
_ERROR = re.compile(
    # Every program translates the errors: #REF!, #VERW!, #BEZUG!; most end in a mark.
    r"#[¡¿]?[^\W\d_][\w ]{0,15}(?:/0)?[!?]|#(?:N/A|N/B|NV|N/D|N/A N/A|N/DISP|I/T|GETTING_DATA|[A-Z]{3,12}_DATA|DATEN_ABRUFEN"
    r"|GEGEVENS_OPHALEN|CHARGEMENT_DONNEES|OBTENTION_DONNEES)|(?:Err|Error|Fout|Fehler|Erreur):[0-9]{3}",
    re.IGNORECASE,
)
_NARROW = re.compile(r"#{2,}")
_SHORTENED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:[.,][0-9]+)?E[+-][0-9]{1,3}|[.,][0-9]+E[0-9]{1,3})", re.IGNORECASE)
_SHORTENED_STARTS = frozenset(string.digits + "+-")
_ERROR_STARTS = frozenset("#EeFf")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAK = re.compile(r"(?<![ \t])[ \t]*(?:\r\n|\r|\n)\s*")
_UNAMBIGUOUS = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:[0-9]{1,2}|[0-9]{4,6}))?")
_OWN_NUMBER = {mark: re.compile(rf"[0-9]+(?:{re.escape(mark)}[0-9]{{1,6}})?") for mark in ".,"}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_NOT_WORDS = re.compile(r"[\W_]+")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")
_NOT_CACHED = "\0"
_NONE = frozenset({"none", "geen", "nee", "nil", "无"})
_LEVELS = {
    **{level.value.lower(): level for level in EvidenceLevel},
    **dict.fromkeys(("geen", "no", "nee", "无"), EvidenceLevel.NONE),
    **dict.fromkeys(
        ("selfdeclaration", "selfdeclared", "zelfverklaring", "zelfverklaard", "eigenverklaring"),
        EvidenceLevel.SELF_DECLARED,
    ),
    **dict.fromkeys(("documented", "gedocumenteerd", "documents", "documenten"), EvidenceLevel.DOCUMENT),
    **dict.fromkeys(("audit", "geaudit", "auditrapport", "auditreport"), EvidenceLevel.AUDITED),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a file are read.

    `suspicious`: text that begins like a formula is refused. `canonical`: it has the headings of the template, so NO and NA
    are country codes. `own_export`: it is our own export, with `own_mark` in decimals, and "unknown" as a text means just
    that word. `rate`: unit values are in its currency, unless they say euros, and are converted.
    """

    suspicious: bool = False
    canonical: bool = False
    own_export: bool = False
    rate: ExchangeRate | None = None
    own_mark: str = "."


DecimalMark = Callable[[], str | None]
CellReader = Callable[[Cell], str | None]


def cell_reader(field: str, dialect: Dialect, mark: DecimalMark) -> CellReader:
    """A function that reads a cell of a field: it gives the value, None for unknown, or raises UnreadableCell."""
    read = _reader_of_kind(field, dialect, mark)
    cached: dict[Cell, str | None] = {}

    def value(cell: Cell) -> str | None:
        found = cached.get(cell, _NOT_CACHED)
        if found == _NOT_CACHED:
            found = read(cell)
            if len(cached) < MAX_CACHED_CELLS:
                cached[cell] = found
        return found

    return value


def _reader_of_kind(field: str, dialect: Dialect, mark: DecimalMark) -> CellReader:
    if dialect.rate is not None and COLUMN_OF[field].kind is ColumnKind.EUROS:
        return lambda cell: _converted(cell, dialect, mark)
    if field in AMOUNTS:
        return lambda cell: _number(cell, AMOUNTS[field], dialect, mark)
    others: dict[ColumnKind, CellReader] = {
        ColumnKind.COUNTRY: lambda cell: _country(cell, dialect),
        ColumnKind.COUNTRY_OR_NONE: lambda cell: _country_or_none(cell, dialect),
        ColumnKind.COUNTRY_IF_ANY: lambda cell: _country_if_any(cell, dialect),
        ColumnKind.EVIDENCE_LEVEL: _level,
        ColumnKind.DAY: _day,
        ColumnKind.SHA256: _sha256,
    }
    return others.get(COLUMN_OF[field].kind, lambda cell: _text(cell, dialect))


_STRIP_UNIT: dict[ColumnKind, Callable[[str], str]] = {
    ColumnKind.PIECES: numbers.pieces_text,
    ColumnKind.EUROS: numbers.amount_text,
    ColumnKind.WEEKS: numbers.weeks_text,
}
AMOUNTS = {each.field: _STRIP_UNIT[each.kind] for each in COLUMNS if each.is_decimal}
"""The fields that are numbers, each with the function that strips the unit or currency around one."""
TEXTS = frozenset(each.field for each in COLUMNS if each.kind in (ColumnKind.TEXT, ColumnKind.URI))
"""The fields that hold any text, where a leading apostrophe means: read the rest as plain text."""


def decimal_mark_in(field: str, cell: Cell) -> str | None:
    """The decimal mark that a cell of a number field shows without doubt, None where it shows none."""
    if not isinstance(cell, str):
        return None
    try:
        return numbers.shown_mark(AMOUNTS[field](cell))
    except UnreadableCell:
        return None


def escaped(text: str) -> str:
    """Text for a cell of our own files, with apostrophes where it would be read as something else."""
    return f"'{text}" if _is_replaced(text.lstrip("'")) else guarded(text)


def _is_replaced(text: str) -> bool:
    """Whether a text without an apostrophe would be read as unknown, or as what a program shows in the place of a value."""
    return is_unknown(text) or _fault_in(text) is not None


def _fault_in(text: str) -> str | None:
    """What is wrong with a text that a spreadsheet program shows in the place of a value, None where it is no such text."""
    text = text.strip()
    if text[:1] in _ERROR_STARTS:
        if _ERROR.fullmatch(text):
            return MESSAGE_ERROR.format(text)
        return MESSAGE_NARROW if _NARROW.fullmatch(text) else None
    return MESSAGE_SHORTENED if text[:1] in _SHORTENED_STARTS and _SHORTENED.fullmatch(text) else None


def _refuse_fault(text: str) -> str:
    """The text. Raises UnreadableCell where it is an error, or a number without all of its digits."""
    fault = _fault_in(text)
    if fault is not None:
        raise UnreadableCell(fault)
    return text


def _unescaped(text: str, dialect: Dialect) -> str:
    """The text that was escaped. Our own export escapes only formulas, as it leaves unknown cells empty."""
    is_word = not dialect.own_export and text.startswith("'") and _is_replaced(text.lstrip("'"))
    return text[1:] if is_word else unguarded(text)


def _letters_of(text: str) -> str:
    return _NOT_WORDS.sub("", text).lower()


def _shown_text(cell: Cell) -> str:
    """The text of a cell, as a spreadsheet shows it. Raises UnreadableCell where that is not all of its value."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, BrokenCell):
        raise UnreadableCell(cell.detail)
    if isinstance(cell, date):
        raise UnreadableCell(MESSAGE_DATE_AS_TEXT)
    stored = cell.value if isinstance(cell, FormattedNumber) else cell
    if abs(stored) >= _LARGEST:
        raise UnreadableCell(MESSAGE_LONG_NUMBER)
    if isinstance(cell, float):
        if abs(cell) >= SHORTENED_FROM:
            raise UnreadableCell(MESSAGE_SHORTENED)
        return numbers.digits_of(cell)
    try:
        return _refuse_fault(cell.format.shown(stored))
    except UnshownNumber as fault:
        raise UnreadableCell(fault.detail) from None


def _word(cell: Cell) -> str:
    """The text of a cell of few words. Raises UnreadableCell where it holds control characters."""
    text = _shown_text(cell).strip()
    if _CONTROL.search(text):
        raise UnreadableCell(MESSAGE_CONTROL)
    return _refuse_fault(text)


def _text(cell: Cell, dialect: Dialect) -> str | None:
    if isinstance(cell, str) and cell[:1] in SURELY_KNOWN and "'" not in cell and _PLAIN.fullmatch(cell):
        return cell if dialect.own_export else _refuse_fault(cell)
    shown = _shown_text(cell)
    escaped_text = _BREAK.sub(" ", shown.strip())
    text = _unescaped(escaped_text, dialect)
    if text != escaped_text and escaped_text.startswith("'"):
        if not text:
            return None
    elif not text or (not dialect.own_export and is_unknown(_refuse_fault(text))):
        return None
    elif dialect.suspicious and isinstance(cell, str) and (shown.startswith(BEGINNINGS) or text.startswith(BEGINNINGS)):
        raise UnreadableCell(MESSAGE_FORMULA)
    if _CONTROL.search(text):
        raise UnreadableCell(MESSAGE_CONTROL)
    return text


def _number(cell: Cell, strip: Callable[[str], str], dialect: Dialect, mark: DecimalMark) -> str | None:
    if isinstance(cell, str) and _UNAMBIGUOUS.fullmatch(cell):
        return cell
    if isinstance(cell, date):
        raise UnreadableCell("is a date; format the cell as a number")
    if isinstance(cell, float | FormattedNumber):
        return _stored_number(cell, strip)
    text = _word(cell)
    if dialect.own_export and _OWN_NUMBER[dialect.own_mark].fullmatch(text):
        return text.replace(",", ".")
    return None if is_unknown(text) else numbers.number(strip(text), mark)


def _converted(cell: Cell, dialect: Dialect, mark: DecimalMark) -> str | None:
    """An amount in the stated currency, converted to euros; one that says euros is left as it is."""
    assert dialect.rate is not None, "only columns with a rate are converted"
    stripped = conversions.StatedAmount(dialect.rate)
    amount = _number(cell, stripped.strip, dialect, mark)
    return amount if amount is None or stripped.is_in_euros else dialect.rate.euros(amount)


def _stored_number(cell: float | FormattedNumber, strip: Callable[[str], str]) -> str | None:
    """A number of a spreadsheet, exact. What its format shows around it is read as if it were written there."""
    stored = cell if isinstance(cell, float) else cell.value
    if abs(stored) >= _LARGEST:
        raise UnreadableCell(MESSAGE_LONG_NUMBER)
    if isinstance(cell, float):
        return numbers.number(numbers.digits_of(cell), lambda: ".")
    try:
        shown = cell.format.amount(stored)
    except UnshownNumber as fault:
        raise UnreadableCell(fault.detail) from None
    text = _word(shown.text)
    return None if is_unknown(text) else numbers.number(strip(text), lambda: None if shown.is_marked else ".")


def _country(cell: Cell, dialect: Dialect) -> str | None:
    text = _word(cell)
    if text == "NA":
        if not dialect.canonical:
            raise UnreadableCell(MESSAGE_NAMIBIA)
        return text
    return None if is_unknown(text) else country_code(text)


def _country_or_none(cell: Cell, dialect: Dialect) -> str | None:
    text = _word(cell)
    _refuse_no(text, dialect)
    return NO_COUNTRY if _is_none(text) else _country(cell, dialect)


def _country_if_any(cell: Cell, dialect: Dialect) -> str | None:
    """The country of something that may not exist, such as a second source; "none" leaves the field empty."""
    text = _word(cell)
    _refuse_no(text, dialect)
    return None if _is_none(text) else _country(cell, dialect)


def _refuse_no(text: str, dialect: Dialect) -> None:
    """Refuses "no", which can mean Norway or none; under our own headings NO is the country code."""
    if text.lower() == "no" and not (dialect.canonical and text == "NO"):
        raise UnreadableCell(MESSAGE_NORWAY)


def _is_none(text: str) -> bool:
    return not is_doubtful(text) and _letters_of(text) in _NONE


def _level(cell: Cell) -> str | None:
    text = _word(cell)
    if is_unknown(text):
        return None
    level = _LEVELS.get(_letters_of(text))
    if level is None or is_doubtful(text):
        raise UnreadableCell(MESSAGE_LEVEL)
    return level.value


def _day(cell: Cell) -> str | None:
    if isinstance(cell, date):
        return cell.isoformat()
    text = _word(cell)
    if is_unknown(text):
        return None
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise UnreadableCell(MESSAGE_DAY)


def _sha256(cell: Cell) -> str | None:
    text = _word(cell)
    return None if is_unknown(text) else text.lower() if _SHA256.fullmatch(text) else text
