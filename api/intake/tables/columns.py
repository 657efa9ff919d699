"""Recognises the headings of real bills of materials as fields of a component, in English, Dutch and Chinese.

The fields' own names are those of the CSV export. Case, accents, spaces and punctuation do not matter. A heading that is not
recognised is reported as unread; two headings for the same field are refused, and both are named.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from api.intake.field_texts import FIELD_TEXTS
from api.intake.parsed import Refused
from api.intake.tables.numbers import MESSAGE_EUROS, is_foreign
from api.intake.tables.rows import Cell, letter_of
from domain.declarations.component_columns import FIELDS

DESIGNATOR, ITEM = "designator", "item"
"""Columns by which a bill of materials names its lines; they serve as keys where it has no column of keys."""
KEY_SOURCES = ("key", DESIGNATOR, ITEM, "partNumber")
"""The column that keys are read from: the first of these that the table has."""
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    **{field: FIELD_TEXTS[field].headings for field in FIELDS},
    DESIGNATOR: (
        *("reference designator", "reference designators", "ref designator", "ref des", "ref. des.", "refdes"),
        *("designator", "designators", "referentie-aanduiding", "位号", "元件位号"),
    ),
    ITEM: (
        *("item", "item no", "item nr", "item number", "item #", "line no", "line number", "find no", "find number"),
        *("pos", "pos no", "pos nr", "position", "positie", "positienummer", "postnummer", "regelnummer", "volgnummer"),
        *("序号", "项次"),
    ),
}
"""Headings of each field, as people write them, besides the field's own name."""
IN_WEEKS = {
    **dict.fromkeys(("leadtime", "deliverytime", "levertijd", "doorlooptijd", "交期", "交货期"), "leadTimeWeeks"),
    **dict.fromkeys(("stock", "voorraad", "库存"), "stockWeeks"),
}
"""Headings that need the unit to be recognised: a stock without it is as often counted in pieces as in weeks."""
_WEEKS = frozenset({"week", "weeks", "wk", "wks", "weken", "wkn", "周"})
_OTHER_TIMES = frozenset(
    {
        "d",
        "day",
        "days",
        "dag",
        "dagen",
        "month",
        "months",
        "mnd",
        "maand",
        "maanden",
        "天",
        "日",
        "月",
        "working",
        "werkdagen",
    }
)
_AMOUNT_WORDS = frozenset(
    {"eur", "euro", "euros", "€", "ex", "excl", "exclusief", "excluding", "btw", "vat", "in", "net", "netto"}
)
_PART = re.compile(r"[^\W_]+|[$€£¥₹₽#]")
_LONGEST_LABEL = 80
MESSAGE_WEEKS = "is not in weeks: convert the column, and say so in its heading, as in lead time (weeks)"
MESSAGE_UNIT = "does not say its unit: if it is in weeks, say so in the heading, as in lead time (weeks)"


@dataclass(frozen=True, slots=True)
class Headings:
    """A row read as headings: for each field the column it is read from, counted from 0.

    `labels` names all columns as the user sees them, as in `D Qty`; `recognised` counts the columns with a known heading.
    """

    row: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    labels: list[str]
    unread: list[str]
    refused: list[Refused]
    recognised: int

    @property
    def suffices(self) -> bool:
        """Whether these can be the headings of a table: they have a name or a part number, and a quantity."""
        fields = {fault.field for fault in self.refused} | self.columns.keys()
        return bool(fields & {"name", "partNumber"}) and "quantity" in fields

    @property
    def is_canonical(self) -> bool:
        """Whether these are exactly our own headings, in their order."""
        return self.cells == FIELDS


def parse_headings(row: int, cells: Sequence[Cell]) -> Headings:
    """Reads a row as headings."""
    texts = [_heading(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    labels = [f"{letter_of(index)} {text}".strip() for index, text in enumerate(texts)]
    claims: dict[str, list[int]] = {}
    unread, refused = [], []
    for index, text in enumerate(texts):
        field, fault = _meaning(text)
        if field is None:
            unread += [index] if text else []
        elif fault is not None:
            refused.append(Refused(row, labels[index], field, fault))
        else:
            claims.setdefault(field, []).append(index)
    recognised = sum(map(len, claims.values())) + len(refused)
    columns = _assigned_columns(claims, unread)
    refused += _duplicate_headings(row, claims, labels)
    return Headings(
        row, tuple(texts), columns, labels, [labels[index] for index in sorted(unread)], refused, recognised
    )


def _assigned_columns(claims: dict[str, list[int]], unread: list[int]) -> dict[str, int]:
    """The column of each field, with substitutes for a missing key or name; removes the unused substitutes from `claims`."""
    source = next((each for each in KEY_SOURCES if each in claims), None)
    for unused in {DESIGNATOR, ITEM} & claims.keys() - {source}:
        unread += claims.pop(unused)
    columns = {field: places[0] for field, places in claims.items() if field not in (DESIGNATOR, ITEM)}
    if source is not None:
        columns["key"] = claims[source][0]
    if "name" not in columns and "partNumber" in columns:
        columns["name"] = columns["partNumber"]
    return {field: columns[field] for field in FIELDS if field in columns}


def _duplicate_headings(row: int, claims: dict[str, list[int]], labels: list[str]) -> list[Refused]:
    faults = []
    for claimed, places in claims.items():
        if len(places) > 1:
            field = "key" if claimed in (DESIGNATOR, ITEM) else claimed
            both = " and ".join(labels[index] for index in places)
            faults.append(
                Refused(row, both, field, f"are all read as {field}; keep one, and rename or take out the rest")
            )
    return faults


def _heading(cell: Cell) -> str:
    return " ".join(cell.split())[:_LONGEST_LABEL] if isinstance(cell, str) else ""


@lru_cache(maxsize=1_000)
def _meaning(heading: str) -> tuple[str | None, str | None]:
    """The field that a heading stands for, and what is wrong with the heading, if anything."""
    words = _words(heading)
    field = _fields().get("".join(words))
    if field is not None or not words:
        return field, None
    return _amount_meaning(words) or _weeks_meaning(words) or (None, None)


def _amount_meaning(words: list[str]) -> tuple[str, str | None] | None:
    """The meaning of a heading with a currency, as in `unit price (EUR)`."""
    foreign = [word for word in words if is_foreign(word)]
    rest = [word for word in words if word not in foreign and word not in _AMOUNT_WORDS]
    if _fields().get("".join(rest)) != "unitValue":
        return None
    return "unitValue", MESSAGE_EUROS if foreign else None


def _weeks_meaning(words: list[str]) -> tuple[str, str | None] | None:
    """The meaning of a heading with a unit of time, as in `lead time (weeks)`."""
    rest = [word for word in words if word not in _WEEKS | _OTHER_TIMES | {"in"}]
    field = IN_WEEKS.get("".join(rest))
    if field is None:
        return None
    if _OTHER_TIMES & set(words):
        return field, MESSAGE_WEEKS
    if _WEEKS & set(words):
        return field, None
    return (field, MESSAGE_UNIT) if field == "leadTimeWeeks" else None


@cache
def _fields() -> dict[str, str]:
    """The field of every known heading, by the heading without case, accents, spaces and punctuation."""
    spelled = {"".join(_words(text)): field for field, texts in SPELLINGS.items() for text in texts}
    return spelled | {"".join(_words(field)): field for field in FIELDS}


def _words(heading: str) -> list[str]:
    """The words and currency signs of a heading, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return _PART.findall("".join(char for char in plain if not unicodedata.combining(char)))
