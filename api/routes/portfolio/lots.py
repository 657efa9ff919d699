"""Lots, their partners and their assessors."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.access.assessors import assign, assigned_keys
from api.actions.portfolio import lots as actions
from api.actions.registers.withdrawals import withdraw
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter, WithdrawableQuery
from api.http.paths import LotId, PartnerId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.queries.portfolio import lots as queries
from api.queries.portfolio.colours import one_with_colours, with_progress
from api.schemas.assessors import AssessorsBody, AssessorsView
from api.schemas.bodies import (
    Body,
    Budget,
    Code,
    Country,
    Day,
    DeliveryConfidence,
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
from api.schemas.colours import Colours, SlipDays, of_parent
from api.schemas.references import Reference, ReferenceFilter
from api.schemas.withdrawals import Withdrawal, WithdrawalCreate, Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import visible
from domain.permissions import Permission, Role
from domain.portfolio.lots import CooperationForm, Lot, LotPartner, LotStatus, PartnerRole
from domain.registers import OperationalDomain

router = APIRouter(route_class=Route, tags=["lots"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PORTFOLIO)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_PORTFOLIO, once=True)]
ReadsPartners = Annotated[Read, RequiresRead(Permission.READ_PARTNERS)]
ReadsPartnersOnce = Annotated[Read, RequiresRead(Permission.READ_PARTNERS, once=True)]
ReadsOversight = Annotated[Read, RequiresRead(Permission.READ_OVERSIGHT)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


STATUS_SINCE = "The day of a change of status, today or an earlier day; today where it is left out"


class Cooperation(Body):
    """Countries that the lot works with, at the level of ministers and of officials."""

    ministerial: list[Country] = Field(default_factory=list, max_length=60)
    official: list[Country] = Field(default_factory=list, max_length=60)


class LotEdit(Sourced):
    """What may change of a lot; `status` only by the allowed steps."""

    code: Code = Field(examples=["APOS-K1"])
    title: Line = Field(examples=["Lange-afstandswapensystemen"])
    effect: Text | None = Field(default=None, description="The office's own summary")
    effect_published: Text | None = Field(default=None, description="The words of the source, in Dutch")
    domain: OperationalDomain | None = None
    owner_id: Identifier | None = Field(default=None, description="The organisation that owns it", examples=[None])
    period: WindowBody | None = None
    budget: Budget | None = Field(
        default=None, description="Reserved from the programme's envelope in its fund; null: not published"
    )
    status: LotStatus = LotStatus.EXPLORING
    status_since: Day | None = Field(default=None, description=STATUS_SINCE, examples=[None])
    cooperation_form: CooperationForm | None = None
    contains_ai: Flag | None = Field(default=None, description="null: not answered yet")
    principles: list[Line] = Field(default_factory=list, max_length=50)
    cooperation: Cooperation | None = None
    references: list[Reference] = Field(default_factory=list, max_length=100)
    replaced_by: Identifier | None = Field(default=None, description="The lot that takes its place", examples=[None])
    delivery_confidence: DeliveryConfidence | None = None


class LotCreate(LotEdit):
    """A new lot."""

    key: Key | None = Field(default=None, examples=["long-range"])
    programme_id: Identifier


class LotView(View):
    """A lot, with both colours."""

    id: UUID
    version: int
    key: str | None
    programme_id: UUID
    code: str
    title: str
    effect: str | None
    effect_published: str | None
    domain: OperationalDomain | None
    owner_id: UUID | None
    period: WindowBody | None
    budget: Budget | None
    status: LotStatus
    status_since: Day | None = Field(description="The day of the last change of status")
    ended_on: Day | None = Field(description="The day on which it ended, whose colours it keeps")
    has_run: bool = Field(description="Whether it has ever reached running")
    cooperation_form: CooperationForm | None
    contains_ai: bool | None
    principles: list[str]
    cooperation: Cooperation | None
    references: list[Reference]
    replaced_by: UUID | None
    delivery_confidence: DeliveryConfidence | None
    colours: Colours
    slip_days: SlipDays
    source: str | None
    note: str | None
    readings: list[str]


class LotForSupplier(View):
    """A lot as a supplier that takes part in it sees it."""

    id: UUID
    key: str | None
    programme_id: UUID
    code: str
    title: str
    status: LotStatus
    effect: str | None
    effect_published: str | None
    source: str | None


class LotPublic(View):
    """A lot as published."""

    id: UUID
    key: str | None
    code: str
    title: str
    status: LotStatus
    effect_published: str | None
    source: str


LotAny = LotView | LotForSupplier | LotPublic
NARROW: Mapping[Role, type[LotForSupplier] | type[LotPublic]] = {Role.SUPPLIER: LotForSupplier, Role.VIEWER: LotPublic}
"""The view of each role that does not see every column, and so no colours."""


class LotPage(Page[LotAny]):
    """One page of lots."""


class LotQuery(ListQuery):
    """Filters of lots."""

    TABLE = Lot

    programme_id: UUID | None = None
    status: LotStatus | None = None
    domain: OperationalDomain | None = None
    owner_id: UUID | None = None
    cooperation_form: CooperationForm | None = None
    contains_ai: bool | None = None
    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    code: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    reference: ReferenceFilter | None = None
    title: PartFilter | None = None
    sort: Literal["id", "-id", "code", "-code", "title", "-title"] = "id"


class PartnerCreate(Body):
    """A supplier's part in a lot."""

    supplier_id: Identifier
    role: PartnerRole


