"""Scores: of a submitted declaration, and previews that store nothing.

A score is computed and rendered in a thread, because a large system has tens of thousands of lines.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.actions.scoring import scores as actions
from api.actions.scoring.scores import RenderedScore, ScoreRequest, score_request
from api.actions.scoring.what_if import WhatIf, what_if, whole_of
from api.http.auth import Read, RequiresRead, RequiresReadAfterBody
from api.http.large_bodies import large_body
from api.http.negotiation import JSON, AnswerLanguage
from api.http.operation import may_answer
from api.http.paths import DeclarationId
from api.http.route import Route
from api.http.uploads import COMPONENTS
from api.schemas.bodies import Body, Code, Country, Day, ExactAmount, FictitiousPrice, Identifier, View, columns_of
from api.schemas.declarations import (
    Components,
    DesignAuthorityBody,
    DimensionBody,
    ScoringProfileBody,
    Stated,
)
from api.schemas.score_comparisons import ScoreComparison
from domain.base import new_id
from domain.declarations.components import check_lines
from domain.declarations.origin_declarations import OriginDeclaration, system_of
from domain.errors import Fault, refuse
from domain.permissions import Permission
from domain.scoring.inputs import DimensionName, EvidenceLevel
from domain.scoring.results import EuropeanVerdict, Kind, KnockOutCode, Reason, Verdict
from domain.scoring.scoring_profiles import profile_of

router = APIRouter(route_class=Route)
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
Previews = Annotated[Read, RequiresReadAfterBody(Permission.PREVIEW_SCORES)]
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
    """What excludes a system whatever its score: a concern, a missing answer, or no EU prime where one is required."""

    code: KnockOutCode
    reason: Reason
    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None
    waiver: KnockOutWaiver | None = None
    text: str = Field(description="What it is and, where it can be cured, how")


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
    """How much of the value a few countries control; the index runs from 0 to 10000."""

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


class Improvement(View):
    """One thing to change, and the points it would add to the unrounded score, if nothing else changed.

    `answer` is an unknown that would gain this much if the answer were `to`. In `to`, G1 means any country in the EU or
    EEA, EU any in the EU, and `leadTimeWeeks` a stock as large as the lead time.
    """

    kind: Kind
    component_key: str | None = None
    dimension: DimensionName | None = None
    field: Literal[
        "evidence",
        "countryOfManufacture",
        "countryOfControl",
        "licenceCountry",
        "exportRegime",
        "secondSourceCountry",
        "stockWeeks",
        "leadTimeWeeks",
        "dependence",
        "country",
        "level",
    ] = Field(description="Of the component, of the dimension, or else of the design authority")
    before: str | None = Field(
        alias="from", description="What counts today; null is unknown", examples=["selfDeclared"]
    )
    after: str = Field(alias="to", examples=["audited"])
    gain: str = FIGURE
    text: str


class ScoreView(View):
    """A score with its working. Figures are decimal strings; null where the system cannot be assessed."""

    OMITS: ClassVar = frozenset({"id", "version", "declaration_id", "total_cents", "declared_cents", "digest"})
    COMPUTES: ClassVar = frozenset({"explanation", "improvements"})

    scheme_version: str = Field(examples=["BM-1.0"])
    country_list_version: str = Field(examples=["CL-2026-11"])
    reference_date: Day
    score: str | None = Field(examples=["68.1"])
    adjustment_percent: str = Field(description="Bonus over 0, malus below", examples=["3.62"])
    fictitious_price: FictitiousPrice | None = Field(
        description="null without a price, or with a knock-out that is not waived"
    )
    points: Points | None
    knock_outs: list[KnockOut]
    origin_shares: OriginShares
    european_verdict: EuropeanVerdict
    concentration: Concentration
    completeness: str | None = FIGURE
    confidence: str | None = FIGURE
    explanation: list[ExplanationLine]
    improvements: list[Improvement] = Field(
        description="The single changes that would raise the score most, at most ten, the largest gain first"
    )


class ScorePreview(ScoreView):
    """A score with its working, and what the replaced statements of a stored declaration change of it."""

    effect: ScoreComparison | None = Field(
        default=None,
        description="With `declarationId` and something replaced: the figures as declared and as replaced; else it is left out",
    )


class ScoreQuery(BaseModel):
    """The day to score on."""

    model_config = ConfigDict(extra="forbid")

    reference_date: Day | None = Field(
        default=None,
        alias="referenceDate",
        description="Another day than that of the submission; it may be in the future",
    )


class PreviewDeclaration(Stated):
    """A declaration without ids and price."""

    components: Components = Field(default_factory=list)


_EXAMPLE_PART = {"key": "autopilot", "name": "Autopilot board", "functionGroup": "control", "quantity": "1"}
EXAMPLE_DECLARATION: JsonDict = {
    "profile": {
        "functionGroups": [{"name": "control", "weight": "3", "critical": True}],
        "dimensions": ["operationalUse"],
    },
    "declaration": {
        "system": {"name": "Kestrel", "finalAssemblyCountry": "NL"},
        "totalComponentCost": {"amount": "400000.00"},
        "designAuthority": {"level": "both", "country": "NL", "evidence": {"level": "document"}},
        "dimensions": [{"dimension": "operationalUse", "dependence": "none", "evidence": {"level": "selfDeclared"}}],
        "components": [{**_EXAMPLE_PART, "unitValue": {"amount": "400000.00"}, "countryOfManufacture": "US"}],
    },
    "price": {"amount": "1000000.00"},
}
EXAMPLE_WHAT_IF: JsonDict = {
    "declarationId": "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
    "replacements": [{**_EXAMPLE_PART, "countryOfManufacture": "NL", "evidence": {"level": "document"}}],
}


class PreviewCreate(Body):
    """What to score: either a declaration on a profile, or a stored declaration with some of its statements replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_DECLARATION, EXAMPLE_WHAT_IF]})

    profile: ScoringProfileBody | None = None
    declaration: PreviewDeclaration | None = None
    declaration_id: Identifier | None = Field(
        default=None, description="A declaration that you may see, a draft too, instead of `profile` and `declaration`"
    )
    replacements: Components | None = Field(
        default=None, description="With `declarationId`: lines that replace, as a whole, those with the same keys"
    )
    dimensions: list[DimensionBody] | None = Field(
        default=None, max_length=20, description="With `declarationId`: dimensions instead of those of the same name"
    )
    design_authority: DesignAuthorityBody | None = Field(
        default=None, description="With `declarationId`: the design authority instead of the one declared"
    )
    price: ExactAmount | None = Field(default=None, description="With `declarationId` by default the declared price")
    reference_date: Day | None = Field(default=None, description="Today, where it is left out")
    scheme_version: Code | None = Field(
        default=None,
        description="Any version, published or not; left out: the profile's `scheme`, or else the scheme in force",
        examples=["BM-1.0"],
    )


