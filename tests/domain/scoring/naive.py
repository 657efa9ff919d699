"""A second scorer for BM-1.0, slow and plain, written from the text of the scheme only.

It shares nothing with the one that serves: it exists so that a misreading in either shows as a difference. Every number
stands here as a constant, so that a wrong number in the scheme data shows too; of the scheme it takes the two version
strings. Inputs are taken to be valid. What the text leaves open is marked "Reading:".
"""

from datetime import date
from fractions import Fraction
from typing import Any

from domain.scoring.bm1 import BonusMalusScheme
from domain.scoring.inputs import ComponentInput, Dimension, EvidenceInput, Profile, System, WaiverInput

LineName = tuple[str | None, str | None, str | None, str]
"""A line of the explanation is named by (componentKey, dimension, functionGroup, criterion)."""

# The country lists of the scheme, typed out. EEA beside the EU is IS, LI, NO. NATO outside G1 is what is left of NATO once
# the EU members and IS and NO are taken out. Whatever stands in no list is G4.
# fmt: off
EU27 = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
]
# fmt: on
G1 = [*EU27, "IS", "LI", "NO"]
G2 = ["UA"]
G3 = ["AL", "CA", "GB", "ME", "MK", "TR", "US", "CH", "JP", "KR", "AU", "NZ"]
CONCERN = ["CN", "HK", "MO", "RU", "BY", "IR", "KP"]

# Score of a country by its group.
GROUP_SCORE = {"G1": 100, "G2": 80, "G3": 50, "G4": 25, "D": 0, "U": 0}

# Score of a dependency by the group of the country depended upon.
PARTIAL_SCORE = {"G1": 100, "G2": 80, "G3": 60, "G4": 40, "D": 0, "U": 0}
DECISIVE_SCORE = {"G1": 100, "G2": 40, "G3": 20, "G4": 10, "D": 0, "U": 0}

# Weights: five criteria on leaves, two on the system, 100 together.
LEAF_WEIGHT = {"madeIn": 20, "control": 15, "licence": 10, "exportRegime": 10, "supply": 15}
DIMENSIONS_WEIGHT = 25
AUTHORITY_WEIGHT = 5


def group_of(country: str | None) -> str:
    """The country group; unknown is a group of its own."""
    if country is None:
        return "U"
    if country in G1:
        return "G1"
    if country in G2:
        return "G2"
    if country in G3:
        return "G3"
    if country in CONCERN:
        return "D"
    return "G4"


def country_score(country: str | None) -> Fraction:
    """g; no foreign licence or no foreign export regime at all is as good as G1."""
    if country == "NONE":
        return Fraction(100)
    return Fraction(GROUP_SCORE[group_of(country)])


# ---- Evidence factor -------------------------------------------------------------------------------------------------


def level_on(evidence: EvidenceInput, day: date) -> str:
    """Document and audited are worth a self-declaration from the day after the expiry date; none and self-declared never
    change, and without an expiry date nothing does.
    """
    level = str(evidence.level.value)
    if level in ("document", "audited") and evidence.expires_on is not None and day > evidence.expires_on:
        return "selfDeclared"
    return level


def factor(evidence: EvidenceInput, day: date) -> Fraction:
    """e: nothing 0, own word a half, a document four fifths, an audit one."""
    level = level_on(evidence, day)
    if level == "none":
        return Fraction(0)
    if level == "selfDeclared":
        return Fraction(1, 2)
    if level == "document":
        return Fraction(4, 5)
    assert level == "audited"
    return Fraction(1)


# ---- Leaves and their values -----------------------------------------------------------------------------------------


def leaves_of(system: System) -> list[ComponentInput]:
    """A leaf is a component that no other names as its parent. In the order of the keys."""
    parents = [component.parent_key for component in system.components]
    leaves = [component for component in system.components if component.key not in parents]
    return sorted(leaves, key=lambda leaf: leaf.key)


def half_up(number: Fraction) -> int:
    """The nearest whole number, the higher one of two equally near."""
    return (number + Fraction(1, 2)).__floor__()


def value_or_unknown(leaf: ComponentInput) -> int | None:
    """Quantity in one delivered system times unit value in euros, half up to the cent; unknown without a unit value."""
    if leaf.unit_value is None:
        return None
    return half_up(Fraction(leaf.quantity) * Fraction(leaf.unit_value) * 100)


def value(leaf: ComponentInput) -> int:
    """v: a missing value counts as nothing and so falls into the residual."""
    known = value_or_unknown(leaf)
    if known is None:
        return 0
    return known


