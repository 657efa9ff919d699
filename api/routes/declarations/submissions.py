"""Submissions: signing a declaration, by a named representative."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.actions.declarations import submissions as actions
from api.http.auth import Read, ReadBeforeWrite, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import DeclarationId, SubmissionId
from api.http.route import Route
from api.queries.declarations import origin_declarations as queries
from api.schemas.bodies import Body, View, columns_of
from api.schemas.declarations import Representative
from api.store.ledger import Write
from api.store.loading import one
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.submissions import Submission
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_DECLARATIONS)]


class SubmissionCreate(Body):
    """Submitting is signing."""

    representative: Representative


class SignatoryView(View):
    """Who signed; null once erased."""

    OMITS: ClassVar = frozenset({"id", "version", "submission_id"})

    name: str | None
    function: str | None
    email: str | None


class SubmissionView(View):
    """When a declaration was submitted, and by whom."""

    id: UUID
    version: int
    declaration_id: UUID
    submitted_at: datetime
    representative: SignatoryView


class SubmissionPage(Page[SubmissionView]):
    """One page of submissions."""


class SubmissionQuery(ListQuery):
    """Paging of submissions."""

    sort: Literal["id", "-id"] = "id"


async def _score(declaration_id: DeclarationId, read: ReadBeforeWrite) -> actions.DraftScore | None:
    return await actions.score_draft(read.session, read.context, declaration_id)


@router.get("/origin-declarations/{declarationId}/submissions")
async def list_submissions(
    declaration_id: DeclarationId, query: Annotated[SubmissionQuery, Query()], read: Reads
) -> SubmissionPage:
    """The submission of a declaration, if it was submitted; each revision is submitted separately."""
    await read.load(OriginDeclaration, declaration_id)
    seen = queries.submissions(read.context)
    rows, cursor = await read.page(seen, query, seen.c.declaration_id == declaration_id)
    return SubmissionPage(items=[_shown(row) for row in rows], next_cursor=cursor)


@router.post("/origin-declarations/{declarationId}/submissions", status_code=201)
async def submit_origin_declaration(
    declaration_id: DeclarationId,
    body: SubmissionCreate,
    scored: Annotated[actions.DraftScore | None, Depends(_score)],
    write: Edits,
) -> SubmissionView:
    """Sign a draft and submit it.

    From then on it never changes, and its score of today is stored with it. The scoring profile of its lot or challenge is
    frozen, if it was not frozen yet.
    """
    row = await actions.submit(write, declaration_id, columns_of(body.representative), scored)
    return _shown(await one(write.session, queries.submissions(write.context), row.id, Submission))


@router.get("/origin-declarations/{declarationId}/submissions/{submissionId}")
async def get_submission(declaration_id: DeclarationId, submission_id: SubmissionId, read: ReadsOnce) -> SubmissionView:
    """One submission."""
    seen = queries.submissions(read.context)
    return _shown(await one(read.session, seen, submission_id, Submission, declaration_id=declaration_id))


def _shown(row: Any) -> SubmissionView:
    person = {name: row[f"representative_{name}"] for name in SignatoryView.model_fields}
    return SubmissionView.of(row, representative=SignatoryView(**person))
