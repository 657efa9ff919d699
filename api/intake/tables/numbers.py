"""Numbers as people write them, read exactly or refused: decimal comma or point, thousands separators, euros, weeks.

`1,148` and `1.148` can each mean two numbers. The other numbers of the column decide, or else those of the whole file; where
they show neither mark or both, the cell is refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pycountry

from api.intake.tables import number_formats
from api.intake.tables.rows import UnreadableCell
from api.intake.tables.units import ENDS_IN_OTHER_TIME, ENDS_IN_PIECES, ENDS_IN_WEEKS, unit_fault

MAX_DECIMALS = 6
KEPT_DIGITS = number_formats.KEPT_DIGITS
"""Significant digits that a spreadsheet keeps of a number."""
MESSAGE_PLAIN = "is not a number that can be read; write it as 1148 or 1148.50, not negative"
MESSAGE_PIECES = "is not one number: write how many one delivered system has, as in 4"
MESSAGE_OF_PACK = "can be a fraction, or how many of a pack: write how many one delivered system has, as in 1"
MESSAGE_EUROS = "is not in euros: convert it, and write it as 1148.50"
MESSAGE_WEEKS = "is not in weeks: convert it, and write the number of weeks"
_LONGEST = 200
"""Characters; a longer text is no number, and is not looked at for one."""
_SPACED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<gap>[ '’])[0-9]{3}(?:(?P=gap)[0-9]{3})*|[0-9]*)(?:(?P<mark>[.,])(?P<fraction>[0-9]+))?"  # noqa: RUF001  # the apostrophe of Swiss thousands
)
_POINTS = re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<fraction>[0-9]+))?")
_COMMAS = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<fraction>[0-9]+))?")
_THOUSANDS_MARKS = re.compile(r"[. ,'’]")  # noqa: RUF001  # as above
_OF_PACK = re.compile(r"[0-9]+ ?/ ?[0-9]+")
_SPACES = re.compile(r"\s+")
_EURO = re.compile(r"^(?:€|eur(?:os?)?\b)\s*|\s*(?:€|\beur(?:os?)?)$")
_NO_CENTS = re.compile(r"(?P<mark>[.,])\s?(?:-{1,2}|[–—=])$")  # noqa: RUF001  # a dash stands for no cents


_CURRENCY_WORDS = frozenset(
    (
        *(
            "dollar",
            "dollars",
            "us",
            "pond",
            "ponden",
            "pound",
            "pounds",
            "sterling",
            "rmb",
            "yuan",
            "元",
            "yen",
            "円",
            "won",
        ),
        *(
            "zł",
            "zl",
            "zloty",
            "złoty",
            "kč",
            "kc",
            "koruna",
            "korun",
            "kr",
            "krona",
            "kronor",
            "krone",
            "kroner",
            "kronen",
        ),
        *("ft", "forint", "forints", "lei", "leu", "lev", "leva", "лв", "руб", "roebel", "rub", "ruble", "rubles"),  # noqa: RUF001  # Cyrillic
        *("грн", "hryvnia", "lira", "tl", "sfr", "fr", "frank", "franken", "francs", "rupee", "rupees", "rs"),
        *("din", "dinar", "shekel", "shekels", "nis", "dh", "dirham", "dirhams"),
    )
)
"""Currencies as price lists write them, besides the codes of ISO 4217."""
_SURE_CURRENCIES = frozenset(
    (
        *(
            "usd",
            "dollar",
            "dollars",
            "gbp",
            "sterling",
            "chf",
            "cny",
            "rmb",
            "yuan",
            "元",
            "jpy",
            "yen",
            "円",
            "krw",
            "twd",
        ),
        *(
            "hkd",
            "sgd",
            "cad",
            "aud",
            "nzd",
            "sek",
            "nok",
            "dkk",
            "pln",
            "zł",
            "zloty",
            "złoty",
            "czk",
            "kč",
            "huf",
            "ron",
        ),
        *("bgn", "uah", "ils", "inr", "rub", "brl", "zar", "mxn"),
    )
)
"""Currencies whose code or name is not a common word; `all` and `top` are codes too."""
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{2}")
_EUROS = frozenset({"€", "eur", "euro", "euros"})
_LONGEST_CURRENCY = 20


@dataclass(frozen=True, slots=True)
class _Form:
    """A number as it is written. `decimal` is its decimal mark, `ambiguous` a mark that may be decimal or for thousands."""

    whole: str
    fraction: str
    decimal: str | None = None
    ambiguous: str | None = None


def number(text: str, mark: Callable[[], str | None]) -> str:
    """A number as a plain decimal string. `mark` gives the decimal mark of the other numbers, None if they do not show one.

    Raises UnreadableCell.
    """
    if len(text) > _LONGEST:
        raise UnreadableCell(MESSAGE_PLAIN)
    form = _form(text)
    if form is None:
        raise UnreadableCell(unit_fault(text) or MESSAGE_PLAIN)
    if form.ambiguous is None:
        return _plain(form.whole, form.fraction)
    decimal = mark()
    if decimal is None:
        both = f"{form.whole}{form.fraction} or {form.whole}.{form.fraction}0"
        raise UnreadableCell(f"can mean two numbers, and nothing else in the file shows which; write {both}")
    return _plain(form.whole, form.fraction) if decimal == form.ambiguous else _plain(form.whole + form.fraction, "")


def shown_mark(text: str) -> str | None:
    """The decimal mark that a number shows without doubt, None where it shows none."""
    form = _form(text)
    return form.decimal if form else None


def _form(text: str) -> _Form | None:
    if (found := _SPACED.fullmatch(text)) and text:
        whole, fraction, mark = _without_marks(found["whole"]), found["fraction"] or "", found["mark"]
        if len(fraction) == 3 and 1 <= len(found["whole"]) <= 3 and not whole.startswith("0"):
            return _Form(whole, fraction, ambiguous=mark)
        return _Form(whole, fraction, decimal=mark)
    for pattern, decimal in ((_POINTS, ","), (_COMMAS, ".")):
        if found := pattern.fullmatch(text):
            return _Form(_without_marks(found["whole"]), found["fraction"] or "", decimal=decimal)
    return None


def _without_marks(whole: str) -> str:
    return _THOUSANDS_MARKS.sub("", whole)


def _plain(whole: str, fraction: str) -> str:
    if len(fraction) > MAX_DECIMALS:
        fraction = fraction.rstrip("0")
    if len(fraction) > MAX_DECIMALS:
        raise UnreadableCell(f"has more than {MAX_DECIMALS} decimals; round it to {MAX_DECIMALS}")
    return f"{whole.lstrip('0') or '0'}.{fraction}" if fraction else whole.lstrip("0") or "0"


def digits_of(value: float) -> str:
    """A number as a spreadsheet keeps it: with 15 significant digits, so that 0.1 + 0.2 is 0.3."""
    return format(number_formats.exact(value), "f")


def amount_text(text: str) -> str:
    """An amount without its euro sign, `€ 12,-` as `12,00`. Raises UnreadableCell for another currency."""
    lowered = normalised(text)
    if is_foreign(lowered):
        raise UnreadableCell(MESSAGE_EUROS)
    return without_cents(_EURO.sub("", lowered).strip())


def without_cents(text: str) -> str:
    """An amount in which a dash for no cents is written as zeros. Raises UnreadableCell where words are left beside it.

    They are not named as a unit: what stands beside an amount (k, mln, per 100) mostly changes it.
    """
    if _LETTERS.search(text):
        raise UnreadableCell(MESSAGE_PLAIN)
    return _NO_CENTS.sub(r"\g<mark>00", text)


def weeks_text(text: str) -> str:
    """A number of weeks without the unit. Raises UnreadableCell for days, months and years."""
    lowered = normalised(text)
    if is_other_time(lowered):
        raise UnreadableCell(MESSAGE_WEEKS)
    return ENDS_IN_WEEKS.sub("", lowered)


def is_other_time(lowered: str) -> bool:
    """Whether text in lower case ends with a unit of time that is not the week."""
    return ENDS_IN_OTHER_TIME.search(lowered) is not None


def pieces_text(text: str) -> str:
    """A number of pieces without the unit. Raises UnreadableCell for words, and for a part of a pack."""
    lowered = normalised(text)
    if _OF_PACK.fullmatch(lowered):
        raise UnreadableCell(MESSAGE_OF_PACK)
    number_alone = ENDS_IN_PIECES.sub("", lowered)
    is_worded = _WORD.search(number_alone) or not any(map(str.isdigit, number_alone))
    if number_alone and is_worded and unit_fault(number_alone) is None:
        raise UnreadableCell(MESSAGE_PIECES)
    return number_alone


def normalised(text: str) -> str:
    """Text in lower case, with every kind and run of spaces as one space."""
    return _SPACES.sub(" ", text).strip().lower()


def is_foreign(lowered: str) -> bool:
    """Whether text in lower case names a currency that is not the euro."""
    if any(unicodedata.category(char) == "Sc" and char != "€" for char in lowered):
        return True
    return any(word in _currencies() for word in re.findall(r"[^\W\d_]+", lowered))


def shows_other_currency(text: str) -> bool:
    """Whether a text surely names another currency than the euro: by its sign, or by a word that means nothing else."""
    lowered = normalised(text)
    if any(unicodedata.category(char) == "Sc" and char != "€" for char in lowered):
        return True
    return not _SURE_CURRENCIES.isdisjoint(_LETTERS.findall(lowered))


def is_currency(text: str) -> bool:
    """Whether a text is the name of a currency and nothing else, the euro included."""
    if len(text) > _LONGEST_CURRENCY or any(map(str.isdigit, text)):
        return False
    lowered = normalised(text)
    words = _LETTERS.findall(lowered)
    if not _EUROS.isdisjoint({*words, lowered}):
        return len(words) <= 1
    return shows_other_currency(lowered) and all(word in _currencies() for word in words)


def says_euros(text: str) -> bool:
    """Whether a text names the euro, among other things."""
    lowered = normalised(text)
    return "€" in lowered or not _EUROS.isdisjoint(_LETTERS.findall(lowered))


def is_euro(text: str) -> bool:
    """Whether a text names the euro, and nothing else."""
    return is_currency(text) and not shows_other_currency(text)


def without_currency(text: str) -> str:
    """An amount without the sign or the word of its currency, in lower case."""
    lowered = "".join(char for char in normalised(text) if unicodedata.category(char) != "Sc")
    return _LETTERS.sub(lambda word: "" if word[0] in _currencies() | {"eur"} else word[0], lowered).strip()


@cache
def _currencies() -> frozenset[str]:
    codes = {currency.alpha_3.lower() for currency in pycountry.currencies}
    return frozenset(codes - {"eur"} | _CURRENCY_WORDS)
