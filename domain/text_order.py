"""Text as people look for it and list it: without regard to accents and case, and in Dutch order.

Both databases have the same two functions, `folded` and `dutch_order`: on SQLite they are those of this module, on PostgreSQL
a migration makes them. So a list has one order, and a search one outcome, on both, whatever their locales are.
"""

import unicodedata
from functools import lru_cache

LONGEST_ORDER = 2500
"""Bytes of an order: all of a title of 300 letters with accents, which has 2,102."""
_MARKS = "".join(map(chr, range(0x300, 0x370)))
_LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŋ": "n", "ŧ": "t", "ı": "i", "ς": "σ", "ẞ": "ß"}  # noqa: RUF001  # letters of other scripts
"""Letters that Unicode does not take apart into a letter and an accent, and what they are looked for as."""
_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_PUNCTUATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$€§°"
"""Signs in the order of the Common Locale Data Repository; they come before digits, and those before letters."""
_ALIKE = {"‐": "-", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"'}  # noqa: RUF001  # as they are typed


def _lower_cases() -> dict[str, str]:
    """Capitals of the Latin, Greek and Cyrillic scripts that are not taken apart into others, each with its small letter."""
    capitals = (chr(code) for code in range(0x41, 0x590) if len(chr(code).lower()) == 1)
    return {each: each.lower() for each in capitals if each.lower() != each and _taken_apart(each) == each}


def _taken_apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


_LOWER = _lower_cases()
_FOLDING = str.maketrans({
    **{each: _LATIN.get(small, small) for each, small in _LOWER.items()},
    **_LATIN,
    **dict.fromkeys(_MARKS),
})  # fmt: skip
_PLACES = {each: chr(place) for place, each in enumerate(_PUNCTUATION, 2)}
_SORTING = str.maketrans({**_PLACES, **{each: _PLACES[plain] for each, plain in _ALIKE.items()}})
_SMALL = str.maketrans(_LOWER)
_SWAPPED = str.maketrans({**_LOWER, **{small: each for each, small in _LOWER.items()}})


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Text without accents and in small letters: `Éénpersoons` is `eenpersoons`, `Straße` is `strasse`."""
    plain = text.lower() if text.isascii() else _taken_apart(text).translate(_FOLDING)
    if not plain.isascii():
        for letter, pair in _PAIRS.items():
            plain = plain.replace(letter, pair)
    return plain


@lru_cache(maxsize=4096)
def dutch_order(text: str) -> bytes:
    """Bytes that are in the order of Dutch for texts: letters first, then accents, then small letters before capitals.

    They end after `LONGEST_ORDER`, because an index of PostgreSQL holds little more: longer texts may come out alike.
    """
    apart = _taken_apart(text)
    keys = (folded(text).translate(_SORTING), apart.translate(_SMALL), apart.translate(_SWAPPED))
    return "\x01".join(keys).encode()[:LONGEST_ORDER]
