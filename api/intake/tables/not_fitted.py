"""Lines that are marked as not fitted (DNP, DNF, niet plaatsen): they are refused, as nobody delivers them.

A mark is a column for it, a cell that says nothing else, or a word within a name, a value or a quantity.
"""

import re
from collections.abc import Iterator, Sequence

from api.intake.heading_texts import ColumnRole, headings_of
from api.intake.parsed import Refused
from api.intake.tables.columns import NAME_SOURCES, Headings
from api.intake.tables.contents import plain_text
from api.intake.tables.rows import Cell
from api.intake.tables.unknowns import is_unknown

MESSAGE_NOT_FITTED = "is marked as not fitted: take the row out, or clear the mark if the part is delivered"
MESSAGE_UNCLEAR = "does not say whether the part is fitted; write yes or no under this heading, or leave it empty"
_YES = frozenset(
    {"yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "ja", "j", "oui", "o", "vrai", "wahr", "waar", "on", "是"}
)
_NO = frozenset({"no", "n", "false", "f", "0", "nee", "nein", "non", "faux", "falsch", "onwaar", "off", "☐", "否"})
_SHORT = r"\b(?:DNP|DNF|DNI|DNM|DNS|DNL)\b"
_PHRASES = (
    *(r"do not (?:populate|place|fit|install|mount|stuff|load|assemble)", r"don'?t (?:populate|place|fit|mount|stuff)"),
    *(r"not (?:fitted|populated|placed|installed|mounted|stuffed|loaded|assembled)", r"no[ -]?(?:stuff|pop|load)\b"),
    *(
        "unpopulated",
        "unfitted",
        r"excluded? from (?:the )?(?:bom|bill of materials|board)",
        "niet (?:plaatsen|geplaatst)",
    ),
    *("niet (?:monteren|gemonteerd)", "nicht (?:bestückt|bestücken|montiert|bestueckt|bestuecken)", "unbestückt"),
    *("non (?:monté|implanté|câblé)e?s?", "ne pas (?:monter|implanter|câbler)", "不贴", "不焊", "空贴"),
)
_LONG = "|".join(_PHRASES)
_ANY = re.compile(f"{_SHORT}|{_LONG}", re.IGNORECASE)
_WHOLE = re.compile(rf"\W*(?:{_SHORT}|{_LONG})\W*", re.IGNORECASE)
_WITHIN = re.compile(rf"{_SHORT}|(?i:{_LONG})")
"""A mark within other text: an abbreviation only in capitals."""
_APART = "\x1f"
_TELLING = (
    *(
        "dn",
        "not ",
        "n't ",
        "dont ",
        "stuff",
        "pop",
        "load",
        "unfitted",
        "exclude",
        "niet ",
        "nicht ",
        "unbest",
        "non ",
        "ne pas",
    ),
    *("贴", "焊"),
)
"""Every mark holds one of these, which are found faster than a mark itself."""
_MAKERS = frozenset({"manufacturer"})
"""A maker may be called as a mark is: DNP is one."""


class NotFitted:
    """Finds the mark in rows under these headings."""

    def __init__(self, headings: Headings) -> None:
        claims = headings.claims
        self._labels = headings.labels
        self._marks = dict.fromkeys(claims.get(ColumnRole.NOT_FITTED, ()), False)
        self._marks |= dict.fromkeys(claims.get(ColumnRole.FITTED, ()), True)
        self._names = {
            index for source in (*NAME_SOURCES, ColumnRole.DESIGNATOR, "quantity") for index in claims.get(source, ())
        }
        self._names |= {headings.columns[each] for each in ("name", "quantity") if each in headings.columns}
        self._makers = {index for each in _MAKERS for index in claims.get(each, ())}

    def refusal(self, row: int, cells: Sequence[Cell]) -> Refused | None:
        """Why a row is refused; None where it is not marked."""
        for index, is_fitted in self._marks.items():
            if index < len(cells) and (text := plain_text(cells[index])):
                marked = _says(text, is_fitted=is_fitted)
                if marked is not False:
                    detail = MESSAGE_UNCLEAR if marked is None else MESSAGE_NOT_FITTED
                    return Refused(row, self._labels[index], None, detail)
        found = next(self._marked(cells), None)
        if found is None:
            return None
        label = self._labels[found] if found < len(self._labels) else None
        return Refused(row, label, None, MESSAGE_NOT_FITTED)

    def _marked(self, cells: Sequence[Cell]) -> Iterator[int]:
        """The columns with a mark in the text of this row. The whole row is searched at once, as hardly any has one."""
        row = _APART.join([cell for cell in cells if isinstance(cell, str)]).lower()
        if not any(part in row for part in _TELLING) or not _ANY.search(row):
            return
        for index, cell in enumerate(cells):
            if not isinstance(cell, str) or index in self._makers or index in self._marks:
                continue
            if _WHOLE.fullmatch(cell) or (index in self._names and _WITHIN.search(cell)):
                yield index


def _says(text: str, *, is_fitted: bool) -> bool | None:
    """Whether the cell of a column of marks says that the part is not fitted; None where it says neither."""
    word = text.strip().casefold()
    if word in _YES:
        return not is_fitted
    if word in _NO:
        return is_fitted
    if _ANY.search(word) or word in _SPELLED[ColumnRole.NOT_FITTED]:
        return True
    return False if is_unknown(word) or word in _SPELLED[ColumnRole.FITTED] else None


_SPELLED = {
    role: frozenset(map(str.casefold, headings_of(role))) for role in (ColumnRole.NOT_FITTED, ColumnRole.FITTED)
}
