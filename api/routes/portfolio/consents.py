"""Consents of suppliers to be named: given by the supplier itself, or recorded for it by the office."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.portfolio import suppliers as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page
from api.http.paths import ConsentId, SupplierId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Body, Day, Text, View, columns_of
from api.store.ledger import Write
from api.store.visibility import visible
from domain.permissions import Permission
from domain.portfolio.consents import Consent, ConsentScope
from domain.portfolio.suppliers import Supplier

router = APIRouter(route_class=Route, tags=["suppliers"])
Reads = Annotated[Read, RequiresRead(Permission.READ_CONSENTS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_CONSENTS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_CONSENTS)]


class ConsentEdit(Body):
    """What may change of a consent: it can be withdrawn, for good; it is never deleted."""

    withdrawn_on: Day | None = Field(default=None, description="From this day it no longer holds")
    note: Text | None = None


class ConsentCreate(Body):
    """A new consent."""

    scope: ConsentScope = Field(description="To whom: everybody, or the other partners of its lots")
    given_on: Day = Field(description="The day on which it was given")
    note: Text | None = Field(default=None, description="How it was given")


class ConsentView(View):
    """A supplier's consent to be named; it holds while `withdrawnOn` is null."""

    id: UUID
    version: int
    supplier_id: UUID
    scope: ConsentScope
    given_on: Day
    withdrawn_on: Day | None
    note: str | None


class ConsentPage(Page[ConsentView]):
    """One page of consents."""


class ConsentQuery(ListQuery):
    """Filters of the consents of one supplier."""

    scope: ConsentScope | None = None
    sort: Literal["id", "-id"] = "id"


@router.get("/suppliers/{supplierId}/consents")
async def list_consents(supplier_id: SupplierId, query: Annotated[ConsentQuery, Query()], read: Reads) -> ConsentPage:
    """What a supplier has consented to, and what it withdrew."""
    await read.load(Supplier, supplier_id)
    seen = visible(Consent, read.context)
    rows, cursor = await read.page(seen, query, seen.c.supplier_id == supplier_id)
    return ConsentPage(items=[ConsentView.of(row) for row in rows], next_cursor=cursor)


@router.post("/suppliers/{supplierId}/consents", status_code=201)
async def add_consent(supplier_id: SupplierId, body: ConsentCreate, write: Edits) -> ConsentView:
    """Consent to be named.

    In public: the name and country of the supplier are public from now on. To lot partners: the other partners of its
    lots see that it takes part, and its name.
    """
    return ConsentView.of(await actions.add_consent(write, Consent(supplier_id=supplier_id, **columns_of(body))))


@router.get("/suppliers/{supplierId}/consents/{consentId}")
async def get_consent(supplier_id: SupplierId, consent_id: ConsentId, read: ReadsOnce) -> ConsentView:
    """One consent."""
    return ConsentView.of(await read.load(Consent, consent_id, supplier_id=supplier_id))


@router.patch("/suppliers/{supplierId}/consents/{consentId}")
async def change_consent(
    supplier_id: SupplierId,
    consent_id: ConsentId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(ConsentEdit)],
    write: Edits,
    match: IfMatch,
) -> ConsentView:
    """Withdraw a consent: from now on, those who could see the name because of it no longer can."""
    supplier, row = await actions.lock_consent(write, supplier_id, consent_id)
    body = merged(ConsentEdit, ConsentView.of(match.check(row)), patch)
    return ConsentView.of(await actions.change_consent(write, supplier, row, columns_of(body)))
