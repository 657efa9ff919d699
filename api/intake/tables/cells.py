"""Cells as values of a component: each field reads its own kind, exactly, or says what would be right.

What says "unknown" is unknown, and is left out. Nothing is filled in from elsewhere. What this accepts is checked once
more, with every other format's components, so that only what the form of a table brings along is judged here.
"""

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.intake.tables import numbers
from api.intake.tables.countries import country_code, is_doubtful
from api.intake.tables.rows import Broken, Cell, Unreadable
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
"""Different texts of a column whose reading is kept, so that a recurring one is read once and held once."""
_LARGEST = 10.0**numbers.SURE_DIGITS
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n)\s*")
_SURE = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:[0-9]{1,2}|[0-9]{4,6}))?")
_OWN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]{1,6})?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_NOT_WORDS = re.compile(r"[\W_]+")
_DASHES = re.compile(r"[-–—?]+")  # noqa: RUF001  # whichever dash was typed
_UNKNOWN = frozenset({"na", "nvt", "unknown", "onbekend", "nietbekend", "notknown", "notapplicable", "未知", "不详"})
_LONGEST = 20
_SURELY_KNOWN = frozenset(string.ascii_letters + string.digits) - frozenset("nNoOuU")
"""Letters that no word for unknown begins with."""
_PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")
_NOT_KEPT = "\0"
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
    """How a file is to be read: text that begins as a formula is refused of `suspicious` ones.

    One with the headings of the template (`canonical`) has codes where codes belong; our own export (`own`) has a decimal
    point, and words that mean nothing but themselves.
    """

    suspicious: bool = False
    canonical: bool = False
    own: bool = False


Mark = Callable[[], str | None]
Value = Callable[[Cell], str | None]


def value_of(field: str, dialect: Dialect, mark: Mark) -> Value:
    """What reads the cells of a field: gives their value, None for unknown, or raises Unreadable."""
    read = _kind(field, dialect, mark)
    kept: dict[Cell, str | None] = {}

    def value(cell: Cell) -> str | None:
        found = kept.get(cell, _NOT_KEPT)
        if found == _NOT_KEPT:
            found = read(cell)
            if len(kept) < MAX_CACHED_CELLS:
                kept[cell] = found
        return found

    return value


def _kind(field: str, dialect: Dialect, mark: Mark) -> Value:
    if field in AMOUNTS:
        return lambda cell: _number(cell, AMOUNTS[field], dialect, mark)
    others: dict[ColumnKind, Value] = {
        ColumnKind.COUNTRY: lambda cell: _country(cell, dialect),
        ColumnKind.COUNTRY_OR_NONE: lambda cell: _country_or_none(cell, dialect),
        ColumnKind.COUNTRY_IF_ANY: lambda cell: _country_if_any(cell, dialect),
        ColumnKind.EVIDENCE_LEVEL: _level,
        ColumnKind.DAY: _day,
        ColumnKind.SHA256: _sha256,
    }
    return others.get(COLUMN_OF[field].kind, lambda cell: _text(cell, dialect))


_AROUND: dict[ColumnKind, Callable[[str], str]] = {
    ColumnKind.PIECES: numbers.pieces_text,
    ColumnKind.EUROS: numbers.amount_text,
    ColumnKind.WEEKS: numbers.weeks_text,
}
AMOUNTS = {each.field: _AROUND[each.kind] for each in COLUMNS if each.is_decimal}
"""The fields that are numbers, each with what takes off what may stand around one."""
TEXTS = frozenset(each.field for each in COLUMNS if each.kind in (ColumnKind.TEXT, ColumnKind.URI))
"""The fields that are any text, in which an apostrophe can mark what it stands before as just that."""


def mark_in(field: str, cell: Cell) -> str | None:
    """The decimal mark that a cell of a number field shows for sure."""
    if not isinstance(cell, str):
        return None
    try:
        return numbers.shown_mark(AMOUNTS[field](cell))
    except Unreadable:
        return None


def is_unknown(text: str) -> bool:
    """Whether a text says that something is not known, or not applicable."""
    if len(text) > _LONGEST or text[:1] in _SURELY_KNOWN:
        return False
    return not text or _DASHES.fullmatch(text) is not None or _bare(text) in _UNKNOWN


