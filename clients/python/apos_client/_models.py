"""The models of what the service answers, and of what is sent whole.

Generated from openapi/apos.json by `make openapi`; do not edit it.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from apos_client._base import (
    Answer,
    EvidenceBase,
    Figure,
    IntakeReportBase,
    OriginDeclarationBase,
    Resource,
    ScoreBase,
    Tagged,
)


class Amount(Answer):
    """An amount of money as a decimal string; never a number, which may have been rounded."""

    amount: str
    currency: str = "EUR"
    qualifier: str = "exact"


class ApiKey(Resource):
    """A new key with its secret, which is shown this once and left out when the same request is answered again."""

    label: str | None = None
    role: str
    supplier_id: UUID | None = None
    expires_at: datetime | None = None
    previous_until: datetime | None = None
    """Until when the secret from before the last renewal is valid too"""

    awaits_confirmation: bool
    """Made for an administrator by another, and not confirmed by a second yet: it opens nothing"""

    revoked_at: datetime | None = None
    revoked: bool
    last_used_at: datetime | None = None
    """To within a minute or so"""

    secret: str | None = None
    """Send it as `Authorization: Bearer`"""


class Assessors(Tagged):
    """The keys of the assessors assigned; `version` is that of the lot or challenge."""

    key_ids: tuple[UUID, ...] = ()
    version: int


class Attribution(Answer):
    """
    Where the difference in points comes from: lines, and the system as a whole. These parts add up to the
    difference.
    """

    added: str
    removed: str
    changed: str
    affected: str
    dimensions: str
    design_authority: str
    empty_groups: str
    residual: str


class Budget(Amount):
    """An amount with the fund it comes from; sums are made within one fund only."""

    fund: str | None = None
    note: str | None = None
    source: str | None = None
    """Key of the source"""


class Cancellation(Answer):
    """Why a challenge was cancelled, and on whose authority."""

    reason: str
    authority: str


class Cause(Answer):
    """Why points were won or lost, as a code and in words."""

    code: str
    text: str


class Change(Answer):
    """A field before and after."""

    before: Any
    after: Any


class ChangedKnockOut(Answer):
    """A knock-out that came or went, waived or not."""

    code: str
    reason: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None


class ChangedKnockOuts(Answer):
    """How many, and the first of them."""

    count: int
    items: tuple[ChangedKnockOut, ...] = ()


class ColourCounts(Answer):
    """How many lots and challenges have each colour."""

    green: int
    amber: int
    red: int
    grey: int


class Colours(Answer):
    """Against the original baseline, and against the current one."""

    original: str
    current: str


class CombinedShare(Answer):
    """An origin share in percent with four decimals, weighted by T; None where no declaration has one."""

    proven: str | None = None
    declared: str | None = None
    upper_bound: str | None = None
    verdict: str
    """Fail if one fails, pass if all pass, else possible"""


class CommitmentCounts(Answer):
    """How many commitments have each status; open ones are due (that day has not passed), overdue, or without a day."""

    open: int
    due: int
    overdue: int
    without_due: int
    fulfilled: int
    withdrawn: int


class Consent(Resource):
    """A supplier's consent to be named; it holds while `withdrawn_on` is None."""

    supplier_id: UUID
    scope: str
    given_on: date
    withdrawn_on: date | None = None
    note: str | None = None


class Conversion(Answer):
    """The exchange rate by which unit values were converted to euros, as stated with the file."""

    currency: str
    """Code of ISO 4217"""

    rate: str
    """Euros for one unit of the currency"""

    rate_date: date
    """The day that the rate is of"""


class Cooperation(Answer):
    """Countries that the lot works with, at the level of ministers and of officials."""

    ministerial: tuple[str, ...] = ()
    official: tuple[str, ...] = ()


class CriterionMove(Answer):
    """Points of one criterion under both schemes; over all criteria they add up to `pointsDifference`."""

    criterion: str
    before: str
    after: str
    difference: str


class DeliveryConfidence(Answer):
    """An officer's own judgement, 1 (delivery in doubt) to 5 (delivery highly likely). It never replaces a colour."""

    points: int
    narrative: str


class EnvelopeTotal(Answer):
    """
    What the lots and challenges of a programme reserve of its envelope, in one fund; amounts are euros as decimal
    strings.
    """

    programme_id: UUID
    programme_code: str
    fund: str
    envelope: str
    reserved: str
    """Ended lots and challenges included"""

    left: str
    """Below 0 where the envelope has shrunk"""

    currency: str
    qualifier: str
    """That of the sum of all amounts: a minimum among them makes it a minimum"""


class EuropeanVerdictCounts(Answer):
    """How many declarations have each European verdict."""

    undetermined: int
    assembled_outside: int
    licence_production: int
    decisive_dependency: int
    european: int


class Evidence(EvidenceBase):
    """A document given as evidence: its title, its address and the SHA-256 of its content."""

    title: str
    uri: str
    sha256: str


