"""What methods take: lists of words, filters, and keywords that add or change.

Generated from openapi/apos.json by `make openapi`; do not edit it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NotRequired, TypeAlias, TypedDict
from uuid import UUID

if TYPE_CHECKING:
    from apos_client._models import (
        Amount,
        Budget,
        Cancellation,
        Cooperation,
        DeliveryConfidence,
        DesignAuthority,
        Dimension,
        Evidence,
        Reference,
        System,
        Window,
    )

ChallengeStatus: TypeAlias = Literal["announced", "open", "running", "trial", "decided", "closed", "cancelled"]
"""The status of a challenge."""


CommitmentKind: TypeAlias = Literal["toezegging", "motie", "aim", "announcement"]
"""The kind of commitment: a promise (toezegging), a motion (motie), an aim or an announcement."""


CommitmentStatus: TypeAlias = Literal["open", "fulfilled", "withdrawn"]
"""Whether a commitment is open, fulfilled or withdrawn."""


ConsentScope: TypeAlias = Literal["public", "lotPartners"]
"""To whom a supplier may be named."""


CooperationForm: TypeAlias = Literal["competition", "longTermCooperation", "strategicPartnership", "challengeFollowOn"]
"""How Defence works with industry within a lot."""


DeclarationStatus: TypeAlias = Literal["draft", "submitted", "accepted", "returned", "superseded", "withdrawn"]
"""The status of a declaration; which status may follow which is fixed."""


EntrantStatus: TypeAlias = Literal["entered", "selected", "rejected", "withdrawn", "winner"]
"""The status of an entrant of a challenge."""


LotStatus: TypeAlias = Literal[
    "exploring", "marketDialogue", "approved", "running", "paused", "phasingOut", "completed", "terminated"
]
"""The status of a lot."""


MilestoneKind: TypeAlias = Literal[
    "marketDialogue",
    "research",
    "start",
    "trial",
    "delivery",
    "article36Review",
    "verificationValidation",
    "operationalUse",
    "phaseOut",
    "completion",
]
"""What a milestone marks."""


MilestoneStatus: TypeAlias = Literal["scheduled", "met", "partiallyMet", "notMet"]
"""The outcome of the assessment that counts, or scheduled if there is none; terms of the Open Contracting Data Standard."""


NameBasis: TypeAlias = Literal["consent", "publishedSource"]
"""Why a supplier's name is public."""


OperationalDomain: TypeAlias = Literal["land", "sea", "air", "space", "cyber", "joint"]
"""Where the effect is wanted."""


OrganisationKind: TypeAlias = Literal["ministry", "service", "unit", "knowledgeInstitute", "government", "cooperation"]
"""What kind of organisation it is, within the state or close to it; a cooperation is of several, often without a country."""


Outcome: TypeAlias = Literal["met", "partiallyMet", "notMet"]
"""What an assessment concludes."""


PartnerRole: TypeAlias = Literal["prime", "strategicPartner", "partner", "incumbent"]
"""What a supplier is within a lot."""


ReviewVerdict: TypeAlias = Literal["accepted", "returned"]
"""The reviewer's verdict."""


Role: TypeAlias = Literal["programmeOffice", "programmeAdmin", "supplier", "assessor", "auditor", "viewer"]
"""The six roles that a key can have."""


SafeguardStatus: TypeAlias = Literal["planned", "inPlace", "notInPlace"]
"""Whether a safeguard is in place."""


SiteHost: TypeAlias = Literal["explosives", "gpsDisruption", "indoor"]
"""What a site may host besides flying, driving or sailing."""


TargetBound: TypeAlias = Literal["atLeast", "atMost"]
"""Whether the target is a minimum or a maximum."""


WithdrawalKind: TypeAlias = Literal["enteredInError", "dropped"]
"""Why a row is withdrawn: it should never have been there, or what it promised was given up."""


class Sorted(TypedDict):
    """Keywords of every list: `sort` names a field, descending after `-`; `page_size` is 1 to 200."""

    sort: NotRequired[str]
    page_size: NotRequired[int]


