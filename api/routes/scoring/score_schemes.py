"""Score schemes: the versions of the bonus-malus scheme, complete so that anyone can compute with them, and their dates."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.actions.scoring import score_schemes as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import PublicationId, SchemeId
from api.http.route import Route
from api.queries.scoring import score_schemes as queries
from api.schemas.bodies import Body, Day, Line, Reason, View, columns_of
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import visible
from domain.permissions import Permission
from domain.scoring.score_schemes import SchemePublication, ScoreScheme

router = APIRouter(route_class=Route, tags=["score-schemes"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PUBLISHED)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_PUBLISHED, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_SCHEMES)]
EXAMPLE = {
    "version": "BM-1.1",
    "algorithm": "bm1",
    "status": "proposal",
    "weights": {
        "madeIn": 25,
        "control": 15,
        "licence": 10,
        "exportRegime": 10,
        "supply": 15,
        "dimensions": 20,
        "designAuthority": 5,
    },
    "valuePart": "1/2",
    "secondSourcePart": "1/2",
    "evidenceFactors": {"none": 0, "selfDeclared": "1/2", "document": "4/5", "audited": 1},
    "countryLists": {
        "version": "CL-2027-01",
        "compiledOn": "2026-11-20",
        "lists": {
            "eu": {"title": "Member states", "asOf": "2026-11-20", "countries": ["BE", "DE", "FR", "NL"]},
            "concern": {"title": "Countries of concern", "asOf": "2026-11-20", "countries": ["CN", "RU"]},
        },
    },
    "euList": "eu",
    "countryGroups": {
        "G1": {"lists": ["eu"], "score": 100, "partial": 100, "decisive": 100},
        "G2": {"lists": [], "score": 80, "partial": 80, "decisive": 40},
        "G3": {"lists": [], "score": 50, "partial": 60, "decisive": 20},
        "G4": {"score": 25, "partial": 40, "decisive": 10},
        "D": {"lists": ["concern"], "score": 0, "partial": 0, "decisive": 0},
        "U": {"score": 0, "partial": 0, "decisive": 0},
    },
    "noneScore": 100,
    "designAuthorityScores": {"both": 100, "one": 50, "neither": 0},
    "adjustment": {"neutralScore": 50, "capDefaultPercent": 10, "capLimitPercent": 50},
    "limits": {
        "residualPercent": 5,
        "insideSharePercent": 65,
        "outsideLicencePercent": 35,
        "declaredFactor": "1/2",
        "provenFactor": "4/5",
        "decidedByAtMost": 10,
    },
    "originShares": {"edip": ["G1"], "safe": ["G1", "G2"]},
}
"""A scheme that could be proposed; a real one has longer lists."""
DOCUMENT = "Weights, country groups and lists, evidence factors, limits"


class SchemeCreate(Body):
    """A new scheme: its complete document, in the same form as an existing one."""

    document: dict[str, Any] = Field(description=DOCUMENT, examples=[EXAMPLE])


class SchemeView(View):
    """A version of the scheme; its digest is the SHA-256 of the document's JSON with sorted keys and no spaces."""

    id: UUID
    version: int
    scheme_version: str = Field(examples=["BM-1.0"])
    country_list_version: str = Field(examples=["CL-2026-11"])
    algorithm: str = Field(examples=["bm1"])
    status: str = Field(examples=["proposal"])
    digest: str = Field(examples=["0" * 64])
    document: dict[str, Any] = Field(description=DOCUMENT, examples=[{"version": "BM-1.0"}])
    effective_on: Day | None = Field(
        description="From this day it is in force, until a later one is; null: it is not published, and has no effect"
    )


class SchemePage(Page[SchemeView]):
    """One page of schemes."""


class SchemeQuery(ListQuery):
    """Filters of schemes."""

    scheme_version: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9._-]*$")
    sort: Literal["id", "-id", "schemeVersion", "-schemeVersion"] = "id"


class PublicationCreate(Body):
    """From when a scheme is in force, and who decided so."""

    effective_on: Day = Field(description="Today or later, and after every date that was published before")
    authority: Line = Field(examples=["Stuurgroep APOS, 2026-11-20"])
    reason: Reason


class PublicationView(View):
    """A scheme takes effect on a day. It is published once, and never withdrawn: a later one takes its place."""

    id: UUID
    version: int
    scheme_id: UUID
    effective_on: Day
    authority: str
    reason: str
    published_at: datetime


class PublicationPage(Page[PublicationView]):
    """One page of publications."""


class PublicationQuery(ListQuery):
    """Paging of publications."""

    sort: Literal["id", "-id"] = "id"


@router.get("/score-schemes")
async def list_score_schemes(query: Annotated[SchemeQuery, Query()], read: Reads) -> SchemePage:
    """The versions of the bonus-malus scheme; their numbers are proposals, because the letters give none."""
    rows, cursor = await read.page(queries.schemes(read.context), query)
    return SchemePage(items=[SchemeView.of(row) for row in rows], next_cursor=cursor)


@router.post("/score-schemes", status_code=201)
async def add_score_scheme(body: SchemeCreate, write: Edits) -> SchemeView:
    """Propose the next scheme.

    It never changes, and has no effect until it is published: simulate it first. A score preview may name its version
    already.
    """
    return SchemeView.of(await actions.add_scheme(write, body.document), effective_on=None)


@router.get("/score-schemes/{schemeId}")
async def get_score_scheme(scheme_id: SchemeId, read: ReadsOnce) -> SchemeView:
    """One version of the scheme, whole."""
    return SchemeView.of(await one(read.session, queries.schemes(read.context), scheme_id, ScoreScheme))


@router.get("/score-schemes/{schemeId}/publications")
async def list_scheme_publications(
    scheme_id: SchemeId, query: Annotated[PublicationQuery, Query()], read: Reads
) -> PublicationPage:
    """The publication of a scheme, if it was published."""
    await read.load(ScoreScheme, scheme_id)
    seen = visible(SchemePublication, read.context)
    rows, cursor = await read.page(seen, query, seen.c.scheme_id == scheme_id)
    return PublicationPage(items=[PublicationView.of(row) for row in rows], next_cursor=cursor)


@router.post("/score-schemes/{schemeId}/publications", status_code=201)
async def publish_score_scheme(scheme_id: SchemeId, body: PublicationCreate, write: Edits) -> PublicationView:
    """Publish a scheme: from its date of effect on, new scores are worked out under it.

    A lot or challenge for which a declaration has been scored keeps the scheme of its first score.
    """
    row = SchemePublication(scheme_id=scheme_id, published_at=write.now, **columns_of(body))
    return PublicationView.of(await actions.publish_scheme(write, row))


@router.get("/score-schemes/{schemeId}/publications/{publicationId}")
async def get_scheme_publication(
    scheme_id: SchemeId, publication_id: PublicationId, read: ReadsOnce
) -> PublicationView:
    """One publication."""
    return PublicationView.of(await read.load(SchemePublication, publication_id, scheme_id=scheme_id))
