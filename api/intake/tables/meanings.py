"""What a single heading means: a field of a component, or a role that a column has beside one.

A heading is compared without case, accents, spaces and punctuation. Currency and unit may stand in it, and a second language.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from api.intake.heading_texts import (
    GENERAL_NUMBERS,
    HEADINGS,
    IN_WEEKS,
    ITEMS_IN_WORDS,
    ORIGIN,
    ColumnRole,
    headings_of,
)
from api.intake.tables.numbers import MESSAGE_EUROS, is_foreign
from api.intake.tables.units import OTHER_TIMES, PIECES, WEEKS
from domain.declarations.component_columns import FIELDS

MESSAGE_WEEKS = "is not in weeks: convert the column, and say so in its heading, as in lead time (weeks)"
_AMOUNT_WORDS = frozenset(
    {
        *(
            "eur",
            "euro",
            "euros",
            "€",
            "ex",
            "exc",
            "excl",
            "exkl",
            "exclusief",
            "excluding",
            "btw",
            "vat",
            "tax",
            "in",
            "net",
        ),
        *("netto", "ht", "h", "t", "hors", "taxe", "taxes", "tva", "htva", "ohne", "mwst", "ust", "en", "zzgl"),
    }
)
_PART = re.compile(r"[^\W_]+|[$€£¥₹₽#]")
_LANGUAGES_APART = re.compile(r"\s*[/|(\[]\s*")
_NUMBERED = frozenset({"partNumber", "manufacturer"})
"""Fields of which tables have several, numbered columns, of which the first is read."""
_NAMES = frozenset({"name", ColumnRole.DESCRIPTION, ColumnRole.COMPONENT})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field or role, and what is wrong with the heading, if anything.

    `needs_unit`: each number of the column must have its unit beside it. `is_origin`: it says where a part originates.
    `is_general`: a part number that may be the maker's or somebody else's. `may_name`: an item that may be named in words.
    """

    role: str
    fault: str | None = None
    needs_unit: bool = False
    is_origin: bool = False
    is_general: bool = False
    may_name: bool = False


@lru_cache(maxsize=1_000)
def meaning_of(heading: str) -> Meaning | None:
    """What a heading means; None where it is not known."""
    words = _words(heading)
    if not words:
        return None
    if meaning := _known().get("".join(words)):
        return meaning
    return _numbered(words) or _amount(words) or _weeks(words) or _pieces(words) or _bilingual(heading)


def _numbered(words: list[str]) -> Meaning | None:
    """The meaning of the first of several columns, as in `Manufacturer 1`."""
    joined = "".join(words)
    meaning = _known().get(joined.removesuffix("1")) if joined.endswith("1") else None
    return meaning if meaning and meaning.role in _NUMBERED else None


def _amount(words: list[str]) -> Meaning | None:
    """The meaning of a heading with a currency, as in `unit price (EUR)`."""
    foreign = [word for word in words if is_foreign(word)]
    meaning = _known().get("".join(word for word in words if word not in foreign and word not in _AMOUNT_WORDS))
    if meaning is None or meaning.role != "unitValue":
        return None
    return replace(meaning, fault=MESSAGE_EUROS if foreign else None)


def _weeks(words: list[str]) -> Meaning | None:
    """The meaning of a heading with or without a unit of time, as in `lead time (weeks)`; a stock needs one."""
    weeks, others = set(WEEKS) & set(words), _OTHER_TIME_WORDS & set(words)
    rest = "".join(word for word in words if word not in {*weeks, *others, "in", "en", "estimated", "std"})
    field = _timed().get(rest)
    if field is None or (not weeks and not others and field == "stockWeeks"):
        return None
    return Meaning(field, fault=MESSAGE_WEEKS if others else None, needs_unit=not weeks and not others)


def _pieces(words: list[str]) -> Meaning | None:
    """The meaning of a heading of a quantity with its unit, as in `Qty (pcs)`."""
    meaning = _known().get("".join(word for word in words if word not in PIECES and word != "in"))
    return meaning if meaning and meaning.role == "quantity" else None


def _bilingual(heading: str) -> Meaning | None:
    """The meaning of a heading that says the same twice, as in `Menge / Quantity` or `Part Number (MPN)`."""
    texts = _LANGUAGES_APART.split(heading)
    meanings = {_known().get("".join(_words(text))) for text in texts} if len(texts) > 1 else {None}
    if None in meanings:
        return None
    roles = {meaning.role for meaning in meanings if meaning}
    if len(roles) > 1 and roles <= _NAMES:
        return Meaning("name")
    return next(iter(meanings)) if len(roles) == 1 else None


_OTHER_TIME_WORDS = frozenset(word for text in (*OTHER_TIMES, "working", "business") for word in text.split())


def _words(heading: str) -> list[str]:
    """The words and currency signs of a heading, in lower case and without accents; `n°` is `no`."""
    plain = unicodedata.normalize("NFKD", heading.replace("°", "o")).casefold()
    return _PART.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _joined(texts: Iterable[str]) -> Iterable[str]:
    return ("".join(_words(text)) for text in texts)


@cache
def _known() -> Mapping[str, Meaning]:
    """The meaning of every known heading, by the heading without case, accents, spaces and punctuation."""
    known = {joined: Meaning(role) for role in HEADINGS for joined in _joined(headings_of(role))}
    for texts in ORIGIN.values():
        known |= dict.fromkeys(_joined(texts), Meaning("countryOfManufacture", is_origin=True))
    known |= {joined: Meaning(field) for field in FIELDS for joined in _joined((field,))}
    known |= dict.fromkeys(_joined(ITEMS_IN_WORDS), Meaning(ColumnRole.ITEM, may_name=True))
    return known | dict.fromkeys(_joined(GENERAL_NUMBERS), Meaning("partNumber", is_general=True))


@cache
def _timed() -> Mapping[str, str]:
    """The field of every heading that needs a unit of time."""
    return {joined: field for field, by in IN_WEEKS.items() for texts in by.values() for joined in _joined(texts)}
