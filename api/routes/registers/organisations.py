"""Ministries, services, units and institutes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.registers.facts import add_fact, change_fact
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import OrganisationId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Country, Key, Line, Sourced, View, columns_of
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible
from domain.permissions import Permission
from domain.registers import Organisation, OrganisationKind

router = APIRouter(route_class=Route, tags=["organisations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_REGISTERS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class OrganisationEdit(Sourced):
    """What may change of an organisation."""

    name: Line = Field(examples=["Commando Landstrijdkrachten"])
    country: Country | None = None
    kind: OrganisationKind


class OrganisationCreate(OrganisationEdit):
    """A new organisation."""

    key: Key | None = Field(default=None, examples=["clas"])


class OrganisationView(View):
    """An organisation."""

    id: UUID
    version: int
    key: str | None
    name: str
    country: str | None
    kind: OrganisationKind
    source: str | None
    note: str | None
    readings: list[str]


class OrganisationPublic(View):
    """An organisation as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    name: str
    country: str | None
    kind: OrganisationKind
    source: str | None
    readings: list[str]


OrganisationAny = OrganisationView | OrganisationPublic


class OrganisationPage(Page[OrganisationAny]):
    """One page of organisations."""


class OrganisationQuery(ListQuery):
    """Filters of organisations."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    kind: OrganisationKind | None = None
    name: PartFilter | None = None
    sort: Literal["id", "-id", "name", "-name"] = "id"


@router.get("/organisations")
async def list_organisations(query: Annotated[OrganisationQuery, Query()], read: Reads) -> OrganisationPage:
    """Ministries, services, units and institutes."""
    rows, cursor = await read.page(visible(Organisation, read.context), query)
    return OrganisationPage(items=[_shown(read, row) for row in rows], next_cursor=cursor)


@router.post("/organisations", status_code=201)
async def add_organisation(body: OrganisationCreate, write: Edits) -> OrganisationView:
    """Add an organisation."""
    return OrganisationView.of(await add_fact(write, Organisation(**columns_of(body))))


@router.get("/organisations/{organisationId}")
async def get_organisation(organisation_id: OrganisationId, read: ReadsOnce) -> OrganisationAny:
    """One organisation."""
    return _shown(read, await one(read.session, visible(Organisation, read.context), organisation_id, Organisation))


@router.patch("/organisations/{organisationId}")
async def change_organisation(
    organisation_id: OrganisationId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(OrganisationEdit)],
    write: Edits,
    match: IfMatch,
) -> OrganisationView:
    """Correct what is known of an organisation."""
    row = match.check(await write.load(Organisation, organisation_id))
    body = merged(OrganisationEdit, OrganisationView.of(row), patch)
    return OrganisationView.of(await change_fact(write, row, columns_of(body)))


def _shown(read: Read, row: Mapping[str, Any]) -> OrganisationAny:
    view = OrganisationPublic if read.context.actor.role in OUTSIDE_ROLES else OrganisationView
    return view.of(row)
