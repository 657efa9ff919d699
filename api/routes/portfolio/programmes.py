"""Programmes and their settings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.portfolio import programmes as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import ProgrammeId, SettingsId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import (
    Body,
    Budget,
    Code,
    Count,
    Day,
    Key,
    Line,
    PublishedBudget,
    Sourced,
    Text,
    View,
    columns_of,
)
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible
from domain.permissions import Permission
from domain.portfolio.programmes import AMBER_UP_TO_DAYS, Programme, ProgrammeSettings

router = APIRouter(route_class=Route, tags=["programmes"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_REGISTERS, once=True)]
ReadsSettings = Annotated[Read, RequiresRead(Permission.READ_OVERSIGHT)]
ReadsSettingsOnce = Annotated[Read, RequiresRead(Permission.READ_OVERSIGHT, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class ProgrammeEdit(Sourced):
    """What may change of a programme."""

    code: Code = Field(examples=["APOS"])
    title: Line = Field(examples=["Actieplan Productiezekerheid Onbemenste Systemen"])
    purpose: Text | None = None
    action_lines: list[Line] = Field(default_factory=list, max_length=50)
    budget: Budget | None = Field(default=None, description="With its fund; null: not published")


class ProgrammeCreate(ProgrammeEdit):
    """A new programme."""

    key: Key | None = Field(default=None, examples=["apos"])


class ProgrammeView(View):
    """A programme."""

    id: UUID
    version: int
    key: str | None
    code: str
    title: str
    purpose: str | None
    action_lines: list[str]
    budget: Budget | None
    source: str | None
    note: str | None
    readings: list[str]


class ProgrammePublic(View):
    """A programme as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    code: str
    title: str
    purpose: str | None
    action_lines: list[str]
    budget: PublishedBudget | None
    source: str | None
    readings: list[str]


ProgrammeAny = ProgrammeView | ProgrammePublic


class ProgrammePage(Page[ProgrammeAny]):
    """One page of programmes."""


class ProgrammeQuery(ListQuery):
    """Filters of programmes."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    code: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "code", "-code", "title", "-title"] = "id"


class SettingsCreate(Body):
    """Settings from a day on, until later ones."""

    effective_on: Day = Field(examples=["2027-01-01"])
    amber_up_to_days: Count = Field(default=AMBER_UP_TO_DAYS, description="Slip up to here is amber, beyond it red")
    envelope: Budget | None = Field(
        default=None, description="What lots and challenges may reserve in its fund; null: the budget"
    )


class SettingsView(View):
    """Settings as they were recorded; of those in effect, the latest apply."""

    id: UUID
    version: int
    programme_id: UUID
    effective_on: Day
    amber_up_to_days: int
    envelope: Budget | None
    recorded_at: datetime


class SettingsPage(Page[SettingsView]):
    """One page of settings."""


class SettingsQuery(ListQuery):
    """Paging of settings."""

    sort: Literal["id", "-id", "effectiveOn", "-effectiveOn"] = "id"


@router.get("/programmes")
async def list_programmes(query: Annotated[ProgrammeQuery, Query()], read: Reads) -> ProgrammePage:
    """The programmes."""
    rows, cursor = await read.page(visible(Programme, read.context), query)
    return ProgrammePage(items=[_shown(read, row) for row in rows], next_cursor=cursor)


@router.post("/programmes", status_code=201)
async def add_programme(body: ProgrammeCreate, write: Edits) -> ProgrammeView:
    """Add a programme. Its budget names its fund: it is the envelope of the programme's lots and challenges."""
    return ProgrammeView.of(await actions.add_programme(write, Programme(**columns_of(body))))


@router.get("/programmes/{programmeId}")
async def get_programme(programme_id: ProgrammeId, read: ReadsOnce) -> ProgrammeAny:
    """One programme."""
    return _shown(read, await one(read.session, visible(Programme, read.context), programme_id, Programme))


@router.patch("/programmes/{programmeId}")
async def change_programme(
    programme_id: ProgrammeId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(ProgrammeEdit)],
    write: Edits,
    match: IfMatch,
) -> ProgrammeView:
    """Change a programme; a budget that serves as envelope holds what is reserved in its fund already."""
    row = match.check(await write.load(Programme, programme_id))
    body = merged(ProgrammeEdit, ProgrammeView.of(row), patch)
    return ProgrammeView.of(await actions.change_programme(write, row, columns_of(body)))


@router.get("/programmes/{programmeId}/settings")
async def list_settings(
    programme_id: ProgrammeId, query: Annotated[SettingsQuery, Query()], read: ReadsSettings
) -> SettingsPage:
    """All settings of a programme, with their dates of effect."""
    await read.load(Programme, programme_id)
    seen = visible(ProgrammeSettings, read.context)
    rows, cursor = await read.page(seen, query, seen.c.programme_id == programme_id)
    return SettingsPage(items=[SettingsView.of(row) for row in rows], next_cursor=cursor)


@router.post("/programmes/{programmeId}/settings", status_code=201)
async def add_settings(programme_id: ProgrammeId, body: SettingsCreate, write: Edits) -> SettingsView:
    """Set thresholds and envelope from a day on; today at the earliest, so that no colour of the past changes.

    An envelope names its fund, and holds what lots and challenges reserve in it already.
    """
    row = ProgrammeSettings(programme_id=programme_id, recorded_at=write.now, **columns_of(body))
    return SettingsView.of(await actions.add_settings(write, row))


@router.get("/programmes/{programmeId}/settings/{settingsId}")
async def get_settings(programme_id: ProgrammeId, settings_id: SettingsId, read: ReadsSettingsOnce) -> SettingsView:
    """One row of settings."""
    return SettingsView.of(await read.load(ProgrammeSettings, settings_id, programme_id=programme_id))


def _shown(read: Read, row: Mapping[str, Any]) -> ProgrammeAny:
    view = ProgrammePublic if read.context.actor.role in OUTSIDE_ROLES else ProgrammeView
    return view.of(row)
