"""Cells that name several things: reference designators, which are counted, and part numbers, of which one is expected.

Designators: `R1, R2` and `C1-C4`. Whether their number is that of the pieces is for the reader of a table to compare.
"""

import re

from api.intake.tables.rows import Cell, UnreadableCell

MESSAGE_SEVERAL = (
    "holds several part numbers, and a line has one: keep the one that is delivered, or give each a row of its own"
)
_APART = re.compile(r"[,;+/\s]+")
_DESIGNATOR = re.compile(r"(?P<letters>[A-Za-z]{1,6}_?)(?P<number>[0-9]{1,5})[A-Za-z]?")
_NAMED = re.compile(r"[A-Za-z]{1,6}_?[0-9]{1,5}[A-Za-z]?(?:_[0-9]{1,3})?")
"""A designator, also one of a channel, as in U3_2."""
_PLAIN_LIST = re.compile(r"\s*[A-Za-z]{1,6}[0-9]{1,5}(?:[,;\s]+[A-Za-z]{1,6}[0-9]{1,5})*\s*")
"""Designators without spans, as most cells have them."""
_SPANS = re.compile(r"(?<!\s)\s*(?:-|–|—|\.\.+|…|:)\s*(?=[A-Za-z]*[0-9])")  # noqa: RUF001  # whichever dash was typed
_MOST = 10_000
_LONGEST_NUMBER = 300
"""Characters of a part number; a longer one is refused for its length, so it is not looked at for several."""
_NUMBERS_APART = re.compile(r"\s*(?:[\r\n;|]+|,\s+|\s/\s|\s(?:or|of|oder|ou|and|en|und|et)\s+)\s*")
_LIKE_A_NUMBER = re.compile(r"(?=[^\s]*[0-9])[A-Za-z0-9][^\s]{2,}")
_SEPARATED = re.compile(r"[\s;|,/+&]")
_MAYBE_APART = re.compile(r"\s*[,/+&\s]\s*")
_SAME_BEGINNING = 2
NOTE_SEVERAL = "may hold several part numbers, and is read as one: if it does, keep the one that is delivered"


def first_designator(text: str) -> str | None:
    """The first of several designators in a cell, None where it holds anything else."""
    names = [part for part in _APART.split(text.strip()) if part]
    return names[0] if len(names) > 1 and all(map(_NAMED.fullmatch, names)) else None


def count_designators(text: str) -> int | None:
    """How many designators a cell names; None where it holds anything else."""
    if _PLAIN_LIST.fullmatch(text):
        return len(set(filter(None, _APART.split(text.upper()))))
    names: set[tuple[str, int, str]] = set()
    count = 0
    for part in filter(None, _APART.split(_SPANS.sub("-", text.strip()))):
        first, _, last = part.partition("-")
        from_, to = _DESIGNATOR.fullmatch(first), _last(first, last)
        if from_ is None or to is None or not 0 <= to - int(from_["number"]) < _MOST:
            return None
        count += to - int(from_["number"]) + 1
        if count > _MOST:
            return None
        suffix = first[from_.end("number") :] if not last else ""
        names |= {(from_["letters"].upper(), each, suffix) for each in range(int(from_["number"]), to + 1)}
    return len(names) or None


def _last(first: str, last: str) -> int | None:
    """The number at which a span ends, `C1-C4` or `C1-4`."""
    from_, to = _DESIGNATOR.fullmatch(first), _DESIGNATOR.fullmatch(last or first)
    if from_ is None or (to is not None and to["letters"] != from_["letters"]):
        return None
    if to is None:
        return int(last) if last.isdecimal() and len(last) <= 5 else None
    return int(to["number"])


def single_number(cell: Cell) -> Cell:
    """The cell of a part number. Raises UnreadableCell where it holds more than one."""
    if isinstance(cell, str) and len(cell) <= _LONGEST_NUMBER and _SEPARATED.search(cell):
        parts = [part for part in _NUMBERS_APART.split(cell.strip()) if part]
        if len(parts) > 1 and all(map(_LIKE_A_NUMBER.fullmatch, parts)):
            raise UnreadableCell(MESSAGE_SEVERAL)
    return cell


def may_be_several(text: str) -> bool:
    """Whether a part number may be two that begin alike, as in `MU-1/MU-2`; a comma or space can also be part of one."""
    if len(text) > _LONGEST_NUMBER or not _SEPARATED.search(text):
        return False
    parts = [part for part in _MAYBE_APART.split(text.strip()) if part]
    beginnings = {part[:_SAME_BEGINNING] for part in parts}
    return len(parts) > 1 and len(beginnings) == 1 and all(map(_LIKE_A_NUMBER.fullmatch, parts))