def sum_of_values(system: System) -> int:
    total = 0
    for leaf in leaves_of(system):
        total = total + value(leaf)
    return total


def residual(system: System) -> int:
    """What of T no leaf accounts for."""
    assert system.total_cents is not None
    return system.total_cents - sum_of_values(system)


def assessable(system: System) -> bool:
    """Without a T, or with a T of nothing, there is no score."""
    return system.total_cents is not None and system.total_cents != 0


# ---- Leaf criteria ---------------------------------------------------------------------------------------------------


def stock_ratio(leaf: ComponentInput) -> Fraction:
    """Stock over lead time, at most 1. A lead time of 0 is 1 whatever the stock, an unknown stock too; otherwise an
    unknown on either side is 0.
    """
    if leaf.lead_time_weeks is not None and leaf.lead_time_weeks == 0:
        return Fraction(1)
    if leaf.stock_weeks is None or leaf.lead_time_weeks is None:
        return Fraction(0)
    ratio = Fraction(leaf.stock_weeks) / Fraction(leaf.lead_time_weeks)
    if ratio > 1:
        return Fraction(1)
    return ratio


def leaf_base(leaf: ComponentInput, criterion: str) -> Fraction:
    """What a leaf is worth on a criterion if it is proven: its country's score, or for supply half the score of the second
    source (nothing without one) and half the stock cover.
    """
    if criterion == "madeIn":
        return country_score(leaf.country_of_manufacture)
    if criterion == "control":
        return country_score(leaf.country_of_control)
    if criterion == "licence":
        return country_score(leaf.licence_country)
    if criterion == "exportRegime":
        return country_score(leaf.export_regime)
    assert criterion == "supply"
    return Fraction(1, 2) * country_score(leaf.second_source_country) + Fraction(1, 2) * 100 * stock_ratio(leaf)


def leaf_score(leaf: ComponentInput, criterion: str, day: date) -> Fraction:
    """s: the base times the evidence factor of the leaf."""
    return leaf_base(leaf, criterion) * factor(leaf.evidence, day)


# ---- System criteria -------------------------------------------------------------------------------------------------


def declared_dimension(system: System, name: str) -> Dimension | None:
    for dimension in system.dimensions:
        if dimension.dimension.value == name:
            return dimension
    return None


def is_partial_or_decisive(dimension: Dimension | None) -> bool:
    return dimension is not None and dimension.dependence is not None and dimension.dependence.value != "none"


def is_decisive(dimension: Dimension | None) -> bool:
    return dimension is not None and dimension.dependence is not None and dimension.dependence.value == "decisive"


def dimension_group(dimension: Dimension | None) -> str | None:
    """The group of the country depended upon. A country counts with partial or decisive only; None where none counts."""
    if dimension is None or not is_partial_or_decisive(dimension):
        return None
    return group_of(dimension.country)


def dimension_unknown(dimension: Dimension | None) -> bool:
    """Not declared, of an unknown degree, or partial or decisive on an unknown country."""
    if dimension is None or dimension.dependence is None:
        return True
    return dimension_group(dimension) == "U"


def dimension_score(dimension: Dimension | None, day: date) -> Fraction:
    """e times base: 100 without dependence, by the country's group otherwise, nothing when not declared."""
    if dimension is None or dimension.dependence is None:
        return Fraction(0)
    if dimension.dependence.value == "none":
        base = 100
    elif dimension.dependence.value == "partial":
        base = PARTIAL_SCORE[group_of(dimension.country)]
    else:
        base = DECISIVE_SCORE[group_of(dimension.country)]
    return factor(dimension.evidence, day) * base


def dimensions_score(profile: Profile, system: System, day: date) -> Fraction:
    """The mean over the dimensions that the profile names; a dimension that it does not name counts nowhere."""
    total = Fraction(0)
    for name in profile.dimensions:
        total = total + dimension_score(declared_dimension(system, name.value), day)
    return total / len(profile.dimensions)


def authority_level(system: System) -> str | None:
    if system.design_authority.level is None:
        return None
    return str(system.design_authority.level.value)


def authority_score(system: System, day: date) -> Fraction:
    """Both 100, one 50, neither 0, times e; nothing at all unless the prime's country is in the EU27."""
    if system.design_authority.country not in EU27:
        return Fraction(0)
    level = authority_level(system)
    if level == "both":
        base = 100
    elif level == "one":
        base = 50
    else:
        base = 0
    return base * factor(system.design_authority.evidence, day)


