"""Confirmations of waivers: by another actor than the one that proposed the waiver, which counts from then on."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from api.actions.declarations import waivers as actions
from api.http.auth import FourEyes, Read, RequiresRead, RequiresWrite
from api.http.operation import may_answer
from api.http.pagination import ListQuery, Page
from api.http.paths import ConfirmationId, WaiverId
from api.http.route import Route
from api.schemas.bodies import Body, View
from api.store.ledger import Write
from api.store.visibility import visible
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS, once=True)]
Waives = Annotated[Write, RequiresWrite(Permission.WAIVE_KNOCK_OUTS)]


class WaiverConfirmationCreate(Body):
    """A confirmation says nothing more: send an empty object."""


class WaiverConfirmationView(View):
    """When a waiver was confirmed."""

    id: UUID
    version: int
    waiver_id: UUID
    confirmed_at: datetime


class WaiverConfirmationPage(Page[WaiverConfirmationView]):
    """One page of confirmations."""


class WaiverConfirmationQuery(ListQuery):
    """Paging of confirmations."""

    sort: Literal["id", "-id"] = "id"


@router.get("/waivers/{waiverId}/confirmations")
async def list_waiver_confirmations(
    waiver_id: WaiverId, query: Annotated[WaiverConfirmationQuery, Query()], read: Reads
) -> WaiverConfirmationPage:
    """The confirmation of a waiver, if it was confirmed."""
    await read.load(Waiver, waiver_id)
    seen = visible(WaiverConfirmation, read.context)
    rows, cursor = await read.page(seen, query, seen.c.waiver_id == waiver_id)
    return WaiverConfirmationPage(items=[WaiverConfirmationView.of(row) for row in rows], next_cursor=cursor)


@router.post("/waivers/{waiverId}/confirmations", status_code=201, responses=may_answer(409))
async def confirm_waiver(
    waiver_id: WaiverId, body: WaiverConfirmationCreate, write: Waives, four_eyes: FourEyes
) -> WaiverConfirmationView:
    """Confirm a waiver that another actor proposed; from then on every score counts it.

    409 for a waiver that you proposed yourself, that was confirmed already, or that has expired.
    """
    return WaiverConfirmationView.of(await actions.confirm(write, waiver_id, four_eyes=four_eyes))


@router.get("/waivers/{waiverId}/confirmations/{confirmationId}")
async def get_waiver_confirmation(
    waiver_id: WaiverId, confirmation_id: ConfirmationId, read: ReadsOnce
) -> WaiverConfirmationView:
    """One confirmation."""
    return WaiverConfirmationView.of(await read.load(WaiverConfirmation, confirmation_id, waiver_id=waiver_id))
