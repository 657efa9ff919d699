"""The valued system: a declared system on a scoring profile, with every statement valued on the reference date.

Here a country is turned into a group and a base, evidence into a factor, and leaves are assigned to function groups. The rest
of this package uses the valued system.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.scoring.bm1.scheme import BonusMalusScheme
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
    FunctionGroup,
    Profile,
    System,
)
from domain.scoring.results import CONTROL, EXPORT_REGIME, LICENCE, MADE_IN, SUPPLY
from domain.scoring.tree import Leaf, leaves_of

INSIDE, OTHERS, CONCERN, UNKNOWN = "G1", "G4", "D", "U"
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class ValuedProof:
    """What evidence counts for on the reference date. Expired evidence counts as self-declared."""

    level: EvidenceLevel
    factor: Fraction
    has_expired: bool


@dataclass(frozen=True, slots=True)
class ValuedLeaf:
    """A leaf with its evidence, and its base and score (0 to 100) in each leaf criterion. A missing value is 0 cents."""

    component: ComponentInput
    cents: int
    has_value: bool
    proof: ValuedProof
    bases: Mapping[str, Fraction]
    scores: Mapping[str, Fraction]

    @property
    def key(self) -> str:
        """Its key."""
        return self.component.key

    @property
    def origin(self) -> tuple[str | None, str | None, str | None, str | None]:
        """The countries of manufacture, control, licence and export regime."""
        c = self.component
        return c.country_of_manufacture, c.country_of_control, c.licence_country, c.export_regime


@dataclass(frozen=True, slots=True)
class ValuedGroup:
    """A function group with its leaves, sorted by key.

    `by_minimum`: it counts by its lowest leaf, because the value of a leaf is missing or all values are 0.
    """

    group: FunctionGroup
    leaves: tuple[ValuedLeaf, ...]
    cents: int
    by_minimum: bool

    def carrier(self, criterion: str) -> ValuedLeaf | None:
        """The lowest leaf, ties by key, if it counts for the whole group; None if the group counts by value or is empty."""
        if not self.by_minimum or not self.leaves:
            return None
        return min(self.leaves, key=lambda leaf: leaf.scores[criterion])


@dataclass(frozen=True, slots=True)
class ValuedDimension:
    """An applicable dimension. `country` is set only where it counts; `proof` is None if the dimension is not declared."""

    name: DimensionName
    dependence: Dependence | None
    country: str | None
    group: str | None
    base: Fraction
    proof: ValuedProof | None

    @property
    def score(self) -> Fraction:
        """The base times the factor of its evidence."""
        return self.base * self.proof.factor if self.proof else Fraction(0)

    @property
    def is_unknown(self) -> bool:
        """Whether the dependence, or the country it is on, is not known."""
        return self.dependence is None or self.group == UNKNOWN


@dataclass(frozen=True, slots=True)
class ValuedAuthority:
    """The design authority with its base, which is 0 unless the prime is in the European Union."""

    level: AuthorityLevel | None
    country: str | None
    is_eu: bool
    base: Fraction
    proof: ValuedProof


@dataclass(frozen=True, slots=True)
class ValuedSystem:
    """Everything that a score is computed from. `total` is None if T is missing or 0; the residual is then 0."""

    scheme: BonusMalusScheme
    profile: Profile
    reference_date: date
    total: int | None
    known: int
    leaves: tuple[ValuedLeaf, ...]
    groups: tuple[ValuedGroup, ...]
    dimensions: tuple[ValuedDimension, ...]
    authority: ValuedAuthority
    final_assembly_country: str | None

    @property
    def residual(self) -> int:
        """What no component accounts for, in cents."""
        return 0 if self.total is None else self.total - self.known

    @property
    def residual_is_large(self) -> bool:
        """Whether the residual is over its limit."""
        return self.total is not None and 100 * self.residual > self.scheme.residual_limit_percent * self.total


def valued_system(*, scheme: BonusMalusScheme, profile: Profile, system: System, reference_date: date) -> ValuedSystem:
    """Values every statement of a valid system on a valid profile."""
    values = StatementValuer(scheme, reference_date)
    leaves = tuple(values.leaf(leaf) for leaf in leaves_of(system))
    declared = {dimension.dimension: dimension for dimension in system.dimensions}
    return ValuedSystem(
        scheme=scheme,
        profile=profile,
        reference_date=reference_date,
        total=system.total_cents or None,
        known=sum(leaf.cents for leaf in leaves),
        leaves=leaves,
        groups=_groups(profile, leaves),
        dimensions=tuple(values.dimension(name, declared.get(name)) for name in profile.dimensions),
        authority=values.authority(system.design_authority),
        final_assembly_country=system.final_assembly_country,
    )


def group_of(scheme: BonusMalusScheme, country: str | None) -> str:
    """The group of a country. None is an unknown country, in group U."""
    if country is None:
        return UNKNOWN
    return next((name for name, members in scheme.country_groups.items() if country in members), OTHERS)


def is_inside(scheme: BonusMalusScheme, country: str | None, groups: frozenset[str] = frozenset({INSIDE})) -> bool:
    """Whether a country is known and in one of these groups."""
    return country is not None and group_of(scheme, country) in groups


def _groups(profile: Profile, leaves: Sequence[ValuedLeaf]) -> tuple[ValuedGroup, ...]:
    members: dict[str, list[ValuedLeaf]] = {group.name: [] for group in profile.function_groups}
    for leaf in leaves:
        if leaf.component.function_group is not None:
            members[leaf.component.function_group].append(leaf)
    found = []
    for group in profile.function_groups:
        within = members[group.name]
        cents = sum(leaf.cents for leaf in within)
        by_minimum = cents == 0 or not all(leaf.has_value for leaf in within)
        found.append(ValuedGroup(group, tuple(within), cents, by_minimum))
    return tuple(found)


class StatementValuer:
    """Values statements under one scheme on one date. Countries and evidence recur, so each is looked up once."""

    def __init__(self, scheme: BonusMalusScheme, reference_date: date) -> None:
        self._scheme = scheme
        self._reference_date = reference_date
        self._countries: dict[str | None, Fraction] = {NO_COUNTRY: scheme.none_score}
        self._proven: dict[tuple[str | None, EvidenceLevel], tuple[Fraction, Fraction]] = {}

    def leaf(self, leaf: Leaf) -> ValuedLeaf:
        """A leaf with its bases and scores."""
        component = leaf.component
        proof = self.proof(component.evidence)
        valued = {
            MADE_IN: self._proven_country(component.country_of_manufacture, proof),
            CONTROL: self._proven_country(component.country_of_control, proof),
            LICENCE: self._proven_country(component.licence_country, proof),
            EXPORT_REGIME: self._proven_country(component.export_regime, proof),
        }
        supply = self._supply(component)
        valued[SUPPLY] = supply, supply * proof.factor
        bases = {criterion: base for criterion, (base, _) in valued.items()}
        scores = {criterion: score for criterion, (_, score) in valued.items()}
        return ValuedLeaf(component, leaf.cents or 0, leaf.cents is not None, proof, bases, scores)

    def dimension(self, name: DimensionName, declared: Dimension | None) -> ValuedDimension:
        """An applicable dimension with its base. `declared` is None if it is not declared."""
        if declared is None:
            return ValuedDimension(name, None, None, None, Fraction(0), None)
        proof, dependence = self.proof(declared.evidence), declared.dependence
        if dependence is None or dependence is Dependence.NONE:
            base = Fraction(0) if dependence is None else self._scheme.none_score
            return ValuedDimension(name, dependence, None, None, base, proof)
        group = group_of(self._scheme, declared.country)
        is_partial = dependence is Dependence.PARTIAL
        table = self._scheme.partial_scores if is_partial else self._scheme.decisive_scores
        return ValuedDimension(name, dependence, declared.country, group, table[group], proof)

    def authority(self, declared: DesignAuthority) -> ValuedAuthority:
        """The design authority with its base."""
        is_eu = declared.country in self._scheme.eu_countries
        counts = is_eu and declared.level is not None
        base = self._scheme.authority_scores[declared.level] if counts and declared.level else Fraction(0)
        return ValuedAuthority(declared.level, declared.country, is_eu, base, self.proof(declared.evidence))

    def proof(self, evidence: EvidenceInput) -> ValuedProof:
        """What evidence counts for. On its last day it still counts in full."""
        expires = evidence.expires_on
        falls = evidence.level in (EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED)
        has_expired = falls and expires is not None and self._reference_date > expires
        level = EvidenceLevel.SELF_DECLARED if has_expired else evidence.level
        return ValuedProof(level, self._scheme.evidence_factors[level], has_expired)

    def _proven_country(self, country: str | None, proof: ValuedProof) -> tuple[Fraction, Fraction]:
        """The base and score of a country, computed once for each country and level of evidence."""
        key = country, proof.level
        if key not in self._proven:
            base = self._country(country)
            self._proven[key] = base, base * proof.factor
        return self._proven[key]

    def _country(self, country: str | None) -> Fraction:
        if country not in self._countries:
            self._countries[country] = self._scheme.group_scores[group_of(self._scheme, country)]
        return self._countries[country]

    def _supply(self, component: ComponentInput) -> Fraction:
        second = Fraction(0)
        if component.second_source_country is not None:
            second = self._country(component.second_source_country)
        part = self._scheme.second_source_part
        return part * second + (1 - part) * HUNDRED * _cover(component.stock_weeks, component.lead_time_weeks)


def _cover(stock: Fraction | None, lead: Fraction | None) -> Fraction:
    """How much of the lead time the stock covers, 0 to 1. Without lead time no stock is needed; unknown is 0."""
    if lead == 0:
        return Fraction(1)
    if stock is None or lead is None:
        return Fraction(0)
    return min(Fraction(1), stock / lead)
