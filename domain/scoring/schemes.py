"""A scheme version as data (schemaversie): weights, country groups and lists, evidence factors, thresholds.

A scheme arrives as a plain document, read from its file or from its row; here it becomes the scheme that an algorithm
takes, or is refused with all that is wrong with it. Its digest says that two documents hold the same. Numbers are whole
or text, never floating, so that nothing was rounded on the way. Reading files does not belong here.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from domain.errors import BrokenRule, Fault
from domain.scoring.inputs import AuthorityLevel, EvidenceLevel, Scheme

LEAF_CRITERIA = ("madeIn", "control", "licence", "exportRegime", "supply")
LISTED_GROUPS = ("G1", "G2", "G3", "D")
GROUPS_BEST_FIRST = ("G1", "G2", "G3", "G4", "D", "U")
_SHARES = ("edip", "safe")
_FACTORS = tuple(level.value for level in EvidenceLevel)
_LEVELS = tuple(level.value for level in AuthorityLevel)
_COUNTRY = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,18}|/[1-9][0-9]{0,17})?")
_HUNDRED = Fraction(100)


def digest_of(document: Mapping[str, Any]) -> str:
    """Documents that hold the same have the same digest: SHA-256, as hexadecimal, of their JSON.

    The JSON has sorted keys, no spaces, and every character as itself in UTF-8. A value that JSON lacks raises TypeError.
    """
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def scheme_of(document: Mapping[str, Any]) -> Scheme:
    """The scheme that a document describes. Raises BrokenRule with a fault for everything wrong in it.

    Held here, because the promises of a score rest on them: weights are together 100; a better country group or better
    evidence is never worth less; unknown is worth nothing more than any country; no country stands in two groups; the
    European Union is within G1.
    """
    read = _Document(document)
    weights = {name: read.number("weights", name, most=_HUNDRED) for name in LEAF_CRITERIA}
    others = {name: read.number("weights", name, most=_HUNDRED) for name in ("dimensions", "designAuthority")}
    if sum([*weights.values(), *others.values()], Fraction(0)) != _HUNDRED:
        read.fault("/weights", "weights are together 100")
    factors = read.table("evidenceFactors", _FACTORS, most=Fraction(1))
    authority = read.table("designAuthorityScores", _LEVELS, most=_HUNDRED)
    read.rising("/evidenceFactors", [factors[name] for name in _FACTORS])
    read.rising("/designAuthorityScores", [authority[name] for name in reversed(_LEVELS)])
    lists = _lists(read)
    groups = _groups(read, lists)
    scheme = Scheme(
        version=read.text("version"),
        country_list_version=read.text("countryLists", "version"),
        leaf_weights=weights,
        dimensions_weight=others["dimensions"],
        authority_weight=others["designAuthority"],
        evidence_factors={level: factors[level.value] for level in EvidenceLevel},
        group_scores=_scores(read, "score"),
        country_groups=groups,
        eu_countries=_eu_countries(read, lists, groups),
        partial_scores=_scores(read, "partial"),
        decisive_scores=_scores(read, "decisive"),
        authority_scores={level: authority[level.value] for level in AuthorityLevel},
        **_limits(read),
    )
    read.refuse_if_wrong()
    return scheme


class _Document:
    """A document under examination: gives typed values, and remembers what is wrong instead of stopping at it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._faults: list[Fault] = []

    def fault(self, pointer: str, detail: str) -> None:
        """Remembers that something is wrong."""
        self._faults.append(Fault(pointer, detail))

    def refuse_if_wrong(self) -> None:
        """Raises BrokenRule where anything was wrong, each thing once."""
        if self._faults:
            raise BrokenRule.at(*dict.fromkeys(self._faults))

    def value(self, *path: str) -> Any:
        """What stands at a path, None where nothing does."""
        found: Any = self._document
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def text(self, *path: str) -> str:
        """The text at a path."""
        found = self.value(*path)
        if isinstance(found, str) and found.strip():
            return found
        self.fault("/" + "/".join(path), "give a text")
        return ""

    def number(self, *path: str, most: Fraction) -> Fraction:
        """The number at a path, from 0 to `most`: whole, a decimal text or a fraction text."""
        found = self.value(*path)
        is_whole = isinstance(found, int) and not isinstance(found, bool)
        if is_whole or (isinstance(found, str) and _NUMBER.fullmatch(found)):
            number = Fraction(found)
            if 0 <= number <= most:
                return number
        self.fault("/" + "/".join(path), f'give a number from 0 to {most}, whole or as a text such as "4/5"')
        return Fraction(0)

    def table(self, name: str, keys: Iterable[str], *, most: Fraction) -> dict[str, Fraction]:
        """A number for each of these keys."""
        return {key: self.number(name, key, most=most) for key in keys}

    def strings(self, *path: str) -> tuple[str, ...]:
        """The list of texts at a path, each once."""
        found = self.value(*path)
        if isinstance(found, list | tuple) and all(isinstance(item, str) for item in found):
            if len(set(found)) == len(found):
                return tuple(found)
            self.fault("/" + "/".join(path), "names something twice")
        else:
            self.fault("/" + "/".join(path), 'give a list of texts; write "NO" between quotation marks')
        return ()

    def rising(self, pointer: str, numbers: list[Fraction]) -> None:
        """What is better is never worth less."""
        if numbers != sorted(numbers):
            self.fault(pointer, "what is better may not be worth less")


