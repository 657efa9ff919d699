"""Trials: tests in a window at a site, for challenges and lots together."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.portfolio import trials as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, PartFilter, WithdrawableQuery
from api.http.paths import TrialId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.queries.portfolio.trials import site_clashes
from api.schemas.bodies import CalendarDay, Identifier, Key, Line, Sourced, View, WindowBody, columns_of
from api.schemas.withdrawals import Withdrawn, WithdrawnForSupplier
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible_with_withdrawn
from domain.permissions import Permission
from domain.portfolio.trials import Trial

router = APIRouter(route_class=Route, tags=["trials"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class TrialEdit(Sourced):
    """What may change of a trial."""

    title: Line = Field(examples=["Beproeving resultaten Industry Challenges"])
    window: WindowBody | None = None
    site_id: Identifier | None = Field(default=None, examples=[None])
    challenge_ids: list[Identifier] = Field(default_factory=list, max_length=50)
    lot_ids: list[Identifier] = Field(default_factory=list, max_length=50, examples=[[]])


class TrialCreate(TrialEdit):
    """A new trial."""

    key: Key | None = Field(default=None, examples=["trial-2027-q1"])


class TrialView(View):
    """A trial; the site is null where no source says which."""

    COMPUTES: ClassVar = frozenset({"site_clashes"})

    id: UUID
    version: int
    key: str | None
    title: str
    window: WindowBody | None
    site_id: UUID | None
    site_clashes: list[UUID] = Field(description="Other trials at the same site on one of the same days")
    challenge_ids: list[UUID]
    lot_ids: list[UUID]
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class TrialPublic(View):
    """A trial as suppliers and viewers see it: without the note of the office."""

    COMPUTES: ClassVar = frozenset({"site_clashes"})

    id: UUID
    key: str | None
    title: str
    window: WindowBody | None
    site_id: UUID | None
    site_clashes: list[UUID] = Field(description="Other trials at the same site on one of the same days")
    challenge_ids: list[UUID]
    lot_ids: list[UUID]
    withdrawn: WithdrawnForSupplier | None
    source: str | None
    readings: list[str]


TrialAny = TrialView | TrialPublic


class TrialPage(Page[TrialAny]):
    """One page of trials."""


class TrialQuery(WithdrawableQuery):
    """Filters of trials."""

    TABLE = Trial

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    site_id: UUID | None = None
    challenge_id: UUID | None = None
    lot_id: UUID | None = None
    window_end_from: CalendarDay | None = Field(default=None, description="Window ends on this day or later")
    window_end_before: CalendarDay | None = Field(default=None, description="Window ends before this day")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "title", "-title", "windowEnd", "-windowEnd"] = "id"


@router.get("/trials")
async def list_trials(query: Annotated[TrialQuery, Query()], read: Reads) -> TrialPage:
    """Tests in a window at a site, for challenges and lots together."""
    rows, cursor = await read.page(query.visible(Trial, read.context), query)
    return TrialPage(items=await _shown(read, rows), next_cursor=cursor)


@router.post("/trials", status_code=201)
async def add_trial(body: TrialCreate, write: Edits) -> TrialView:
    """Add a trial of one or more challenges and lots."""
    return await _one(write, await actions.add_trial(write, Trial(**columns_of(body))))


@router.get("/trials/{trialId}")
async def get_trial(trial_id: TrialId, read: Reads) -> TrialAny:
    """One trial."""
    row = await one(read.session, visible_with_withdrawn(Trial, read.context), trial_id, Trial)
    return (await _shown(read, [row]))[0]


@router.patch("/trials/{trialId}")
async def change_trial(
    trial_id: TrialId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(TrialEdit)],
    write: Edits,
    match: IfMatch,
) -> TrialView:
    """Change a trial."""
    row = match.check(await write.load(Trial, trial_id))
    body = merged(TrialEdit, await _one(write, row), patch)
    return await _one(write, await actions.change_trial(write, row, columns_of(body)))


async def _one(write: Write, row: Trial) -> TrialView:
    clashes = await site_clashes(write.session, write.context, [row.id])
    return TrialView.of(row, site_clashes=clashes.get(row.id, []))


async def _shown(read: Read, rows: Sequence[Mapping[str, Any]]) -> list[TrialAny]:
    """The trials, each with those that clash with it; nothing is refused because of them."""
    view = TrialPublic if read.context.actor.role in OUTSIDE_ROLES else TrialView
    clashes = await site_clashes(read.session, read.context, [row["id"] for row in rows])
    return [view.of(row, site_clashes=clashes.get(row["id"], [])) for row in await read.linked(Trial, rows)]
