"""Waivers of knock-outs: proposed by one actor of the office, confirmed by another, and never changed.

All who may see the declaration see them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.actions.declarations import waivers as actions
from api.http.auth import FourEyes, Read, ReadBeforeWrite, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import DeclarationId, WaiverId
from api.http.route import Route
from api.queries.declarations import waivers as queries
from api.schemas.bodies import Body, Day, Line, Reason, Text, View, columns_of
from api.schemas.declarations import ComponentKey
from api.store.ledger import Write
from api.store.loading import one
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.waivers import Waiver
from domain.permissions import Permission
from domain.scoring.inputs import DimensionName
from domain.scoring.results import KnockOutCode, ScoreKnockOut

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS, once=True)]
Waives = Annotated[Write, RequiresWrite(Permission.WAIVE_KNOCK_OUTS)]


class WaiverCreate(Body):
    """The decision that a knock-out does not count: by whom, why, until when, and what is done in the meantime."""

    code: KnockOutCode = Field(description="Only KO-1, concern, can be waived")
    component_key: ComponentKey | None = Field(default=None, description="What has the knock-out: this, or a dimension")
    dimension: DimensionName | None = Field(default=None, examples=[None])
    authority: Line = Field(examples=["Stuurgroep APOS, 20 november 2026"])
    reason: Reason = Field(examples=["There is no other source before the summer."])
    expires_on: Day = Field(description="The last day on which it holds", examples=["2027-06-30"])
    alternative_trajectory: Text = Field(examples=["A second source is qualified in the spring of 2027."])


class WaiverView(View):
    """A waiver as it was proposed; of several confirmed ones for one knock-out, the newest in force counts."""

    COMPUTES = frozenset({"confirmed_at"})

    id: UUID
    version: int
    declaration_id: UUID
    code: KnockOutCode
    component_key: str | None
    dimension: DimensionName | None
    authority: str
    reason: str
    expires_on: Day
    alternative_trajectory: str
    recorded_at: datetime
    confirmed_at: datetime | None = Field(
        description="When another actor confirmed it; null while it is only proposed and counts for nothing"
    )


class WaiverPage(Page[WaiverView]):
    """One page of waivers."""


class WaiverQuery(ListQuery):
    """Paging of waivers."""

    sort: Literal["id", "-id"] = "id"


async def _knock_outs(declaration_id: DeclarationId, read: ReadBeforeWrite) -> Sequence[ScoreKnockOut] | None:
    return await actions.knock_outs_today(read.session, read.context, declaration_id)


@router.get("/origin-declarations/{declarationId}/waivers")
async def list_waivers(
    declaration_id: DeclarationId, query: Annotated[WaiverQuery, Query()], read: Reads
) -> WaiverPage:
    """Every waiver of a declaration's knock-outs, proposed and expired ones included, in the order of recording."""
    await read.load(OriginDeclaration, declaration_id)
    seen = queries.waivers(read.context)
    rows, cursor = await read.page(seen, query, seen.c.declaration_id == declaration_id)
    return WaiverPage(items=[WaiverView.of(row) for row in rows], next_cursor=cursor)


@router.post("/origin-declarations/{declarationId}/waivers", status_code=201)
async def waive_knock_out(
    declaration_id: DeclarationId,
    body: WaiverCreate,
    knock_outs: Annotated[Sequence[ScoreKnockOut] | None, Depends(_knock_outs)],
    write: Waives,
    four_eyes: FourEyes,
) -> WaiverView:
    """Propose to waive a concern of a submitted declaration, at one component or in one dimension.

    It counts for nothing until another actor confirms it (`/waivers/{waiverId}/confirmations`). From then on every score
    shows the waiver, on reference dates up to `expiresOn`. It changes the fictitious price and no other figure, and does
    not hold for the next revision. A longer one may follow; the newest in force counts.
    """
    row = Waiver(declaration_id=declaration_id, recorded_at=write.now, **columns_of(body))
    row = await actions.waive(write, row, knock_outs, four_eyes=four_eyes)
    return WaiverView.of(await one(write.session, queries.waivers(write.context), row.id, Waiver))


@router.get("/origin-declarations/{declarationId}/waivers/{waiverId}")
async def get_waiver(declaration_id: DeclarationId, waiver_id: WaiverId, read: ReadsOnce) -> WaiverView:
    """One waiver."""
    seen = queries.waivers(read.context)
    return WaiverView.of(await one(read.session, seen, waiver_id, Waiver, declaration_id=declaration_id))
