"""Decides from which column of a table each field of a component is read, by the headings and by what the columns hold.

A heading that is not recognised is reported as unread; two headings for the same field are refused, and both are named. A
column without a value, or of row numbers, stands for nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from api.intake.heading_texts import ColumnRole, headings_of
from api.intake.parsed import Refused
from api.intake.tables.contents import Contents
from api.intake.tables.meanings import Meaning, meaning_of
from api.intake.tables.rows import Cell, letter_of
from domain.declarations.component_columns import FIELDS

KEY_SOURCES = ("key", ColumnRole.DESIGNATOR, ColumnRole.ITEM, ColumnRole.ITEM_NAME, "partNumber")
"""The columns that keys are read from: the first of these that the table has, with a value."""
NAME_SOURCES = (
    "name",
    ColumnRole.COMPONENT,
    ColumnRole.DESCRIPTION,
    ColumnRole.VALUE,
    ColumnRole.COMMENT,
    ColumnRole.PART,
    ColumnRole.ITEM_NAME,
    "partNumber",
)
"""The columns that names are read from, the same way."""
_SOURCES = {
    "key": KEY_SOURCES[:-1],
    "name": NAME_SOURCES[:-1],
    "quantity": ("quantity", ColumnRole.SYSTEM_QUANTITY),
}
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    each: tuple(text for source in _SOURCES.get(each, (each,)) for text in headings_of(source)) for each in FIELDS
}
"""Headings of each field, as people write them, besides the field's own name."""
MESSAGE_UNIT = "does not say its unit: if it is in weeks, say so in the heading, as in lead time (weeks)"
MESSAGE_NO_KEY = (
    "no column says what the lines are called, so they have no key: head one of them key, item or ref des, with a "
    "different text in each row"
)
_WORDS_ONLY = frozenset({ColumnRole.COMPONENT, ColumnRole.PART})
"""Sources of names whose columns also hold row numbers, which name nothing."""
_WITH_DESIGNATORS = frozenset({ColumnRole.VALUE, ColumnRole.COMMENT})
"""Sources of names of electronic parts; elsewhere a value is money, and a comment a remark."""
_INTERCHANGEABLE = frozenset({ColumnRole.ITEM, ColumnRole.COMMENT, ColumnRole.PART})
"""Roles of which the first column serves as well as any other."""
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Headings:
    """A row read as headings: for each field the column it is read from, counted from 0.

    `labels` names all columns as the user sees them, as in `D Qty`. `claims` has all columns of each field or role.
    `stand_ins` are further columns of a key or name, for rows in which its own is empty. `meanings` has those of the columns
    with a known heading. `level` is the column of the levels of an indented bill of materials, or of dotted numbers under that
    heading; `items` is that of the item numbers, the dotted ones if there are several; `currency` that of the currencies of
    amounts. `width` is how many cells a row may have: those with a heading, or if every row has them, empty ones at its end
    too. `has_lone_values`: a row with one value alone is a line whose other cells were forgotten, as there are more of them
    than titles of sections can be.
    """

    row: int
    cells: tuple[str, ...]
    labels: list[str]
    claims: dict[str, list[int]]
    columns: dict[str, int]
    stand_ins: dict[str, tuple[int, ...]]
    unread: list[str]
    refused: list[Refused]
    meanings: dict[int, Meaning] = field(default_factory=dict)
    level: int | None = None
    has_dotted_levels: bool = False
    items: int | None = None
    currency: int | None = None
    width: int = 0
    has_lone_values: bool = False

    @property
    def recognised(self) -> int:
        """How many columns have a meaning."""
        return len(self.meanings)

    @property
    def has_name(self) -> bool:
        """Whether a column can name the lines."""
        return any(meaning.may_name or meaning.role in NAME_SOURCES for meaning in self.meanings.values())

    @property
    def has_quantity(self) -> bool:
        """Whether a column says how many there are in one system."""
        return any(meaning.role in ("quantity", ColumnRole.SYSTEM_QUANTITY) for meaning in self.meanings.values())

    @property
    def suffices(self) -> bool:
        """Whether these can be the headings of a table: they have a name or a part number, and a quantity."""
        return self.has_name and self.has_quantity

    @property
    def is_canonical(self) -> bool:
        """Whether these are exactly our own headings, in their order."""
        return self.cells == FIELDS

    @property
    def needs_unit(self) -> frozenset[str]:
        """The fields whose numbers must have their unit beside them."""
        return frozenset(each for each, index in self.columns.items() if self.meanings[index].needs_unit)


