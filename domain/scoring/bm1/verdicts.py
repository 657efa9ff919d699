"""What stands beside the score: the European verdict, concentration of control, completeness and confidence.

None of them enters the score. The European verdict feeds the procurement table that parliament asked for.
"""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from domain.scoring.bm1.case import Case, ValuedLeaf, is_inside
from domain.scoring.exact import percentage, weighted_sum
from domain.scoring.inputs import NO_COUNTRY, AuthorityLevel, Dependence, EvidenceLevel
from domain.scoring.results import EuropeanVerdict, ScoreConcentration, ScoreHolder


def european_verdict_of(case: Case) -> EuropeanVerdict:
    """The first of the verdicts that holds."""
    holds: dict[EuropeanVerdict, Callable[[Case], bool]] = {
        EuropeanVerdict.UNDETERMINED: _is_undetermined,
        EuropeanVerdict.ASSEMBLED_OUTSIDE: lambda c: not is_inside(c.scheme, c.final_assembly_country),
        EuropeanVerdict.LICENCE_PRODUCTION: _is_licence_production,
        EuropeanVerdict.DECISIVE_DEPENDENCY: _has_decisive_dependency,
    }
    return next((verdict for verdict, does_hold in holds.items() if does_hold(case)), EuropeanVerdict.EUROPEAN)


def _is_undetermined(case: Case) -> bool:
    if case.final_assembly_country is None or case.authority.level is None:
        return True
    if any(leaf.component.licence_country is None for leaf in case.leaves):
        return True
    return any(dimension.is_unknown for dimension in case.dimensions)


def _is_licence_production(case: Case) -> bool:
    """Without a total there is nothing to compare the licensed part with, so the clause does not hold."""
    if case.total is None or case.authority.level is AuthorityLevel.BOTH:
        return False
    licensed_outside = sum(leaf.cents for leaf in case.leaves if _is_licensed_outside(case, leaf))
    return 100 * licensed_outside > case.scheme.outside_licence_limit_percent * case.total


def _is_licensed_outside(case: Case, leaf: ValuedLeaf) -> bool:
    licence = leaf.component.licence_country
    return licence not in (None, NO_COUNTRY) and not is_inside(case.scheme, licence)


def _has_decisive_dependency(case: Case) -> bool:
    return any(
        dimension.dependence is Dependence.DECISIVE and not is_inside(case.scheme, dimension.country)
        for dimension in case.dimensions
    )


def concentration_of(case: Case) -> ScoreConcentration:
    """The index over the countries of ultimate control, unknown as one holder; nothing where nothing has a value."""
    if not case.known:
        return ScoreConcentration(None, None)
    held: dict[str | None, int] = defaultdict(int)
    for leaf in case.leaves:
        held[leaf.component.country_of_control] += leaf.cents
    hhi = Fraction(10_000 * sum(cents * cents for cents in held.values()), case.known**2)
    outside = [country for country in held if not is_inside(case.scheme, country)]
    if not outside:
        return ScoreConcentration(hhi, None)
    largest = min(outside, key=lambda country: (-held[country], country is None, country or ""))
    return ScoreConcentration(hhi, ScoreHolder(largest, percentage(held[largest], case.known)))


def completeness_of(case: Case) -> Fraction | None:
    """The share of T in leaves that answer every question about themselves."""
    if case.total is None:
        return None
    return percentage(sum(leaf.cents for leaf in case.leaves if _is_complete(leaf)), case.total)


def _is_complete(leaf: ValuedLeaf) -> bool:
    c = leaf.component
    answers = (c.unit_value, c.function_group, *leaf.origin, c.stock_weeks, c.lead_time_weeks)
    return None not in answers and c.evidence.level is not EvidenceLevel.NONE


def confidence_of(case: Case) -> Fraction | None:
    """How much of T is proven, each leaf by what its proof counts for."""
    if case.total is None:
        return None
    return 100 * weighted_sum((leaf.cents, leaf.proof.factor) for leaf in case.leaves) / case.total