# ---- Formula ---------------------------------------------------------------------------------------------------------


def leaves_in(system: System, group_name: str) -> list[ComponentInput]:
    return [leaf for leaf in leaves_of(system) if leaf.function_group == group_name]


def minimum_rule(leaves: list[ComponentInput]) -> bool:
    """The minimum stands for a group where the group is worth nothing or where any value in it is missing."""
    for leaf in leaves:
        if value_or_unknown(leaf) is None:
            return True
    return sum(value(leaf) for leaf in leaves) == 0


def group_score(system: System, group_name: str, criterion: str, day: date) -> Fraction:
    """g_fc: nothing for an empty group, the minimum where that rule holds, else the value-weighted mean."""
    leaves = leaves_in(system, group_name)
    if len(leaves) == 0:
        return Fraction(0)
    if minimum_rule(leaves):
        return min(leaf_score(leaf, criterion, day) for leaf in leaves)
    weighted = Fraction(0)
    group_value = 0
    for leaf in leaves:
        weighted = weighted + value(leaf) * leaf_score(leaf, criterion, day)
        group_value = group_value + value(leaf)
    return weighted / group_value


def sum_of_weights(profile: Profile) -> Fraction:
    """All groups of the profile, empty ones too."""
    total = Fraction(0)
    for group in profile.function_groups:
        total = total + Fraction(group.weight)
    return total


def blended(profile: Profile, system: System, criterion: str, day: date) -> Fraction:
    """B_c: half by value over T, half by the weights of the function groups."""
    assert system.total_cents is not None
    by_value = Fraction(0)
    for leaf in leaves_of(system):
        by_value = by_value + value(leaf) * leaf_score(leaf, criterion, day)
    by_group = Fraction(0)
    for group in profile.function_groups:
        by_group = by_group + Fraction(group.weight) * group_score(system, group.name, criterion, day)
    return Fraction(1, 2) * by_value / system.total_cents + Fraction(1, 2) * by_group / sum_of_weights(profile)


def exact_points(profile: Profile, system: System, day: date) -> dict[str, Fraction]:
    """Each criterion's part of S: weight times score over 100."""
    points = {}
    for criterion, weight in LEAF_WEIGHT.items():
        points[criterion] = weight * blended(profile, system, criterion, day) / 100
    points["dimensions"] = DIMENSIONS_WEIGHT * dimensions_score(profile, system, day) / 100
    points["designAuthority"] = AUTHORITY_WEIGHT * authority_score(system, day) / 100
    return points


def exact_total(profile: Profile, system: System, day: date) -> Fraction:
    """S, the sum of the points, unrounded."""
    total = Fraction(0)
    for points in exact_points(profile, system, day).values():
        total = total + points
    return total


def one_decimal(total: Fraction) -> Fraction:
    """S1 = floor(10 S + 1/2) / 10."""
    return Fraction((10 * total + Fraction(1, 2)).__floor__(), 10)


def exact_adjustment(profile: Profile, system: System, day: date) -> Fraction:
    """Proportional to the distance of S1 from 50, the cap at either end; minus the cap where there is no score."""
    if not assessable(system):
        return -Fraction(profile.cap_percent)
    return (one_decimal(exact_total(profile, system, day)) - 50) * Fraction(profile.cap_percent) / 50


def fictitious_cents(profile: Profile, price_cents: int, adjustment: Fraction) -> int:
    """A percentage of the price itself, or of a reference amount where the profile fixes one; half up to the cent.

    Reading: a reference amount in the profile means the second mode. It may go below zero, and half up is then still
    towards the higher number.
    """
    if profile.reference_amount_cents is not None:
        return half_up(price_cents - profile.reference_amount_cents * adjustment / 100)
    return half_up(price_cents * (1 - adjustment / 100))


# ---- Knock-outs ------------------------------------------------------------------------------------------------------


def origin_fields(leaf: ComponentInput) -> list[str | None]:
    """Made in, control, licence, export regime; not the second source."""
    return [leaf.country_of_manufacture, leaf.country_of_control, leaf.licence_country, leaf.export_regime]


def has_concern(leaf: ComponentInput) -> bool:
    return any(group_of(country) == "D" for country in origin_fields(leaf))


def has_unknown(leaf: ComponentInput) -> bool:
    return any(country is None for country in origin_fields(leaf))


def critical_groups(profile: Profile) -> list[str]:
    return sorted(group.name for group in profile.function_groups if group.critical)


