"""How well a text fits the spelling of a language: the frequencies of its letters and of pairs of them.

The frequencies come from the names of countries, places and languages that pycountry ships in each of these languages. They
tell a text from the same bytes read in a wrong encoding, such as připojení from pøipojení. They do not tell what a text
means.
"""

import gettext
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from math import log
from pathlib import Path

_DOMAINS = ("iso3166-1", "iso3166-2", "iso3166-3", "iso639-3", "iso639-5", "iso4217", "iso15924")
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[A-Za-z0-9\x80-\U0010ffff]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]")
_UNSEEN = 1e-6
"""The probability of a letter, a pair or an ideograph that a language's names do not have."""
_COMMON = 2e-4
_PAIRS = 0.8
"""The weight of pairs of letters; the rest is that of single letters."""
_ODD, _SINGLE = -9.0, -6.0
_LEAST, _SHORT = -6.5, 2
"""The average for a letter below which a word is none of the language; and the length of a word that is too short to tell."""
_SIGN, _RARE_SIGN, _SIGN_WITHIN = -3.0, -9.0, -7.0
"""What a sign costs: a usual one, one that few people type, and one between two letters."""
_BESIDE_FIGURES = frozenset("°µ±×÷²³€£¥®™\u2126")  # noqa: RUF001  # as people type them
_RARE = frozenset("≤≥≈≠√∞∆π‰¹§¶¿¡ªº¼½¾")  # as people type them
_BEFORE_WORDS = frozenset("‘“„‚«‹»›–—•·¿¡")  # noqa: RUF001  # as people type them
_AFTER_WORDS = frozenset("®™²³°…–—’”“›‹»«·")  # noqa: RUF001  # as people type them
_WITHIN_WORDS = frozenset("’·")  # noqa: RUF001  # as people type them
OHM = "\u2126"
_LONE_GREEK = re.compile(r"(?<![\u0370-\u03ff])[\u03a9\u03bc](?![\u0370-\u03ff])")
_UNITS = {"\u03a9": OHM, "\u03bc": "\u00b5"}
_WIDE = frozenset("、。，；：（）【】「」《》！？％－～＋／．　")  # noqa: RUF001  # as people type them


@dataclass(frozen=True, slots=True)
class Fit:
    """How likely a word is, as a logarithm, and how many odd things it has, such as a capital or a symbol within it."""

    likelihood: float
    oddities: int


@lru_cache(maxsize=64)
class Spelling:
    """The letters of a language and the pairs of them, with their frequencies; the ends of a word count as letters."""

    def __init__(self, code: str) -> None:
        self._letters: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._first: Counter[str] = Counter()
        for word in _words_of(code):
            bounded = f" {word} "
            self._letters.update(word)
            self._pairs.update(map("".join, pairwise(bounded)))
            self._first.update(bounded[:-1])
        self._total = sum(self._letters.values()) or 1

    def fit(self, word: str) -> float:
        """The logarithm of how likely a word in small letters is in this language."""
        return sum(log(self._likelihood(first, second)) for first, second in pairwise(f" {word} "))

    def fit_ideograph(self, char: str, *, is_common: bool) -> float:
        """The logarithm of how likely an ideograph, or the sign of a syllable, is in this language."""
        return log(max(self._letters[char] / self._total, _COMMON if is_common else _UNSEEN))

    def _likelihood(self, first: str, second: str) -> float:
        follows = self._pairs[first + second] / self._first[first] if self._first[first] else 0.0
        return max(_PAIRS * follows + (1 - _PAIRS) * self._letters[second] / self._total / 5, _UNSEEN)


def _locales() -> Path:
    # Not imported: a server is ready before what only some requests need, and this is found by its place alone.
    found = find_spec("pycountry")
    place = found.origin if found is not None else None
    assert place is not None, "pycountry is a dependency"
    return Path(place).parent / "locales"


