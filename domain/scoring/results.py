"""The result of scoring, in exact figures, the same for every algorithm. None: the system cannot be assessed.

All points together are at most 100; shares, completeness and confidence are percentages. The criteria and the two origin
shares are those of the contract. The JSON form belongs to `rendering`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.scoring.inputs import DimensionName, EvidenceLevel, WaiverInput

MADE_IN, CONTROL, LICENCE, EXPORT_REGIME, SUPPLY = "madeIn", "control", "licence", "exportRegime", "supply"
LEAF_CRITERIA = (MADE_IN, CONTROL, LICENCE, EXPORT_REGIME, SUPPLY)
"""The criteria that components win points in."""
DIMENSIONS, DESIGN_AUTHORITY = "dimensions", "designAuthority"
"""The criteria that the system as a whole wins points in."""
EDIP, SAFE = "edip", "safe"
"""The origin shares."""


class KnockOutCode(StrEnum):
    """KO-1: concern. KO-2: incomplete, which can be cured. KO-3: no prime in the European Union."""

    CONCERN = "KO-1"
    INCOMPLETE = "KO-2"
    PRIME = "KO-3"


class Reason(StrEnum):
    """The reason for a knock-out, in the order of the specification."""

    COUNTRY_OF_CONCERN = "countryOfConcern"
    DECISIVE_ON_CONCERN = "decisiveOnConcern"
    UNKNOWN_ORIGIN = "unknownOrigin"
    NO_FUNCTION_GROUP = "noFunctionGroup"
    DIMENSION_UNKNOWN = "dimensionUnknown"
    EMPTY_CRITICAL_GROUP = "emptyCriticalGroup"
    RESIDUAL = "residual"
    TOTAL_MISSING = "totalMissing"
    PRIME_NOT_EU = "primeNotEu"


class Kind(StrEnum):
    """What to do: prove better, prove again, answer, replace, add, keep in stock, depend on less, or obtain."""

    PROVE = "prove"
    RENEW = "renew"
    ANSWER = "answer"
    REPLACE = "replace"
    ADD = "add"
    STOCK = "stock"
    REDUCE = "reduce"
    OBTAIN = "obtain"


class Verdict(StrEnum):
    """Whether an origin share is proven to be enough, could still be enough, or cannot be."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    POSSIBLE = "possible"
    FAIL = "fail"


class EuropeanVerdict(StrEnum):
    """How European a system is, for the procurement table."""

    UNDETERMINED = "undetermined"
    ASSEMBLED_OUTSIDE = "assembledOutside"
    LICENCE_PRODUCTION = "licenceProduction"
    DECISIVE_DEPENDENCY = "decisiveDependency"
    EUROPEAN = "european"


@dataclass(frozen=True, slots=True)
class ScoreKnockOut:
    """One reason at one component, dimension or group, or at the system as a whole, with the waiver that is in force."""

    code: KnockOutCode
    reason: Reason
    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None
    waiver: WaiverInput | None = None


@dataclass(frozen=True, slots=True)
class ScoreOriginShare:
    """The share made inside, as an interval, and the keys of the components whose answers would narrow it."""

    proven: Fraction | None
    declared: Fraction | None
    upper_bound: Fraction | None
    verdict: Verdict
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreHolder:
    """A country of ultimate control, None if unknown, with its share of the total value of the leaves."""

    country: str | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class ScoreConcentration:
    """The Herfindahl-Hirschman index, 0 to 10000, over the countries of ultimate control."""

    hhi: Fraction | None
    largest_outside: ScoreHolder | None


@dataclass(frozen=True, slots=True)
class ScoreCause:
    """Why points were won or lost: a code with parameters. Its text is made when it is rendered."""

    code: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Points won and lost by one component, dimension or group, or by what no component accounts for."""

    criterion: str
    won: Fraction
    lost: Fraction
    cause: ScoreCause
    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None
    evidence_level: EvidenceLevel | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its working. `exact_score` is S, `score` is S1; amounts are cents."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    exact_score: Fraction | None
    score: Fraction | None
    adjustment_percent: Fraction
    fictitious_price_cents: int | None
    points: Mapping[str, Fraction] | None
    knock_outs: tuple[ScoreKnockOut, ...]
    origin_shares: Mapping[str, ScoreOriginShare]
    european_verdict: EuropeanVerdict
    concentration: ScoreConcentration
    completeness: Fraction | None
    confidence: Fraction | None
    explanation: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class ScoreImprovement:
    """One change that would raise a score, with its exact gain in points of S if nothing else changes.

    It concerns a component, a dimension, or else the design authority. `before` is what counts today, None if it is unknown
    or absent; a country group in `after` means any country in it.
    """

    kind: Kind
    field: str
    before: str | None
    after: str
    gain: Fraction
    component_key: str | None = None
    dimension: DimensionName | None = None
