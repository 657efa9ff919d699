"""What a new scheme's document may hold, beside what makes it a scheme: known names, plain texts, days, real countries.

What is not known is refused by name, because a weight under a misspelt name would count for nothing without a word. The
rules that a score rests on stand in `domain.scoring.schemes`; schemes that are stored already are not held against these.
"""

import json
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from domain.errors import Fault
from domain.scoring.profiles import CAP_LIMIT_PERCENT
from domain.scoring.schemes import GROUPS_BEST_FIRST, LEAF_CRITERIA, LISTED_GROUPS

_SCORES = ("score", "partial", "decisive")
_GROUP = dict.fromkeys(("lists", "except", *_SCORES))
_LIST = {"title": "text", "asOf": "day", "countries": "countries"}
_TREE: Mapping[str, Any] = {
    "version": "code",
    "algorithm": None,
    "status": "code",
    "weights": dict.fromkeys((*LEAF_CRITERIA, "dimensions", "designAuthority")),
    "valuePart": None,
    "secondSourcePart": None,
    "evidenceFactors": dict.fromkeys(("none", "selfDeclared", "document", "audited")),
    "countryLists": {"version": "code", "compiledOn": "day", "lists": {"*": _LIST}},
    "euList": "code",
    "countryGroups": {
        name: _GROUP if name in LISTED_GROUPS else {"lists": "none", **dict.fromkeys(_SCORES)}
        for name in GROUPS_BEST_FIRST
    },
    "noneScore": None,
    "designAuthorityScores": dict.fromkeys(("both", "one", "neither")),
    "adjustment": dict.fromkeys(("neutralScore", "capDefaultPercent", "capLimitPercent")),
    "limits": dict.fromkeys(
        (
            *("residualPercent", "insideSharePercent", "outsideLicencePercent"),
            *("declaredFactor", "provenFactor", "decidedByAtMost"),
        )
    ),
    "originShares": dict.fromkeys(("edip", "safe")),
}
"""The names that a document may have, and what kind of text stands there; None: what the scheme itself says."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TEXT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,300}")
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}|/[1-9][0-9]{0,17})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SAY = {
    "code": "give at most 40 letters, digits, dots, hyphens and underscores, such as BM-1.1",
    "text": "give a text of at most 300 characters on one line",
    "day": 'give a date as "2026-11-21"',
}


def document_faults(document: Mapping[str, Any], *, algorithms: Set[str], countries: Set[str]) -> list[Fault]:
    """Everything in a new scheme's document that is not known, or of which another kind of text belongs there.

    `algorithms` and `countries` are those that there are.
    """
    found = [*_Examined(countries).of(document, _TREE, ""), *_algorithm_faults(document.get("algorithm"), algorithms)]
    limit = _within(document, "adjustment", "capLimitPercent")
    if isinstance(limit, int | str) and _is_below(str(limit), CAP_LIMIT_PERCENT):
        # Profiles are held against this limit when they are published, and are frozen before a later scheme comes.
        words = f"is {CAP_LIMIT_PERCENT} at least; lots may have that cap already, and would be left without a score"
        found.append(Fault("/adjustment/capLimitPercent", words))
    return found


def is_text(document: Mapping[str, Any]) -> bool:
    """Whether all of a document can be written as text; half a surrogate pair cannot, nor be named in a refusal."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _algorithm_faults(algorithm: object, algorithms: Set[str]) -> Iterator[Fault]:
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        yield Fault("/algorithm", f"there is no such algorithm; known: {', '.join(sorted(algorithms))}")


def _is_below(number: str, limit: Fraction) -> bool:
    # What is no such number is told by the scheme itself; an exponent would be worked out for ever.
    return bool(_NUMBER.fullmatch(number)) and Fraction(number) < limit


def _within(document: Mapping[str, Any], *path: str) -> Any:
    found: Any = document
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class _Examined:
    """A look at every value of a document; what is missing is told by the scheme itself, but for texts."""

    countries: Set[str]

    def of(self, node: Mapping[str, Any], known: Mapping[str, Any], at: str) -> Iterator[Fault]:
        """What is wrong with an object."""
        for name, value in node.items():
            if "*" in known and not _CODE.fullmatch(name):
                yield Fault(at, f"names of lists: {_SAY['code']}")
            elif "*" in known or name in known:
                yield from self._value(value, known.get(name, known.get("*")), f"{at}/{name}")
            else:
                yield Fault(f"{at}/{_escaped(name)}", "is not known here; leave it out or correct its name")
        for name, kind in known.items():
            if name not in node and isinstance(kind, str) and kind in _SAY:
                yield Fault(f"{at}/{name}", _SAY[kind])

    def _value(self, value: object, kind: Any, at: str) -> Iterator[Fault]:
        if isinstance(kind, Mapping):
            if isinstance(value, Mapping):
                yield from self.of(value, kind, at)
            else:
                yield Fault(at, "give an object")
        elif kind == "countries":
            yield from self._strangers(value, at)
        elif kind == "none":
            if value != []:
                yield Fault(at, "has no lists: G4 is every other country, and U is unknown; leave it out")
        elif kind is not None and not _is_text(value, kind):
            yield Fault(at, _SAY[kind])

    def _strangers(self, value: object, at: str) -> Iterator[Fault]:
        for index, country in enumerate(value if isinstance(value, list | tuple) else ()):
            if not isinstance(country, str) or country not in self.countries:
                yield Fault(f"{at}/{index}", "is not an ISO 3166-1 alpha-2 country code in capitals, such as NL")


def _is_text(value: object, kind: str) -> bool:
    if not isinstance(value, str):
        return False
    if kind == "day":
        return bool(_DAY.fullmatch(value)) and _is_day(value)
    return bool((_CODE if kind == "code" else _TEXT).fullmatch(value))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
