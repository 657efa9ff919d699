"""Reviews of submitted declarations: accepted, or returned with remarks per component."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.actions.declarations import origin_declarations as actions
from api.http.auth import FourEyes, Read, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import DeclarationId, ReviewId
from api.http.route import Route
from api.schemas.bodies import Body, Reason, Text, View, columns_of
from api.schemas.declarations import ComponentKey
from api.store.ledger import Write
from api.store.visibility import visible
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.reviews import Review, ReviewVerdict
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS, once=True)]
Reviews = Annotated[Write, RequiresWrite(Permission.REVIEW_DECLARATIONS)]


class Remark(Body):
    """What must be corrected in one component."""

    component_key: ComponentKey = Field(examples=["radio"])
    remark: Reason = Field(examples=["The certificate is of another part number."])


class ReviewCreate(Body):
    """The verdict on a declaration, and why."""

    verdict: ReviewVerdict
    narrative: Text
    remarks: list[Remark] = Field(default_factory=list, max_length=1000)


class ReviewView(View):
    """A review as it was recorded."""

    id: UUID
    version: int
    declaration_id: UUID
    verdict: ReviewVerdict
    narrative: str
    remarks: list[Remark]
    reviewed_at: datetime


class ReviewPage(Page[ReviewView]):
    """One page of reviews."""


class ReviewQuery(ListQuery):
    """Paging of reviews."""

    sort: Literal["id", "-id"] = "id"


@router.get("/origin-declarations/{declarationId}/reviews")
async def list_reviews(
    declaration_id: DeclarationId, query: Annotated[ReviewQuery, Query()], read: Reads
) -> ReviewPage:
    """The review of a declaration, if it was reviewed; each revision is reviewed separately."""
    await read.load(OriginDeclaration, declaration_id)
    seen = visible(Review, read.context)
    rows, cursor = await read.page(seen, query, seen.c.declaration_id == declaration_id)
    return ReviewPage(items=[ReviewView.of(row) for row in rows], next_cursor=cursor)


@router.post("/origin-declarations/{declarationId}/reviews", status_code=201)
async def review_origin_declaration(
    declaration_id: DeclarationId, body: ReviewCreate, write: Reviews, four_eyes: FourEyes
) -> ReviewView:
    """Accept a submitted declaration, or return it with remarks per component.

    An accepted declaration supersedes the one accepted before in its series; a returned one waits for its revision.
    Whoever submitted it may not review it (409). One with knock-outs that no confirmed waiver in force is of is not accepted:
    409 names them, each with its cure.
    """
    row = Review(declaration_id=declaration_id, reviewed_at=write.now, **columns_of(body))
    return ReviewView.of(await actions.review(write, declaration_id, row, four_eyes=four_eyes))


@router.get("/origin-declarations/{declarationId}/reviews/{reviewId}")
async def get_review(declaration_id: DeclarationId, review_id: ReviewId, read: ReadsOnce) -> ReviewView:
    """One review."""
    return ReviewView.of(await read.load(Review, review_id, declaration_id=declaration_id))