class PartnerEdit(Body):
    """What may change of a partner: it can be closed, never deleted."""

    ended_on: Day | None = Field(default=None, description="Last day on which it takes part, and sees the lot")


class PartnerView(View):
    """A supplier's part in a lot."""

    COMPUTES = frozenset({"supplier_name"})

    id: UUID
    version: int
    lot_id: UUID
    supplier_id: UUID
    supplier_name: str
    role: PartnerRole
    ended_on: Day | None
    withdrawn: Withdrawn | None


class PartnerPage(Page[PartnerView]):
    """One page of partners."""


class PartnerQuery(WithdrawableQuery):
    """Filters of partners."""

    supplier_id: UUID | None = None
    role: PartnerRole | None = None
    sort: Literal["id", "-id"] = "id"


@router.get("/lots")
async def list_lots(query: Annotated[LotQuery, Query()], read: Reads) -> LotPage:
    """The lots you may see.

    A supplier sees those it takes part in, an assessor those assigned to it, a viewer what is public.
    """
    narrow = NARROW.get(read.context.actor.role)
    if narrow is not None:
        rows, cursor = await read.page(visible(Lot, read.context), query)
        return LotPage(items=[narrow.of(row) for row in rows], next_cursor=cursor)
    rows, cursor = await read.page(with_progress(read.context, Lot), query)
    today = read.context.today
    return LotPage(items=[LotView.of(row, **of_parent(row, today)) for row in rows], next_cursor=cursor)


@router.post("/lots", status_code=201)
async def add_lot(body: LotCreate, write: Edits) -> LotView:
    """Add a lot, with the status that it has now."""
    return await _full(write, await actions.add_lot(write, Lot(**columns_of(body))))


@router.get("/lots/{lotId}")
async def get_lot(lot_id: LotId, read: ReadsOnce) -> LotAny:
    """One lot."""
    narrow = NARROW.get(read.context.actor.role)
    if narrow is not None:
        return narrow.of(await one(read.session, visible(Lot, read.context), lot_id, Lot))
    row = await one_with_colours(read.session, read.context, Lot, lot_id)
    return LotView.of(row, **of_parent(row, read.context.today))