def _words_of(code: str) -> Iterator[str]:
    for domain in _DOMAINS:
        try:
            names = gettext.translation(domain, _locales(), [code])
        except OSError:
            continue
        known: dict[str, str] = getattr(names, "_catalog", {})
        for name, translated in known.items():
            if isinstance(name, str) and name and translated != name:
                yield from (word.lower() for word in _WORD.findall(str(translated)))


def tokens_of(text: str) -> Iterator[str]:
    """The words of a text that are not plain ASCII, with the figures, symbols and letters that touch them."""
    return (token for token in _TOKEN.findall(text) if not token.isascii())


def fit_of(token: str, languages: tuple[str, ...], common: frozenset[str]) -> Fit:
    """How well such a word fits the one of these languages that it fits best.

    `common` are the ideographs that are common in any text, beyond the names that the frequencies come from.
    """
    ideographs = 0.0
    for char in _IDEOGRAPH.findall(token):
        ideographs += max(Spelling(code).fit_ideograph(char, is_common=char in common) for code in languages)
    rest = _LONE_GREEK.sub(lambda found: _UNITS[found[0]], _IDEOGRAPH.sub(" ", token))
    signs = [_sign_cost(rest, place) for place, char in enumerate(rest) if _is_sign(char)]
    words = [word for word in _WORD.findall("".join(map(_letter_or_space, rest))) if not word.isascii()]
    spelling = sum(_spelling(word, languages) for word in words)
    oddities = sum(map(_is_foul, token)) + _odd_neighbours(token) + signs.count(None)
    oddities += sum(map(_odd_capitals, words)) + sum(map(_mixes_scripts, words))
    longer = [word for word in words if len(word) > _SHORT]
    oddities += sum(_spelling(word, languages) < _LEAST * (len(word) + 1) for word in longer)
    return Fit(ideographs + spelling + sum(filter(None, signs)) + _ODD * oddities, oddities)


def _spelling(word: str, languages: tuple[str, ...]) -> float:
    return max(Spelling(code).fit(word.lower()) for code in languages) + (_SINGLE if len(word) == 1 else 0.0)


def _is_foul(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs")


def _is_sign(char: str) -> bool:
    return (
        not char.isascii() and char not in _WIDE and (not char.isalpha() or char in "ªºµ\u2126") and not char.isspace()
    )


def _letter_or_space(char: str) -> str:
    return " " if _is_sign(char) else char


def _odd_neighbours(token: str) -> int:
    """How often an ideograph stands beside a small letter, or a half-width one beside any letter."""
    count = 0
    for pair in pairwise(token):
        others = [char for char in pair if not _IDEOGRAPH.match(char)]
        count += len(others) == 1 and (others[0].islower() or (others[0].isalpha() and not others[0].isascii()))
    return count


def _sign_cost(part: str, place: int) -> float | None:
    """What a sign that is not a letter costs where it stands; None where nobody writes it there."""
    char, before, after = part[place], part[max(0, place - 1) : place], part[place + 1 : place + 2]
    usual = _RARE_SIGN if char in _RARE else _SIGN
    if before.isalpha() and after.isalpha():
        is_unit = char in "µ°" or (char == OHM and before in "kM")
        return usual if is_unit and after.isupper() else _SIGN_WITHIN if char in _WITHIN_WORDS else None
    if after.isalpha():
        return usual if char in _BEFORE_WORDS or char in "°µ" else None
    if before.isalpha():
        return usual if char in _AFTER_WORDS or (char == OHM and before in "kMm") else None
    return usual if char in _BESIDE_FIGURES | _BEFORE_WORDS | _AFTER_WORDS | _RARE else None


def _odd_capitals(word: str) -> int:
    """How many capitals follow a small letter, or are a second one before small letters, one of them not ASCII."""
    count = sum(
        first.islower() and second.isupper() and not (first + second).isascii() for first, second in pairwise(word)
    )
    return count + (len(word) > 2 and word[:2].isupper() and word[2:].islower() and not word[:2].isascii())


def _mixes_scripts(word: str) -> bool:
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word}
    return len(scripts) > 1
