"""Improvements (verbeteringen): the single changes that raise a score most, each with its exact gain.

Each changes one declared thing: it is proven, answered, replaced, added or reduced. None hides anything, moves a part to
another group, or lowers a total. A gain is the exact difference in S. Advice to answer a question says what the answer would
have to be. Leaves are tried in the order of the most that a change of them could gain, until none can beat the best found.
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop
from typing import Any

from domain.scoring.bm1.incremental import IncrementalScore
from domain.scoring.bm1.scheme import BonusMalusScheme
from domain.scoring.bm1.valued import HUNDRED, INSIDE, ValuedLeaf, ValuedSystem, group_of
from domain.scoring.exact import half_up
from domain.scoring.inputs import (
    NO_COUNTRY,
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    Statement,
    System,
)
from domain.scoring.results import SUPPLY, Kind, ScoreImprovement
from domain.scoring.texts.advice import LEAD_TIME

MOST = 10
SHOWN_PARTS = 10_000
"""Gains are shown in 1/10,000 of a point; a gain that rounds to 0 is not listed."""
_LEVELS = list(EvidenceLevel)
_PROOFS = (EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED)
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class StatementChange:
    """One thing to change: the field, its values before and after, and the statement as it would be.

    `before` is None if unknown or absent. A country group in `after` means any country in it.
    """

    kind: Kind
    field: str
    before: str | None
    after: str
    statement: Statement

    @property
    def component_key(self) -> str | None:
        """The key of the component, None if it is not about one."""
        return self.statement.key if isinstance(self.statement, ComponentInput) else None

    @property
    def dimension(self) -> DimensionName | None:
        """The dimension, None if it is not about one."""
        return self.statement.dimension if isinstance(self.statement, Dimension) else None

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Its order among changes of equal gain: components by key, dimensions by name, the design authority."""
        about = (self.component_key, self.dimension, "")
        order = next(order for order, key in enumerate(about) if key is not None)
        return order, str(about[order]), self.field, self.after

    def improvement(self, gain: Fraction) -> ScoreImprovement:
        """The change as an improvement that gains these points."""
        return ScoreImprovement(
            self.kind, self.field, self.before, self.after, gain, self.component_key, self.dimension
        )


def improvements_of(valued: ValuedSystem, system: System) -> tuple[ScoreImprovement, ...]:
    """The changes of a system that gain most, the largest gain first; none if it cannot be assessed."""
    if valued.total is None:
        return ()
    incremental, best = IncrementalScore(valued), _Best()
    for change in changes_of_system(valued, system):
        best.add(change, incremental.difference(change.statement))
    ceilings = _Ceilings(incremental, valued.scheme)
    waiting = [(-most, leaf.key, leaf) for leaf in valued.leaves if (most := ceilings.of(leaf))]
    heapify(waiting)
    while waiting:
        most, key, leaf = heappop(waiting)
        if best.is_beyond(-most, key):
            break
        for change in changes_of_leaf(valued, leaf):
            best.add(change, incremental.difference(change.statement))
    return best.improvements


def changes_of_leaf(valued: ValuedSystem, leaf: ValuedLeaf) -> Iterator[StatementChange]:
    """Every change that could improve a leaf, whatever it gains."""
    yield from _proofs(leaf.component, leaf.component.evidence, leaf.proof.level)
    yield from _origins(valued, leaf.component)
    yield from _supplies(valued, leaf.component)


def changes_of_system(valued: ValuedSystem, system: System) -> Iterator[StatementChange]:
    """Every change that could improve the applicable dimensions or the design authority."""
    declared = {dimension.dimension: dimension for dimension in system.dimensions}
    for own in valued.dimensions:
        dimension = declared.get(own.name, Dimension(own.name))
        if own.proof is not None:
            yield from _proofs(dimension, dimension.evidence, own.proof.level)
        yield from _dependences(valued, dimension)
    yield from _proofs(system.design_authority, system.design_authority.evidence, valued.authority.proof.level)
    yield from _authorities(valued, system.design_authority)


class _Best:
    """The best changes so far, in order, at most `MOST`."""

    def __init__(self) -> None:
        self._entries: list[tuple[Fraction, tuple[int, str, str, str], StatementChange]] = []

    def add(self, change: StatementChange, gain: Fraction) -> None:
        """Adds a change if its shown gain is over 0 and it is among the best."""
        if half_up(gain * SHOWN_PARTS) <= 0:
            return
        insort(self._entries, (-gain, change.place, change), key=lambda entry: entry[:2])
        del self._entries[MOST:]

    def is_beyond(self, most: Fraction, key: str) -> bool:
        """Whether no change of the leaf with this key, which gains at most this much, can be among the best."""
        if len(self._entries) < MOST:
            return False
        gain, place, _ = self._entries[-1]
        return (-most, (0, key)) > (gain, place[:2])

    @property
    def improvements(self) -> tuple[ScoreImprovement, ...]:
        """The best changes, the largest gain first."""
        return tuple(change.improvement(-loss) for loss, _, change in self._entries)


