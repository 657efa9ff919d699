"""What stands beside the score: the European verdict, concentration of control, completeness and confidence.

None of them enters the score. The European verdict feeds the procurement table that parliament asked for.
"""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from domain.scoring.bm1.valued import ValuedLeaf, ValuedSystem, is_inside
from domain.scoring.exact import percentage, weighted_sum
from domain.scoring.inputs import NO_COUNTRY, AuthorityLevel, Dependence, EvidenceLevel
from domain.scoring.results import EuropeanVerdict, ScoreConcentration, ScoreHolder


def european_verdict_of(valued: ValuedSystem) -> EuropeanVerdict:
    """The first of the verdicts that holds."""
    holds: dict[EuropeanVerdict, Callable[[ValuedSystem], bool]] = {
        EuropeanVerdict.UNDETERMINED: _is_undetermined,
        EuropeanVerdict.ASSEMBLED_OUTSIDE: lambda c: not is_inside(c.scheme, c.final_assembly_country),
        EuropeanVerdict.LICENCE_PRODUCTION: _is_licence_production,
        EuropeanVerdict.DECISIVE_DEPENDENCY: _has_decisive_dependency,
    }
    return next((verdict for verdict, does_hold in holds.items() if does_hold(valued)), EuropeanVerdict.EUROPEAN)


def _is_undetermined(valued: ValuedSystem) -> bool:
    if valued.final_assembly_country is None or valued.authority.level is None:
        return True
    if any(leaf.component.licence_country is None for leaf in valued.leaves):
        return True
    return any(dimension.is_unknown for dimension in valued.dimensions)


def _is_licence_production(valued: ValuedSystem) -> bool:
    """Without a total there is nothing to compare the licensed part with, so the clause does not hold."""
    if valued.total is None or valued.authority.level is AuthorityLevel.BOTH:
        return False
    licensed_outside = sum(leaf.cents for leaf in valued.leaves if _is_licensed_outside(valued, leaf))
    return 100 * licensed_outside > valued.scheme.outside_licence_limit_percent * valued.total


def _is_licensed_outside(valued: ValuedSystem, leaf: ValuedLeaf) -> bool:
    licence = leaf.component.licence_country
    return licence not in (None, NO_COUNTRY) and not is_inside(valued.scheme, licence)


def _has_decisive_dependency(valued: ValuedSystem) -> bool:
    return any(
        dimension.dependence is Dependence.DECISIVE and not is_inside(valued.scheme, dimension.country)
        for dimension in valued.dimensions
    )


def concentration_of(valued: ValuedSystem) -> ScoreConcentration:
    """The index over the countries of ultimate control, unknown as one holder; nothing where nothing has a value."""
    if not valued.known:
        return ScoreConcentration(None, None)
    held: dict[str | None, int] = defaultdict(int)
    for leaf in valued.leaves:
        held[leaf.component.country_of_control] += leaf.cents
    hhi = Fraction(10_000 * sum(cents * cents for cents in held.values()), valued.known**2)
    outside = [country for country in held if not is_inside(valued.scheme, country)]
    if not outside:
        return ScoreConcentration(hhi, None)
    largest = min(outside, key=lambda country: (-held[country], country is None, country or ""))
    return ScoreConcentration(hhi, ScoreHolder(largest, percentage(held[largest], valued.known)))


def completeness_of(valued: ValuedSystem) -> Fraction | None:
    """The share of T in leaves that answer every question about themselves."""
    if valued.total is None:
        return None
    return percentage(sum(leaf.cents for leaf in valued.leaves if _is_complete(leaf)), valued.total)


def _is_complete(leaf: ValuedLeaf) -> bool:
    c = leaf.component
    answers = (c.unit_value, c.function_group, *leaf.origin, c.stock_weeks, c.lead_time_weeks)
    return None not in answers and c.evidence.level is not EvidenceLevel.NONE


def confidence_of(valued: ValuedSystem) -> Fraction | None:
    """How much of T is proven, each leaf by what its proof counts for."""
    if valued.total is None:
        return None
    return 100 * weighted_sum((leaf.cents, leaf.proof.factor) for leaf in valued.leaves) / valued.total