class ProgrammeFilters(Sorted):
    """Filters of programmes."""

    key: NotRequired[str]
    code: NotRequired[str]
    title: NotRequired[str]


class LotFilters(Sorted):
    """Filters of lots."""

    programme_id: NotRequired[UUID | str]
    status: NotRequired[LotStatus]
    domain: NotRequired[OperationalDomain]
    owner_id: NotRequired[UUID | str]
    cooperation_form: NotRequired[CooperationForm]
    contains_ai: NotRequired[bool]
    key: NotRequired[str]
    code: NotRequired[str]
    source: NotRequired[str]
    reference: NotRequired[str]
    title: NotRequired[str]


class PartnerFilters(Sorted):
    """Filters of partners."""

    withdrawn: NotRequired[bool]
    supplier_id: NotRequired[UUID | str]
    role: NotRequired[PartnerRole]


class ChallengeFilters(Sorted):
    """Filters of challenges."""

    programme_id: NotRequired[UUID | str]
    status: NotRequired[ChallengeStatus]
    key: NotRequired[str]
    code: NotRequired[str]
    source: NotRequired[str]
    title: NotRequired[str]


class EntrantFilters(Sorted):
    """Filters of entrants."""

    withdrawn: NotRequired[bool]
    supplier_id: NotRequired[UUID | str]
    status: NotRequired[EntrantStatus]


class NestedMilestoneFilters(Sorted):
    """Filters of milestones."""

    withdrawn: NotRequired[bool]
    kind: NotRequired[MilestoneKind]
    status: NotRequired[MilestoneStatus]
    critical: NotRequired[bool]
    title: NotRequired[str]


class SupplierFilters(Sorted):
    """Filters of suppliers."""

    key: NotRequired[str]
    country: NotRequired[str]
    name_basis: NotRequired[NameBasis]
    name: NotRequired[str]


class ConsentFilters(Sorted):
    """Filters of consents."""

    scope: NotRequired[ConsentScope]


class OriginDeclarationFilters(Sorted):
    """Filters of origin declarations."""

    supplier_id: NotRequired[UUID | str]
    lot_id: NotRequired[UUID | str]
    challenge_id: NotRequired[UUID | str]
    status: NotRequired[DeclarationStatus]
    revises: NotRequired[UUID | str]


class ComponentFilters(Sorted):
    """Filters of components."""

    function_group: NotRequired[str]
    parent_key: NotRequired[str]
    name: NotRequired[str]


class ComponentStatementFilters(Sorted):
    """Filters of component statements."""

    supplier_id: NotRequired[UUID | str]
    shared_with: NotRequired[UUID | str]
    name: NotRequired[str]


class StatementVerdictFilters(Sorted):
    """Filters of component verdicts."""

    name: NotRequired[str]


class ScoreSchemeFilters(Sorted):
    """Filters of score schemes."""

    scheme_version: NotRequired[str]


class SimulationResultFilters(Sorted):
    """Filters of results."""

    lot_id: NotRequired[UUID | str]
    challenge_id: NotRequired[UUID | str]
    supplier_id: NotRequired[UUID | str]


class DependencyFilters(Sorted):
    """Filters of dependencies."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    lot_id: NotRequired[UUID | str]
    alternative_id: NotRequired[UUID | str]
    controlling_country: NotRequired[str]


class SafeguardFilters(Sorted):
    """Filters of safeguards."""

    status: NotRequired[SafeguardStatus]


class CriticalComponentFilters(Sorted):
    """Filters of critical components."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]


class TestSiteFilters(Sorted):
    """Filters of test sites."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    country: NotRequired[str]
    domain: NotRequired[OperationalDomain]
    name: NotRequired[str]


class TargetFilters(Sorted):
    """Filters of targets."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    bound: NotRequired[TargetBound]
    definition_version: NotRequired[str]
    title: NotRequired[str]


