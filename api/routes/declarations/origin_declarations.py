"""Origin declarations: drafts, and what a declaration states about the system as a whole."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from fastapi.responses import Response, StreamingResponse
from pydantic import Field

from api.actions.declarations import origin_declarations as actions
from api.exports.cyclonedx import SPEC_VERSION, cyclonedx_of, digest_of_export
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.large_bodies import model_reader, upload
from api.http.merge_patch import MergePatch, merged
from api.http.negotiation import CYCLONEDX, JSON, offers
from api.http.operation import may_answer
from api.http.pagination import ListQuery, Page
from api.http.paths import DeclarationId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.http.service import service_of
from api.http.uploads import COMPONENTS, CYCLONEDX_READERS, read_declaration, refuse_foreign_json
from api.intake.large_bytes import LargeBytes
from api.intake.report import Conversion
from api.schemas.bodies import Body, ExactAmount, Identifier, Reason, View, columns_of
from api.schemas.declarations import (
    Components,
    DesignAuthorityBody,
    DimensionBody,
    Stated,
    SystemBody,
)
from api.store.ledger import Write
from api.store.visibility import visible
from domain.base import new_id
from domain.declarations.components import CheckedLines, check_lines
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS, once=True)]
EXAMPLE_FILE = {"bomFormat": "CycloneDX", "specVersion": SPEC_VERSION, "version": 1, "components": []}
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_DECLARATIONS)]


class OriginDeclarationEdit(Stated):
    """What may change of a draft; its components are replaced at `/components`."""

    price: ExactAmount | None = Field(default=None, description="What the supplier asks for the system")


class OriginDeclarationCreate(OriginDeclarationEdit):
    """A new draft, for a lot or a challenge; a revision without components keeps those of what it revises."""

    ELSEWHERE: ClassVar = frozenset({"components"})

    supplier_id: Identifier
    lot_id: Identifier | None = None
    challenge_id: Identifier | None = Field(default=None, examples=[None])
    revises: Identifier | None = Field(
        default=None, description="The returned or accepted declaration that it replaces", examples=[None]
    )
    components: Components | None = None


class OriginDeclarationView(View):
    """A declaration, without its components, which are at `/components`."""

    OMITS: ClassVar = frozenset({"series", "component_set", "components_cents"})

    id: UUID
    version: int
    supplier_id: UUID
    lot_id: UUID | None
    challenge_id: UUID | None
    revision: int = Field(description="1 for the first; each later one adds 1", examples=[1])
    revises: UUID | None
    status: DeclarationStatus
    price: ExactAmount | None
    system: SystemBody
    total_component_cost: ExactAmount | None
    design_authority: DesignAuthorityBody | None
    dimensions: list[DimensionBody]
    component_count: int
    components_digest: str | None = Field(description="SHA-256 of the components as stored; null without any")
    conversion: Conversion | None = Field(
        description="The rate by which the unit values were converted, as the supplier stated it; null where given in euros"
    )


class OriginDeclarationPage(Page[OriginDeclarationView]):
    """One page of declarations."""


class OriginDeclarationQuery(ListQuery):
    """Filters of declarations."""

    supplier_id: UUID | None = None
    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    status: DeclarationStatus | None = None
    revises: UUID | None = None
    sort: Literal["id", "-id"] = "id"


class DeclarationWithdrawalCreate(Body):
    """Why a declaration is withdrawn, for the audit trail."""

    reason: Reason | None = Field(default=None, examples=["Het systeem wordt niet meer aangeboden."])


@dataclass(frozen=True, slots=True)
class Draft:
    """A new draft as sent; `components` is None where the body has none."""

    row: OriginDeclaration
    components: CheckedLines | None


ReadDraft = tuple[OriginDeclarationCreate, CheckedLines | None]
"""A body without its components, and those."""


def _draft_of(read: ReadDraft) -> Draft:
    body, components = read
    columns = columns_of(body)
    del columns["components"]
    declaration_id = new_id()
    return Draft(OriginDeclaration(id=declaration_id, series=declaration_id, **columns), components)


_read_json = model_reader(OriginDeclarationCreate, COMPONENTS, lines=("components",))


def _read_draft(raw: LargeBytes, media: str, _charset: str | None) -> ReadDraft:
    if media in CYCLONEDX_READERS:
        return read_declaration(raw, media, OriginDeclarationCreate)
    refuse_foreign_json(raw)
    body = _read_json(raw)
    rows, body.components = body.components, None
    return body, None if rows is None else check_lines(rows, new_id())


DraftBody = Annotated[
    ReadDraft, upload(OriginDeclarationCreate, _read_draft, accepts=(JSON, *CYCLONEDX_READERS), reports=True)
]


@router.get("/origin-declarations")
async def list_origin_declarations(
    query: Annotated[OriginDeclarationQuery, Query()], read: Reads
) -> OriginDeclarationPage:
    """The declarations you may see: a supplier its own, an assessor those of what is assigned to it."""
    rows, cursor = await read.page(visible(OriginDeclaration, read.context), query)
    return OriginDeclarationPage(items=[OriginDeclarationView.of(row) for row in rows], next_cursor=cursor)


@router.post("/origin-declarations", status_code=201, responses=may_answer(404))
async def draft_origin_declaration(body: DraftBody, write: Edits) -> OriginDeclarationView:
    """Draft a declaration for a lot or challenge that the supplier takes part in, or revise an earlier one.

    Nothing in it is final until it is submitted. Unknown is null or absent, never a guess. A CycloneDX file is the whole of
    a declaration: `metadata.component` says what the system is, and for which lot or challenge it is declared.
    """
    draft = _draft_of(body)
    return OriginDeclarationView.of(await actions.draft(write, draft.row, draft.components))


@router.get("/origin-declarations/{declarationId}", response_model=OriginDeclarationView)
async def get_origin_declaration(
    declaration_id: DeclarationId,
    read: ReadsOnce,
    media_type: Annotated[str, offers({CYCLONEDX: {"schema": {"type": "object", "examples": [EXAMPLE_FILE]}}})],
) -> OriginDeclarationView | Response:
    """One declaration.

    As CycloneDX 1.6: with all its components, in the order in which they were given; uploaded, it gives the same declaration.
    """
    declaration = await read.load(OriginDeclaration, declaration_id)
    if media_type != CYCLONEDX:
        return OriginDeclarationView.of(declaration)
    tag = f'"v{declaration.version}-{digest_of_export(declaration)}"'
    service = service_of(read.request)
    file = cyclonedx_of(service.database, service.turns, read.context, declaration)
    return StreamingResponse(file, media_type=f"{CYCLONEDX}; version={SPEC_VERSION}", headers={"ETag": tag})


@router.patch("/origin-declarations/{declarationId}")
async def change_origin_declaration(
    declaration_id: DeclarationId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(OriginDeclarationEdit)],
    write: Edits,
    match: IfMatch,
) -> OriginDeclarationView:
    """Change what a draft says of the system as a whole; its components are replaced at `/components`."""
    row = match.check(await write.load(OriginDeclaration, declaration_id))
    body = merged(OriginDeclarationEdit, OriginDeclarationView.of(row), patch)
    return OriginDeclarationView.of(await actions.change_declaration(write, row, columns_of(body)))


@router.post("/origin-declarations/{declarationId}/withdrawals", status_code=201)
async def withdraw_origin_declaration(
    declaration_id: DeclarationId, body: DeclarationWithdrawalCreate, write: Edits
) -> OriginDeclarationView:
    """Withdraw a draft, or a submitted declaration that was not reviewed yet; it is no longer ranked.

    It is still read, and its series may go on with a revision.
    """
    return OriginDeclarationView.of(await actions.withdraw(write, declaration_id, body.reason))
