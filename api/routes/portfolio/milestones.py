"""Milestones of lots, challenges and programmes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field, StringConstraints

from api.actions.portfolio import milestones as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, PartFilter, WithdrawableQuery
from api.http.paths import ChallengeId, LotId, MilestoneId, ProgrammeId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.queries.portfolio import milestones as queries
from api.queries.portfolio.programmes import AmberLimits, amber_limits
from api.schemas.bodies import (
    ONE_LINE,
    Amount,
    CalendarDay,
    Day,
    Flag,
    Identifier,
    Key,
    Line,
    Sourced,
    Text,
    View,
    WindowBody,
    columns_of,
)
from api.schemas.colours import ColourFields, Colours, SlipDays, of_milestone
from api.schemas.plain_texts import PlainLine
from api.schemas.withdrawals import Withdrawn, WithdrawnForSupplier
from api.store.ledger import Write
from api.store.links import with_visible_links
from api.store.loading import one
from api.store.visibility import ReadContext, visible, visible_with_withdrawn
from domain.permissions import Permission, Role
from domain.portfolio.challenges import Challenge
from domain.portfolio.colours import MilestoneStatus
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Basis, Milestone, MilestoneKind
from domain.portfolio.programmes import Programme

router = APIRouter(route_class=Route, tags=["milestones"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PORTFOLIO)]
ReadsAssessments = Annotated[Read, RequiresRead(Permission.READ_ASSESSMENTS)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]
Records = Annotated[Write, RequiresWrite(Permission.RECORD_ASSESSMENTS)]
_AiVersion = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE, strip_whitespace=True), PlainLine
]


class MilestoneFields(Sourced):
    """The fields that are given both when a milestone is added and when it is changed."""

    title: Line = Field(examples=["Beproeving resultaat"])
    kind: MilestoneKind
    critical: Flag | None = None
    window: WindowBody | None = None
    acceptance_criterion: Text | None = None
    payment: Amount | None = None
    after: Identifier | None = Field(default=None, description="The milestone it comes after", examples=[None])
    ai_version: _AiVersion | None = None


class MilestoneCreate(MilestoneFields):
    """A new milestone; the lot, challenge or programme is in the path."""

    key: Key | None = Field(default=None, description="A name of your own, unique among milestones", examples=["m-x"])
    source: Key | None = Field(default=None, description="Key of the source it comes from", examples=[None])


class MilestoneEdit(MilestoneFields):
    """What may change of a milestone. The window may change until the original baseline is fixed; after that, rebaseline."""

    forecast: WindowBody | None = None


class MilestoneConflict(View):
    """A milestone that comes after this one, whose window the forecast passes."""

    milestone_id: UUID
    title: str
    window_end: Day = Field(description="The last day of its current window")
    days: int = Field(description="By how many days the forecast passes it", examples=[30])


class MilestoneView(View):
    """A milestone. `window` is the current baseline, `original` the first that was agreed."""

    COMPUTES = frozenset({"conflicts"})

    id: UUID
    version: int
    key: str | None
    lot_id: UUID | None
    challenge_id: UUID | None
    programme_id: UUID | None
    title: str
    kind: MilestoneKind
    critical: bool | None
    acceptance_criterion: str | None
    window: WindowBody | None
    original: WindowBody | None
    forecast: WindowBody | None
    payment: Amount | None
    after: UUID | None
    ai_version: str | None
    status: MilestoneStatus
    achieved_on: Day | None
    assessed_on: Day | None = Field(description="The day of the assessment that counts")
    assessed_without: list[Basis] | None = Field(
        description="What the assessment that counts does not rest on; null without one, or where that was not recorded"
    )
    colours: Colours
    slip_days: SlipDays
    withdrawn: Withdrawn | None
    conflicts: list[MilestoneConflict] = Field(description="Dependents whose window the forecast passes")
    source: str | None
    note: str | None
    readings: list[str]


class MilestoneForSupplier(View):
    """A milestone as a supplier of its lot or challenge sees it."""

    id: UUID
    key: str | None
    lot_id: UUID | None
    challenge_id: UUID | None
    title: str
    kind: MilestoneKind
    critical: bool | None
    acceptance_criterion: str | None
    window: WindowBody | None
    original: WindowBody | None
    forecast: WindowBody | None
    ai_version: str | None
    status: MilestoneStatus
    achieved_on: Day | None
    assessed_on: Day | None
    colours: Colours
    slip_days: SlipDays
    withdrawn: WithdrawnForSupplier | None
    source: str | None


class MilestonePublic(View):
    """A milestone as its published source states it; `window` is the one first agreed.

    It names its lot or challenge where you may see that.
    """

    id: UUID
    lot_id: UUID | None
    challenge_id: UUID | None
    title: str
    kind: MilestoneKind
    window: WindowBody | None
    source: str


MilestoneAny = MilestoneView | MilestoneForSupplier | MilestonePublic


class MilestonePage(Page[MilestoneAny]):
    """One page of milestones."""


class MilestoneQuery(WithdrawableQuery):
    """Filters of milestones."""

    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    programme_id: UUID | None = None
    kind: MilestoneKind | None = None
    status: MilestoneStatus | None = None
    critical: bool | None = None
    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    window_end_from: CalendarDay | None = Field(default=None, description="Window ends on this day or later")
    window_end_before: CalendarDay | None = Field(default=None, description="Window ends before this day")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "title", "-title", "windowEnd", "-windowEnd"] = "id"


class OwnMilestoneQuery(WithdrawableQuery):
    """Filters of the milestones of one lot, challenge or programme."""

    kind: MilestoneKind | None = None
    status: MilestoneStatus | None = None
    critical: bool | None = None
    title: PartFilter | None = None
    sort: Literal["id", "-id", "title", "-title", "windowEnd", "-windowEnd"] = "id"


@router.get("/milestones")
async def list_milestones(query: Annotated[MilestoneQuery, Query()], read: Reads) -> MilestonePage:
    """Milestones of everything you may see.

    Filter by parent, kind, status, criticality, source, or the end of the current window.
    """
    return await _page(read, query)


@router.get("/lots/{lotId}/milestones")
async def list_lot_milestones(
    lot_id: LotId, query: Annotated[OwnMilestoneQuery, Query()], read: Reads
) -> MilestonePage:
    """The milestones of a lot."""
    await read.load(Lot, lot_id)
    return await _page(read, query, lot_id=lot_id)


@router.get("/challenges/{challengeId}/milestones")
async def list_challenge_milestones(
    challenge_id: ChallengeId, query: Annotated[OwnMilestoneQuery, Query()], read: Reads
) -> MilestonePage:
    """The milestones of a challenge."""
    await read.load(Challenge, challenge_id)
    return await _page(read, query, challenge_id=challenge_id)


@router.get("/programmes/{programmeId}/milestones")
async def list_programme_milestones(
    programme_id: ProgrammeId, query: Annotated[OwnMilestoneQuery, Query()], read: Reads
) -> MilestonePage:
    """The milestones of a programme itself, without those of its lots and challenges."""
    await read.load(Programme, programme_id)
    return await _page(read, query, programme_id=programme_id)


@router.post("/lots/{lotId}/milestones", status_code=201)
async def add_lot_milestone(lot_id: LotId, body: MilestoneCreate, write: Edits) -> MilestoneView:
    """Agree a milestone of a lot.

    Its original baseline is fixed at once where it comes from a published source or the lot already runs, and otherwise
    when the lot starts to run.
    """
    return await _full(write, await actions.agree_milestone(write, Milestone(lot_id=lot_id, **columns_of(body))))


@router.post("/challenges/{challengeId}/milestones", status_code=201)
async def add_challenge_milestone(challenge_id: ChallengeId, body: MilestoneCreate, write: Edits) -> MilestoneView:
    """Agree a milestone of a challenge.

    Its original baseline is fixed at once where it comes from a published source or the challenge already runs, and
    otherwise when the challenge starts to run.
    """
    row = Milestone(challenge_id=challenge_id, **columns_of(body))
    return await _full(write, await actions.agree_milestone(write, row))


@router.post("/programmes/{programmeId}/milestones", status_code=201)
async def add_programme_milestone(programme_id: ProgrammeId, body: MilestoneCreate, write: Edits) -> MilestoneView:
    """Agree a milestone of a programme; its original baseline is fixed at once."""
    row = Milestone(programme_id=programme_id, **columns_of(body))
    return await _full(write, await actions.add_milestone(write, row))


@router.get("/milestones/{milestoneId}")
async def get_milestone(milestone_id: MilestoneId, read: Reads) -> MilestoneAny:
    """One milestone, with both colours."""
    row = await one(read.session, _seen(read.context, withdrawn=True), milestone_id, Milestone)
    return (await _shown(read, [row]))[0]


@router.patch("/milestones/{milestoneId}")
async def change_milestone(
    milestone_id: MilestoneId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(MilestoneEdit)],
    write: Edits,
    match: IfMatch,
) -> MilestoneView:
    """Change a milestone: its forecast whenever you like, its window until the original baseline is fixed."""
    row = match.check(await actions.lock_milestone(write, milestone_id))
    body = merged(MilestoneEdit, await _full(write, row), patch)
    return await _full(write, await actions.change_milestone(write, row, columns_of(body)))


async def _page(read: Read, query: WithdrawableQuery, **parent: UUID) -> MilestonePage:
    seen = _seen(read.context, withdrawn=query.withdrawn)
    rows, cursor = await read.page(seen, query, *(seen.c[name] == value for name, value in parent.items()))
    return MilestonePage(items=await _shown(read, rows), next_cursor=cursor)


def _seen(context: ReadContext, *, withdrawn: bool) -> Any:
    """The select of visible milestones, with what their colours need of their parents; a viewer sees no colours."""
    if context.actor.role is Role.VIEWER:
        return (visible_with_withdrawn if withdrawn else visible)(Milestone, context)
    return queries.with_parent(context, withdrawn=withdrawn)


async def _shown(read: Read | Write, rows: Sequence[Mapping[str, Any]]) -> list[MilestoneAny]:
    """The milestones as the caller's role sees them, with both colours except for a viewer."""
    role = read.context.actor.role
    rows = await with_visible_links(read.session, read.context, Milestone, rows)
    if role is Role.VIEWER:
        return [MilestonePublic.of(row, window=WindowBody.from_columns("original", row)) for row in rows]
    limits = await amber_limits(read.session, read.context)
    if role is Role.SUPPLIER:
        return [MilestoneForSupplier.of(row, **_colours(row, limits, read.context)) for row in rows]
    conflicts = await _conflicts(read, rows)
    return [
        MilestoneView.of(row, conflicts=conflicts[row["id"]], **_colours(row, limits, read.context)) for row in rows
    ]