class BudgetLineFilters(Sorted):
    """Filters of budget lines."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    fund: NotRequired[str]
    title: NotRequired[str]


class OrganisationFilters(Sorted):
    """Filters of organisations."""

    key: NotRequired[str]
    kind: NotRequired[OrganisationKind]
    name: NotRequired[str]


class AuditEventFilters(Sorted):
    """Filters of audit events."""

    row_kind: NotRequired[str]
    row_id: NotRequired[UUID | str]
    actor: NotRequired[str]
    recorded_at_from: NotRequired[str]
    recorded_at_before: NotRequired[str]


class ApiKeyFilters(Sorted):
    """Filters of api keys."""

    role: NotRequired[Role]
    supplier_id: NotRequired[UUID | str]


class NewApiKey(TypedDict):
    """A new key."""

    role: Role
    label: str
    """The person or the system that uses it"""

    supplier_id: NotRequired[UUID | str | None]
    """Required with the role supplier, and only then allowed"""

    expires_at: NotRequired[str | None]
    """Until when it is valid; left out: for as long as the service gives, a year unless set otherwise"""


class NewCriticalComponent(TypedDict):
    """A new critical component."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    function: str
    dutch_position: NotRequired[str | None]
    """The position of the Netherlands, as its source judges it; None: nobody has judged it"""

    key: NotRequired[str | None]


class NewDependency(TypedDict):
    """A new dependency."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    subject: str
    controlling_country: NotRequired[str | None]
    name_basis: NotRequired[NameBasis | None]
    """On what ground the maker may be named"""

    lot_id: NotRequired[UUID | str | None]
    """The lot that has it"""

    alternative_id: NotRequired[UUID | str | None]
    """The lot that ends it"""

    key: NotRequired[str | None]


class NewOrganisation(TypedDict):
    """A new organisation."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    name: str
    country: NotRequired[str | None]
    kind: OrganisationKind
    key: NotRequired[str | None]


class NewTarget(TypedDict):
    """A new target."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: str
    bound: TargetBound
    bound_pct: int
    """Whole percent"""

    definition_version: str
    """What exactly is measured"""

    key: NotRequired[str | None]


class NewTestSite(TypedDict):
    """A new test site."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    name: str
    country: NotRequired[str | None]
    domain: NotRequired[OperationalDomain | None]
    hosts: NotRequired[Sequence[SiteHost]]
    partner_ids: NotRequired[Sequence[UUID | str]]
    """Organisations that run it together"""

    key: NotRequired[str | None]


class ApiKeyChanges(TypedDict):
    """What may change of an api key."""

    label: NotRequired[str]
    """The person or the system that uses it"""

    revoked: NotRequired[bool | None]
    """Revoked for good, at once"""


class CriticalComponentChanges(TypedDict):
    """What may change of a critical component."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    function: NotRequired[str]
    dutch_position: NotRequired[str | None]
    """The position of the Netherlands, as its source judges it; None: nobody has judged it"""


class DependencyChanges(TypedDict):
    """What may change of a dependency."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    subject: NotRequired[str]
    controlling_country: NotRequired[str | None]
    name_basis: NotRequired[NameBasis | None]
    """On what ground the maker may be named"""

    lot_id: NotRequired[UUID | str | None]
    """The lot that has it"""

    alternative_id: NotRequired[UUID | str | None]
    """The lot that ends it"""


class OrganisationChanges(TypedDict):
    """What may change of an organisation."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    name: NotRequired[str]
    country: NotRequired[str | None]
    kind: NotRequired[OrganisationKind]


class SupplierChanges(TypedDict):
    """What may change of a supplier."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    name: NotRequired[str]
    country: NotRequired[str | None]
    name_basis: NotRequired[NameBasis | None]
    """Why the name is public; None: it is confidential"""


