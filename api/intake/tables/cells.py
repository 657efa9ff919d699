"""Reads cells as values of a component: each field reads its own kind of value exactly, or says what to write instead.

A cell that says "unknown" has no value. Nothing is filled in from elsewhere. Only what is particular to tables is checked
here: the values that come out are checked once more, as those of every other format are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.intake.tables import numbers
from api.intake.tables.countries import country_code, is_doubtful
from api.intake.tables.rows import BrokenCell, Cell, UnreadableCell
from api.intake.tables.unknowns import SURELY_KNOWN, is_unknown
from domain.declarations.component_columns import COLUMN_OF, COLUMNS, ColumnKind
from domain.scoring.inputs import NO_COUNTRY, EvidenceLevel

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MESSAGE_FORMULA = "begins like a formula; put an apostrophe before it if it is text"
MESSAGE_CONTROL = "holds a control character; take it out"
MESSAGE_DATE_AS_TEXT = "was turned into a date by the spreadsheet program; format the cell as text and write it again"
MESSAGE_LONG_NUMBER = (
    "is a number with more digits than a spreadsheet keeps; format the cell as text and write it again"
)
MESSAGE_DAY = "is not a date that can be read; write it as 2026-11-21"
MESSAGE_LEVEL = f"is not a level of evidence; write one of: {', '.join(level.value for level in EvidenceLevel)}"
MESSAGE_NORWAY = "can mean Norway or no; write Norway if it is that country, and none if there is none"
MESSAGE_NAMIBIA = "can mean Namibia or not applicable; write Namibia, or leave it empty"
MAX_CACHED_CELLS = 2_000
"""Distinct cells of a column whose values are cached, so that a recurring one is read and stored once."""
_LARGEST = 10.0**numbers.KEPT_DIGITS
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n)\s*")
_UNAMBIGUOUS = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:[0-9]{1,2}|[0-9]{4,6}))?")
_OWN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]{1,6})?")
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
    are country codes. `own_export`: it is our own export, with decimal points, and "unknown" as a text means just that word.
    """

    suspicious: bool = False
    canonical: bool = False
    own_export: bool = False


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
    """Text for a cell of our own files, with an apostrophe before it where it would be read as something else."""
    return f"'{text}" if _needs_apostrophe(text.lstrip("'"), own_export=False) else text


def _needs_apostrophe(text: str, *, own_export: bool) -> bool:
    """Whether a text without an apostrophe would be read as a formula or as unknown."""
    return text.startswith(FORMULA) or (not own_export and is_unknown(text))


def _letters_of(text: str) -> str:
    return _NOT_WORDS.sub("", text).lower()


def _shown_text(cell: Cell) -> str:
    """The text of a cell, as a spreadsheet shows it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, BrokenCell):
        raise UnreadableCell(cell.detail)
    if isinstance(cell, date):
        raise UnreadableCell(MESSAGE_DATE_AS_TEXT)
    if abs(cell) >= _LARGEST:
        raise UnreadableCell(MESSAGE_LONG_NUMBER)
    return numbers.digits_of(cell)


def _word(cell: Cell) -> str:
    """The text of a cell of few words. Raises UnreadableCell where it holds control characters."""
    text = _shown_text(cell).strip()
    if _CONTROL.search(text):
        raise UnreadableCell(MESSAGE_CONTROL)
    return text


def _text(cell: Cell, dialect: Dialect) -> str | None:
    if isinstance(cell, str) and cell[:1] in SURELY_KNOWN and _PLAIN.fullmatch(cell):
        return cell
    shown = _shown_text(cell)
    text = _BREAK.sub(" ", shown.strip())
    if text.startswith("'") and _needs_apostrophe(text.lstrip("'"), own_export=dialect.own_export):
        text = text[1:]
        if not text:
            return None
    elif not text or (is_unknown(text) and not dialect.own_export):
        return None
    elif dialect.suspicious and isinstance(cell, str) and (shown.startswith(FORMULA) or text.startswith(FORMULA)):
        raise UnreadableCell(MESSAGE_FORMULA)
    if _CONTROL.search(text):
        raise UnreadableCell(MESSAGE_CONTROL)
    return text


def _number(cell: Cell, strip: Callable[[str], str], dialect: Dialect, mark: DecimalMark) -> str | None:
    if isinstance(cell, str) and _UNAMBIGUOUS.fullmatch(cell):
        return cell
    if isinstance(cell, date):
        raise UnreadableCell("is a date; format the cell as a number")
    if isinstance(cell, float):
        return numbers.number(_shown_text(cell), lambda: ".")
    text = _word(cell)
    if dialect.own_export and _OWN_NUMBER.fullmatch(text):
        return text
    return None if is_unknown(text) else numbers.number(strip(text), mark)


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
