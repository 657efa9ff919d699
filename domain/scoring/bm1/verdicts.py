"""What is shown next to the score: the European verdict, concentration of control, completeness and confidence.

None of them affects the score. The European verdict feeds the procurement table that parliament asked for.
"""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from domain.scoring.bm1.valued import ValuedLeaf, ValuedSystem, is_inside
from domain.scoring.exact import percentage, weighted_sum
from domain.scoring.inputs import NO_COUNTRY, AuthorityLevel, Dependence, EvidenceLevel
from domain.scoring.results import EuropeanVerdict, ScoreConcentration, ScoreHolder


def european_verdict_of(valued: ValuedSystem) -> EuropeanVerdict:
    """The first European verdict whose condition holds; European if none does."""
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
    """Whether too much of T is licensed from outside. False without a total, which it would be compared with."""
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
    """The index over the countries of ultimate control. Unknown counts as one country; None if no leaf has a value."""
    if not valued.known:
        return ScoreConcentration(None, None)
    cents_by_country: dict[str | None, int] = defaultdict(int)
    for leaf in valued.leaves:
        cents_by_country[leaf.component.country_of_control] += leaf.cents
    hhi = Fraction(10_000 * sum(cents * cents for cents in cents_by_country.values()), valued.known**2)
    outside = [country for country in cents_by_country if not is_inside(valued.scheme, country)]
    if not outside:
        return ScoreConcentration(hhi, None)
    largest = min(outside, key=lambda country: (-cents_by_country[country], country is None, country or ""))
    return ScoreConcentration(hhi, ScoreHolder(largest, percentage(cents_by_country[largest], valued.known)))


def completeness_of(valued: ValuedSystem) -> Fraction | None:
    """The percentage of T in leaves whose expected fields are all given."""
    if valued.total is None:
        return None
    return percentage(sum(leaf.cents for leaf in valued.leaves if _is_complete(leaf)), valued.total)


def _is_complete(leaf: ValuedLeaf) -> bool:
    c = leaf.component
    answers = (c.unit_value, c.function_group, *leaf.origin, c.stock_weeks, c.lead_time_weeks)
    return None not in answers and c.evidence.level is not EvidenceLevel.NONE


def confidence_of(valued: ValuedSystem) -> Fraction | None:
    """The percentage of T that is proven, each leaf weighted by the factor of its evidence."""
    if valued.total is None:
        return None
    return 100 * weighted_sum((leaf.cents, leaf.proof.factor) for leaf in valued.leaves) / valued.total