class EvidenceExpiry(Answer):
    """
    A proof that expires, and the points lost with it. Without a component or dimension it proves the design
    authority.

    Points are exact: each is worked out as if those before it had expired, so that together they are the whole
    loss.
    """

    declaration_id: UUID
    supplier_id: UUID
    component_key: str | None = None
    dimension: str | None = None
    level: str
    expires_on: date
    """The last day on which it counts"""

    uri: str | None = None
    sha256: str | None = None
    points: str | None = None
    """By how much the unrounded score falls; None where there is no score"""

    score_before: str | None = None
    score_after: str | None = None


class ExplanationLine(Answer):
    """Points won and lost by a component, a dimension or a group; the lines add up to the score."""

    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None
    criterion: str
    won: str
    lost: str
    cause: Cause
    evidence_level: str | None = None


class FieldChange(Answer):
    """A field with its value before and now; None is unknown, or not there."""

    field: str
    """Name as in the body, with dots where it is nested"""

    before: str | None = None
    after: str | None = None


class FieldCompleteness(Answer):
    """Of how many leaves a field is known; a leaf is a component without parts."""

    field: str
    known: int
    leaves: int


class FigureChange(Answer):
    """
    A figure before and after; None where a system cannot be assessed.

    Each is rounded once, from its exact value, so `difference` may differ from `after` minus `before` in the last
    digit.
    """

    before: str | None = None
    after: str | None = None
    difference: str | None = None


class ForecastConflict(Answer):
    """A forecast that passes the current window of a milestone that comes after it."""

    milestone_id: UUID
    title: str
    forecast_end: date
    dependent_id: UUID
    dependent_title: str
    dependent_end: date
    """The last day of its current window"""

    days: int
    """By how many days the forecast passes it"""


class FundTotal(Answer):
    """The sum of budgets within one fund; a minimum among them makes it a minimum."""

    fund: str
    total: Amount


class Holder(Answer):
    """A country of ultimate control; None: unknown."""

    country: str | None = None
    share: str


class IgnoredRow(Answer):
    """A row that is not a component: blank, a title, a total, or the title of a section within the table."""

    row: int
    """As a spreadsheet counts, from 1"""

    why: str
    sheet: str | None = None
    """The sheet, where several were read"""


class Improvement(Answer):
    """
    One thing to change, and the points it would add to the unrounded score, if nothing else changed.

    `answer` is an unknown that would gain this much if the answer were `to`. In `to`, G1 means any country in the
    EU or EEA, EU any in the EU, and `leadTimeWeeks` a stock as large as the lead time.
    """

    kind: str
    component_key: str | None = None
    dimension: str | None = None
    field: str
    """Of the component, of the dimension, or else of the design authority"""

    before: Annotated[str | None, Field(alias="from")] = None
    """What counts today; None is unknown"""

    after: Annotated[str, Field(alias="to")]
    gain: str
    text: str


class IntakeNote(Answer):
    """What to look at: something left unknown although the file says something of it, or read with a doubt, and why."""

    row: int | None = None
    """The first row that it is about"""

    column: str | None = None
    """Letter and heading, or a pointer into the document"""

    field: str | None = None
    detail: str
    sheet: str | None = None
    """The sheet, where several were read"""


class KnockOutChanges(Answer):
    """Knock-outs that were not there before, and those that are gone."""

    came: ChangedKnockOuts
    went: ChangedKnockOuts


class KnockOutCount(Answer):
    """How many knock-outs of a kind there are; the score of the declaration lists each of them."""

    code: str
    reason: str
    count: int


class KnockOutCounts(Answer):
    """The knock-outs that count, and those that are waived."""

    standing: tuple[KnockOutCount, ...] = ()
    waived: tuple[KnockOutCount, ...] = ()


class KnockOutWaiver(Answer):
    """Why a knock-out does not count, until which day."""

    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str


class LineChange(Answer):
    """A line by its key, with the fields that differ and the points it gained."""

    key: str
    name: str
    points: str | None = None
    fields: tuple[FieldChange, ...] = ()


class LineCounts(Answer):
    """Rows of a file: those read are those used, those ignored and those refused. A header is none of them."""

    read: int
    used: int
    ignored: int
    refused: int


class Me(Answer):
    """The key with which this was asked, without its secret."""

    key_id: UUID
    label: str | None = None
    role: str
    supplier_id: UUID | None = None
    expires_at: datetime | None = None


class MilestoneConflict(Answer):
    """A milestone that comes after this one, whose window the forecast passes."""

    milestone_id: UUID
    title: str
    window_end: date
    """The last day of its current window"""

    days: int
    """By how many days the forecast passes it"""


class MilestoneCounts(Answer):
    """How many milestones have each status."""

    scheduled: int
    met: int
    partially_met: int
    not_met: int


class MoveCause(Answer):
    """
    A line of the explanation that moved: a component, dimension or group under one criterion, with its cause
    codes.
    """

    criterion: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None
    before: str
    after: str
    difference: str
    cause_before: str | None = None
    cause_after: str | None = None


class MovedKnockOut(Answer):
    """A knock-out that would be added or removed."""

    code: str
    reason: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None


class OpenQuestion(Answer):
    """
    What a score asks and the components do not say: of how many leaves, and of which, the costliest ten first.

    The field `components` names the sub-assemblies whose author says that not all their parts are listed.
    """

    field: str
    unanswered: int
    component_keys: tuple[str, ...] = ()