def concern_knock_outs(profile: Profile, system: System) -> list[dict[str, Any]]:
    """KO-1: a country of concern in an origin field of a leaf in a critical group, worth something or not; then a decisive
    dependency on one, whether or not any group is critical.
    """
    found = [
        {"code": "KO-1", "reason": "countryOfConcern", "componentKey": leaf.key}
        for leaf in leaves_of(system)
        if leaf.function_group in critical_groups(profile) and has_concern(leaf)
    ]
    for name in sorted(str(name.value) for name in profile.dimensions):
        dimension = declared_dimension(system, name)
        if is_decisive(dimension) and dimension_group(dimension) == "D":
            found.append({"code": "KO-1", "reason": "decisiveOnConcern", "dimension": name})
    return found


def unknown_knock_outs(profile: Profile, system: System) -> list[dict[str, Any]]:
    """KO-2 on leaves: an unknown origin field of a critical leaf, or a leaf without a group beside a critical group."""
    found = []
    for leaf in leaves_of(system):
        if leaf.function_group is None:
            if len(critical_groups(profile)) > 0:
                found.append({"code": "KO-2", "reason": "noFunctionGroup", "componentKey": leaf.key})
        elif leaf.function_group in critical_groups(profile) and has_unknown(leaf):
            found.append({"code": "KO-2", "reason": "unknownOrigin", "componentKey": leaf.key})
    return found


def incomplete_knock_outs(profile: Profile, system: System) -> list[dict[str, Any]]:
    """KO-2 on the rest: an unknown dimension, an empty critical group, a residual of more than a twentieth of T (exactly a
    twentieth is none), no T.
    """
    dimensions = [
        {"code": "KO-2", "reason": "dimensionUnknown", "dimension": name}
        for name in sorted(str(name.value) for name in profile.dimensions)
        if dimension_unknown(declared_dimension(system, name))
    ]
    groups = [
        {"code": "KO-2", "reason": "emptyCriticalGroup", "functionGroup": group_name}
        for group_name in critical_groups(profile)
        if len(leaves_in(system, group_name)) == 0
    ]
    if not assessable(system):
        return [*dimensions, *groups, {"code": "KO-2", "reason": "totalMissing"}]
    if residual_too_large(system):
        return [*dimensions, *groups, {"code": "KO-2", "reason": "residual"}]
    return [*dimensions, *groups]


def residual_too_large(system: System) -> bool:
    assert system.total_cents is not None
    return 100 * residual(system) > 5 * system.total_cents


def prime_knock_outs(profile: Profile, system: System) -> list[dict[str, Any]]:
    """KO-3: an EU prime is required, and the level is not both (unknown is not both) or the prime is not in the EU27."""
    if not profile.require_eu_prime:
        return []
    if authority_level(system) == "both" and system.design_authority.country in EU27:
        return []
    return [{"code": "KO-3", "reason": "primeNotEu"}]


def waiver_for(knock_out: dict[str, Any], waivers: tuple[WaiverInput, ...], day: date) -> WaiverInput | None:
    """Reading: only KO-1 can be waived, by a waiver that names that component or that dimension; one that names neither
    waives nothing. It still counts on the day it expires on. Of several the first given is shown.
    """
    if knock_out["code"] != "KO-1":
        return None
    for waiver in waivers:
        dimension = None if waiver.dimension is None else waiver.dimension.value
        same_component = waiver.component_key == knock_out.get("componentKey")
        same_dimension = dimension == knock_out.get("dimension")
        if waiver.code == "KO-1" and same_component and same_dimension and day <= waiver.expires_on:
            return waiver
    return None


def knock_outs(profile: Profile, system: System, waivers: tuple[WaiverInput, ...], day: date) -> list[dict[str, Any]]:
    """In the order of the codes, then of the keys.

    Reading: within a code first components by key, then dimensions by name, then groups by name, then what has no key.
    """
    found = [
        *concern_knock_outs(profile, system),
        *unknown_knock_outs(profile, system),
        *incomplete_knock_outs(profile, system),
        *prime_knock_outs(profile, system),
    ]
    for knock_out in found:
        waiver = waiver_for(knock_out, waivers, day)
        if waiver is not None:
            knock_out["waiver"] = {
                "authority": waiver.authority,
                "reason": waiver.reason,
                "expiresOn": waiver.expires_on.isoformat(),
                "alternativeTrajectory": waiver.alternative_trajectory,
            }
    return found


# ---- Origin shares ---------------------------------------------------------------------------------------------------


