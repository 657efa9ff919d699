"""Numbers of OpenDocument sheets: stored exactly, with the text that the program showed of them.

The text is in the language of the program, and a number format can add to it, scale it or hide it. Where its digits are the
stored number, rounded as shown, the stored number is read in their place; otherwise the text is read, as in a CSV file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from api.intake.tables.number_formats import MESSAGE_HIDDEN, MESSAGE_SCALED, ShownAmount, UnshownNumber, exact

_SPACES = "\u00a0\u202f\u2009\u2007"
_GROUP = f"[.,'\u2019{_SPACES} ]"
_DIGITS = re.compile(rf"[0-9]+(?:{_GROUP}[0-9]+)*")
_WHOLE = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:({_GROUP})[0-9]{{2,3}}(?:\1[0-9]{{2,3}})*?(?<=[0-9]{{3}}))")
"""A whole number, or one with marks between its thousands; in India there are marks between hundreds too."""
_DECIMALS = re.compile(r"(.*)([.,])([0-9]+)")
_NO_DIGIT = re.compile("[^0-9]")
_MINUS = re.compile("[-\u2212(\uff0d]")
_PERCENT = re.compile("[%\u2030]")


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text that a cell shows of its number."""

    text: str

    def shown(self, _value: float) -> str:
        """The text that the cell shows."""
        return self.text.strip()

    def amount(self, value: float) -> ShownAmount:
        """The stored number with the text around it. Raises UnshownNumber where it is hidden, or shown scaled."""
        text, stored = self.text.strip(), exact(value)
        if not text and value:
            raise UnshownNumber(MESSAGE_HIDDEN)
        places = list(_DIGITS.finditer(text))
        if not value or len(places) != 1 or _PERCENT.search(text):
            return ShownAmount(text, len(places) > 1)
        [place] = places
        if not any(_is_rounded(shown, abs(stored)) for shown in _readings(place[0])):
            raise UnshownNumber(MESSAGE_SCALED)
        before, after = text[: place.start()], text[place.end() :]
        is_marked = any(mark in ".," for mark in before + after)
        minus = "-" if value < 0 and not _MINUS.search(before) else ""
        return ShownAmount(f"{minus}{before}{format(abs(stored), 'f')}{after}", is_marked)


def _readings(digits: str) -> Iterator[Decimal]:
    """The numbers that digits with marks between them can mean: the last mark before decimals, or all between thousands."""
    if _WHOLE.fullmatch(digits):
        yield Decimal(_NO_DIGIT.sub("", digits))
    found = _DECIMALS.fullmatch(digits)
    if found and found[2] not in found[1] and _WHOLE.fullmatch(found[1]):
        yield Decimal(f"{_NO_DIGIT.sub('', found[1])}.{found[3]}")


def _is_rounded(shown: Decimal, stored: Decimal) -> bool:
    """Whether a number is shown rounded to the decimals that it is shown with."""
    _, _, exponent = shown.as_tuple()
    unit = Decimal(1).scaleb(int(exponent))
    return abs(shown - stored) <= unit / 2
