"""The tables of the peer (`bench.peer`) and the bodies that it takes and gives.

The classes are the peer's own, on the service's schema and with the service's column types, because values are stored in
their form. They have the columns that the peer uses.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from domain.base import Id, UtcDateTime, json_type, new_id, one_of
from domain.portfolio.colours import Colour, MilestoneStatus


class Base(DeclarativeBase):
    """What every table shares."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Id(),
        datetime: UtcDateTime(),
        dict[str, Any]: json_type(),
        list[str]: json_type(),
        list[dict[str, Any]]: json_type(),
    }


class ApiKey(Base):
    """A key, stored as its hash."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    key_hash: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ProgrammeSettings(Base):
    """Settings of a programme from a day on."""

    __tablename__ = "programme_settings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID]
    effective_on: Mapped[date]
    amber_up_to_days: Mapped[int]


class Milestone(Base):
    """A milestone of a lot."""

    __tablename__ = "milestones"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lots.id"))
    title: Mapped[str]
    critical: Mapped[bool | None]
    window_end: Mapped[date | None]
    original_end: Mapped[date | None]
    forecast_end: Mapped[date | None]
    status: Mapped[MilestoneStatus] = mapped_column(one_of(MilestoneStatus, "status"))
    achieved_on: Mapped[date | None]


class Lot(Base):
    """A lot with its milestones."""

    __tablename__ = "lots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    key: Mapped[str | None]
    source: Mapped[str | None]
    note: Mapped[str | None]
    readings: Mapped[list[str]]
    budget_cents: Mapped[int | None]
    budget_qualifier: Mapped[str | None]
    budget_fund: Mapped[str | None]
    budget_note: Mapped[str | None]
    budget_source: Mapped[str | None]
    delivery_confidence_points: Mapped[int | None]
    delivery_confidence_narrative: Mapped[str | None]
    programme_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    effect: Mapped[str | None]
    effect_published: Mapped[str | None]
    domain: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    status: Mapped[str]
    has_run: Mapped[bool]
    cooperation_form: Mapped[str | None]
    contains_ai: Mapped[bool | None]
    principles: Mapped[list[str]]
    cooperation: Mapped[dict[str, Any] | None]
    references: Mapped[list[dict[str, Any]]]
    replaced_by: Mapped[UUID | None]

    milestones: Mapped[list[Milestone]] = relationship()


class Assessment(Base):
    """What was concluded about a milestone."""

    __tablename__ = "assessments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("milestones.id"))
    outcome: Mapped[str]
    assessed_on: Mapped[date]
    achieved_on: Mapped[date | None]
    narrative: Mapped[str]
    evidence: Mapped[list[dict[str, Any]]]
    recorded_at: Mapped[datetime]


class AuditEvent(Base):
    """Who did what to which row."""

    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[str]
    request_id: Mapped[str]
    row_kind: Mapped[str]
    row_id: Mapped[UUID]
    version: Mapped[int]
    changed: Mapped[dict[str, Any]]
    state: Mapped[dict[str, Any]]


class Declaration(Base):
    """A declaration; its components are those of `component_set`."""

    __tablename__ = "origin_declarations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    supplier_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    series: Mapped[UUID]
    revision: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="draft")
    price_cents: Mapped[int | None] = mapped_column(BigInteger)
    system_name: Mapped[str]
    system_version: Mapped[str | None]
    system_final_assembly_country: Mapped[str | None]
    total_component_cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    design_authority: Mapped[dict[str, Any] | None]
    dimensions: Mapped[list[dict[str, Any]]]
    component_set: Mapped[UUID | None]
    component_count: Mapped[int]
    components_cents: Mapped[int] = mapped_column(BigInteger, default=0)


class Component(Base):
    """A line of a component set."""

    __tablename__ = "components"

    component_set: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    parent_key: Mapped[str | None]
    name: Mapped[str]
    part_number: Mapped[str | None]
    manufacturer: Mapped[str | None]
    function_group: Mapped[str | None]
    quantity: Mapped[str]
    unit_value: Mapped[str | None]
    country_of_manufacture: Mapped[str | None]
    country_of_control: Mapped[str | None]
    licence_country: Mapped[str | None]
    export_regime: Mapped[str | None]
    second_source_country: Mapped[str | None]
    stock_weeks: Mapped[str | None]
    lead_time_weeks: Mapped[str | None]
    evidence_level: Mapped[str]
    evidence_expires_on: Mapped[date | None]
    evidence_uri: Mapped[str | None]
    evidence_sha256: Mapped[str | None]
    statement_id: Mapped[UUID | None]


class Body(BaseModel):
    """A body, whose names are in camel case in JSON."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class ColoursOut(Body):
    """A colour against each baseline."""

    original: Colour
    current: Colour