class Organisation(Resource):
    """
    An organisation.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    name: str
    country: str | None = None
    kind: str
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class Origin(Answer):
    """Of the newest accepted declaration of each supplier, as scored on the day it was submitted."""

    edip: CombinedShare
    safe: CombinedShare
    european_verdicts: EuropeanVerdictCounts
    standing_knock_outs: int
    """Knock-outs that no waiver in force today lifts"""

    declarations: int


class OriginShare(Answer):
    """The share of T made inside, in percent: proven, declared, and at most; and what decides the verdict."""

    proven: str | None = None
    declared: str | None = None
    upper_bound: str | None = None
    verdict: str
    decided_by: tuple[str, ...] = ()
    """Keys of the components that would decide it, costliest first"""


class OriginShares(Answer):
    """EDIP counts the EU and associated countries as inside, SAFE Ukraine too."""

    edip: OriginShare
    safe: OriginShare


class ParentMoves(Answer):
    """How the declarations of one lot or challenge move; `rank_changes` counts those whose rank changes."""

    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    compared: int
    moved_up: int
    moved_down: int
    unchanged: int
    largest_rise: str | None = None
    largest_fall: str | None = None
    mean_difference: str | None = None
    rank_changes: int


class Points(Answer):
    """Points won per criterion; together they are the score before rounding, 100 at most."""

    made_in: str
    control: str
    licence: str
    export_regime: str
    supply: str
    dimensions: str
    design_authority: str


class PriceByMode(Answer):
    """
    The fictitious price in both modes: adjusted by a percentage of the own price, or of the reference amount if
    any.
    """

    own_price: Amount | None = None
    reference_amount: Amount | None = None


class Programme(Resource):
    """
    A programme.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    code: str
    title: str
    purpose: str | None = None
    action_lines: tuple[str, ...] = ()
    budget: Budget | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class ProgrammeSettings(Resource):
    """Settings as they were recorded; of those in effect, the latest apply."""

    programme_id: UUID
    effective_on: date
    amber_up_to_days: int
    envelope: Budget | None = None
    recorded_at: datetime


class Proof(Answer):
    """Proof of a statement. It counts up to and including `expires_on`; without that day it does not expire."""

    level: str | None = None
    expires_on: date | None = None
    uri: str | None = None
    sha256: str | None = None


class RankedDeclaration(Answer):
    """A declaration and its rank; `unranked` says why it has none."""

    rank: int | None = None
    """The lowest fictitious price is first; equal ones share a rank"""

    unranked: str | None = None
    declaration_id: UUID
    supplier_id: UUID
    supplier_name: str
    status: str
    revision: int
    scheme_version: str
    reference_date: date
    score: str | None = None
    adjustment_percent: str
    price: Amount | None = None
    fictitious_price: PriceByMode
    knock_outs: KnockOutCounts
    edip_verdict: str


class Ranking(Answer):
    """
    The active declarations for a lot or challenge, in order; those without a rank are last.

    Where the scoring profile has a reference amount, the second mode decides: a percentage of one's own price
    rewards the dearer offer.
    """

    decided_by: str
    reference_amount: Amount | None = None
    reference_date: date | None = None
    """None: each by its stored score"""

    items: tuple[RankedDeclaration, ...] = ()


class ReadColumn(Answer):
    """Which column a field is read from."""

    field: str
    column: str
    sheet: str | None = None
    """The sheet, where several were read"""


class ReferenceReading(Answer):
    """How a printed reference is read."""

    normalised: str | None = None
    """Dossier, chapter and number; None where the form is not known"""

    probably: str | None = None
    """What was probably meant, where its note says so"""

    flag: str | None = None
    """What to beware of"""


class RefusedCell(Answer):
    """
    What cannot be used, and what would be right. What is wrong in every row is told once: without row, with their
    count.
    """

    row: int | None = None
    """As a spreadsheet counts; in JSON the place among the components, from 1"""

    column: str | None = None
    """Letter and heading, or a pointer into the document"""

    field: str | None = None
    """Field of a component"""

    detail: str
    count: int
    """In how many rows"""

    sheet: str | None = None
    """The sheet, where several were read"""


class Remark(Answer):
    """What must be corrected in one component."""

    component_key: str
    remark: str


class RenewedKey(Resource):
    """
    A renewed key with its new secret, which is shown this once and left out when the same request is answered
    again.
    """

    expires_at: datetime | None = None
    previous_until: datetime
    """Until when the secret that was used is valid too"""

    secret: str | None = None
    """Send it as `Authorization: Bearer`"""


class Representative(Answer):
    """The authorised representative who signs."""

    name: str | None = None
    function: str | None = None
    email: str | None = None


class Review(Resource):
    """A review as it was recorded."""

    declaration_id: UUID
    verdict: str
    narrative: str
    remarks: tuple[Remark, ...] = ()
    reviewed_at: datetime


class Safeguard(Resource):
    """A safeguard against a dependency, at its position."""

    dependency_id: UUID
    position: int
    text: str
    status: str | None = None
    evidence: tuple[Evidence, ...] = ()