def is_inside(leaf: ComponentInput, rule: str) -> bool:
    """By country of manufacture: EDIP takes G1, SAFE takes Ukraine too."""
    if rule == "edip":
        return group_of(leaf.country_of_manufacture) == "G1"
    return group_of(leaf.country_of_manufacture) == "G1" or leaf.country_of_manufacture == "UA"


def proven_cents(system: System, rule: str, day: date) -> int:
    """Inside, and a document or an audit that still holds."""
    total = 0
    for leaf in leaves_of(system):
        if is_inside(leaf, rule) and factor(leaf.evidence, day) >= Fraction(4, 5):
            total = total + value(leaf)
    return total


def declared_cents(system: System, rule: str, day: date) -> int:
    """Inside, and at least declared."""
    total = 0
    for leaf in leaves_of(system):
        if is_inside(leaf, rule) and factor(leaf.evidence, day) >= Fraction(1, 2):
            total = total + value(leaf)
    return total


def upper_cents(system: System, rule: str) -> int:
    """Everything that could be inside: inside with any evidence or none, of unknown make, and the residual."""
    total = residual(system)
    for leaf in leaves_of(system):
        if is_inside(leaf, rule) or leaf.country_of_manufacture is None:
            total = total + value(leaf)
    return total


def exact_shares(system: System, rule: str, day: date) -> dict[str, Fraction | None]:
    """Percentages of T; none without a T."""
    if not assessable(system):
        return {"proven": None, "declared": None, "upperBound": None}
    assert system.total_cents is not None
    return {
        "proven": Fraction(100 * proven_cents(system, rule, day), system.total_cents),
        "declared": Fraction(100 * declared_cents(system, rule, day), system.total_cents),
        "upperBound": Fraction(100 * upper_cents(system, rule), system.total_cents),
    }


def reaches_65(numerator: int, system: System) -> bool:
    """At least 65 % of T, compared unrounded: exactly 65 is enough."""
    assert system.total_cents is not None
    return 100 * numerator >= 65 * system.total_cents


def edip_disqualified(profile: Profile, system: System) -> bool:
    """The clauses of EDIP beside the share: a country of concern in an origin field of any leaf, critical or not, or behind
    a partial or decisive dimension; a level given and not both; a prime given and outside the EU27.
    """
    for leaf in leaves_of(system):
        if has_concern(leaf):
            return True
    for name in profile.dimensions:
        if dimension_group(declared_dimension(system, name.value)) == "D":
            return True
    if authority_level(system) in ("one", "neither"):
        return True
    return system.design_authority.country is not None and system.design_authority.country not in EU27


def edip_unknown(profile: Profile, system: System) -> bool:
    """Any of the fields that those clauses look at is unknown."""
    for leaf in leaves_of(system):
        if has_unknown(leaf):
            return True
    for name in profile.dimensions:
        if dimension_unknown(declared_dimension(system, name.value)):
            return True
    return authority_level(system) is None or system.design_authority.country is None


def edip_verdict(profile: Profile, system: System, day: date) -> str:
    """Fail, pass or possible, in that order. Without a T only the clauses beside the share can decide."""
    if edip_disqualified(profile, system):
        return "fail"
    if not assessable(system):
        return "possible"
    if not reaches_65(upper_cents(system, "edip"), system):
        return "fail"
    if not reaches_65(proven_cents(system, "edip", day), system):
        return "possible"
    if edip_unknown(profile, system) or residual_too_large(system):
        return "possible"
    return "pass"


def safe_verdict(system: System, day: date) -> str:
    """By the shares alone: fail when even the upper bound is short, pass when what is proven is enough."""
    if not assessable(system):
        return "possible"
    if not reaches_65(upper_cents(system, "safe"), system):
        return "fail"
    if reaches_65(proven_cents(system, "safe", day), system):
        return "pass"
    return "possible"


def decided_by(system: System, rule: str, day: date) -> list[str]:
    """The leaves not proven inside, those proven outside among them; costliest first, then by key; ten at most; then the
    residual. Reading: leaves worth nothing or of unknown value stand at the end, as 0; without a T the leaves are still
    listed and there is no residual.
    """
    undecided = [
        leaf
        for leaf in leaves_of(system)
        if not (is_inside(leaf, rule) and factor(leaf.evidence, day) >= Fraction(4, 5))
    ]
    undecided.sort(key=lambda leaf: (-value(leaf), leaf.key))
    keys = [leaf.key for leaf in undecided][:10]
    if assessable(system) and residual(system) > 0:
        keys.append("residual")
    return keys


