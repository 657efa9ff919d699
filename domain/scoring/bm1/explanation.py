"""The explanation (onderbouwing): every point won or lost, by what, and why. The lines add up exactly.

Points won add up to S, and points won and lost to 100. A leaf's share of the value half is by its value, and its share of
the group half by its part of the group's value. Where a group counts by its lowest leaf, that leaf carries the whole group.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from domain.scoring.bm1.valued import (
    ValuedDimension,
    ValuedLeaf,
    ValuedProof,
    ValuedSystem,
    group_of,
)
from domain.scoring.inputs import NO_COUNTRY, Dependence
from domain.scoring.results import DESIGN_AUTHORITY, DIMENSIONS, LEAF_CRITERIA, SUPPLY, ScoreCause, ScoreLine

_Parameters = tuple[tuple[str, str], ...]
_FIELDS = dict(zip(LEAF_CRITERIA, range(len(LEAF_CRITERIA)), strict=True))


def explanation_of(valued: ValuedSystem) -> tuple[ScoreLine, ...]:
    """The lines: leaves by key and criterion, dimensions, design authority, empty groups, residual. None without a total."""
    if valued.total is None:
        return ()
    return (
        *_leaf_lines(valued, valued.total),
        *_dimension_lines(valued),
        _authority_line(valued),
        *_empty_group_lines(valued),
        *_residual_lines(valued, valued.total),
    )


def _leaf_lines(valued: ValuedSystem, total: int) -> Iterator[ScoreLine]:
    causes = _Causes(valued)
    parts = _group_parts(valued)
    by_value = _by_value(valued, parts)
    carried = _carried(valued)
    for leaf in valued.leaves:
        shared = valued.scheme.value_part * Fraction(leaf.cents, total) + by_value.get(leaf.key, 0)
        for criterion in LEAF_CRITERIA:
            group = carried.get((leaf.key, criterion))
            share = shared if group is None else shared + parts[group]
            won, lost = _split(valued.scheme.leaf_weights[criterion], share, leaf.scores[criterion])
            cause = causes.of_leaf(leaf, criterion, carries=group)
            yield ScoreLine(criterion, won, lost, cause, component_key=leaf.key, evidence_level=leaf.proof.level)


def _split(weight: Fraction, share: Fraction, score: Fraction) -> tuple[Fraction, Fraction]:
    """The points that a share of a weight wins and loses at a score. In integers for speed: a large system has 50,000 lines."""
    available = weight.numerator * share.numerator
    parts = weight.denominator * share.denominator * score.denominator * 100
    won = available * score.numerator
    return Fraction(won, parts), Fraction(available * score.denominator * 100 - won, parts)


def _group_parts(valued: ValuedSystem) -> dict[str, Fraction]:
    """The part of each leaf criterion that a function group carries."""
    weights = sum((group.group.weight for group in valued.groups), Fraction(0))
    return {group.group.name: (1 - valued.scheme.value_part) * group.group.weight / weights for group in valued.groups}


def _by_value(valued: ValuedSystem, parts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Each leaf's part of the group half, in groups that count by value."""
    return {
        leaf.key: parts[group.group.name] * Fraction(leaf.cents, group.cents)
        for group in valued.groups
        if not group.by_minimum
        for leaf in group.leaves
    }


def _carried(valued: ValuedSystem) -> dict[tuple[str, str], str]:
    """The groups that count by their lowest leaf, by the key of that leaf and the criterion, as it may differ by criterion."""
    return {
        (carrier.key, criterion): group.group.name
        for group in valued.groups
        for criterion in LEAF_CRITERIA
        for carrier in [group.carrier(criterion)]
        if carrier is not None
    }


def _dimension_lines(valued: ValuedSystem) -> Iterator[ScoreLine]:
    share = Fraction(1, len(valued.dimensions))
    for dimension in valued.dimensions:
        won, lost = _split(valued.scheme.dimensions_weight, share, dimension.score)
        cause = ScoreCause(*_dimension_cause(dimension))
        level = None if dimension.proof is None else dimension.proof.level
        yield ScoreLine(DIMENSIONS, won, lost, cause, dimension=dimension.name, evidence_level=level)


def _dimension_cause(dimension: ValuedDimension) -> tuple[str, _Parameters]:
    name = ("dimension", dimension.name.value)
    if dimension.proof is None or dimension.dependence is None:
        return "dimensionNotDeclared", (name,)
    about = (name, *_points(dimension.base), *_proof(dimension.proof))
    if dimension.dependence is Dependence.NONE:
        return "independent", about
    on = (("dependence", dimension.dependence.value), ("group", dimension.group or ""), *about)
    return ("dependent", (("country", dimension.country), *on)) if dimension.country else ("dependentOnUnknown", on)


