"""A scheme of BM-1 as data: weights, country groups, evidence factors, thresholds.

This module parses a scheme's document into what the algorithm computes with, or refuses it with everything that is wrong.
Further checks on new documents are in `document`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from domain.scoring.documents import SchemeDocument, country_lists_of
from domain.scoring.inputs import AuthorityLevel, EvidenceLevel
from domain.scoring.results import EDIP, LEAF_CRITERIA, SAFE

LISTED_GROUPS = ("G1", "G2", "G3", "D")
GROUPS_BEST_FIRST = ("G1", "G2", "G3", "G4", "D", "U")
SHARES = (EDIP, SAFE)
_FACTORS = tuple(level.value for level in EvidenceLevel)
_LEVELS = tuple(level.value for level in AuthorityLevel)
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class BonusMalusScheme:
    """A scheme version as data. All countries in no other group are in G4."""

    version: str
    country_list_version: str
    leaf_weights: dict[str, Fraction]
    dimensions_weight: Fraction
    authority_weight: Fraction
    evidence_factors: dict[EvidenceLevel, Fraction]
    group_scores: dict[str, Fraction]
    country_groups: dict[str, frozenset[str]]
    eu_countries: frozenset[str]
    partial_scores: dict[str, Fraction]
    decisive_scores: dict[str, Fraction]
    authority_scores: dict[AuthorityLevel, Fraction]
    residual_limit_percent: Fraction
    inside_share_percent: Fraction
    outside_licence_limit_percent: Fraction
    cap_default_percent: Fraction = Fraction(10)
    cap_limit_percent: Fraction = Fraction(50)
    neutral_score: Fraction = Fraction(50)
    none_score: Fraction = Fraction(100)
    value_part: Fraction = Fraction(1, 2)
    second_source_part: Fraction = Fraction(1, 2)
    declared_factor: Fraction = Fraction(1, 2)
    proven_factor: Fraction = Fraction(4, 5)
    decided_by_at_most: int = 10
    inside_groups: dict[str, frozenset[str]] = field(
        default_factory=lambda: {"edip": frozenset({"G1"}), "safe": frozenset({"G1", "G2"})}
    )


def scheme_of(document: Mapping[str, Any]) -> BonusMalusScheme:
    """The scheme that a document describes. Raises BrokenRule with a fault for everything wrong in it.

    The promises of a score depend on these checks: weights add up to 100; a better country group or better evidence is never
    worth less; unknown is never worth more than any country; no country is in two groups; the European Union is within G1.
    """
    read = SchemeDocument(document)
    weights = {name: read.number("weights", name, most=_HUNDRED) for name in LEAF_CRITERIA}
    others = {name: read.number("weights", name, most=_HUNDRED) for name in ("dimensions", "designAuthority")}
    if sum([*weights.values(), *others.values()], Fraction(0)) != _HUNDRED:
        read.fault("/weights", "weights must add up to 100")
    factors = read.table("evidenceFactors", _FACTORS, most=Fraction(1))
    authority = read.table("designAuthorityScores", _LEVELS, most=_HUNDRED)
    read.rising("/evidenceFactors", [factors[name] for name in _FACTORS])
    read.rising("/designAuthorityScores", [authority[name] for name in reversed(_LEVELS)])
    lists = country_lists_of(read)
    groups = _groups(read, lists)
    scheme = BonusMalusScheme(
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


def _members(read: SchemeDocument, lists: Mapping[str, frozenset[str]], *path: str) -> frozenset[str]:
    """The countries of all the lists named at a path."""
    names = read.strings(*path)
    for name in names:
        if name not in lists:
            read.fault("/" + "/".join(path), f"country list {name} does not exist; give one of countryLists.lists")
    return frozenset().union(*(lists.get(name, frozenset()) for name in names))


def _groups(read: SchemeDocument, lists: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The countries of each group that has lists; no country may be in two."""
    groups: dict[str, frozenset[str]] = {}
    for name in LISTED_GROUPS:
        members = _members(read, lists, "countryGroups", name, "lists")
        if read.value("countryGroups", name, "except") is not None:
            members -= _members(read, lists, "countryGroups", name, "except")
        for other, earlier in groups.items():
            if members & earlier:
                read.fault(
                    f"/countryGroups/{name}",
                    f"shares {', '.join(sorted(members & earlier))} with {other}; a country may be in one group only",
                )
        groups[name] = members
    return groups


def _eu_countries(
    read: SchemeDocument, lists: Mapping[str, frozenset[str]], groups: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    name = read.text("euList")
    if name not in lists:
        read.fault("/euList", f"country list {name} does not exist; give one of countryLists.lists")
        return frozenset()
    if not lists[name] <= groups["G1"]:
        read.fault("/euList", "has countries outside G1; put them in G1, or name another list")
    return lists[name]


def _scores(read: SchemeDocument, column: str) -> dict[str, Fraction]:
    """The scores of all country groups in one column of their table, such as `partial`."""
    scores = {name: read.number("countryGroups", name, column, most=_HUNDRED) for name in GROUPS_BEST_FIRST}
    read.rising(f"/countryGroups/*/{column}", [scores[name] for name in reversed(GROUPS_BEST_FIRST)])
    return scores


def _limits(read: SchemeDocument) -> dict[str, Any]:
    """The numbers that are in no table, and the groups inside each origin share, by the field of `BonusMalusScheme`."""
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
        "inside_groups": {name: frozenset(read.strings("originShares", name)) for name in SHARES},
    }
    read.rising("/limits", [found["declared_factor"], found["proven_factor"]])
    read.rising("/adjustment", [found["cap_default_percent"], found["cap_limit_percent"]])
    if found["neutral_score"] != 50:
        # Only with the middle of the scale is the adjustment at most the cap on both sides.
        read.fault("/adjustment/neutralScore", "the neutral score must be 50, the middle of the scale")
    for name, inside in found["inside_groups"].items():
        if not inside <= set(GROUPS_BEST_FIRST):
            read.fault(f"/originShares/{name}", "names a group that does not exist; give groups of countryGroups")
    return found
