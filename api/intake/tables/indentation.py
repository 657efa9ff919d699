"""Indented bills of materials (ingesprongen stuklijst): parents and quantities of lines by level, or by dotted item number.

There a quantity is that in one piece of the part above it, so it is multiplied out to the quantity in one delivered system. What
does not fit together (a level that is skipped, a part above that is missing) is refused at its row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

from api.intake.parsed import Refused
from api.intake.tables.contents import LEVEL, PATH

MAX_DEPTH = 50
_LARGEST, _DECIMALS = Decimal(10) ** 9, 6
_EXACT = Context(prec=60)
MESSAGE_LEVEL = "is not a level: write 0, 1, 2, where a row is part of the nearest row above it of one level less"
MESSAGE_ABOVE = "is a level above that of the first row: put the row of the highest level first"
MESSAGE_SKIPS = (
    "is level {} under a row of level {}: a part is one level below what it is part of; insert the row between"
)
MESSAGE_MISSING = (
    "is part of item {}, and no row above it has that number: add the row above it, or number it without points"
)
MESSAGE_LATE = "comes after items that are part of it: put it above them"
MESSAGE_PRODUCT = (
    "is {} in one system, multiplied out with the quantities above it: that is more, or has more decimals, than can be "
    "read; write quantities per system under a column of parents instead"
)
NOTE_MULTIPLIED = (
    "makes this an indented bill of materials: each quantity is that in one piece of the part above it, and was multiplied "
    "out to one delivered system"
)
NOTE_PARENTS = "makes this an indented bill of materials, so it gives what each line is part of"


_Above = tuple[str | None, str | None]
"""A line that others can be part of: its key, and how many there are in one system; None where it has none."""


@dataclass(slots=True)
class Tree:
    """Gives lines their parent, and their quantity in one system, in the order of the rows.

    `by_level`: the column holds levels; otherwise dotted item numbers. `multiplies`: quantities are per parent.
    """

    label: str
    by_level: bool
    multiplies: bool
    refuse: Callable[[Refused], None]
    parts: int = 0
    """Lines that are part of another so far."""
    _first_level: int = 0
    _stack: list[_Above] = field(default_factory=list)
    _items: dict[str, _Above] = field(default_factory=dict)
    _orphans: dict[str, int] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)

    def place(self, row: int, text: str, component: dict[str, Any], *, may_qualify_key: bool) -> None:
        """Adds parent and quantity to a line. `text` is its level or item number.

        `may_qualify_key`: a key that recurs, as part numbers do, gets that of its parent before it.
        """
        above = self._above_by_level(row, text) if self.by_level else self._above_by_item(row, text)
        key = component.get("key")
        if above is not None:
            self.parts += 1
            if above[0] is not None:
                component["parentKey"] = above[0]
                if may_qualify_key and key in self._keys:
                    key = component["key"] = f"{above[0]}/{key}"
        quantity = self._multiplied(row, component, above)
        if key is not None:
            self._keys.add(key)
        own = (key, quantity)
        if self.by_level:
            self._stack.append(own)
        elif text:
            self._items[text.rstrip(".")] = own

    def _above_by_level(self, row: int, text: str) -> _Above | None:
        """The line that this one is part of. The stack has a line of every level down to that of the row above."""
        found = LEVEL.fullmatch(text)
        if found is None:
            self.refuse(Refused(row, self.label, "parentKey", MESSAGE_LEVEL))
            return None
        level = int(found["level"])
        if not self._stack:
            self._first_level = level
        depth = level - self._first_level
        if depth < 0:
            self.refuse(Refused(row, self.label, "parentKey", MESSAGE_ABOVE))
        elif depth > len(self._stack) or depth > MAX_DEPTH:
            before = len(self._stack) - 1 + self._first_level
            self.refuse(Refused(row, self.label, "parentKey", MESSAGE_SKIPS.format(level, before)))
        else:
            del self._stack[depth:]
        return self._stack[-1] if self._stack else None

    def _above_by_item(self, row: int, text: str) -> _Above | None:
        item = text.rstrip(".")
        if item in self._orphans:
            self.refuse(Refused(row, self.label, "parentKey", MESSAGE_LATE))
        above, _, own = item.rpartition(".")
        if not own or not above or not PATH.fullmatch(item):
            return None
        if above in self._items:
            self._refuse_orphans()
            return self._items[above]
        self._orphans.setdefault(above, row)
        if self.parts:
            self._refuse_orphans()
        return None

    def _refuse_orphans(self) -> None:
        """Refuses the lines whose part above is missing, once others have theirs: some would be counted per system, some not."""
        for above, row in self._orphans.items():
            if row:
                self.refuse(Refused(row, self.label, "parentKey", MESSAGE_MISSING.format(above)))
        self._orphans = dict.fromkeys(self._orphans, 0)

    def _multiplied(self, row: int, component: dict[str, Any], above: _Above | None) -> str | None:
        own = component.get("quantity")
        if own is None or above is None or not self.multiplies:
            return own
        if above[1] is None:
            return None
        product = _EXACT.multiply(Decimal(own), Decimal(above[1]))
        text = format(product.normalize(_EXACT), "f")
        if product >= _LARGEST or len(text.partition(".")[2]) > _DECIMALS:
            self.refuse(Refused(row, None, "quantity", MESSAGE_PRODUCT.format(text[:40])))
            return None
        component["quantity"] = text
        return text