class _Ceilings:
    """The most that one change of a leaf could gain: exact by value, plus all it could win as the lowest of its group.

    The same few statements recur, so what each leaves to win is computed once.
    """

    def __init__(self, incremental: IncrementalScore, scheme: BonusMalusScheme) -> None:
        self._incremental = incremental
        self._scheme = scheme
        self._best_proof = max(scheme.evidence_factors.values())
        self._best = max(scheme.none_score, *scheme.group_scores.values())
        self._known: dict[tuple[object, ...], Fraction] = {}
        self._origins: dict[tuple[object, ...], tuple[Fraction, Fraction]] = {}

    def of(self, leaf: ValuedLeaf) -> Fraction:
        """The ceiling of a leaf."""
        c = leaf.component
        key = (*leaf.origin, leaf.proof.level, c.second_source_country, c.stock_weeks, c.lead_time_weeks)
        if key not in self._known:
            self._known[key] = self._lift(leaf) / HUNDRED
        return self._incremental.share_by_value(leaf) * self._known[key] + self._incremental.room_as_lowest(leaf)

    def _lift(self, leaf: ValuedLeaf) -> Fraction:
        """The most that one change of evidence, origin or supply adds to the weighted scores of a leaf."""
        key = (*leaf.origin, leaf.proof.level)
        if key not in self._origins:
            self._origins[key] = self._of_origin(leaf)
        weighted, lift = self._origins[key]
        weight, factor = self._scheme.leaf_weights[SUPPLY], leaf.proof.factor
        of_proof = (self._best_proof - factor) * (weighted + weight * leaf.bases[SUPPLY])
        return max(lift, of_proof, weight * factor * self._room_of_supply(leaf))

    def _of_origin(self, leaf: ValuedLeaf) -> tuple[Fraction, Fraction]:
        """The sum of the weighted bases of a leaf's origin, and the most that one other country adds to its weighted scores."""
        weights = {name: weight for name, weight in self._scheme.leaf_weights.items() if name != SUPPLY}
        weighted = sum((weight * leaf.bases[name] for name, weight in weights.items()), _NOTHING)
        lifts = (weight * leaf.proof.factor * (self._best - leaf.bases[name]) for name, weight in weights.items())
        return weighted, max(lifts)

    def _room_of_supply(self, leaf: ValuedLeaf) -> Fraction:
        """The most that one change adds to the base of supply, by a second source or by a larger stock."""
        second, part = leaf.component.second_source_country, self._scheme.second_source_part
        of_second = _NOTHING if second is None else self._scheme.group_scores[group_of(self._scheme, second)]
        covered = leaf.bases[SUPPLY] - part * of_second
        return max(part * (self._best - of_second), (1 - part) * HUNDRED - covered)


def _proofs(statement: Statement, evidence: EvidenceInput, counted: EvidenceLevel) -> Iterator[StatementChange]:
    """Better evidence than what counts today. Expired evidence is renewed at its own level or a higher one."""
    for level in _PROOFS:
        if _LEVELS.index(level) <= _LEVELS.index(counted) or _LEVELS.index(level) < _LEVELS.index(evidence.level):
            continue
        kind = Kind.RENEW if level is evidence.level else Kind.PROVE
        yield StatementChange(
            kind, "evidence", counted.value, level.value, replace(statement, evidence=EvidenceInput(level))
        )


_ORIGINS: Mapping[str, tuple[str, str]] = {
    "countryOfManufacture": ("country_of_manufacture", INSIDE),
    "countryOfControl": ("country_of_control", INSIDE),
    "licenceCountry": ("licence_country", NO_COUNTRY),
    "exportRegime": ("export_regime", NO_COUNTRY),
}
"""The fields of origin: their attribute, and the answer that the advice names if they are unknown."""


def _origins(valued: ValuedSystem, component: ComponentInput) -> Iterator[StatementChange]:
    for field, (name, answer) in _ORIGINS.items():
        country = getattr(component, name)
        if country is None:
            given: dict[str, Any] = {name: NO_COUNTRY if answer == NO_COUNTRY else _any_inside_country(valued.scheme)}
            yield StatementChange(Kind.ANSWER, field, None, answer, replace(component, **given))
        elif _is_outside_best_group(valued.scheme, country):
            given = {name: _any_inside_country(valued.scheme)}
            yield StatementChange(Kind.REPLACE, field, country, INSIDE, replace(component, **given))