def parse_headings(row: int, cells: Sequence[Cell], contents: Contents | None = None) -> Headings:
    """Reads a row as headings, and the columns under it by what they hold."""
    texts = [_heading(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    labels = [f"{letter_of(index)} {text}".strip() for index, text in enumerate(texts)]
    meanings = {index: meaning for index, text in enumerate(texts) if (meaning := meaning_of(text))}
    claims: dict[str, list[int]] = {}
    for index, meaning in meanings.items():
        if meaning.fault is None:
            claims.setdefault(meaning.role, []).append(index)
    contents = contents or Contents()
    currency = _tell_apart(claims, meanings, contents, len(texts))
    refused = [Refused(row, labels[i], each.role, each.fault) for i, each in meanings.items() if each.fault is not None]
    assigned = _Assignment(claims, contents)
    refused += [Refused(row, *each) for each in assigned.clashes(labels)]
    used = {
        *assigned.used(),
        *({currency} - {None}),
        *(index for index, each in meanings.items() if each.fault is not None),
    }
    unread = [labels[index] for index, text in enumerate(texts) if text and index not in used]
    columns = {each: assigned.columns[each] for each in FIELDS if each in assigned.columns}
    return Headings(
        *(row, tuple(texts), labels, claims, columns, assigned.stand_ins, unread, refused, meanings),
        level=assigned.level,
        has_dotted_levels=assigned.level is not None and contents.is_paths(assigned.level),
        items=next(
            filter(contents.is_paths, claims.get(ColumnRole.ITEM, ())),
            next(iter(claims.get(ColumnRole.ITEM, ())), None),
        ),
        currency=currency,
        width=len(cells) if contents.are_as_wide(len(cells)) else len(texts),
        has_lone_values=contents.is_mostly_alone(assigned.columns.get("key", 0)),
    )


def _tell_apart(
    claims: dict[str, list[int]], meanings: Mapping[int, Meaning], contents: Contents, width: int
) -> int | None:
    """Takes from the claims what only looks like it: currencies, items in words, and numbers that are not the maker's.

    Gives the column of currencies, which is known by its heading or by what it holds.
    """
    fits = [
        i for i in range(width) if contents.is_currencies(i) and (i not in meanings or meanings[i].role == "unitValue")
    ]
    currency = next(iter([*filter(contents.is_filled, claims.get(ColumnRole.CURRENCY, ())), *fits]), None)
    _keep(claims, "unitValue", lambda index: index != currency)
    named = [i for i in claims.get(ColumnRole.ITEM, ()) if meanings[i].may_name and contents.is_names(i)]
    if named:
        claims[ColumnRole.ITEM_NAME] = named
        _keep(claims, ColumnRole.ITEM, lambda index: index not in named)
    if any(not meanings[i].is_general and contents.is_filled(i) for i in claims.get("partNumber", ())):
        _keep(claims, "partNumber", lambda index: not meanings[index].is_general)
    return currency


def _keep(claims: dict[str, list[int]], role: str, wanted: Callable[[int], bool]) -> None:
    kept = list(filter(wanted, claims.pop(role, ())))
    if kept:
        claims[role] = kept


class _Assignment:
    """The column of each field, with substitutes for a missing key or name."""

    def __init__(self, claims: Mapping[str, list[int]], contents: Contents) -> None:
        # Of several columns with one meaning, those without a value say nothing.
        self._claims = {each: [*filter(contents.is_filled, places)] or places for each, places in claims.items()}
        self._contents = contents
        self._marks = [index for role in (ColumnRole.NOT_FITTED, ColumnRole.FITTED) for index in claims.get(role, ())]
        levels = (i for i in claims.get(ColumnRole.LEVEL, ()) if contents.is_levels(i) or contents.is_paths(i))
        self.level = next(levels, None)
        self._sources = {each: each for each in FIELDS if each in claims}
        self.stand_ins: dict[str, tuple[int, ...]] = {}
        if ColumnRole.SYSTEM_QUANTITY in claims:
            self._sources["quantity"] = ColumnRole.SYSTEM_QUANTITY
        if self.level is not None:
            self._sources.pop("parentKey", None)
        self._assign("key", [each for each in KEY_SOURCES if each in claims])
        self._assign("name", [each for each in NAME_SOURCES if self._can_name(each)])
        if self._sources.get("key") != ColumnRole.DESIGNATOR:
            self.stand_ins.pop("key", None)
        self.columns = {each: self._claims[source][0] for each, source in self._sources.items()}

    def _assign(self, target: str, sources: list[str]) -> None:
        filled = [each for each in sources if self._contents.is_filled(self._claims[each][0])]
        filled = filled or [each for each in sources[:1] if each == target or target != "key"]
        self._sources.pop(target, None)
        if filled:
            self._sources[target] = filled[0]
            self.stand_ins[target] = tuple(self._claims[each][0] for each in filled[1:])

    def _can_name(self, source: str) -> bool:
        if source not in self._claims:
            return False
        numbers = self._contents.is_only_numbers(self._claims[source][0])
        if source in _WITH_DESIGNATORS:
            return ColumnRole.DESIGNATOR in self._claims or (source == ColumnRole.VALUE and not numbers)
        return not (source in _WORDS_ONLY and numbers)

    def clashes(self, labels: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """The fields for which there are several columns: which, the field, and what to do."""
        for each, places in self._read():
            if len(places) > 1:
                both = " and ".join(labels[index] for index in places)
                yield both, each, f"are all read as {each}; keep one, and rename or take out the rest"

    def used(self) -> Iterator[int]:
        """The columns that are read, or told as a clash."""
        for _, places in self._read():
            yield from places
        if self.level is not None:
            yield self.level
        yield from self._marks

    def _read(self) -> Iterator[tuple[str, list[int]]]:
        """Each field with the columns that are read as it; of several row numbers or remarks the first serves as well."""
        for each in FIELDS:
            source = self._sources.get(each)
            if source is not None and (each == source or source not in FIELDS):
                yield each, self._claims[source][:1] if source in _INTERCHANGEABLE else self._claims[source]


def _heading(cell: Cell) -> str:
    return " ".join(cell.split())[:_LONGEST_LABEL] if isinstance(cell, str) else ""
