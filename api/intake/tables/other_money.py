"""Columns beside the unit value that show it to be in another currency than the euro: of money, or of currencies.

Real price lists have `Unit Price` 0.29 beside `Extended Price` $0.87 for 3 pieces: the column that is read says nothing of its
currency, but the other is quantity times it, in dollars. Such a unit value is refused.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from api.intake.parsed import ParsedFile, Refused
from api.intake.tables import numbers
from api.intake.tables.cells import AMOUNTS
from api.intake.tables.columns import Headings
from api.intake.tables.conversions import names_only
from api.intake.tables.number_formats import UnshownNumber
from api.intake.tables.rows import Cell, FormattedNumber, Row, UnreadableCell
from api.intake.tables.unknowns import is_unknown

MESSAGE_STATED = "is not in euros: {} says {}; convert it, and write it as 1148.50"
MESSAGE_OTHER_RATE = "is not in {}, as stated: {} says {}; give the table one currency"
ROWS_COMPARED = 1_000
"""Rows, from the headings down, in which other columns are compared with the unit value."""
_HALF_CENT = Decimal("0.005")
_MARKS = (",", ".")
_SHOWN = 40


class StatedCurrencies:
    """A column of currencies: it says of each row in which its unit value is."""

    def __init__(self, headings: Headings, parsed: ParsedFile, index: int) -> None:
        self._label = headings.labels[index]
        self._amount = headings.labels[headings.columns["unitValue"]]
        self._parsed = parsed
        self._index = index

    @classmethod
    def of(cls, headings: Headings, parsed: ParsedFile) -> "StatedCurrencies | None":
        """That of a table; None where it has none, or no unit values."""
        if headings.currency is None or "unitValue" not in headings.columns:
            return None
        return cls(headings, parsed, headings.currency)

    def check(self, row: int, cells: Sequence[Cell], component: dict[str, Any]) -> None:
        """Takes the unit value from a line, and refuses it, where its currency is not that of the table."""
        stated = _shown(cells[self._index]).strip() if self._index < len(cells) else ""
        rate = self._parsed.exchange_rate
        if "unitValue" not in component or not stated or is_unknown(stated):
            return
        if rate is None and not numbers.is_euro(stated):
            detail = MESSAGE_STATED.format(self._label, stated[:_SHOWN])
        elif rate is not None and not names_only(stated, rate.currency):
            detail = MESSAGE_OTHER_RATE.format(rate.currency, self._label, stated[:_SHOWN])
        else:
            return
        del component["unitValue"]
        self._parsed.refused.append(Refused(row, self._amount, "unitValue", detail))


def other_currency_faults(headings: Headings, rows: Iterator[Row]) -> list[Refused]:
    """A fault for the unit value, if another column gives it, or quantity times it, in another currency.

    `rows` are those of the table. A column counts where that holds in all rows that show another currency, at least in one.
    """
    unit, quantity = headings.columns.get("unitValue"), headings.columns.get("quantity")
    if unit is None or quantity is None:
        return []
    others = [index for index in range(len(headings.labels)) if index not in headings.columns.values()]
    seen: dict[int, tuple[int, str] | None] = {}
    for row, cells in islice(rows, headings.row + ROWS_COMPARED):
        if row > headings.row:
            for index in others:
                _compare(seen, index, row, (cells, unit, quantity), headings.cells[index])
    return [
        Refused(row, headings.labels[unit], "unitValue", _detail(headings.labels[index], shown))
        for index, found in seen.items()
        if found is not None
        for row, shown in [found]
    ][:1]


def _detail(label: str, shown: str) -> str:
    return (
        f"is in the currency of {label}, as {shown} there shows, and not in euros: convert the column to euros; if it is in "
        "euros already, correct or take out that column"
    )


def _compare(
    seen: dict[int, tuple[int, str] | None], index: int, row: int, line: tuple[Sequence[Cell], int, int], heading: str
) -> None:
    """Notes for a column whether its amount in this row is the unit value, or all of its pieces, in another currency."""
    cells, unit, quantity = line
    if seen.get(index, ()) is None or index >= len(cells):
        return
    shown = _shown(cells[index])
    if not (numbers.shows_other_currency(shown) or (shown and numbers.shows_other_currency(heading))):
        return
    amounts, prices = _numbers(numbers.without_currency(shown)), _numbers(_amount_of(cells, unit))
    pieces = _numbers(_shown(cells[quantity]) if quantity < len(cells) else "")
    if not amounts or not prices or not pieces:
        return
    is_same = any(
        abs(amount - total) <= _HALF_CENT or abs(amount - price) <= _HALF_CENT
        for amount in amounts
        for price in prices
        for total in (price * count for count in pieces)
        if amount
    )
    seen[index] = (seen.get(index) or (row, shown)) if is_same else None


def _amount_of(cells: Sequence[Cell], unit: int) -> str:
    """The unit value as text without the euro sign; empty where it is in a currency that it says itself."""
    try:
        return AMOUNTS["unitValue"](_shown(cells[unit])) if unit < len(cells) else ""
    except UnreadableCell:
        return ""


def _shown(cell: Cell) -> str:
    """The text of a cell with all digits of its number; empty where it cannot be said."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return numbers.digits_of(cell)
    if isinstance(cell, FormattedNumber):
        try:
            return cell.format.amount(cell.value).text
        except UnshownNumber:
            return ""
    return ""


def _numbers(text: str) -> set[Decimal]:
    """What a text can mean as a number: one number, or two where its mark can be either."""
    found = set()
    for mark in _MARKS:
        try:
            found.add(Decimal(numbers.number(text, lambda mark=mark: mark)))  # type: ignore[misc]  # a mark for each turn
        except UnreadableCell:
            continue
    return found