def _lists(read: _Document) -> dict[str, frozenset[str]]:
    """The country lists by name."""
    read.text("countryLists", "compiledOn")
    named = read.value("countryLists", "lists")
    if not isinstance(named, Mapping):
        read.fault("/countryLists/lists", "give the country lists by name")
        return {}
    found = {}
    for name in named:
        read.text("countryLists", "lists", name, "asOf")
        countries = read.strings("countryLists", "lists", name, "countries")
        for country in countries:
            if not _COUNTRY.fullmatch(country):
                read.fault(f"/countryLists/lists/{name}/countries", f"{country} is not a country code in capitals")
        found[name] = frozenset(countries)
    return found


def _members(read: _Document, lists: Mapping[str, frozenset[str]], *path: str) -> frozenset[str]:
    """The countries of all the lists named at a path."""
    names = read.strings(*path)
    for name in names:
        if name not in lists:
            read.fault("/" + "/".join(path), f"there is no country list {name}")
    return frozenset().union(*(lists.get(name, frozenset()) for name in names))


def _groups(read: _Document, lists: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The countries of each group that has lists; no country stands in two."""
    groups: dict[str, frozenset[str]] = {}
    for name in LISTED_GROUPS:
        members = _members(read, lists, "countryGroups", name, "lists")
        if read.value("countryGroups", name, "except") is not None:
            members -= _members(read, lists, "countryGroups", name, "except")
        for other, taken in groups.items():
            if members & taken:
                read.fault(f"/countryGroups/{name}", f"shares {', '.join(sorted(members & taken))} with {other}")
        groups[name] = members
    return groups


def _eu_countries(
    read: _Document, lists: Mapping[str, frozenset[str]], groups: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    name = read.text("euList")
    if name not in lists:
        read.fault("/euList", f"there is no country list {name}")
        return frozenset()
    if not lists[name] <= groups["G1"]:
        read.fault("/euList", "stands outside G1")
    return lists[name]


def _scores(read: _Document, column: str) -> dict[str, Fraction]:
    """A column of the table of country groups."""
    scores = {name: read.number("countryGroups", name, column, most=_HUNDRED) for name in GROUPS_BEST_FIRST}
    read.rising(f"/countryGroups/*/{column}", [scores[name] for name in reversed(GROUPS_BEST_FIRST)])
    return scores


def _limits(read: _Document) -> dict[str, Any]:
    """The numbers that stand alone, by the name of the scheme's field."""
    one = Fraction(1)
    found: dict[str, Any] = {
        "value_part": read.number("valuePart", most=one),
        "second_source_part": read.number("secondSourcePart", most=one),
        "none_score": read.number("noneScore", most=_HUNDRED),
        "residual_limit_percent": read.number("limits", "residualPercent", most=_HUNDRED),
        "inside_share_percent": read.number("limits", "insideSharePercent", most=_HUNDRED),
        "outside_licence_limit_percent": read.number("limits", "outsideLicencePercent", most=_HUNDRED),
        "declared_factor": read.number("limits", "declaredFactor", most=one),
        "proven_factor": read.number("limits", "provenFactor", most=one),
        "decided_by_at_most": int(read.number("limits", "decidedByAtMost", most=_HUNDRED)),
        "cap_default_percent": read.number("adjustment", "capDefaultPercent", most=_HUNDRED),
        "cap_limit_percent": read.number("adjustment", "capLimitPercent", most=_HUNDRED),
        "neutral_score": read.number("adjustment", "neutralScore", most=_HUNDRED),
        "inside_groups": {name: frozenset(read.strings("originShares", name)) for name in _SHARES},
    }
    read.rising("/limits", [found["declared_factor"], found["proven_factor"]])
    read.rising("/adjustment", [found["cap_default_percent"], found["cap_limit_percent"]])
    if found["neutral_score"] != 50:
        # An adjustment of at most the cap on either side needs the middle of the scale.
        read.fault("/adjustment/neutralScore", "the neutral score is 50, the middle of the scale")
    for name, inside in found["inside_groups"].items():
        if not inside <= set(GROUPS_BEST_FIRST):
            read.fault(f"/originShares/{name}", "names a group that is not there")
    return found