def _colours(row: Mapping[str, Any], limits: AmberLimits, context: ReadContext) -> ColourFields:
    """The colours of today, or of the day on which the lot or challenge of the milestone ended."""
    day = row["parent_ended_on"] or context.today
    return of_milestone(queries.progress_of(row), limits.on(row["of_programme"], day), day)


async def _conflicts(
    read: Read | Write, rows: Sequence[Mapping[str, Any]]
) -> defaultdict[UUID, list[MilestoneConflict]]:
    """The conflicts of the forecasts of these rows, by milestone id; without any forecast the database is not asked."""
    conflicts: defaultdict[UUID, list[MilestoneConflict]] = defaultdict(list)
    ids = [row["id"] for row in rows if row["forecast_end"] is not None]
    pairs = (await read.session.execute(queries.dependents(read.context, ids))).mappings() if ids else ()
    for pair in pairs:
        days = queries.overrun_of(pair)
        if days is not None:
            dependent = {"milestone_id": pair["dependent_id"], "title": pair["dependent_title"]}
            conflicts[pair["id"]].append(MilestoneConflict(**dependent, window_end=pair["dependent_end"], days=days))
    return conflicts


async def _full(write: Write, row: Milestone) -> MilestoneView:
    stored = await one(write.session, queries.with_parent(write.context, withdrawn=True), row.id, Milestone)
    view = (await _shown(write, [stored]))[0]
    assert isinstance(view, MilestoneView)
    return view
