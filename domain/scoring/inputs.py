"""What a score is computed from beside its scheme: the declared system, the scoring profile and the waivers.

Values are exact: cents are whole numbers, quantities, unit values, weights and weeks are fractions. None is unknown, never a
guess. Countries are ISO 3166-1 alpha-2; `NONE` says that there is no foreign licence or export regime. Standard library
only: a score must replay to the same bytes years from now.
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
    """Proof of a statement; on the day it expires it still counts, and None never expires."""

    level: EvidenceLevel = EvidenceLevel.NONE
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ComponentInput:
    """A line of the declared tree; it is a leaf where no other names it as parent. `unit_value` is in euros."""

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
    """A declared dependency; None for `dependence` is unknown, and a country counts with partial or decisive only."""

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
"""What is stated with evidence: of a component by its key, of a dimension by its name, or of the design authority."""


@dataclass(frozen=True, slots=True)
class System:
    """A declared system. `total_cents` is its total component cost T, None where it is missing."""

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
    """What a lot or challenge asks for; never set by a supplier. `cap_percent` is over 0 and at most 50."""

    function_groups: tuple[FunctionGroup, ...]
    dimensions: tuple[DimensionName, ...]
    cap_percent: Fraction = Fraction(10)
    require_eu_prime: bool = False
    reference_amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class WaiverInput:
    """A recorded decision that a knock-out does not count, until the day it expires on has passed."""

    code: str
    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str
    component_key: str | None = None
    dimension: DimensionName | None = None
