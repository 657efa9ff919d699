"""Rows of a table that are no components although they hold text: totals, and titles of the sections of a table."""

import re
from collections.abc import Sequence

from api.intake.heading_texts import ColumnRole
from api.intake.tables.columns import Headings
from api.intake.tables.designators import count_designators
from api.intake.tables.rows import Cell, is_empty

_TOTAL = re.compile(
    r"\s*(?:(?:sub|grand|eind|sous)[\s-]*)?(?:totals?|totaux|totaal|totalen)\b"
    r"|\s*(?:(?:zwischen|gesamt|end)?summe|gesamt(?:betrag|preis|kosten)?|somme)\b|\s*(?:合计|总计|小计)",
    re.IGNORECASE,
)
_NAMED_TOTAL = re.compile(
    r"(?:estimated |approx\.? )?(?:(?:sub|grand|eind|sous)[\s-]*)?"
    r"(?:totals?|totaux|totaal|totalen|(?:gesamt|end)?summe|somme|合计|总计)"
    r"(?: (?:prices?|costs?|amount|sum|prijs|kosten|bedrag|preis|betrag|prix|général|parts|items|components|qty|quantity))?"
    r"(?: ?\([^()]{1,30}\))?\s*:?",
    re.IGNORECASE,
)
"""A cell that says nothing but that the row is a total: beside it any number may stand, even one of pieces."""
_FEWEST_COLUMNS = 3
"""In a narrower table a cell alone is as likely a component whose other cells were forgotten."""


def is_total(cells: Sequence[Cell], key: Cell, quantity: Cell) -> bool:
    """Whether a row begins with a word for a total, and has no key or quantity but that word."""
    first = next(cell for cell in cells if not is_empty(cell))
    others = [cell for cell in (key, quantity) if cell is not first]
    return isinstance(first, str) and _TOTAL.match(first) is not None and all(map(is_empty, others))


def is_named_total(cells: Sequence[Cell]) -> bool:
    """Whether the first text of a row says nothing but that the row is a total."""
    first = next((cell for cell in cells if not is_empty(cell)), "")
    return isinstance(first, str) and _NAMED_TOTAL.fullmatch(" ".join(first.split())) is not None


def is_section(cells: Sequence[Cell], headings: Headings) -> bool:
    """Whether a row without a quantity holds one text alone, which is no key or part number: the title of a section."""
    filled = [index for index, cell in enumerate(cells) if not is_empty(cell)]
    if len(filled) != 1 or headings.is_canonical or headings.has_lone_values or len(headings.labels) < _FEWEST_COLUMNS:
        return False
    [index] = filled
    text = cells[index]
    if not isinstance(text, str) or not any(map(str.isalpha, text)):
        return False
    if index == headings.columns.get("key"):
        return (
            headings.meanings[index].role in (ColumnRole.ITEM, ColumnRole.DESIGNATOR)
            and count_designators(text) is None
        )
    return "key" in headings.columns and index != headings.columns.get("partNumber")