# ---- European verdict ------------------------------------------------------------------------------------------------


def european_undetermined(profile: Profile, system: System) -> bool:
    """Assembly, level, the licence of any leaf, or an applicable dimension is unknown."""
    if system.final_assembly_country is None or authority_level(system) is None:
        return True
    for leaf in leaves_of(system):
        if leaf.licence_country is None:
            return True
    return any(dimension_unknown(declared_dimension(system, name.value)) for name in profile.dimensions)


def licence_production(system: System) -> bool:
    """The level is not both, and over 35 % of T is licensed outside G1; no licence is not licensed. Skipped without T."""
    if not assessable(system) or authority_level(system) == "both":
        return False
    assert system.total_cents is not None
    outside = 0
    for leaf in leaves_of(system):
        if leaf.licence_country != "NONE" and group_of(leaf.licence_country) != "G1":
            outside = outside + value(leaf)
    return 100 * outside > 35 * system.total_cents


def european_verdict(profile: Profile, system: System) -> str:
    """The first that holds."""
    if european_undetermined(profile, system):
        return "undetermined"
    if group_of(system.final_assembly_country) != "G1":
        return "assembledOutside"
    if licence_production(system):
        return "licenceProduction"
    for name in profile.dimensions:
        dimension = declared_dimension(system, name.value)
        if is_decisive(dimension) and dimension_group(dimension) != "G1":
            return "decisiveDependency"
    return "european"


# ---- Concentration, completeness, confidence -------------------------------------------------------------------------


def value_by_holder(system: System) -> dict[str | None, int]:
    """Value by country of ultimate control; all unknowns are one holder. Reading: who holds nothing is no holder."""
    held: dict[str | None, int] = {}
    for leaf in leaves_of(system):
        if value(leaf) > 0:
            held[leaf.country_of_control] = held.get(leaf.country_of_control, 0) + value(leaf)
    return held


def exact_hhi(system: System) -> Fraction | None:
    """The sum of the squared percentages of the sum of values (not of T); none where that sum is 0."""
    if sum_of_values(system) == 0:
        return None
    total = Fraction(0)
    for cents in value_by_holder(system).values():
        share = Fraction(100 * cents, sum_of_values(system))
        total = total + share * share
    return total


def largest_outside(system: System) -> tuple[str | None, Fraction] | None:
    """The holder outside G1 with the largest share; equals by code, the unknown one after all others."""
    holders = []
    for country, cents in value_by_holder(system).items():
        if group_of(country) != "G1":
            holders.append((-cents, country is None, country or ""))
    if len(holders) == 0:
        return None
    negative_cents, is_unknown, country_code = min(holders)
    return (None if is_unknown else country_code, Fraction(-100 * negative_cents, sum_of_values(system)))


def is_complete(leaf: ComponentInput) -> bool:
    """Value, group, the four origin fields, stock and lead time known, and an evidence level above none."""
    answers = [value_or_unknown(leaf), leaf.function_group, leaf.stock_weeks, leaf.lead_time_weeks]
    return None not in answers and not has_unknown(leaf) and leaf.evidence.level.value != "none"


def exact_completeness(system: System) -> Fraction | None:
    """The percentage of T in complete leaves."""
    if not assessable(system):
        return None
    assert system.total_cents is not None
    total = 0
    for leaf in leaves_of(system):
        if is_complete(leaf):
            total = total + value(leaf)
    return Fraction(100 * total, system.total_cents)


def exact_confidence(system: System, day: date) -> Fraction | None:
    """100 times the sum of value times evidence factor, over T."""
    if not assessable(system):
        return None
    assert system.total_cents is not None
    total = Fraction(0)
    for leaf in leaves_of(system):
        total = total + value(leaf) * factor(leaf.evidence, day)
    return 100 * total / system.total_cents


# ---- Explanation -----------------------------------------------------------------------------------------------------


def carrier(leaves: list[ComponentInput], criterion: str, day: date) -> str:
    """Where the minimum stands for a group: the leaf that has it, the first by key of several."""
    lowest = min(leaf_score(leaf, criterion, day) for leaf in leaves)
    return next(leaf.key for leaf in leaves if leaf_score(leaf, criterion, day) == lowest)