NOT_WITH_ID = "leave it out, or leave declarationId out: a preview is either of what is given or of what is stored"
ONLY_WITH_ID = "give it with declarationId, of which it replaces a part; leave it out otherwise"


def _request_of(body: PreviewCreate) -> ScoreRequest | WhatIf:
    """The request in one of its two forms. Refuses a mixture of both."""
    given_declaration = {"profile": body.profile, "declaration": body.declaration}
    replacements = {
        "replacements": body.replacements,
        "dimensions": body.dimensions,
        "designAuthority": body.design_authority,
    }
    if body.declaration_id is not None:
        refuse([Fault(f"/{name}", NOT_WITH_ID) for name, value in given_declaration.items() if value is not None])
        return _what_if_of(body, body.declaration_id)
    missing = [name for name, value in given_declaration.items() if value is None]
    faults = [Fault(f"/{name}", "is required without declarationId") for name in missing]
    refuse([*faults, *(Fault(f"/{name}", ONLY_WITH_ID) for name, value in replacements.items() if value is not None)])
    assert body.profile is not None
    assert body.declaration is not None
    return _score_request(body, body.profile, body.declaration)


def _price_of(body: PreviewCreate) -> int | None:
    return None if body.price is None else body.price.to_columns("price")["price_cents"]


def _score_request(body: PreviewCreate, profile: ScoringProfileBody, declaration: PreviewDeclaration) -> ScoreRequest:
    declared = columns_of(declaration)
    lines = check_lines(declared.pop("components"), new_id())
    return score_request(
        profile=profile_of(columns_of(profile)),
        system=system_of(declared, lines.components()),
        faults=lines.faults,
        price_cents=_price_of(body),
        day=body.reference_date,
        scheme_version=body.scheme_version or profile.scheme,
        scheme_at="/schemeVersion" if body.scheme_version else "/profile/scheme",
    )


def _what_if_of(body: PreviewCreate, declaration_id: UUID) -> WhatIf:
    columns = columns_of(body)
    whole = whole_of(columns["dimensions"] or [], columns["design_authority"])
    return WhatIf(
        declaration_id=declaration_id,
        replacements=check_lines(columns["replacements"] or (), new_id()).components(),
        dimensions=whole.dimensions,
        design_authority=None if body.design_authority is None else whole.design_authority,
        price_cents=_price_of(body),
        day=body.reference_date,
    )


PreviewBody = Annotated[
    ScoreRequest | WhatIf,
    large_body(
        PreviewCreate,
        _request_of,
        COMPONENTS,
        lines=("declaration", "components"),
        others=(("replacements",),),
    ),
]


@router.get(
    "/origin-declarations/{declarationId}/score",
    response_model=ScoreView,
    responses=may_answer(409),
    tags=["origin-declarations"],
)
async def get_score(
    declaration_id: DeclarationId, query: Annotated[ScoreQuery, Query()], read: Reads, language: AnswerLanguage
) -> Response:
    """The score that was stored when the declaration was submitted, or that of another day.

    Evidence expires, so a later day may score less. The stored score keeps its figures whatever scheme is in force. The
    improvements that would raise it come with it, and its texts are in the language of Accept-Language.
    """
    declaration = await read.load(OriginDeclaration, declaration_id)
    body = await actions.score_of(read.session, read.context, declaration, query.reference_date, language)
    return _answer(body)


@router.post(
    "/score-previews",
    response_model=ScorePreview,
    status_code=200,
    responses=may_answer(404, 409),
    tags=["score-previews"],
)
async def preview_score(body: PreviewBody, read: Previews, language: AnswerLanguage) -> Response:
    """What a declaration would score. Nothing is stored, and nobody else sees it.

    There are two forms. A declaration sent along with a profile is scored under the scheme in force, or that of
    `schemeVersion`. A stored declaration is scored with lines, dimensions or the design authority replaced: on the profile
    of its lot or challenge, under the scheme of its stored score, or for a draft the one it would be scored under. Its
    total changes by what the replaced leaves are worth more or less, and `effect` compares the two scores.
    """
    if isinstance(body, WhatIf):
        return _answer(await what_if(read.session, read.context, body, language))
    return _answer(await actions.preview(read.session, read.context, body, language))


def _answer(rendered: RenderedScore) -> Response:
    return Response(rendered.body, media_type=JSON, headers={"ETag": f'"{rendered.digest[:16]}"'})