def escaped(text: str) -> str:
    """Text as a cell of ours, with an apostrophe where it would be read as something else."""
    return f"'{text}" if _says_more(text.lstrip("'"), own=False) else text


def _says_more(text: str, *, own: bool) -> bool:
    """Whether a text, written as it is, would be taken for a formula or for unknown."""
    return text.startswith(FORMULA) or (not own and is_unknown(text))


def _bare(text: str) -> str:
    return _NOT_WORDS.sub("", text).lower()


def _shown(cell: Cell) -> str:
    """The text of a cell, as its reader sees it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Broken):
        raise Unreadable(cell.detail)
    if isinstance(cell, date):
        raise Unreadable(MESSAGE_DATE_AS_TEXT)
    if abs(cell) >= _LARGEST:
        raise Unreadable(MESSAGE_LONG_NUMBER)
    return numbers.digits_of(cell)


def _word(cell: Cell) -> str:
    """The text of a cell of few words, with nothing in it that is not to be seen."""
    text = _shown(cell).strip()
    if _CONTROL.search(text):
        raise Unreadable(MESSAGE_CONTROL)
    return text


def _text(cell: Cell, dialect: Dialect) -> str | None:
    if isinstance(cell, str) and cell[:1] in _SURELY_KNOWN and _PLAIN.fullmatch(cell):
        return cell
    given = _shown(cell)
    text = _BREAK.sub(" ", given.strip())
    if text.startswith("'") and _says_more(text.lstrip("'"), own=dialect.own):
        text = text[1:]
        if not text:
            return None
    elif not text or (is_unknown(text) and not dialect.own):
        return None
    elif dialect.suspicious and isinstance(cell, str) and (given.startswith(FORMULA) or text.startswith(FORMULA)):
        raise Unreadable(MESSAGE_FORMULA)
    if _CONTROL.search(text):
        raise Unreadable(MESSAGE_CONTROL)
    return text


def _number(cell: Cell, strip: Callable[[str], str], dialect: Dialect, mark: Mark) -> str | None:
    if isinstance(cell, str) and _SURE.fullmatch(cell):
        return cell
    if isinstance(cell, date):
        raise Unreadable("is a date; format the cell as a number")
    if isinstance(cell, float):
        return numbers.number(_shown(cell), lambda: ".")
    text = _word(cell)
    if dialect.own and _OWN_NUMBER.fullmatch(text):
        return text
    return None if is_unknown(text) else numbers.number(strip(text), mark)


def _country(cell: Cell, dialect: Dialect) -> str | None:
    text = _word(cell)
    if text == "NA":
        if not dialect.canonical:
            raise Unreadable(MESSAGE_NAMIBIA)
        return text
    return None if is_unknown(text) else country_code(text)


def _country_or_none(cell: Cell, dialect: Dialect) -> str | None:
    text = _word(cell)
    _refuse_no(text, dialect)
    return NO_COUNTRY if _is_none(text) else _country(cell, dialect)


def _country_if_any(cell: Cell, dialect: Dialect) -> str | None:
    """Of what there may be none, such as a second source: then there is no country of it, and the field stays empty."""
    text = _word(cell)
    _refuse_no(text, dialect)
    return None if _is_none(text) else _country(cell, dialect)


def _refuse_no(text: str, dialect: Dialect) -> None:
    """Refuses what answers whether there is one, where a country is asked for; NO is a code under our own headings."""
    if text.lower() == "no" and not (dialect.canonical and text == "NO"):
        raise Unreadable(MESSAGE_NORWAY)


def _is_none(text: str) -> bool:
    return not is_doubtful(text) and _bare(text) in _NONE


def _level(cell: Cell) -> str | None:
    text = _word(cell)
    if is_unknown(text):
        return None
    level = _LEVELS.get(_bare(text))
    if level is None or is_doubtful(text):
        raise Unreadable(MESSAGE_LEVEL)
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
    raise Unreadable(MESSAGE_DAY)


def _sha256(cell: Cell) -> str | None:
    text = _word(cell)
    return None if is_unknown(text) else text.lower() if _SHA256.fullmatch(text) else text
