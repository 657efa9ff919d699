"""Why a table has no row of headings: the row that comes nearest, what was understood in it, and what is missing."""

import re
from collections.abc import Iterable, Iterator

from api.intake.heading_texts import ColumnRole
from api.intake.tables.columns import Headings

MESSAGE_HEADINGS = (
    "no row of headings is found in the first {} rows: one row must name the columns, among them a name or "
    "a part number, and a quantity; the empty template has all of them"
)
_MOST_LABELS = 10
_MAYBE_QUANTITY = re.compile(
    r"(?<![^\W_])(?:qty|quantity|quantities|amount|amounts|aantal|menge|anzahl|stück|quantité|qté|ilość)(?![^\W_])",
    re.IGNORECASE,
)
_OTHER_QUANTITIES = {
    ColumnRole.PARTIAL_QUANTITY: "is how many a board, assembly or unit has; if that is how many one delivered "
    "system has, call it quantity",
    ColumnRole.ORDER_QUANTITY: "is how many are ordered or needed in all, not how many one delivered system has; "
    "if it is that too, call it quantity",
}


def nearest_of(rows: Iterable[Headings]) -> Headings | None:
    """The row of which most is understood, the first of several; None where nothing is understood of any."""
    return max((row for row in rows if row.recognised), key=lambda row: row.recognised, default=None)


def headings_fault(nearest: Headings | None, within: int) -> str:
    """The refusal of a table without headings, which nearly has them in this row. `within` is how many rows were looked at."""
    if nearest is None:
        return MESSAGE_HEADINGS.format(within)
    return "; ".join(_parts(nearest))


def _parts(row: Headings) -> Iterator[str]:
    yield f"row {row.row} is nearest to a row of headings, but lacks {' and '.join(_lacking(row))}"
    yield f"understood: {_listed(f'{row.labels[i]} ({_name(each.role)})' for i, each in sorted(row.meanings.items()))}"
    for index, meaning in sorted(row.meanings.items()):
        if not row.has_quantity and meaning.role in _OTHER_QUANTITIES:
            yield f"{row.labels[index]} {_OTHER_QUANTITIES[ColumnRole(meaning.role)]}"
    maybe = (
        []
        if row.has_quantity
        else [label for label in _unknown(row) if _MAYBE_QUANTITY.search(label.partition(" ")[2])]
    )
    if maybe:
        which = "that is" if len(maybe) == 1 else "one of them is"
        yield f"{' and '.join(maybe)} may say how many; if {which} how many one delivered system has, call it quantity"
    unknown = [label for label in _unknown(row) if label not in maybe]
    if unknown:
        yield f"not understood: {_listed(unknown)}"
    yield "the empty template has all headings"


def _unknown(row: Headings) -> list[str]:
    return [label for i, label in enumerate(row.labels) if row.cells[i] and i not in row.meanings]


def _lacking(row: Headings) -> Iterator[str]:
    if not row.has_name:
        yield "a name (a column headed name, description or part number)"
    if not row.has_quantity:
        yield "a quantity (a column headed quantity, with how many there are in one delivered system)"


def _name(role: str) -> str:
    return _ROLE_NAMES.get(role, role)


_ROLE_NAMES: dict[str, str] = {
    ColumnRole.NOT_FITTED: "not fitted",
    ColumnRole.FITTED: "fitted",
    ColumnRole.PARTIAL_QUANTITY: "quantity of a board, assembly or unit",
    ColumnRole.ORDER_QUANTITY: "quantity of an order",
}


def _listed(labels: Iterable[str]) -> str:
    all_ = list(labels)
    rest = len(all_) - _MOST_LABELS
    return ", ".join([*all_[:_MOST_LABELS], *([f"{rest} more"] if rest > 0 else [])])