def _authority_line(valued: ValuedSystem) -> ScoreLine:
    authority = valued.authority
    score = authority.base * authority.proof.factor
    won, lost = _split(valued.scheme.authority_weight, Fraction(1), score)
    return ScoreLine(
        DESIGN_AUTHORITY, won, lost, ScoreCause(*_authority_cause(valued)), evidence_level=authority.proof.level
    )


def _authority_cause(valued: ValuedSystem) -> tuple[str, _Parameters]:
    authority = valued.authority
    if authority.level is None:
        return "authorityUnknown", ()
    about = (("level", authority.level.value), *_points(authority.base), *_proof(authority.proof))
    if authority.country is None:
        return "primeUnknown", about
    return "authority" if authority.is_eu else "primeOutside", (("country", authority.country), *about)


def _empty_group_lines(valued: ValuedSystem) -> Iterator[ScoreLine]:
    parts = _group_parts(valued)
    for name in (group.group.name for group in valued.groups if not group.leaves):
        for criterion in LEAF_CRITERIA:
            won, lost = _split(valued.scheme.leaf_weights[criterion], parts[name], Fraction(0))
            yield ScoreLine(criterion, won, lost, ScoreCause("emptyGroup", (("group", name),)), function_group=name)


def _residual_lines(valued: ValuedSystem, total: int) -> Iterator[ScoreLine]:
    """The lines of what no component accounts for, which wins nothing. They are present even if the residual is 0."""
    share = valued.scheme.value_part * Fraction(valued.residual, total)
    for criterion in LEAF_CRITERIA:
        won, lost = _split(valued.scheme.leaf_weights[criterion], share, Fraction(0))
        yield ScoreLine(criterion, won, lost, ScoreCause("residual"))


def _points(base: Fraction) -> _Parameters:
    return (("base", str(base)),)


def _proof(proof: ValuedProof) -> _Parameters:
    expired = (("expired", "true"),) if proof.has_expired else ()
    return (("evidence", proof.level.value), ("factor", str(proof.factor)), *expired)


class _Causes:
    """The causes of leaves. The same few statements recur, so each cause is created once."""

    def __init__(self, valued: ValuedSystem) -> None:
        self._system = valued
        self._known: dict[tuple[object, ...], ScoreCause] = {}

    def of_leaf(self, leaf: ValuedLeaf, criterion: str, *, carries: str | None) -> ScoreCause:
        """The cause of one leaf in one criterion."""
        if criterion == SUPPLY:
            c = leaf.component
            about: tuple[object, ...] = (c.second_source_country, c.stock_weeks, c.lead_time_weeks)
        else:
            about = (leaf.origin[_FIELDS[criterion]],)
        key = (criterion, carries, leaf.proof.level, leaf.proof.has_expired, about)
        if key not in self._known:
            self._known[key] = (
                self._supply(leaf, carries) if criterion == SUPPLY else self._origin(leaf, criterion, carries)
            )
        return self._known[key]

    def _origin(self, leaf: ValuedLeaf, criterion: str, carries: str | None) -> ScoreCause:
        country = leaf.origin[_FIELDS[criterion]]
        about = (("criterion", criterion), *self._common(leaf, criterion, carries))
        if country is None:
            return ScoreCause("countryUnknown", about)
        if country == NO_COUNTRY:
            return ScoreCause("noneForeign", about)
        return ScoreCause("country", (("country", country), ("group", group_of(self._system.scheme, country)), *about))

    def _supply(self, leaf: ValuedLeaf, carries: str | None) -> ScoreCause:
        c = leaf.component
        known = {
            "secondSource": c.second_source_country,
            "stockWeeks": None if c.stock_weeks is None else str(c.stock_weeks),
            "leadTimeWeeks": None if c.lead_time_weeks is None else str(c.lead_time_weeks),
        }
        given = tuple((name, value) for name, value in known.items() if value is not None)
        return ScoreCause("supply", (*given, *self._common(leaf, SUPPLY, carries)))

    def _common(self, leaf: ValuedLeaf, criterion: str, carries: str | None) -> _Parameters:
        carried = () if carries is None else (("carries", carries),)
        return (*_points(leaf.bases[criterion]), *_proof(leaf.proof), *carried)
