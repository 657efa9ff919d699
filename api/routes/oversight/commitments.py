"""Commitments to parliament: promises, motions, aims and announcements, and the letters that fulfil them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.oversight import commitments as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, WithdrawableQuery
from api.http.paths import CommitmentId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import CalendarDay, Day, Identifier, Key, Line, Sourced, Text, View, columns_of
from api.schemas.references import PublishedReference, Reference, ReferenceFilter
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible_with_withdrawn
from domain.oversight.commitments import Commitment, CommitmentKind, CommitmentStatus
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["commitments"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class CommitmentEdit(Sourced):
    """What may change of a commitment; a fulfilled one names the day and the letter."""

    kind: CommitmentKind
    text: Text = Field(examples=["Brief over het tweesporenbeleid AI-DSS"])
    made: Day | None = Field(default=None, description="The day on which it was made; null: no source says")
    due: Day | None = Field(
        default=None, description="The day by which it is due; null: no source says", examples=[None]
    )
    due_note: Line | None = Field(default=None, description="What the source says of that day")
    status: CommitmentStatus = CommitmentStatus.OPEN
    fulfilled_on: Day | None = Field(default=None, examples=[None])
    evidence: Key | None = Field(
        default=None, description="The letter that fulfils it: key of the source", examples=[None]
    )
    lot_ids: list[Identifier] = Field(
        default_factory=list, max_length=100, description="The lots it concerns", examples=[[]]
    )
    references: list[Reference] = Field(default_factory=list, max_length=100)


class CommitmentCreate(CommitmentEdit):
    """A new commitment."""

    key: Key | None = Field(default=None, examples=["c-ai-dss-letter"])


class CommitmentView(View):
    """A promise to parliament, a motion, an aim or an announcement."""

    id: UUID
    version: int
    key: str | None
    kind: CommitmentKind
    text: str
    made: Day | None
    due: Day | None
    due_note: str | None
    status: CommitmentStatus
    fulfilled_on: Day | None
    evidence: str | None
    lot_ids: list[UUID]
    references: list[Reference]
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class CommitmentPublic(View):
    """A commitment as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    kind: CommitmentKind
    text: str
    made: Day | None
    due: Day | None
    due_note: str | None
    status: CommitmentStatus
    fulfilled_on: Day | None
    evidence: str | None
    lot_ids: list[UUID]
    references: list[PublishedReference]
    source: str | None
    readings: list[str]


CommitmentAny = CommitmentView | CommitmentPublic


class CommitmentPage(Page[CommitmentAny]):
    """One page of commitments."""


class CommitmentQuery(WithdrawableQuery):
    """Filters of commitments; those that are overdue are open and due before today."""

    TABLE = Commitment

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    kind: CommitmentKind | None = None
    status: CommitmentStatus | None = None
    lot_id: UUID | None = Field(default=None, description="A lot it concerns")
    reference: ReferenceFilter | None = None
    due_from: CalendarDay | None = Field(default=None, description="Due on this day or later")
    due_before: CalendarDay | None = Field(default=None, description="Due before this day")
    sort: Literal["id", "-id", "due", "-due", "made", "-made"] = "id"


@router.get("/commitments")
async def list_commitments(query: Annotated[CommitmentQuery, Query()], read: Reads) -> CommitmentPage:
    """Promises to parliament, motions, aims and announcements."""
    rows, cursor = await read.page(query.visible(Commitment, read.context), query)
    return CommitmentPage(items=await _shown(read, rows), next_cursor=cursor)


@router.post("/commitments", status_code=201)
async def add_commitment(body: CommitmentCreate, write: Edits) -> CommitmentView:
    """Add a commitment, with the lots it concerns and the papers it names."""
    return CommitmentView.of(await actions.add_commitment(write, Commitment(**columns_of(body))))


@router.get("/commitments/{commitmentId}")
async def get_commitment(commitment_id: CommitmentId, read: Reads) -> CommitmentAny:
    """One commitment."""
    row = await one(read.session, visible_with_withdrawn(Commitment, read.context), commitment_id, Commitment)
    return (await _shown(read, [row]))[0]


@router.patch("/commitments/{commitmentId}")
async def change_commitment(
    commitment_id: CommitmentId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(CommitmentEdit)],
    write: Edits,
    match: IfMatch,
) -> CommitmentView:
    """Change a commitment, or record the letter that fulfils it."""
    row = match.check(await write.load(Commitment, commitment_id))
    body = merged(CommitmentEdit, CommitmentView.of(row), patch)
    return CommitmentView.of(await actions.change_commitment(write, row, columns_of(body)))


async def _shown(read: Read, rows: Sequence[Mapping[str, Any]]) -> list[CommitmentAny]:
    view = CommitmentPublic if read.context.actor.role in OUTSIDE_ROLES else CommitmentView
    return [view.of(row) for row in await read.linked(Commitment, rows)]