class SafeguardCounts(Answer):
    """How many safeguards against dependencies have each status; `not_stated`: no source states one."""

    planned: int
    in_place: int
    not_in_place: int
    not_stated: int


class SchemePublication(Resource):
    """A scheme takes effect on a day. It is published once, and never withdrawn: a later one takes its place."""

    scheme_id: UUID
    effective_on: date
    authority: str
    reason: str
    published_at: datetime


class ScoreScheme(Resource):
    """A version of the scheme; its digest is the SHA-256 of the document's JSON with sorted keys and no spaces."""

    scheme_version: str
    country_list_version: str
    algorithm: str
    status: str
    digest: str
    content: Annotated[dict[str, Any], Field(alias="document")]
    """Weights, country groups and lists, evidence factors, limits"""

    effective_on: date | None = None
    """From this day it is in force, until a later one is; None: it is not published, and has no effect"""


class SimulationProgress(Answer):
    """How many declarations of a simulation are compared, and how many it compares in all."""

    done: int
    total: int


class SlipDays(Answer):
    """Days from the end of each baseline window; None where there is no baseline."""

    original: int | None = None
    current: int | None = None


class Source(Resource):
    """
    A letter, reply or report.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str
    title: str
    file: str | None = None
    reference: str | None = None
    reference_reading: ReferenceReading | None = None
    """How the reference is read; None without one"""

    dated: Annotated[date | None, Field(alias="date")] = None
    signed_by: tuple[str, ...] = ()
    uri: str | None = None
    note: str | None = None


class StatementShare(Answer):
    """The share of the component's cost made inside, in percent: proven, declared, and at most."""

    proven: str | None = None
    declared: str | None = None
    upper_bound: str | None = None
    verdict: str


class StatementShares(Answer):
    """EDIP counts the EU and associated countries as inside, SAFE Ukraine too."""

    edip: StatementShare
    safe: StatementShare


class StatementVerdict(Tagged):
    """What others may know of a statement, under its id. It changes no figure of a score."""

    id: UUID
    maker: str
    """The name of the supplier that made it, as it was then"""

    name: str
    part_number: str | None = None
    origin_shares: StatementShares
    validity: str
    valid_until: date | None = None


class StatusSource(Answer):
    """A source that a line of the status, or its budget, names."""

    key: str
    title: str
    reference: str | None = None
    dated: Annotated[date | None, Field(alias="date")] = None
    signed_by: tuple[str, ...] = ()
    uri: str | None = None


class Submission(Resource):
    """When a declaration was submitted, and by whom."""

    declaration_id: UUID
    submitted_at: datetime
    representative: Representative


class Supplier(Resource):
    """
    A supplier.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    name: str
    country: str | None = None
    name_basis: str | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class System(Answer):
    """The system that is declared."""

    name: str
    version: str | None = None
    final_assembly_country: str | None = None


class TemplateHelp(Answer):
    """What a column is for."""

    en: str
    nl: str


class TrialCounts(Answer):
    """How many trials are in their window today, before it, past it, or without one."""

    in_window: int
    ahead: int
    past: int
    without_window: int


class VerdictChange(Answer):
    """A verdict before and after."""

    before: str
    after: str


class VerdictMove(Answer):
    """A verdict that would change: edip, safe or european."""

    verdict: str
    before: str
    after: str


class Waiver(Resource):
    """A waiver as it was proposed; of several confirmed ones for one knock-out, the newest in force counts."""

    declaration_id: UUID
    code: str
    component_key: str | None = None
    dimension: str | None = None
    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str
    recorded_at: datetime
    confirmed_at: datetime | None = None
    """When another actor confirmed it; None while it is only proposed and counts for nothing"""


class WaiverConfirmation(Resource):
    """When a waiver was confirmed."""

    waiver_id: UUID
    confirmed_at: datetime


class Window(Answer):
    """Inclusive first and last days."""

    start: date
    end: date


class Withdrawal(Resource):
    """A withdrawal, with the id of the row that was withdrawn and the version that it has since."""

    kind: str
    on: date
    reason: str
    authority: str


class Withdrawn(Answer):
    """
    That a row was withdrawn: how, on which day, why, and on whose authority.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    kind: str
    on: date
    reason: str | None = None
    authority: str | None = None


class WithdrawnCounts(Answer):
    """How many milestones were withdrawn as entered in error, and how many were dropped."""

    entered_in_error: int
    dropped: int


class Assessment(Resource):
    """An assessment as it was recorded; it is never changed."""

    milestone_id: UUID
    outcome: str
    assessed_on: date
    achieved_on: date | None = None
    narrative: str
    evidence: tuple[Evidence, ...] = ()
    assessed_without: tuple[str, ...] | None = None
    """What it does not rest on: an acceptance criterion, evidence; None where that was not recorded"""

    corrects: UUID | None = None
    recorded_at: datetime


class AuditEvent(Answer):
    """Who did what to which row, when and why, and the row's whole state after it."""

    seq: int
    recorded_at: datetime
    actor: str
    role: str
    request_id: str
    reason: str | None = None
    row_kind: str
    row_id: UUID
    row_version: int
    changed: dict[str, Change]
    state: dict[str, Any]