@router.patch("/lots/{lotId}")
async def change_lot(
    lot_id: LotId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(LotEdit)],
    write: Edits,
    match: IfMatch,
) -> LotView:
    """Change a lot; when it first starts to run, the original baselines of its milestones are fixed.

    A lot ends by completed or terminated, and keeps the colours of that day.
    """
    row = match.check(await write.load(Lot, lot_id))
    body = merged(LotEdit, await _full(write, row), patch)
    values = {**columns_of(body), "status_since": body.status_since if patch.get("statusSince") else None}
    return await _full(write, await actions.change_lot(write, row, values))


@router.get("/lots/{lotId}/partners")
async def list_partners(lot_id: LotId, query: Annotated[PartnerQuery, Query()], read: ReadsPartners) -> PartnerPage:
    """The partners of a lot. A supplier sees its own part, and those of others who consented to it."""
    await one(read.session, visible(Lot, read.context), lot_id, Lot)
    seen = queries.partners(read.context, withdrawn=query.withdrawn)
    rows, cursor = await read.page(seen, query, seen.c.lot_id == lot_id)
    return PartnerPage(items=[PartnerView.of(row) for row in rows], next_cursor=cursor)


@router.post("/lots/{lotId}/partners", status_code=201)
async def add_partner(lot_id: LotId, body: PartnerCreate, write: Edits) -> PartnerView:
    """Let a supplier take part in a lot; from then on it sees the lot."""
    row = await actions.add_partner(write, LotPartner(lot_id=lot_id, **columns_of(body)))
    return PartnerView.of(
        await one(write.session, queries.partners(write.context, withdrawn=False), row.id, LotPartner)
    )


@router.get("/lots/{lotId}/partners/{partnerId}")
async def get_partner(lot_id: LotId, partner_id: PartnerId, read: ReadsPartnersOnce) -> PartnerView:
    """One partner of a lot."""
    seen = queries.partners(read.context, withdrawn=True)
    return PartnerView.of(await one(read.session, seen, partner_id, LotPartner, lot_id=lot_id))


@router.patch("/lots/{lotId}/partners/{partnerId}")
async def change_partner(
    lot_id: LotId,
    partner_id: PartnerId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(PartnerEdit)],
    write: Edits,
    match: IfMatch,
) -> PartnerView:
    """Close a supplier's part in a lot, or open it again."""
    row = match.check(await write.load(LotPartner, partner_id, lot_id=lot_id))
    seen = queries.partners(write.context, withdrawn=False)
    body = merged(PartnerEdit, PartnerView.of(await one(write.session, seen, row.id, LotPartner)), patch)
    await write.update_if_changed(row, columns_of(body))
    return PartnerView.of(await one(write.session, seen, row.id, LotPartner))


@router.post("/lots/{lotId}/partners/{partnerId}/withdrawals", status_code=201)
async def withdraw_partner(lot_id: LotId, partner_id: PartnerId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a partner that was entered in error: it never took part, and no longer sees the lot."""
    row = await write.load(LotPartner, partner_id, lot_id=lot_id)
    return Withdrawal.of_row(await withdraw(write, row, body.model_dump()))


@router.get("/lots/{lotId}/assessors")
async def get_lot_assessors(lot_id: LotId, read: ReadsOversight) -> AssessorsView:
    """The assessors assigned to a lot; its ETag is the lot's."""
    lot = await read.load(Lot, lot_id)
    return AssessorsView(key_ids=await assigned_keys(read.session, read.context, lot), version=lot.version)


@router.put("/lots/{lotId}/assessors")
async def assign_lot_assessors(lot_id: LotId, body: AssessorsBody, write: Edits, match: IfMatch) -> AssessorsView:
    """Assign these assessors, and no others, to a lot. Takes the lot's ETag and raises its version."""
    lot = match.check(await write.load(Lot, lot_id))
    return AssessorsView(key_ids=await assign(write, lot, body.key_ids), version=lot.version + 1)


async def _full(write: Write, row: Lot) -> LotView:
    shown = await one_with_colours(write.session, write.context, Lot, row.id)
    return LotView.of(shown, **of_parent(shown, write.today))