def share_in_group(profile: Profile, system: System, leaf: ComponentInput, criterion: str, day: date) -> Fraction:
    """The part of all group weights that the leaf carries: its part of the group's value, or all or nothing of the group
    where the minimum rule holds; nothing without a group.
    """
    for group in profile.function_groups:
        if group.name != leaf.function_group:
            continue
        leaves = leaves_in(system, group.name)
        of_all_groups = Fraction(group.weight) / sum_of_weights(profile)
        if not minimum_rule(leaves):
            return of_all_groups * Fraction(value(leaf), sum(value(other) for other in leaves))
        if carrier(leaves, criterion, day) == leaf.key:
            return of_all_groups
    return Fraction(0)


def line(won: Fraction, available: Fraction, level: str | None, code: str | None) -> dict[str, Any]:
    """Won and lost are together what could be had. Lines on nothing declared have no evidence level."""
    return {"won": won, "lost": available - won, "level": level, "code": code}


def component_lines(profile: Profile, system: System, day: date) -> dict[LineName, dict[str, Any]]:
    """One per leaf and criterion: half by its share of T, half by its share of the groups.

    Reading: the level shown is the one that counts on the day, so self-declared for a document that has expired.
    """
    assert system.total_cents is not None
    lines: dict[LineName, dict[str, Any]] = {}
    for leaf in leaves_of(system):
        for criterion, weight in LEAF_WEIGHT.items():
            by_value = Fraction(value(leaf), system.total_cents)
            by_group = share_in_group(profile, system, leaf, criterion, day)
            available = weight * (Fraction(1, 2) * by_value + Fraction(1, 2) * by_group)
            won = available * leaf_score(leaf, criterion, day) / 100
            lines[leaf.key, None, None, criterion] = line(won, available, level_on(leaf.evidence, day), None)
    return lines


def system_lines(profile: Profile, system: System, day: date) -> dict[LineName, dict[str, Any]]:
    """One per applicable dimension, an equal part of the weight each, and one for design authority."""
    lines: dict[LineName, dict[str, Any]] = {}
    for name in profile.dimensions:
        dimension = declared_dimension(system, name.value)
        available = Fraction(DIMENSIONS_WEIGHT, len(profile.dimensions))
        won = available * dimension_score(dimension, day) / 100
        level = None if dimension is None else level_on(dimension.evidence, day)
        lines[None, str(name.value), None, "dimensions"] = line(won, available, level, None)
    available = Fraction(AUTHORITY_WEIGHT)
    won = available * authority_score(system, day) / 100
    level = level_on(system.design_authority.evidence, day)
    lines[None, None, None, "designAuthority"] = line(won, available, level, None)
    return lines


def lost_lines(profile: Profile, system: System) -> dict[LineName, dict[str, Any]]:
    """One per empty group and leaf criterion, and one residual line per leaf criterion; nothing is won on them.

    Reading: the residual lines stand there with 0 too, where there is no residual.
    """
    assert system.total_cents is not None
    lines: dict[LineName, dict[str, Any]] = {}
    for criterion, weight in LEAF_WEIGHT.items():
        for group in profile.function_groups:
            if len(leaves_in(system, group.name)) == 0:
                available = weight * Fraction(1, 2) * Fraction(group.weight) / sum_of_weights(profile)
                lines[None, None, group.name, criterion] = line(Fraction(0), available, None, None)
        available = weight * Fraction(1, 2) * Fraction(residual(system), system.total_cents)
        lines[None, None, None, criterion] = line(Fraction(0), available, None, "residual")
    return lines


def exact_lines(profile: Profile, system: System, day: date) -> dict[LineName, dict[str, Any]]:
    """All lines; none without a T."""
    if not assessable(system):
        return {}
    return {
        **component_lines(profile, system, day),
        **system_lines(profile, system, day),
        **lost_lines(profile, system),
    }


# ---- As shown --------------------------------------------------------------------------------------------------------


def decimals(number: Fraction, places: int) -> str:
    """Half up to so many decimals, all of them written."""
    scaled = half_up(number * 10**places)
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def four(number: Fraction | None) -> str | None:
    """Points, shares, percentages and HHI have four decimals; what is not there is null."""
    if number is None:
        return None
    return decimals(number, 4)


def shortest(number: Fraction) -> str:
    """The exact number with no more decimals than it needs, none where it is whole. A cap that is no decimal number may
    leave one that never ends: then "a/b".
    """
    rest = number.denominator
    while rest % 2 == 0:
        rest = rest // 2
    while rest % 5 == 0:
        rest = rest // 5
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    if number.denominator == 1:
        return str(number.numerator)
    places = 1
    while (number * 10**places).denominator != 1:
        places = places + 1
    return decimals(number, places)


