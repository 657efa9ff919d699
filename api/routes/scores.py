"""Scores: of a submitted declaration, and of one that somebody only asks about.

They are worked out and written in a thread: a large system has tens of thousands of lines.
"""

from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions import scores as actions
from api.actions.scores import Question, Written, question_of
from api.auth import Asking, Read, Reading
from api.bodies import Body, Composite, Country, Day, ExactAmount, View, columns_of
from api.declarations import Component, Components, ScoringProfileBody, Stated, given_lines
from api.documents import document
from api.media import JSON
from api.paths import DeclarationId
from api.route import Route
from domain.components import MAX_COMPONENTS
from domain.declarations import OriginDeclaration, system_of
from domain.permissions import Permission
from domain.scoring.bm1.results import EuropeanVerdict, KnockOutCode, Reason, Verdict
from domain.scoring.inputs import DimensionName, EvidenceLevel
from domain.scoring_profiles import profile_of

router = APIRouter(route_class=Route)
Reads = Annotated[Read, Reading(Permission.READ_DECLARATIONS)]
Previews = Annotated[Read, Asking(Permission.PREVIEW_SCORES)]
FIGURE = Field(examples=["87.5000"])


class Points(View):
    """Points won per criterion; together they are the score before rounding, 100 at most."""

    made_in: str = FIGURE
    control: str = FIGURE
    licence: str = FIGURE
    export_regime: str = FIGURE
    supply: str = FIGURE
    dimensions: str = FIGURE
    design_authority: str = FIGURE


class KnockOutWaiver(View):
    """Why a knock-out does not count, until which day."""

    authority: str
    reason: str
    expires_on: Day
    alternative_trajectory: str


class KnockOut(View):
    """What stands in the way whatever the score is: a concern, an answer that is missing, or the prime."""

    code: KnockOutCode
    reason: Reason
    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None
    waiver: KnockOutWaiver | None = None


class OriginShare(View):
    """The share of T made inside, in percent: proven, declared, and at most; and what decides the verdict."""

    proven: str | None = FIGURE
    declared: str | None = FIGURE
    upper_bound: str | None = FIGURE
    verdict: Verdict
    decided_by: list[str] = Field(description="Keys of the components that would decide it, costliest first")


class OriginShares(View):
    """EDIP counts the EU and associated countries as inside, SAFE Ukraine too."""

    edip: OriginShare
    safe: OriginShare


class Holder(View):
    """A country of ultimate control; null: unknown."""

    country: Country | None
    share: str = FIGURE


class Concentration(View):
    """How much of the value few countries control; the index runs from 0 to 10000."""

    hhi: str | None = Field(examples=["5450.0000"])
    largest_outside: Holder | None


class Cause(View):
    """Why points were won or lost, as a code and in words."""

    code: str = Field(examples=["residual"])
    text: str


class ExplanationLine(View):
    """Points won and lost by a component, a dimension or a group; the lines add up to the score."""

    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None
    criterion: Literal["madeIn", "control", "licence", "exportRegime", "supply", "dimensions", "designAuthority"]
    won: str = FIGURE
    lost: str = FIGURE
    cause: Cause
    evidence_level: EvidenceLevel | None = None


class FictitiousPrice(Composite):
    """A price to compare offers by; with a reference amount it can be below nothing."""

    SUFFIXES: ClassVar[dict[str, str]] = {"amount": "_cents"}

    amount: str = Field(pattern=r"^-?(0|[1-9][0-9]{0,16})\.[0-9]{2}$", examples=["963800.00"])
    currency: Literal["EUR"] = "EUR"
    qualifier: Literal["exact"] = "exact"


class ScoreView(View):
    """A score with its working. Figures are decimal strings; null where the system cannot be assessed."""

    OMITS: ClassVar = frozenset({"id", "version", "declaration_id", "total_cents", "declared_cents", "digest"})
    COMPUTES: ClassVar = frozenset({"explanation"})

    scheme_version: str = Field(examples=["BM-1.0"])
    country_list_version: str = Field(examples=["CL-2026-11"])
    reference_date: Day
    score: str | None = Field(examples=["68.1"])
    adjustment_percent: str = Field(description="Bonus over 0, malus below", examples=["3.62"])
    fictitious_price: FictitiousPrice | None = Field(
        description="null without a price, or with a knock-out that stands"
    )
    points: Points | None
    knock_outs: list[KnockOut]
    origin_shares: OriginShares
    european_verdict: EuropeanVerdict
    concentration: Concentration
    completeness: str | None = FIGURE
    confidence: str | None = FIGURE
    explanation: list[ExplanationLine]


class ScoreQuery(BaseModel):
    """The day to score on."""

    model_config = ConfigDict(extra="forbid")

    reference_date: Day | None = Field(
        default=None, alias="referenceDate", description="Another day than that of the submission, the future too"
    )


class PreviewDeclaration(Stated):
    """A declaration without ids and price."""

    components: Components = Field(default_factory=list)


class PreviewCreate(Body):
    """What to score, and on what."""

    profile: ScoringProfileBody
    declaration: PreviewDeclaration
    price: ExactAmount | None = None
    reference_date: Day | None = Field(default=None, description="Today, where it is left out")


def _question_of(body: PreviewCreate) -> Question:
    declared = columns_of(body.declaration)
    given = given_lines(declared.pop("components"))
    return question_of(
        profile=profile_of(columns_of(body.profile)),
        system=system_of(declared, given.components),
        faults=given.faults,
        price_cents=None if body.price is None else body.price.to_columns("price")["price_cents"],
        day=body.reference_date,
    )


QuestionBody = Annotated[
    Question,
    document(PreviewCreate, _question_of, lines=("declaration", "components"), each=Component, most=MAX_COMPONENTS),
]


@router.get(
    "/origin-declarations/{declarationId}/score",
    response_model=ScoreView,
    openapi_extra={"x-problems": [409]},
    tags=["origin-declarations"],
)
async def get_score(declaration_id: DeclarationId, query: Annotated[ScoreQuery, Query()], read: Reads) -> Response:
    """The score that was stored when the declaration was submitted, or that of another day.

    Evidence expires, so a later day may score less. The stored score keeps its figures whatever scheme is newest.
    """
    declaration = await read.load(OriginDeclaration, declaration_id)
    body = await actions.score_of(read.session, read.reader, declaration, query.reference_date)
    return _answer(body)


@router.post("/score-previews", response_model=ScoreView, status_code=200, tags=["score-previews"])
async def preview_score(body: QuestionBody, read: Previews) -> Response:
    """What a declaration would score. Nothing is stored, and nobody else sees it."""
    return _answer(await actions.preview(read.session, read.reader, body))


def _answer(written: Written) -> Response:
    return Response(written.body, media_type=JSON, headers={"ETag": f'"{written.digest[:16]}"'})