def _supplies(valued: ValuedSystem, component: ComponentInput) -> Iterator[StatementChange]:
    second = component.second_source_country
    if second is None or _is_outside_best_group(valued.scheme, second):
        kind = Kind.ADD if second is None else Kind.REPLACE
        after = replace(component, second_source_country=_any_inside_country(valued.scheme))
        yield StatementChange(kind, "secondSourceCountry", second, INSIDE, after)
    yield from _stocks(component)


def _stocks(component: ComponentInput) -> Iterator[StatementChange]:
    """A stock as large as the lead time. If one of them is unknown, the advice names the other as the answer."""
    stock, lead = component.stock_weeks, component.lead_time_weeks
    if lead is None:
        covered = Fraction(1) if stock is None else stock
        after = replace(component, stock_weeks=covered, lead_time_weeks=covered)
        if stock is None:
            yield StatementChange(Kind.ANSWER, "stockWeeks", None, LEAD_TIME, after)
        else:
            yield StatementChange(Kind.ANSWER, LEAD_TIME, None, _weeks(stock), after)
    elif stock is None:
        yield StatementChange(Kind.ANSWER, "stockWeeks", None, _weeks(lead), replace(component, stock_weeks=lead))
    elif stock < lead:
        yield StatementChange(
            Kind.STOCK, "stockWeeks", _weeks(stock), _weeks(lead), replace(component, stock_weeks=lead)
        )


def _dependences(valued: ValuedSystem, declared: Dimension) -> Iterator[StatementChange]:
    """Answer a dimension, depend on a country of the best group, or depend less."""
    if declared.dependence is None:
        after = replace(
            declared, dependence=Dependence.NONE, country=None, evidence=_at_least_self_declared(declared.evidence)
        )
        yield StatementChange(Kind.ANSWER, "dependence", None, Dependence.NONE.value, after)
    elif declared.dependence is not Dependence.NONE:
        own = declared.country
        if own is None or _is_outside_best_group(valued.scheme, own):
            kind = Kind.ANSWER if own is None else Kind.REPLACE
            yield StatementChange(
                kind, "country", own, INSIDE, replace(declared, country=_any_inside_country(valued.scheme))
            )
        lesser = {Dependence.PARTIAL: own, Dependence.NONE: None}
        for dependence, country in lesser.items():
            if dependence is not declared.dependence:
                after = replace(declared, dependence=dependence, country=country)
                yield StatementChange(Kind.REDUCE, "dependence", declared.dependence.value, dependence.value, after)


def _authorities(valued: ValuedSystem, declared: DesignAuthority) -> Iterator[StatementChange]:
    """Answer the level or the prime's country, or raise the level. A known country of the prime is not changed."""
    country = declared.country or min(valued.scheme.eu_countries, default=None)
    if declared.level is None:
        after = replace(
            declared, level=AuthorityLevel.BOTH, country=country, evidence=_at_least_self_declared(declared.evidence)
        )
        yield StatementChange(Kind.ANSWER, "level", None, AuthorityLevel.BOTH.value, after)
        return
    if declared.country is None:
        yield StatementChange(Kind.ANSWER, "country", None, "EU", replace(declared, country=country))
    levels = list(AuthorityLevel)
    for level in levels[: levels.index(declared.level)]:
        yield StatementChange(Kind.OBTAIN, "level", declared.level.value, level.value, replace(declared, level=level))


def _at_least_self_declared(evidence: EvidenceInput) -> EvidenceInput:
    """The evidence of a new answer, which is at least self-declared."""
    return EvidenceInput(EvidenceLevel.SELF_DECLARED) if evidence.level is EvidenceLevel.NONE else evidence


def _any_inside_country(scheme: BonusMalusScheme) -> str | None:
    """Any country of the best group, None if the group is empty. Which one makes no difference to a score."""
    return min(scheme.country_groups[INSIDE], default=None)


def _is_outside_best_group(scheme: BonusMalusScheme, country: str) -> bool:
    """Whether this is a country, not NONE, outside the best group."""
    return country != NO_COUNTRY and group_of(scheme, country) != INSIDE


def _weeks(weeks: Fraction) -> str:
    """A number of weeks as text: a decimal of at most six places, without trailing zeros."""
    whole = f"{half_up(weeks * 10**6):07d}"
    return f"{whole[:-6]}.{whole[-6:]}".rstrip("0").rstrip(".")
