"""What a score is computed from, besides its scheme: the declared system, the scoring profile and the waivers.

Values are exact: cents are whole numbers, quantities, unit values, weights and weeks are fractions. None is
unknown and never guessed. Countries are ISO 3166-1 alpha-2; `NONE` says that there is no foreign licence or export regime.
Standard library only, because a score must replay to the same bytes years from now.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

NO_COUNTRY = "NONE"


class EvidenceLevel(StrEnum):
    """How well a statement is proven."""

    NONE = "none"
    SELF_DECLARED = "selfDeclared"
    DOCUMENT = "document"
    AUDITED = "audited"


class Dependence(StrEnum):
    """How far a system depends on somebody in one dimension."""

    NONE = "none"
    PARTIAL = "partial"
    DECISIVE = "decisive"


class DimensionName(StrEnum):
    """Where a system can depend on somebody after delivery."""

    OPERATIONAL_USE = "operationalUse"
    SOFTWARE_UPDATES = "softwareUpdates"
    SPARE_PARTS = "spareParts"
    CLOUD_ACCESS = "cloudAccess"
    AMMUNITION_SUPPLY = "ammunitionSupply"


class AuthorityLevel(StrEnum):
    """Holding the design authority, and being lawfully able to replace third-country components: both, one, neither."""

    BOTH = "both"
    ONE = "one"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """Evidence of a statement. It still counts on the day it expires; without a day it never expires."""

    level: EvidenceLevel = EvidenceLevel.NONE
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """A line of the declared tree. It is a leaf if no other line names it as parent. `unit_value` is in euros."""

    key: str
    name: str
    quantity: Fraction
    parent_key: str | None = None
    unit_value: Fraction | None = None
    function_group: str | None = None
    country_of_manufacture: str | None = None
    country_of_control: str | None = None
    licence_country: str | None = None
    export_regime: str | None = None
    second_source_country: str | None = None
    stock_weeks: Fraction | None = None
    lead_time_weeks: Fraction | None = None
    evidence: EvidenceInput = field(default_factory=EvidenceInput)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A declared dependency dimension. `dependence` is None if unknown; `country` counts only with partial or decisive."""

    dimension: DimensionName
    dependence: Dependence | None = None
    country: str | None = None
    evidence: EvidenceInput = field(default_factory=EvidenceInput)


@dataclass(frozen=True, slots=True)
class DesignAuthority:
    """Who may change the design; `country` is the prime's."""

    level: AuthorityLevel | None = None
    country: str | None = None
    evidence: EvidenceInput = field(default_factory=EvidenceInput)


Statement = ComponentInput | Dimension | DesignAuthority
"""A statement with evidence: about a component, a dimension or the design authority."""


@dataclass(frozen=True, slots=True)
class System:
    """A declared system. `total_cents` is its total component cost T, None if missing."""

    total_cents: int | None
    components: tuple[ComponentInput, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    design_authority: DesignAuthority = field(default_factory=DesignAuthority)
    final_assembly_country: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionGroup:
    """A group of components by what they do, with its weight K over 0."""

    name: str
    weight: Fraction
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What a lot or challenge scores on; never set by a supplier. `cap_percent` is over 0 and at most 50."""

    function_groups: tuple[FunctionGroup, ...]
    dimensions: tuple[DimensionName, ...]
    cap_percent: Fraction = Fraction(10)
    require_eu_prime: bool = False
    reference_amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class WaiverInput:
    """A recorded decision that a knock-out does not count, up to and including `expires_on`."""

    code: str
    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str
    component_key: str | None = None
    dimension: DimensionName | None = None
