"""What completes a line beside its cells: stand-ins for a missing key or name, and notes on what a reader should look at.

Of notes that say the same of several rows one is kept, with the number of rows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from api.intake.heading_texts import ColumnRole
from api.intake.parsed import Note, ParsedFile, Refused
from api.intake.tables import numbers
from api.intake.tables.cells import Dialect, cell_reader
from api.intake.tables.columns import MESSAGE_NO_KEY, Headings
from api.intake.tables.contents import plain_text
from api.intake.tables.designators import NOTE_SEVERAL, count_designators, first_designator, may_be_several
from api.intake.tables.rows import Cell, UnreadableCell
from domain.declarations.component_columns import MAX_COMPONENT_KEY
from domain.declarations.definitions import MADE_IN

MAX_NOTES = 100
MESSAGE_NO_NAME = (
    "no column says what the lines are: {} only numbers; head one of the others name, description or part number"
)
NOTE_ORIGIN = "is read as the country of manufacture: {}"
NOTE_CART = (
    "is in the cart of a distributor, as the other headings show: see that it is how many one delivered system has, not how many "
    "were ordered"
)
_CART = re.compile(
    r"back ?order(?:ed)?|customer (?:reference|ref|#|no\.?|part (?:number|no\.?|#))|(?:order|cart) price.*",
    re.IGNORECASE,
)
NOTE_CART_PRICE = (
    "is in the cart of a distributor, which does not say its currency: see that it is in euros, or state the currency "
    "and its rate"
)
NOTE_NUMBER = (
    "does not say whose number it is, beside {}: see that it is the maker's; if it is a seller's, head it supplier part "
    "number"
)
NOTE_MORE = "; in {} more rows the two differ too"
NOTE_ONE_MORE = "; in one more row the two differ too"
_SHOWN = 40
NOTE_FIRST = f"has more characters than a key may ({MAX_COMPONENT_KEY}), so the key is the first of them, {{}}"
MESSAGE_LONG_KEY = (
    f"has {{}} characters, and a key has {MAX_COMPONENT_KEY} at most: shorten it, or add a column item with a number for "
    "each row"
)
MESSAGE_EMPTY_KEY = (
    "is empty, and the keys are read from this column: fill it, or add a column key with a different text in each row"
)
MESSAGE_UNKNOWN_NAME = "says {!r}, so the line has no name: write what it is"
_SELLER = re.compile(
    r"(?:vendors?|suppliers?|distributors?|sellers?|shop|store|source|leveranciers?|winkel|lieferant|händler|laden|quelle"
    r"|bezugsquelle|fournisseurs?|distributeur|dostawca|sklep|proveedor|fornitore|fornecedor|供应商)(?: name)?",
    re.IGNORECASE,
)
NOTE_LONG = f"has more characters than a key may ({MAX_COMPONENT_KEY}), so the key is read from {{}}"
NOTE_NO_KEY = "is empty, so the key is read from {}"
NOTE_NO_NAME = "stands in for a name, as {} is empty"


def heading_notes(headings: Headings) -> list[Note]:
    """What is to be known of the headings themselves."""
    carts = [label for label in headings.unread if _CART.fullmatch(label.partition(" ")[2])]
    quantity = headings.columns.get("quantity")
    of_cart = (
        [] if quantity is None else [Note(None, headings.labels[quantity], "quantity", NOTE_CART) for _ in carts[:1]]
    )
    price, number = headings.columns.get("unitValue"), headings.columns.get("partNumber")
    if carts and price is not None and headings.currency is None and not numbers.says_euros(headings.cells[price]):
        of_cart.append(Note(None, headings.labels[price], "unitValue", NOTE_CART_PRICE))
    sellers = [*(label for label in headings.unread if _SELLER.fullmatch(label.partition(" ")[2])), *carts]
    if (
        sellers
        and number is not None
        and headings.meanings[number].is_general
        and "manufacturer" not in headings.columns
    ):
        of_cart.append(Note(None, headings.labels[number], "partNumber", NOTE_NUMBER.format(sellers[0])))
    return of_cart + [
        Note(None, headings.labels[index], each, NOTE_ORIGIN.format(MADE_IN.english))
        for each, index in headings.columns.items()
        if headings.meanings[index].is_origin
    ]


def heading_faults(headings: Headings) -> Iterator[Refused]:
    """The required fields that no column has, told once for the file."""
    if "key" not in headings.columns:
        yield Refused(headings.row, None, "key", MESSAGE_NO_KEY)
    if "name" not in headings.columns:
        claimed = [
            headings.labels[i]
            for role in (ColumnRole.COMPONENT, ColumnRole.PART, ColumnRole.VALUE)
            for i in headings.claims.get(role, ())
        ]
        holds = f"{' and '.join(claimed)} {'holds' if len(claimed) == 1 else 'hold'}" if claimed else "they hold"
        yield Refused(headings.row, None, "name", MESSAGE_NO_NAME.format(holds))


class LineRemarks:
    """Completes the lines under these headings."""

    def __init__(self, headings: Headings, dialect: Dialect, parsed: ParsedFile, key_prefix: str) -> None:
        self._headings = headings
        self._parsed = parsed
        self._found: dict[tuple[str, str, str], list[int]] = {}
        self._differing: tuple[int, str] | None = None
        self._differing_rows = Counter[bool]()
        stand_ins = {} if headings.is_canonical else headings.stand_ins
        self._stand_ins = [
            (field, [(index, cell_reader(field, dialect, lambda: None)) for index in stand_ins.get(field, ())])
            for field in ("key", "name")
        ]
        self._designators = next(iter(headings.claims.get(ColumnRole.DESIGNATOR, ())), None)
        key = headings.columns.get("key")
        has_own_keys = key is None or headings.meanings[key].role == "key"
        self._key_prefix = "" if has_own_keys else key_prefix

    def complete(self, row: int, cells: Sequence[Cell], component: dict[str, Any], refused: set[str | None]) -> None:
        """Fills a missing key or name of a line from another column, and notes what is doubtful. `refused` are its fields."""
        for field, columns in self._stand_ins:
            own = component.get(field)
            is_long = field == "key" and own is not None and len(own) > MAX_COMPONENT_KEY
            if columns and (own is None or is_long) and field not in refused:
                for index, read in columns:
                    if index < len(cells) and (value := _value(read, cells[index])) is not None:
                        component[field] = value
                        self._note_stand_in(row, field, index, is_long=is_long)
                        break
        if not self._headings.is_canonical:
            self._shorten_key(row, component)
            self._refuse_missing(row, cells, component, refused)
        if self._key_prefix and "key" in component:
            component["key"] = self._key_prefix + component["key"]
        if not self._headings.is_canonical:
            self._note_doubts(row, cells, component)

    def _shorten_key(self, row: int, component: dict[str, Any]) -> None:
        """Gives a line whose key names too many designators the first of them; refuses any other key that is too long."""
        key = component.get("key")
        if key is None or len(key) <= MAX_COMPONENT_KEY:
            return
        label = self._headings.labels[self._headings.columns["key"]]
        first = first_designator(key)
        if first is None:
            del component["key"]
            self._refuse(row, self._headings.columns["key"], "key", MESSAGE_LONG_KEY.format(len(key)))
        else:
            component["key"] = first
            self._note(row, label, "key", NOTE_FIRST.format(first))

    def _refuse_missing(
        self, row: int, cells: Sequence[Cell], component: dict[str, Any], refused: set[str | None]
    ) -> None:
        """Says more than that a key or name is required, where the cell or its column shows more."""
        for field in ("key", "name"):
            index = self._headings.columns.get(field)
            if index is None or field in component or field in refused or index >= len(cells):
                continue
            text = plain_text(cells[index])
            if field == "name" and text:
                self._refuse(row, index, field, MESSAGE_UNKNOWN_NAME.format(text[:_SHOWN]))
            elif field == "key" and not text and self._headings.meanings[index].role != "key" and len(component) > 1:
                self._refuse(row, index, field, MESSAGE_EMPTY_KEY)

    def _refuse(self, row: int, index: int, field: str, detail: str) -> None:
        self._parsed.refused.append(Refused(row, self._headings.labels[index], field, detail))

    def _note_stand_in(self, row: int, field: str, index: int, *, is_long: bool) -> None:
        label, own = self._headings.labels[index], self._headings.labels[self._headings.columns[field]]
        if label in self._parsed.unread:
            self._parsed.unread.remove(label)
        if field == "name":
            self._note(row, label, field, NOTE_NO_NAME.format(own))
        else:
            self._note(row, own, field, (NOTE_LONG if is_long else NOTE_NO_KEY).format(label))

    def _note_doubts(self, row: int, cells: Sequence[Cell], component: dict[str, Any]) -> None:
        number = component.get("partNumber")
        if number is not None and may_be_several(number):
            self._note(row, self._headings.labels[self._headings.columns["partNumber"]], "partNumber", NOTE_SEVERAL)
        if self._designators is not None and self._designators < len(cells) and "quantity" in component:
            count = count_designators(plain_text(cells[self._designators]))
            if count is not None and component["quantity"] != str(count):
                named = f"names {count} {'designator' if count == 1 else 'designators'}"
                detail = f"{named}, and the quantity is {component['quantity']}: see which is right"
                self._differing = self._differing or (row, detail)
                self._differing_rows[detail == self._differing[1]] += 1

    def _note(self, row: int, label: str, field: str, detail: str) -> None:
        found = self._found.get((label, field, detail))
        if found is not None:
            found[1] += 1
        elif len(self._found) < MAX_NOTES:
            self._found[label, field, detail] = [row, 1]

    def finish(self) -> None:
        """Adds the notes to the parsed file, those on designators that do not match the quantity as one."""
        if self._differing is not None and self._designators is not None:
            row, detail = self._differing
            label, same = self._headings.labels[self._designators], self._differing_rows[True]
            if more := self._differing_rows[False]:
                more += same - 1
                self._found[label, "quantity", detail + (NOTE_ONE_MORE if more == 1 else NOTE_MORE.format(more))] = [
                    row,
                    1,
                ]
            else:
                self._found[label, "quantity", detail] = [row, same]
        for (label, field, detail), (row, count) in self._found.items():
            self._parsed.notes.append(
                Note(row, label, field, detail if count == 1 else f"{detail}; so in {count} rows")
            )


def _value(read: Any, cell: Cell) -> str | None:
    """What a stand-in says; nothing where it cannot be read, as it is not asked for."""
    try:
        value: str | None = read(cell) if cell != "" else None
    except UnreadableCell:
        return None
    return value if value is None or len(value) <= MAX_COMPONENT_KEY else None
