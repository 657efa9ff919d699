"""Exact sums and rounding: fractions throughout, rounded half up only at the end.

Many fractions are summed over one common denominator, because adding ten thousand of them one by one would reduce a
fraction of thousands of digits ten thousand times.
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import lcm


def half_up(number: Fraction) -> int:
    """The nearest whole number; a half is rounded up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def weighted_sum(terms: Iterable[tuple[int, Fraction]]) -> Fraction:
    """The sum of whole weights times fractions."""
    numerators: dict[int, int] = defaultdict(int)
    for weight, value in terms:
        numerators[value.denominator] += weight * value.numerator
    common = lcm(*numerators)
    return Fraction(sum(top * (common // bottom) for bottom, top in numerators.items()), common)


def percentage(part: int, whole: int) -> Fraction:
    """A part as a percentage of a whole over 0."""
    return Fraction(100 * part, whole)


def decimals(number: Fraction, places: int) -> str:
    """A decimal string with this number of places, rounded half up."""
    scale = 10**places
    units = (2 * number.numerator * scale + number.denominator) // (2 * number.denominator)
    return _placed(units, places)


def signed(difference: Fraction, places: int) -> str:
    """A difference as a decimal string, rounded half away from zero, so that rises and falls are rounded alike."""
    text = decimals(abs(difference), places)
    return f"-{text}" if difference < 0 and text.strip("0.") else text


def exact_decimal(number: Fraction, at_least: int) -> str:
    """A decimal string of exactly this value, with at least so many places.

    Raises ValueError if it has no finite decimal form, such as 1/3.
    """
    bottom, places = number.denominator, 0
    while 10**places % bottom:
        if places > bottom.bit_length():
            raise ValueError(f"{number} has no finite decimal form")
        places += 1
    places = max(places, at_least)
    return _placed(number.numerator * 10**places // bottom, places)


def _placed(units: int, places: int) -> str:
    digits = f"{abs(units):0{places + 1}d}"
    sign = "-" if units < 0 else ""
    return f"{sign}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}" if places else sign + digits