def shown_price(
    profile: Profile, price_cents: int | None, adjustment: Fraction, found: list[dict[str, Any]]
) -> dict[str, str] | None:
    """No price without a price, nor beside a knock-out that is not waived."""
    if price_cents is None:
        return None
    for knock_out in found:
        if "waiver" not in knock_out:
            return None
    cents = fictitious_cents(profile, price_cents, adjustment)
    return {"amount": decimals(Fraction(cents, 100), 2), "currency": "EUR", "qualifier": "exact"}


def shown_lines(profile: Profile, system: System, day: date) -> list[dict[str, Any]]:
    """Reading: `functionGroup` only on the line of an empty group; no order of lines is laid down, so compare by name."""
    shown = []
    for (component_key, dimension, group_name, criterion), figures in exact_lines(profile, system, day).items():
        body: dict[str, Any] = {}
        if component_key is not None:
            body["componentKey"] = component_key
        if dimension is not None:
            body["dimension"] = dimension
        if group_name is not None:
            body["functionGroup"] = group_name
        body["criterion"] = criterion
        body["won"] = four(figures["won"])
        body["lost"] = four(figures["lost"])
        body["cause"] = {"code": figures["code"]}
        if figures["level"] is not None:
            body["evidenceLevel"] = figures["level"]
        shown.append(body)
    return shown


def shown_shares(system: System, rule: str, verdict: str, day: date) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    for name, share in exact_shares(system, rule, day).items():
        shares[name] = four(share)
    shares["verdict"] = verdict
    shares["decidedBy"] = decided_by(system, rule, day)
    return shares


def shown_concentration(system: System) -> dict[str, Any]:
    largest = largest_outside(system)
    if largest is None:
        return {"hhi": four(exact_hhi(system)), "largestOutside": None}
    country, share = largest
    return {"hhi": four(exact_hhi(system)), "largestOutside": {"country": country, "share": four(share)}}


def exact(scheme: BonusMalusScheme, profile: Profile, system: System, *, reference_date: date) -> dict[str, Any]:
    """The figures before any rounding: fractions, or None where there is none. S1 and the adjustment too."""
    total = exact_total(profile, system, reference_date) if assessable(system) else None
    lines = {}
    for name, figures in exact_lines(profile, system, reference_date).items():
        lines[name] = (figures["won"], figures["lost"])
    return {
        "S": total,
        "S1": None if total is None else one_decimal(total),
        "adjustment": exact_adjustment(profile, system, reference_date),
        "points": exact_points(profile, system, reference_date) if assessable(system) else None,
        "lines": lines,
        "shares": {rule: exact_shares(system, rule, reference_date) for rule in ("edip", "safe")},
        "hhi": exact_hhi(system),
        "largestOutside": largest_outside(system),
        "completeness": exact_completeness(system),
        "confidence": exact_confidence(system, reference_date),
    }


def score(
    scheme: BonusMalusScheme,
    profile: Profile,
    system: System,
    *,
    price_cents: int | None = None,
    reference_date: date,
    waivers: tuple[WaiverInput, ...] = (),
) -> dict[str, Any]:
    """The body of a score, but for the words of the causes.

    Reading: without a T `points` as a whole is null, while of the shares only the three figures are.
    """
    found = knock_outs(profile, system, waivers, reference_date)
    adjustment = exact_adjustment(profile, system, reference_date)
    shown_score = None
    shown_points = None
    if assessable(system):
        shown_score = decimals(one_decimal(exact_total(profile, system, reference_date)), 1)
        shown_points = {}
        for criterion, points in exact_points(profile, system, reference_date).items():
            shown_points[criterion] = four(points)
    return {
        "schemeVersion": scheme.version,
        "countryListVersion": scheme.country_list_version,
        "referenceDate": reference_date.isoformat(),
        "score": shown_score,
        "adjustmentPercent": shortest(adjustment),
        "fictitiousPrice": shown_price(profile, price_cents, adjustment, found),
        "points": shown_points,
        "knockOuts": found,
        "originShares": {
            "edip": shown_shares(system, "edip", edip_verdict(profile, system, reference_date), reference_date),
            "safe": shown_shares(system, "safe", safe_verdict(system, reference_date), reference_date),
        },
        "europeanVerdict": european_verdict(profile, system),
        "concentration": shown_concentration(system),
        "completeness": four(exact_completeness(system)),
        "confidence": four(exact_confidence(system, reference_date)),
        "explanation": shown_lines(profile, system, reference_date),
    }