class TargetChanges(TypedDict):
    """What may change of a target."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: NotRequired[str]
    bound: NotRequired[TargetBound]
    bound_pct: NotRequired[int]
    """Whole percent"""

    definition_version: NotRequired[str]
    """What exactly is measured"""


class TestSiteChanges(TypedDict):
    """What may change of a test site."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    name: NotRequired[str]
    country: NotRequired[str | None]
    domain: NotRequired[OperationalDomain | None]
    hosts: NotRequired[Sequence[SiteHost]]
    partner_ids: NotRequired[Sequence[UUID | str]]
    """Organisations that run it together"""


class MilestoneFilters(Sorted):
    """Filters of milestones."""

    withdrawn: NotRequired[bool]
    lot_id: NotRequired[UUID | str]
    challenge_id: NotRequired[UUID | str]
    programme_id: NotRequired[UUID | str]
    kind: NotRequired[MilestoneKind]
    status: NotRequired[MilestoneStatus]
    critical: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    window_end_from: NotRequired[date]
    window_end_before: NotRequired[date]
    title: NotRequired[str]


class CommitmentFilters(Sorted):
    """Filters of commitments."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    kind: NotRequired[CommitmentKind]
    status: NotRequired[CommitmentStatus]
    lot_id: NotRequired[UUID | str]
    reference: NotRequired[str]
    due_from: NotRequired[date]
    due_before: NotRequired[date]


class TrialFilters(Sorted):
    """Filters of trials."""

    withdrawn: NotRequired[bool]
    key: NotRequired[str]
    source: NotRequired[str]
    site_id: NotRequired[UUID | str]
    challenge_id: NotRequired[UUID | str]
    lot_id: NotRequired[UUID | str]
    window_end_from: NotRequired[date]
    window_end_before: NotRequired[date]
    title: NotRequired[str]


class SourceFilters(Sorted):
    """Filters of sources."""

    key: NotRequired[str]
    reference: NotRequired[str]
    date_from: NotRequired[date]
    date_before: NotRequired[date]
    title: NotRequired[str]


class NewBudgetLine(TypedDict):
    """A new budget line."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: str
    amount: NotRequired[Amount | None]
    """None: not published"""

    fund: NotRequired[str | None]
    """None: the amount is not included in any sum"""

    key: NotRequired[str | None]


class NewChallenge(TypedDict):
    """A new challenge."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: str
    title: str
    effect: NotRequired[str | None]
    """The office's own summary"""

    effect_published: NotRequired[str | None]
    """The words of the source, in Dutch"""

    budget: NotRequired[Budget | None]
    """Reserved from the programme's envelope in its fund; None: not published"""

    status: NotRequired[ChallengeStatus]
    status_since: NotRequired[date | None]
    """The day of a change of status, today or an earlier day; today where it is left out"""

    cancellation: NotRequired[Cancellation | None]
    """Required with the status cancelled, and only then allowed"""

    delivery_confidence: NotRequired[DeliveryConfidence | None]
    key: NotRequired[str | None]
    programme_id: UUID | str


class NewCommitment(TypedDict):
    """A new commitment."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    kind: CommitmentKind
    text: str
    made: NotRequired[date | None]
    """The day on which it was made; None: no source says"""

    due: NotRequired[date | None]
    """The day by which it is due; None: no source says"""

    due_note: NotRequired[str | None]
    """What the source says of that day"""

    status: NotRequired[CommitmentStatus]
    fulfilled_on: NotRequired[date | None]
    evidence: NotRequired[str | None]
    """The letter that fulfils it: key of the source"""

    lot_ids: NotRequired[Sequence[UUID | str]]
    """The lots it concerns"""

    references: NotRequired[Sequence[Reference]]
    key: NotRequired[str | None]


class NewLot(TypedDict):
    """A new lot."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: str
    title: str
    effect: NotRequired[str | None]
    """The office's own summary"""

    effect_published: NotRequired[str | None]
    """The words of the source, in Dutch"""

    domain: NotRequired[OperationalDomain | None]
    owner_id: NotRequired[UUID | str | None]
    """The organisation that owns it"""

    period: NotRequired[Window | None]
    budget: NotRequired[Budget | None]
    """Reserved from the programme's envelope in its fund; None: not published"""

    status: NotRequired[LotStatus]
    status_since: NotRequired[date | None]
    """The day of a change of status, today or an earlier day; today where it is left out"""

    cooperation_form: NotRequired[CooperationForm | None]
    contains_ai: NotRequired[bool | None]
    """None: not answered yet"""

    principles: NotRequired[Sequence[str]]
    cooperation: NotRequired[Cooperation | None]
    references: NotRequired[Sequence[Reference]]
    replaced_by: NotRequired[UUID | str | None]
    """The lot that takes its place"""

    delivery_confidence: NotRequired[DeliveryConfidence | None]
    key: NotRequired[str | None]
    programme_id: UUID | str