class BothColourCounts(Answer):
    """Counts against the original and against the current baselines."""

    original: ColourCounts
    current: ColourCounts


class BudgetLine(Resource):
    """
    A budget line.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    title: str
    amount: Amount | None = None
    fund: str | None = None
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class BudgetSums(Answer):
    """Budgets of one kind, added within each fund; those not published and those without a fund are in no sum."""

    by_fund: tuple[FundTotal, ...] = ()
    not_published: int
    without_fund: int


class Challenge(Resource):
    """
    A challenge, with both colours.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    programme_id: UUID | None = None
    code: str
    title: str
    effect: str | None = None
    effect_published: str | None = None
    budget: Budget | None = None
    status: str
    status_since: date | None = None
    """The day of the last change of status"""

    ended_on: date | None = None
    """The day on which it ended, whose colours it keeps"""

    cancellation: Cancellation | None = None
    delivery_confidence: DeliveryConfidence | None = None
    colours: Colours | None = None
    slip_days: SlipDays | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class ChangedLines(Answer):
    """How many lines of a kind, the points of all of them, and those that move the score most, the largest first."""

    count: int
    points: str | None = None
    items: tuple[LineChange, ...] = ()


class Component(Answer):
    """
    A line of a system: a leaf carries value and origin; a line that others name as parent is a sub-assembly of
    them.

    None or absent is unknown. The quantity is that in one delivered system, not per parent.
    """

    key: str
    parent_key: str | None = None
    """Key of the sub-assembly it is part of"""

    name: str
    part_number: str | None = None
    manufacturer: str | None = None
    function_group: str | None = None
    """Name of one of the profile's groups"""

    quantity: Figure
    unit_value: Amount | None = None
    country_of_manufacture: str | None = None
    """
    Made in: the country of the last substantial transformation of the component itself (where it got its
    essential properties, as in customs origin); assembling, labelling, testing or loading software elsewhere does
    not change it
    """

    country_of_control: str | None = None
    """Control: the country of the natural persons, state or parent that ultimately decides over the maker"""

    licence_country: str | None = None
    """NONE: there is no foreign one"""

    export_regime: str | None = None
    """NONE: there is no foreign one"""

    second_source_country: str | None = None
    stock_weeks: Figure | None = None
    lead_time_weeks: Figure | None = None
    evidence: Proof | None = None
    statement_id: UUID | None = None
    """Id of a statement that its maker shares with the supplier; it changes no figure"""


class ComponentStatement(Resource):
    """A statement, without its components, which are at `/components`."""

    supplier_id: UUID
    name: str
    part_number: str | None = None
    total_component_cost: Amount
    component_count: int
    components_digest: str
    """SHA-256 of the components as stored"""

    valid_until: date | None = None
    shared_with: tuple[UUID, ...] = ()
    withdrawn_on: date | None = None
    validity: str
    signed_at: datetime
    scheme_version: str
    """Whose country groups its verdict rests on"""

    reference_date: date
    """The day whose evidence its verdict rests on"""

    representative: Representative


class Concentration(Answer):
    """How much of the value a few countries control; the index runs from 0 to 10000."""

    hhi: str | None = None
    largest_outside: Holder | None = None


class CriticalComponent(Resource):
    """A function that decides staying power, and the position of the Netherlands in it."""

    key: str | None = None
    function: str
    dutch_position: str | None = None
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class Dependency(Resource):
    """A dependency on a product, maker or country."""

    key: str | None = None
    subject: str
    controlling_country: str | None = None
    name_basis: str | None = None
    lot_id: UUID | None = None
    alternative_id: UUID | None = None
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class DesignAuthority(Answer):
    """
    Who may change the design.

    `level` counts two conditions: the prime holds the design authority, and it may lawfully replace third-country
    components.
    """

    level: str | None = None
    country: str | None = None
    """The prime's country"""

    evidence: Proof | None = None


class Dimension(Answer):
    """How far the system depends on somebody, and in which country."""

    dimension: str
    dependence: str | None = None
    country: str | None = None
    evidence: Proof | None = None


class EndedCounts(Answer):
    """How many lots and challenges have ended, and the colours that they keep of the days on which they did."""

    lots: int
    challenges: int
    colours: BothColourCounts


class Entrant(Resource):
    """A supplier's part in a challenge."""

    challenge_id: UUID
    supplier_id: UUID
    status: str
    withdrawn: Withdrawn | None = None


class FunctionGroup(Answer):
    """A group of components by what they do."""

    name: str
    weight: Figure
    """K, over 0"""

    critical: bool = False


