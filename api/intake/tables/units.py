"""Units beside a number in English, Dutch, German, French and Chinese: pieces and weeks are read, any other is named.

Numbers themselves, and currencies, do not belong here.
"""

import re

PIECES = (
    *("pcs", "pc", "pce", "pces", "piece", "pieces", "ea", "each", "unit", "units", "off", "x", "nos"),
    *("stuks", "stuk", "st", "stk", "stck", "stück", "stücke", "pièce", "pièces", "pce", "unité", "unités"),
    *("个", "只", "件", "片", "颗", "pz"),
)
WEEKS = (
    *("week", "weeks", "wk", "wks", "weken", "wkn", "woche", "wochen", "wo"),
    *("semaine", "semaines", "sem", "settimane", "semanas", "周", "个星期", "星期"),
)
OTHER_TIMES = (
    *("d", "day", "days", "working day", "working days", "business day", "business days", "dgn", "dag", "dagen"),
    *("werkdag", "werkdagen", "tag", "tage", "tagen", "arbeitstage", "werktage", "jour", "jours", "jours ouvrés"),
    *("month", "months", "mo", "mnd", "maand", "maanden", "monat", "monate", "monaten", "mois"),
    *("year", "years", "yr", "yrs", "jaar", "jaren", "jahr", "jahre", "an", "ans", "année", "années", "hours", "uur"),
    *("天", "日", "月", "个月", "年", "工作日"),
)
AS_REQUIRED = (
    "a/r",
    "ar",
    "as required",
    "as req'd",
    "as needed",
    "naar behoefte",
    "nach bedarf",
    "n.b.",
    "selon besoin",
)
"""What stands for a quantity that nobody counted."""


def _ending_in(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
    return re.compile(rf"\s*\(?(?<![^\W\d_])(?:{longest_first})\)?\.?$")


ENDS_IN_PIECES, ENDS_IN_WEEKS, ENDS_IN_OTHER_TIME = map(_ending_in, (PIECES, WEEKS, OTHER_TIMES))
"""A unit at the end of a number in lower case, with the space before it."""
_BESIDE = re.compile(r"(?P<number>[0-9](?:[0-9.,'’ ]*[0-9])?)\s?(?P<unit>[^\W\d_][^\d%]{0,15}?[²³]?)\.?")  # noqa: RUF001  # the apostrophe of Swiss thousands
_RANGE = re.compile(r"[0-9.,]+\s*(?:-|–|—|\.\.|to|tot|bis|à|~)\s*[0-9.,]+")  # noqa: RUF001  # whichever dash was typed
_SCALES = frozenset({"k", "mln", "mio", "tsd", "thousand", "million", "duizend", "miljoen", "tausend", "mille"})
"""Words that are no units: they change the number."""
MESSAGE_RANGE = "is a range: write the one number that holds"
MESSAGE_AS_REQUIRED = "does not say how many: write the number that is in one delivered system, such as 1"


def unit_fault(lowered: str) -> str | None:
    """What is wrong with a text in lower case that is no plain number: a unit beside it; None where that is not it."""
    if lowered in AS_REQUIRED:
        return MESSAGE_AS_REQUIRED
    if _RANGE.fullmatch(lowered):
        return MESSAGE_RANGE
    found = _BESIDE.fullmatch(lowered)
    if found is None or found["unit"] in _SCALES:
        return None
    return (
        f"has the unit {found['unit'].strip()} beside the number: write the number alone, such as 1, and put the unit "
        "into the name, as in cable of 1 m"
    )
