"""Headings of real bills of materials as fields of a component, in English, Dutch and Chinese.

The fields' own names are those of the CSV export. A heading is read without regard to case, accents, spaces and
punctuation. One that says nothing here is left unread and told; two that say the same are refused, both by name.
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
"""What a bill of materials calls its lines by; they are keys where there is no column of keys."""
KEY_SOURCES = ("key", DESIGNATOR, ITEM, "partNumber")
"""What a key is taken from: the first of these that has a column."""
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
"""Other headings of a field, as people write them; a field's own name is always one."""
IN_WEEKS = {
    **dict.fromkeys(("leadtime", "deliverytime", "levertijd", "doorlooptijd", "交期", "交货期"), "leadTimeWeeks"),
    **dict.fromkeys(("stock", "voorraad", "库存"), "stockWeeks"),
}
"""Headings that say their field only with the unit; without it, a stock is as often counted in pieces."""
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
_AROUND_AMOUNT = frozenset(
    {"eur", "euro", "euros", "€", "ex", "excl", "exclusief", "excluding", "btw", "vat", "in", "net", "netto"}
)
_PART = re.compile(r"[^\W_]+|[$€£¥₹₽#]")
_LONGEST_LABEL = 80
MESSAGE_WEEKS = "is not in weeks: convert the column, and say so in its heading, as in lead time (weeks)"
MESSAGE_UNIT = "does not say its unit: if it is in weeks, say so in the heading, as in lead time (weeks)"


@dataclass(frozen=True, slots=True)
class Headings:
    """A row of headings, understood: for each field the column it is read from, counted from 0.

    `labels` are all columns as the user sees them; `claimed` counts the columns that say something here.
    """

    row: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    labels: list[str]
    unread: list[str]
    refused: list[Refused]
    claimed: int

    @property
    def suffices(self) -> bool:
        """Whether a table can stand under it: lines have a name or a part number, and a quantity."""
        fields = {fault.field for fault in self.refused} | self.columns.keys()
        return bool(fields & {"name", "partNumber"}) and "quantity" in fields

    @property
    def is_canonical(self) -> bool:
        """Whether these are our own headings, all of them and in their order."""
        return self.cells == FIELDS


def understood(row: int, cells: Sequence[Cell]) -> Headings:
    """What a row says when it is read as headings."""
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
    claimed = sum(map(len, claims.values())) + len(refused)
    columns = _settled(claims, unread)
    refused += _duplicate_headings(row, claims, labels)
    return Headings(row, tuple(texts), columns, labels, [labels[index] for index in sorted(unread)], refused, claimed)


def _settled(claims: dict[str, list[int]], unread: list[int]) -> dict[str, int]:
    """The column of each field, with what stands in for a key and for a name; leaves of `claims` what can clash."""
    source = next((own for own in KEY_SOURCES if own in claims), None)
    for beaten in {DESIGNATOR, ITEM} & claims.keys() - {source}:
        unread += claims.pop(beaten)
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
    """The field that a heading says, and what is wrong with how it says it."""
    words = _words(heading)
    field = _fields().get("".join(words))
    if field is not None or not words:
        return field, None
    return _amount_meaning(words) or _weeks_meaning(words) or (None, None)


def _amount_meaning(words: list[str]) -> tuple[str, str | None] | None:
    """Of a heading that says its currency, as in unit price (EUR)."""
    foreign = [word for word in words if is_foreign(word)]
    rest = [word for word in words if word not in foreign and word not in _AROUND_AMOUNT]
    if _fields().get("".join(rest)) != "unitValue":
        return None
    return "unitValue", MESSAGE_EUROS if foreign else None


def _weeks_meaning(words: list[str]) -> tuple[str, str | None] | None:
    """Of a heading that says its unit of time, as in lead time (weeks)."""
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
    """Every heading that is understood, without what it is read without, and its field."""
    spelled = {"".join(_words(text)): field for field, texts in SPELLINGS.items() for text in texts}
    return spelled | {"".join(_words(field)): field for field in FIELDS}


def _words(heading: str) -> list[str]:
    """The words of a heading and its signs of currency, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return _PART.findall("".join(char for char in plain if not unicodedata.combining(char)))