class NewMilestone(TypedDict):
    """A new milestone; the lot, challenge or programme is in the path."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: str
    kind: MilestoneKind
    critical: NotRequired[bool | None]
    window: NotRequired[Window | None]
    acceptance_criterion: NotRequired[str | None]
    payment: NotRequired[Amount | None]
    after: NotRequired[UUID | str | None]
    """The milestone it comes after"""

    ai_version: NotRequired[str | None]
    key: NotRequired[str | None]
    """A name of your own, unique among milestones"""


class NewProgramme(TypedDict):
    """A new programme."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: str
    title: str
    purpose: NotRequired[str | None]
    action_lines: NotRequired[Sequence[str]]
    budget: NotRequired[Budget | None]
    """With its fund; None: not published"""

    key: NotRequired[str | None]


class NewSafeguard(TypedDict):
    """A new safeguard, at its own position."""

    text: str
    status: NotRequired[SafeguardStatus | None]
    """None: no source states one"""

    evidence: NotRequired[Sequence[Evidence]]
    position: int


class NewSettings(TypedDict):
    """Settings from a day on, until later ones."""

    effective_on: date
    amber_up_to_days: NotRequired[int]
    """Slip up to here is amber, beyond it red"""

    envelope: NotRequired[Budget | None]
    """What lots and challenges may reserve in its fund; None: the budget"""


class NewSource(TypedDict):
    """A new source."""

    title: str
    file: NotRequired[str | None]
    reference: NotRequired[str | None]
    dated: NotRequired[date | None]
    """The date it bears"""

    signed_by: NotRequired[Sequence[str]]
    """Who signed it, each with function and name as printed"""

    uri: NotRequired[str | None]
    """Where it is published officially; None if that is not known"""

    note: NotRequired[str | None]
    key: str


class NewTrial(TypedDict):
    """A new trial."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: str
    window: NotRequired[Window | None]
    site_id: NotRequired[UUID | str | None]
    challenge_ids: NotRequired[Sequence[UUID | str]]
    lot_ids: NotRequired[Sequence[UUID | str]]
    key: NotRequired[str | None]


class BudgetLineChanges(TypedDict):
    """What may change of a budget line."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: NotRequired[str]
    amount: NotRequired[Amount | None]
    """None: not published"""

    fund: NotRequired[str | None]
    """None: the amount is not included in any sum"""


class ChallengeChanges(TypedDict):
    """What may change of a challenge."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: NotRequired[str]
    title: NotRequired[str]
    effect: NotRequired[str | None]
    """The office's own summary"""

    effect_published: NotRequired[str | None]
    """The words of the source, in Dutch"""

    budget: NotRequired[Budget | None]
    """Reserved from the programme's envelope in its fund; None: not published"""

    status: NotRequired[ChallengeStatus]
    status_since: NotRequired[date | None]
    """The day of a change of status, today or an earlier day; today where it is left out"""

    cancellation: NotRequired[Cancellation | None]
    """Required with the status cancelled, and only then allowed"""

    delivery_confidence: NotRequired[DeliveryConfidence | None]


