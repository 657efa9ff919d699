"""Changes of a declaration against an earlier revision of it, and what they do to its score."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.declarations import changes as actions
from api.http.auth import Read, RequiresRead
from api.http.negotiation import JSON
from api.http.operation import may_answer
from api.http.paths import DeclarationId
from api.http.route import Route
from api.schemas.bodies import Day, Identifier, View
from api.schemas.score_comparisons import FIGURE, ScoreComparison
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import Permission
from domain.scoring.inputs import DimensionName
from domain.scoring.results import KnockOutCode, Reason

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
LIMIT = Field(
    default=200,
    ge=1,
    le=1000,
    description="How many lines and knock-outs of each kind to list at most; counts include all",
)


class FieldChange(View):
    """A field with its value before and now; null is unknown, or not there."""

    field: str = Field(description="Name as in the body, with dots where it is nested", examples=["evidence.level"])
    before: str | None = Field(examples=["selfDeclared"])
    after: str | None = Field(examples=["document"])


class LineChange(View):
    """A line by its key, with the fields that differ and the points it gained."""

    key: str = Field(examples=["radio"])
    name: str
    points: str | None = FIGURE
    fields: list[FieldChange]


class ChangedLines(View):
    """How many lines of a kind, the points of all of them, and those that move the score most, the largest first."""

    count: int
    points: str | None = FIGURE
    items: list[LineChange]


class LineChanges(View):
    """Lines are compared by key: one that only moved has not changed, nor has a number that is only written differently."""

    added: ChangedLines
    removed: ChangedLines
    changed: ChangedLines
    affected: ChangedLines = Field(description="Lines that are the same but gain other points, because others changed")
    unchanged: int = Field(description="How many are the same, affected ones included")


class ChangedKnockOut(View):
    """A knock-out that came or went, waived or not."""

    code: KnockOutCode
    reason: Reason
    component_key: str | None = None
    dimension: DimensionName | None = None
    function_group: str | None = None


class ChangedKnockOuts(View):
    """How many, and the first of them."""

    count: int
    items: list[ChangedKnockOut]


class KnockOutChanges(View):
    """Knock-outs that were not there before, and those that are gone."""

    came: ChangedKnockOuts
    went: ChangedKnockOuts


class Attribution(View):
    """Where the difference in points comes from: lines, and the system as a whole. These parts add up to the difference."""

    added: str = FIGURE
    removed: str = FIGURE
    changed: str = FIGURE
    affected: str = FIGURE
    dimensions: str = FIGURE
    design_authority: str = FIGURE
    empty_groups: str = FIGURE
    residual: str = FIGURE


class ChangeEffect(ScoreComparison):
    """Both revisions under one scheme on one day: those of the newer one's stored score, or for a draft today's."""

    scheme_version: str = Field(examples=["BM-1.0"])
    country_list_version: str = Field(examples=["CL-2026-11"])
    reference_date: Day
    knock_outs: KnockOutChanges
    attribution: Attribution | None


class RevisionChanges(View):
    """What a declaration changed compared with an earlier revision."""

    declaration_id: UUID
    revision: int = Field(examples=[2])
    against_id: UUID
    against_revision: int = Field(examples=[1])
    lines: LineChanges
    system: list[FieldChange] = Field(
        description="What is declared differently of the system as a whole, including price and total"
    )
    effect: ChangeEffect | None = Field(description="null where there is no scoring profile to work it out on")


class ChangesQuery(BaseModel):
    """Against which revision, and how many lines."""

    model_config = ConfigDict(extra="forbid")

    against: Identifier | None = Field(
        default=None, description="An earlier revision of it; by default the one that it revises"
    )
    limit: int = LIMIT


@router.get(
    "/origin-declarations/{declarationId}/changes",
    response_model=RevisionChanges,
    responses=may_answer(409),
)
async def get_changes(declaration_id: DeclarationId, query: Annotated[ChangesQuery, Query()], read: Reads) -> Response:
    """Lines added, removed and changed since an earlier revision, and the effect on score and shares.

    A first revision has no earlier one to compare with (409).
    """
    row = await read.load(OriginDeclaration, declaration_id)
    changes = await actions.changes_of(read.session, read.context, row, query.against, query.limit)
    return Response(changes.body, media_type=JSON, headers={"ETag": f'"{changes.digest[:16]}"'})
