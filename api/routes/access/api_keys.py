"""API keys: created, listed and revoked by the programme administrator."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.access.api_keys import make_key
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page
from api.http.paths import KeyId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Body, Flag, Identifier, Line, Moment, View
from api.store.ledger import Write
from api.store.visibility import visible
from domain.access.api_keys import ApiKey, revocation
from domain.permissions import Permission, Role

router = APIRouter(route_class=Route, tags=["api-keys"])
Reads = Annotated[Read, RequiresRead(Permission.READ_KEYS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_KEYS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_KEYS)]


class ApiKeyCreate(Body):
    """A new key."""

    role: Role
    label: Line | None = Field(default=None, examples=["Bureau APOS, dashboards"])
    supplier_id: Identifier | None = Field(
        default=None, description="Required with the role supplier, and only then allowed", examples=[None]
    )
    expires_at: Moment | None = Field(default=None, examples=["2030-01-01T00:00:00Z"])


class ApiKeyEdit(Body):
    """What may change of a key."""

    label: Line | None = None
    revoked: Flag = Field(default=False, description="Revoked for good, at once")


class ApiKeyView(View):
    """A key, without its secret."""

    id: UUID
    version: int
    label: str | None
    role: Role
    supplier_id: UUID | None
    expires_at: datetime | None
    revoked_at: datetime | None
    revoked: bool
    last_used_at: datetime | None = Field(description="To within a minute or so")


class ApiKeyMade(ApiKeyView):
    """A new key with its secret, which is shown this once and left out when the same request is answered again."""

    secret: str | None = Field(default=None, description="Send it as `Authorization: Bearer`", examples=["apos_..."])


class ApiKeyPage(Page[ApiKeyView]):
    """One page of keys."""


class ApiKeyQuery(ListQuery):
    """Filters of keys."""

    role: Role | None = None
    supplier_id: UUID | None = None
    sort: Literal["id", "-id"] = "id"


@router.get("/api-keys")
async def list_api_keys(query: Annotated[ApiKeyQuery, Query()], read: Reads) -> ApiKeyPage:
    """All keys, revoked ones included, without their secrets."""
    rows, cursor = await read.page(visible(ApiKey, read.context), query)
    return ApiKeyPage(
        items=[ApiKeyView.of(row, revoked=row["revoked_at"] is not None) for row in rows], next_cursor=cursor
    )


@router.post("/api-keys", status_code=201)
async def add_api_key(body: ApiKeyCreate, write: Edits) -> ApiKeyMade:
    """Make a key. Its secret is in this answer and nowhere else; a repeated request is answered without it."""
    row, secret = await make_key(write, body.role, body.label, body.supplier_id, body.expires_at)
    return ApiKeyMade.of(row, revoked=False, secret=secret)


@router.get("/api-keys/{keyId}")
async def get_api_key(key_id: KeyId, read: ReadsOnce) -> ApiKeyView:
    """One key, without its secret."""
    return _view(await read.load(ApiKey, key_id))


@router.patch("/api-keys/{keyId}")
async def change_api_key(
    key_id: KeyId, patch: Annotated[dict[str, Any], Payload(), MergePatch(ApiKeyEdit)], write: Edits, match: IfMatch
) -> ApiKeyView:
    """Change the label of a key, or revoke it for good."""
    row = match.check(await write.load(ApiKey, key_id))
    body = merged(ApiKeyEdit, _view(row), patch)
    revoked_at = revocation(revoked_at=row.revoked_at, revoke=body.revoked, now=write.now)
    return _view(await write.update_if_changed(row, {"label": body.label, "revoked_at": revoked_at}))


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView.of(row, revoked=row.revoked_at is not None)