class IntakeReport(IntakeReportBase):
    """What an intake read, and what it did not."""

    format: str
    encoding: str | None = None
    """How the text is encoded; None for a workbook"""

    sheets: tuple[str, ...] = ()
    """Sheets of a workbook that were read"""

    unread_sheets: tuple[str, ...] = ()
    """Visible sheets that were not; name those that are to be, as `sheet`"""

    lines: LineCounts
    columns: tuple[ReadColumn, ...] = ()
    unread: tuple[str, ...] = ()
    """Headings that were not recognised, so their columns were not read"""

    ignored: tuple[IgnoredRow, ...] = ()
    """At most 100; `lines` counts all"""

    refused: tuple[RefusedCell, ...] = ()
    """At most 100; of one line there can be several"""

    notes: tuple[IntakeNote, ...] = ()
    """At most 100"""

    completeness: tuple[FieldCompleteness, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    conversion: Conversion | None = None
    """None where amounts were given in euros"""


class JudgingMilestone(Answer):
    """The milestone that gives a colour, with its slip against that baseline."""

    id: UUID
    key: str | None = None
    title: str
    baseline: Window | None = None
    forecast: Window | None = None
    achieved_on: date | None = None
    status: str
    slip_days: int | None = None


class KnockOut(Answer):
    """What excludes a system whatever its score: a concern, a missing answer, or no EU prime where one is required."""

    code: str
    reason: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None
    waiver: KnockOutWaiver | None = None
    text: str
    """What it is and, where it can be cured, how"""


class LastAchieved(Answer):
    """The milestone that was achieved last."""

    milestone_id: UUID
    title: str
    achieved_on: date
    slip_days: SlipDays


class LastRebaseline(Answer):
    """The rebaseline that was recorded last, of any of the milestones."""

    milestone_id: UUID
    on: date
    previous: Window
    window: Window
    reason: str
    authority: str


class LineChanges(Answer):
    """
    Lines are compared by key: one that only moved has not changed, nor has a number that is only written
    differently.
    """

    added: ChangedLines
    removed: ChangedLines
    changed: ChangedLines
    affected: ChangedLines
    """Lines that are the same but gain other points, because others changed"""

    unchanged: int
    """How many are the same, affected ones included"""


class Milestone(Resource):
    """
    A milestone. `window` is the current baseline, `original` the first that was agreed.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    programme_id: UUID | None = None
    title: str
    kind: str
    critical: bool | None = None
    acceptance_criterion: str | None = None
    window: Window | None = None
    original: Window | None = None
    forecast: Window | None = None
    payment: Amount | None = None
    after: UUID | None = None
    ai_version: str | None = None
    status: str | None = None
    achieved_on: date | None = None
    assessed_on: date | None = None
    """The day of the assessment that counts"""

    assessed_without: tuple[str, ...] | None = None
    """What the assessment that counts does not rest on; None without one, or where that was not recorded"""

    colours: Colours | None = None
    slip_days: SlipDays | None = None
    withdrawn: Withdrawn | None = None
    conflicts: tuple[MilestoneConflict, ...] = ()
    """Dependents whose window the forecast passes"""

    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class NextMilestone(Answer):
    """The milestone that is due next."""

    id: UUID
    key: str | None = None
    title: str
    window: Window | None = None
    forecast: Window | None = None


class OriginDeclaration(OriginDeclarationBase):
    """A declaration, without its components, which are at `/components`."""

    supplier_id: UUID
    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    revision: int
    """1 for the first; each later one adds 1"""

    revises: UUID | None = None
    status: str
    price: Amount | None = None
    system: System
    total_component_cost: Amount | None = None
    design_authority: DesignAuthority | None = None
    dimensions: tuple[Dimension, ...] = ()
    component_count: int
    components_digest: str | None = None
    """SHA-256 of the components as stored; None without any"""

    conversion: Conversion | None = None
    """The rate by which the unit values were converted, as the supplier stated it; None where given in euros"""


class Partner(Resource):
    """A supplier's part in a lot."""

    lot_id: UUID
    supplier_id: UUID
    supplier_name: str
    role: str
    ended_on: date | None = None
    withdrawn: Withdrawn | None = None


class Rebaseline(Resource):
    """A rebaseline as it was recorded, with the window it replaced."""

    milestone_id: UUID
    window: Window
    previous: Window
    reason: str
    authority: str
    recorded_at: datetime


class Reference(Answer):
    """A parliamentary paper, as its source prints it. A note that says "probably 27 830" marks a probable misprint."""

    as_printed: str
    dated: date | None = None
    note: str | None = None
    reading: ReferenceReading | None = None
    """How the service reads it; what a request says here is ignored"""


class ScoringProfile(Tagged):
    """What a lot or challenge scores declarations on."""

    function_groups: tuple[FunctionGroup, ...] = ()
    dimensions: tuple[str, ...] = ()
    cap_percent: Figure = "10"
    """Over 0, at most 50"""

    require_eu_prime: bool = False
    reference_amount: Amount | None = None
    """Set for the second mode: the adjustment is a percentage of this, not of the price"""

    scheme: str | None = None
    """The version of its score scheme, one that has taken effect; the one in force where it is left out"""


class ShareChange(Answer):
    """An origin share before and after."""

    proven: FigureChange
    declared: FigureChange
    upper_bound: FigureChange
    verdict: VerdictChange


class ShareChanges(Answer):
    """Both origin shares."""

    edip: ShareChange
    safe: ShareChange


class Simulation(Resource):
    """
    What a scheme would do to the declarations that were active when it was asked for. Once complete it never
    changes.

    Its figures are None while it is running, and where it has failed. Each declaration is compared with the
    scheme of its stored score, on the day of that score. `knocked_out` counts declarations that have no knock-out
    and would get one, `relieved` those that have one and would lose it.
    """

    scheme_id: UUID
    simulated_at: datetime
    """When it was asked for"""

    status: str
    """`running` until all declarations are compared, then `complete`; `failed`: it was given up"""

    progress: SimulationProgress
    failure: str | None = None
    """Why it was given up"""

    compared: int | None = None
    moved_up: int | None = None
    moved_down: int | None = None
    unchanged: int | None = None
    """Those that cannot be assessed under either scheme included"""

    largest_rise: str | None = None
    largest_fall: str | None = None
    mean_difference: str | None = None
    knocked_out: int | None = None
    relieved: int | None = None
    rank_changes: int | None = None
    by_parent: tuple[ParentMoves, ...] | None = None
    results_digest: str | None = None
    """SHA-256 of all results, as they are stored"""


class SimulationResult(Answer):
    """
    One declaration under both schemes; `causes` are the five lines that account for most of it.

    A difference is None where the declaration cannot be assessed; a rank where it has a knock-out or no price.
    """

    position: int
    declaration_id: UUID
    supplier_id: UUID
    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    reference_date: date
    scheme_before: str
    score_before: str | None = None
    score_after: str | None = None
    difference: str | None = None
    points_difference: str | None = None
    adjustment_before: str
    adjustment_after: str
    rank_before: int | None = None
    rank_after: int | None = None
    criteria: tuple[CriterionMove, ...] = ()
    causes: tuple[MoveCause, ...] = ()
    verdicts: tuple[VerdictMove, ...] = ()
    added_count: int
    """How many knock-outs would be added"""

    removed_count: int
    """How many knock-outs would be removed"""

    added: tuple[MovedKnockOut, ...] = ()
    """The first twenty that would be added"""

    removed: tuple[MovedKnockOut, ...] = ()
    """The first twenty that would be removed"""


class Statement(Answer):
    """A declaration without ids and price."""

    system: System
    total_component_cost: Amount | None = None
    """T; None: not known yet"""

    design_authority: DesignAuthority | None = None
    dimensions: tuple[Dimension, ...] = ()
    components: tuple[Component, ...] = ()


class StoredComponents(IntakeReport):
    """What was stored of the components, with the intake report; `version` is that of the declaration."""

    version: int
    component_count: int
    components_digest: str | None = None
    """SHA-256 of the components as stored; None without any"""


class Target(Resource):
    """
    A target, as its source states it.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    title: str
    bound: str
    bound_pct: int
    definition_version: str
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class TemplateColumn(Answer):
    """A column of a template; a column under one of `other_headings` is read as this one."""

    field: str
    heading: str
    required: bool
    help: TemplateHelp
    example: str
    other_headings: tuple[str, ...] = ()


class TestSite(Resource):
    """
    A test site.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    name: str
    country: str | None = None
    domain: str | None = None
    hosts: tuple[str, ...] = ()
    partner_ids: tuple[UUID, ...] = ()
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class Totals(Answer):
    """
    Counts and sums over the portfolio. Budgets that were not published are counted, and in no sum.

    What has ended is counted apart; its budget is in the sums, because it was there.
    """

    programme_budgets: BudgetSums
    """Envelopes of programmes; never added to what is paid from them"""

    budget_lines: BudgetSums
    commitments: CommitmentCounts
    trials: TrialCounts
    dependencies: int
    safeguards: SafeguardCounts
    lots: int
    """That have not ended"""

    challenges: int
    """That have not ended"""

    ended: EndedCounts
    milestones: MilestoneCounts
    """Of lots and challenges that have not ended; those of a programme itself do not count, nor what is withdrawn"""

    colours: BothColourCounts
    """Of lots and challenges that have not ended"""

    budgets: tuple[FundTotal, ...] = ()
    """Of lots and challenges"""

    budgets_not_published: int
    budgets_without_fund: int
    envelopes: tuple[EnvelopeTotal, ...] = ()
    """Per programme and fund: the envelope of the settings in force, else the programme's budget"""

    conflicts: int
    """Forecasts that pass the window of a dependent milestone"""


class Trial(Resource):
    """
    A trial; the site is None where no source says which.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    title: str
    window: Window | None = None
    site_id: UUID | None = None
    site_clashes: tuple[UUID, ...] = ()
    """Other trials at the same site on one of the same days"""

    challenge_ids: tuple[UUID, ...] = ()
    lot_ids: tuple[UUID, ...] = ()
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class ChangeEffect(Answer):
    """Both revisions under one scheme on one day: those of the newer one's stored score, or for a draft today's."""

    score: FigureChange
    points: FigureChange
    """The score before it is rounded"""

    adjustment_percent: FigureChange
    origin_shares: ShareChanges
    scheme_version: str
    country_list_version: str
    reference_date: date
    knock_outs: KnockOutChanges
    attribution: Attribution | None = None


class Commitment(Resource):
    """
    A promise to parliament, a motion, an aim or an announcement.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    kind: str
    text: str
    made: date | None = None
    due: date | None = None
    due_note: str | None = None
    status: str
    fulfilled_on: date | None = None
    evidence: str | None = None
    lot_ids: tuple[UUID, ...] = ()
    references: tuple[Reference, ...] = ()
    withdrawn: Withdrawn | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class DeclarationTemplate(Tagged):
    """An empty table to fill in; the table itself comes as CSV or XLSX."""

    id: str
    formats: tuple[str, ...] = ()
    """The media types in which it is offered"""

    columns: tuple[TemplateColumn, ...] = ()


class JudgedBy(Answer):
    """
    Of the milestones judged against a baseline: the worst colour, worst slip, earliest end, then id; None without
    any.
    """

    original: JudgingMilestone | None = None
    current: JudgingMilestone | None = None


class Lot(Resource):
    """
    A lot, with both colours.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    key: str | None = None
    programme_id: UUID | None = None
    code: str
    title: str
    effect: str | None = None
    effect_published: str | None = None
    domain: str | None = None
    owner_id: UUID | None = None
    period: Window | None = None
    budget: Budget | None = None
    status: str
    status_since: date | None = None
    """The day of the last change of status"""

    ended_on: date | None = None
    """The day on which it ended, whose colours it keeps"""

    has_run: bool | None = None
    """Whether it has ever reached running"""

    cooperation_form: str | None = None
    contains_ai: bool | None = None
    principles: tuple[str, ...] = ()
    cooperation: Cooperation | None = None
    references: tuple[Reference, ...] = ()
    replaced_by: UUID | None = None
    delivery_confidence: DeliveryConfidence | None = None
    colours: Colours | None = None
    slip_days: SlipDays | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class PublishedProfile(ScoringProfile):
    """
    What a lot or challenge scores declarations on; `version` is that of the lot or challenge.

    A field that your role does not see is None, or empty if it is a list, and not in `model_fields_set`.
    """

    version: int | None = None
    frozen_at: datetime | None = None
    """The moment since which it cannot be changed"""


class RevisionChanges(Answer):
    """What a declaration changed compared with an earlier revision."""

    declaration_id: UUID
    revision: int
    against_id: UUID
    against_revision: int
    lines: LineChanges
    system: tuple[FieldChange, ...] = ()
    """What is declared differently of the system as a whole, including price and total"""

    effect: ChangeEffect | None = None
    """None where there is no scoring profile to work it out on"""


class ScoreComparison(Answer):
    """The figures of two scores under one scheme on one day."""

    score: FigureChange
    points: FigureChange
    """The score before it is rounded"""

    adjustment_percent: FigureChange
    origin_shares: ShareChanges


class StatusLine(Answer):
    """The status of one lot or challenge."""

    id: UUID
    key: str | None = None
    code: str
    title: str
    status: str
    colours: Colours
    slip_days: SlipDays
    milestones: MilestoneCounts
    next_milestone: NextMilestone | None = None
    budget: Budget | None = None
    """None: not published"""

    declared_share: str | None = None
    """Declared EDIP share of accepted declarations, in percent; None without one"""

    delivery_confidence: DeliveryConfidence | None = None
    judged_by: JudgedBy
    last_rebaseline: LastRebaseline | None = None
    last_achieved: LastAchieved | None = None
    origin: Origin | None = None
    """None without an accepted declaration"""

    last_recorded_on: date
    """The day of the newest event of it, or of what belongs to it"""

    status_since: date | None = None
    """The day of the last change of status"""

    ended_on: date | None = None
    """The day on which it ended, whose colours it keeps"""

    withdrawn: WithdrawnCounts
    source: str | None = None
    """Key of the source that it comes from; see `sources`"""


class PortfolioStatus(Answer):
    """Where the portfolio stands, against what was first promised and against what now holds."""

    as_of: date
    audience: str
    generated_at: datetime
    digest: str
    """SHA-256 of the RFC 8785 form without digest and generatedAt"""

    lots: tuple[StatusLine, ...] = ()
    challenges: tuple[StatusLine, ...] = ()
    conflicts: tuple[ForecastConflict, ...] = ()
    """Of milestones of lots, challenges and programmes"""

    sources: tuple[StatusSource, ...] = ()
    """What the lines, and their budgets, name as their source; by key"""

    totals: Totals


class Score(ScoreBase):
    """A score with its working, and what the replaced statements of a stored declaration change of it."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    score: str | None = None
    adjustment_percent: str
    """Bonus over 0, malus below"""

    fictitious_price: Amount | None = None
    """None without a price, or with a knock-out that is not waived"""

    points: Points | None = None
    knock_outs: tuple[KnockOut, ...] = ()
    origin_shares: OriginShares
    european_verdict: str
    concentration: Concentration
    completeness: str | None = None
    confidence: str | None = None
    explanation: tuple[ExplanationLine, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    """The single changes that would raise the score most, at most ten, the largest gain first"""

    effect: ScoreComparison | None = None
    """With `declarationId` and something replaced: the figures as declared and as replaced; else it is left out"""
