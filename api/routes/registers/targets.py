"""Targets: what the ministry aims at. A target is never enforced as a rule."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field, StrictInt

from api.actions.registers.facts import add_fact, change_fact
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, PartFilter, WithdrawableQuery
from api.http.paths import TargetId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Code, Key, Line, Sourced, View, columns_of
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible_with_withdrawn
from domain.permissions import Permission
from domain.registers import Target, TargetBound

router = APIRouter(route_class=Route, tags=["targets"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_REGISTERS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class TargetEdit(Sourced):
    """What may change of a target."""

    title: Line = Field(examples=["Gezamenlijke aanschaf"])
    bound: TargetBound
    bound_pct: Annotated[StrictInt, Field(ge=0, le=100, description="Whole percent", examples=[40])]
    definition_version: Code = Field(description="What exactly is measured", examples=["letters-2026"])


class TargetCreate(TargetEdit):
    """A new target."""

    key: Key | None = Field(default=None, examples=["joint-share"])


class TargetView(View):
    """A target, as its source states it."""

    id: UUID
    version: int
    key: str | None
    title: str
    bound: TargetBound
    bound_pct: int
    definition_version: str
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class TargetPublic(View):
    """A target as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    title: str
    bound: TargetBound
    bound_pct: int
    definition_version: str
    source: str | None
    readings: list[str]


TargetAny = TargetView | TargetPublic


class TargetPage(Page[TargetAny]):
    """One page of targets."""


class TargetQuery(WithdrawableQuery):
    """Filters of targets."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    bound: TargetBound | None = None
    definition_version: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9._-]*$")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "title", "-title"] = "id"


@router.get("/targets")
async def list_targets(query: Annotated[TargetQuery, Query()], read: Reads) -> TargetPage:
    """What the ministry aims at, as the replies to parliament state it."""
    rows, cursor = await read.page(query.visible(Target, read.context), query)
    return TargetPage(items=[_shown(read, row) for row in rows], next_cursor=cursor)


@router.post("/targets", status_code=201)
async def add_target(body: TargetCreate, write: Edits) -> TargetView:
    """Add a target."""
    return TargetView.of(await add_fact(write, Target(**columns_of(body))))


@router.get("/targets/{targetId}")
async def get_target(target_id: TargetId, read: ReadsOnce) -> TargetAny:
    """One target."""
    return _shown(read, await one(read.session, visible_with_withdrawn(Target, read.context), target_id, Target))


@router.patch("/targets/{targetId}")
async def change_target(
    target_id: TargetId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(TargetEdit)],
    write: Edits,
    match: IfMatch,
) -> TargetView:
    """Correct a target."""
    row = match.check(await write.load(Target, target_id))
    body = merged(TargetEdit, TargetView.of(row), patch)
    return TargetView.of(await change_fact(write, row, columns_of(body)))


def _shown(read: Read, row: Mapping[str, Any]) -> TargetAny:
    view = TargetPublic if read.context.actor.role in OUTSIDE_ROLES else TargetView
    return view.of(row)