class SlipDaysOut(Body):
    """The slip against each baseline."""

    original: int | None
    current: int | None


class LotOut(Body):
    """A lot, with both colours."""

    id: UUID
    version: int
    key: str | None
    source: str | None
    note: str | None
    readings: list[str]
    budget_cents: int | None
    budget_qualifier: str | None
    budget_fund: str | None
    budget_note: str | None
    budget_source: str | None
    delivery_confidence_points: int | None
    delivery_confidence_narrative: str | None
    programme_id: UUID
    code: str
    title: str
    effect: str | None
    effect_published: str | None
    domain: str | None
    owner_id: UUID | None
    period_start: date | None
    period_end: date | None
    status: str
    has_run: bool
    cooperation_form: str | None
    contains_ai: bool | None
    principles: list[str]
    cooperation: dict[str, Any] | None
    references: list[dict[str, Any]]
    replaced_by: UUID | None
    colours: ColoursOut
    slip_days: SlipDaysOut


class LotPage(Body):
    """A page of lots, and the id after which the next page begins."""

    items: list[LotOut]
    next_after: UUID | None


class MilestoneCounts(Body):
    """How many milestones have each status."""

    scheduled: int = 0
    met: int = 0
    partially_met: int = 0
    not_met: int = 0


class NextMilestone(Body):
    """The milestone that is due next."""

    id: UUID
    title: str
    window_end: date


class LotStatus(Body):
    """How a lot stands."""

    id: UUID
    key: str | None
    code: str
    title: str
    status: str
    budget_cents: int | None
    budget_qualifier: str | None
    budget_fund: str | None
    colours: ColoursOut
    slip_days: SlipDaysOut
    milestones: MilestoneCounts
    next_milestone: NextMilestone | None


class Status(Body):
    """How every lot stands."""

    lots: list[LotStatus]


class AssessmentIn(Body):
    """An assessment to record."""

    outcome: Literal["met", "partiallyMet", "notMet"]
    assessed_on: date
    achieved_on: date | None = None
    narrative: str


class AssessmentOut(AssessmentIn):
    """A recorded assessment."""

    id: UUID
    milestone_id: UUID
    recorded_at: datetime


class Amount(Body):
    """An amount in euros."""

    amount: str


class SystemIn(Body):
    """The system that is declared."""

    name: str
    version: str | None = None
    final_assembly_country: str | None = None


class EvidenceIn(Body):
    """Proof of a statement."""

    level: str = "none"
    expires_on: date | None = None
    uri: str | None = None
    sha256: str | None = None


class ComponentIn(Body):
    """A component; decimals are given as numbers or as text."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    key: str
    parent_key: str | None = None
    name: str
    part_number: str | None = None
    manufacturer: str | None = None
    function_group: str | None = None
    quantity: str
    unit_value: Amount | None = None
    country_of_manufacture: str | None = None
    country_of_control: str | None = None
    licence_country: str | None = None
    export_regime: str | None = None
    second_source_country: str | None = None
    stock_weeks: str | None = None
    lead_time_weeks: str | None = None
    evidence: EvidenceIn = EvidenceIn()
    statement_id: UUID | None = None


class DeclarationIn(Body):
    """A declaration with its components."""

    supplier_id: UUID
    lot_id: UUID | None = None
    price: Amount | None = None
    system: SystemIn
    total_component_cost: Amount | None = None
    design_authority: dict[str, Any] | None = None
    dimensions: list[dict[str, Any]] = []
    components: list[ComponentIn]


class DeclarationOut(Body):
    """A stored declaration."""

    id: UUID
    component_count: int