class CommitmentChanges(TypedDict):
    """What may change of a commitment."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    kind: NotRequired[CommitmentKind]
    text: NotRequired[str]
    made: NotRequired[date | None]
    """The day on which it was made; None: no source says"""

    due: NotRequired[date | None]
    """The day by which it is due; None: no source says"""

    due_note: NotRequired[str | None]
    """What the source says of that day"""

    status: NotRequired[CommitmentStatus]
    fulfilled_on: NotRequired[date | None]
    evidence: NotRequired[str | None]
    """The letter that fulfils it: key of the source"""

    lot_ids: NotRequired[Sequence[UUID | str]]
    """The lots it concerns"""

    references: NotRequired[Sequence[Reference]]


class DeclarationChanges(TypedDict):
    """What may change of an origin declaration."""

    system: NotRequired[System]
    total_component_cost: NotRequired[Amount | None]
    """T; None: not known yet"""

    design_authority: NotRequired[DesignAuthority | None]
    dimensions: NotRequired[Sequence[Dimension]]
    price: NotRequired[Amount | None]
    """What the supplier asks for the system"""


class LotChanges(TypedDict):
    """What may change of a lot."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: NotRequired[str]
    title: NotRequired[str]
    effect: NotRequired[str | None]
    """The office's own summary"""

    effect_published: NotRequired[str | None]
    """The words of the source, in Dutch"""

    domain: NotRequired[OperationalDomain | None]
    owner_id: NotRequired[UUID | str | None]
    """The organisation that owns it"""

    period: NotRequired[Window | None]
    budget: NotRequired[Budget | None]
    """Reserved from the programme's envelope in its fund; None: not published"""

    status: NotRequired[LotStatus]
    status_since: NotRequired[date | None]
    """The day of a change of status, today or an earlier day; today where it is left out"""

    cooperation_form: NotRequired[CooperationForm | None]
    contains_ai: NotRequired[bool | None]
    """None: not answered yet"""

    principles: NotRequired[Sequence[str]]
    cooperation: NotRequired[Cooperation | None]
    references: NotRequired[Sequence[Reference]]
    replaced_by: NotRequired[UUID | str | None]
    """The lot that takes its place"""

    delivery_confidence: NotRequired[DeliveryConfidence | None]


class MilestoneChanges(TypedDict):
    """What may change of a milestone."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: NotRequired[str]
    kind: NotRequired[MilestoneKind]
    critical: NotRequired[bool | None]
    window: NotRequired[Window | None]
    acceptance_criterion: NotRequired[str | None]
    payment: NotRequired[Amount | None]
    after: NotRequired[UUID | str | None]
    """The milestone it comes after"""

    ai_version: NotRequired[str | None]
    forecast: NotRequired[Window | None]


class ProgrammeChanges(TypedDict):
    """What may change of a programme."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    code: NotRequired[str]
    title: NotRequired[str]
    purpose: NotRequired[str | None]
    action_lines: NotRequired[Sequence[str]]
    budget: NotRequired[Budget | None]
    """With its fund; None: not published"""


class SafeguardChanges(TypedDict):
    """What may change of a safeguard."""

    text: NotRequired[str]
    status: NotRequired[SafeguardStatus | None]
    """None: no source states one"""

    evidence: NotRequired[Sequence[Evidence]]


class SourceChanges(TypedDict):
    """What may change of a source."""

    title: NotRequired[str]
    file: NotRequired[str | None]
    reference: NotRequired[str | None]
    dated: NotRequired[date | None]
    """The date it bears"""

    signed_by: NotRequired[Sequence[str]]
    """Who signed it, each with function and name as printed"""

    uri: NotRequired[str | None]
    """Where it is published officially; None if that is not known"""

    note: NotRequired[str | None]


class TrialChanges(TypedDict):
    """What may change of a trial."""

    source: NotRequired[str | None]
    """Key of the source it comes from"""

    note: NotRequired[str | None]
    readings: NotRequired[Sequence[str]]
    """Fields that no source states: they are interpretations, never quotations"""

    title: NotRequired[str]
    window: NotRequired[Window | None]
    site_id: NotRequired[UUID | str | None]
    challenge_ids: NotRequired[Sequence[UUID | str]]
    lot_ids: NotRequired[Sequence[UUID | str]]
