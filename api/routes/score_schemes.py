"""Score schemes: the versions of the bonus-malus scheme, whole, for everyone to compute with."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth import Read, Reading
from api.bodies import View
from api.pagination import ListQuery, Page
from api.paths import SchemeId
from api.queries import score_schemes as queries
from api.reader import one
from api.route import Route
from domain.permissions import Permission
from domain.score_schemes import ScoreScheme

router = APIRouter(route_class=Route, tags=["score-schemes"])
Reads = Annotated[Read, Reading(Permission.READ_REGISTERS)]


class SchemeView(View):
    """A version of the scheme; its digest is the SHA-256 of the document's JSON with sorted keys and no spaces."""

    id: UUID
    version: int
    scheme_version: str = Field(examples=["BM-1.0"])
    country_list_version: str = Field(examples=["CL-2026-11"])
    algorithm: str = Field(examples=["bm1"])
    status: str = Field(examples=["proposal"])
    digest: str = Field(examples=["0" * 64])
    document: dict[str, Any] = Field(
        description="Weights, country groups and lists, evidence factors, limits", examples=[{"version": "BM-1.0"}]
    )


class SchemePage(Page[SchemeView]):
    """One page of schemes."""


class SchemeQuery(ListQuery):
    """Filters of schemes."""

    scheme_version: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9._-]*$")
    sort: Literal["id", "-id", "schemeVersion", "-schemeVersion"] = "id"


@router.get("/score-schemes")
async def list_score_schemes(query: Annotated[SchemeQuery, Query()], read: Reads) -> SchemePage:
    """The versions of the bonus-malus scheme; their numbers are proposals, because the letters give none."""
    rows, cursor = await read.page(queries.schemes(read.reader), query)
    return SchemePage(items=[SchemeView.of(row) for row in rows], next_cursor=cursor)


@router.get("/score-schemes/{schemeId}")
async def get_score_scheme(scheme_id: SchemeId, read: Reads) -> SchemeView:
    """One version of the scheme, whole."""
    return SchemeView.of(await one(read.session, queries.schemes(read.reader), scheme_id, ScoreScheme))
