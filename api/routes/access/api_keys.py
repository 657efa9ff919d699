"""API keys: created, listed and revoked by the programme administrator."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.access.api_keys import confirm_key, make_key
from api.http.auth import FourEyes, KeyDays, Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.operation import may_answer
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
    label: Line = Field(description="The person or the system that uses it", examples=["Bureau APOS, dashboards"])
    supplier_id: Identifier | None = Field(
        default=None, description="Required with the role supplier, and only then allowed", examples=[None]
    )
    expires_at: Moment | None = Field(
        default=None,
        description="Until when it is valid; left out: for as long as the service gives, a year unless set otherwise",
        examples=["2030-01-01T00:00:00Z"],
    )


class ApiKeyEdit(Body):
    """What may change of a key."""

    label: Line | None = Field(default=None, description="The person or the system that uses it")
    revoked: Flag = Field(default=False, description="Revoked for good, at once")


class ApiKeyView(View):
    """A key, without its secrets."""

    id: UUID
    version: int
    label: str | None
    role: Role
    supplier_id: UUID | None
    expires_at: datetime | None
    previous_until: datetime | None = Field(
        description="Until when the secret from before the last renewal is valid too", examples=[None]
    )
    awaits_confirmation: bool = Field(
        description="Made for an administrator by another, and not confirmed by a second yet: it opens nothing"
    )
    revoked_at: datetime | None
    revoked: bool
    last_used_at: datetime | None = Field(description="To within a minute or so")


class ApiKeyMade(ApiKeyView):
    """A new key with its secret, which is shown this once and left out when the same request is answered again."""

    secret: str | None = Field(default=None, description="Send it as `Authorization: Bearer`", examples=["apos_..."])


class ApiKeyConfirmationCreate(Body):
    """A confirmation says nothing more: send an empty object."""


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
async def add_api_key(body: ApiKeyCreate, write: Edits, days: KeyDays, four_eyes: FourEyes) -> ApiKeyMade:
    """Make a key. Its secret is in this answer and nowhere else; a repeated request is answered without it.

    A key for another administrator awaits the confirmation of a second one, and opens nothing before.
    """
    row, secret = await make_key(
        write, body.role, body.label, body.supplier_id, body.expires_at, days=days, four_eyes=four_eyes
    )
    return ApiKeyMade.of(row, revoked=False, secret=secret)


@router.get("/api-keys/{keyId}")
async def get_api_key(key_id: KeyId, read: ReadsOnce) -> ApiKeyView:
    """One key, without its secret."""
    return _view(await read.load(ApiKey, key_id))


@router.post("/api-keys/{keyId}/confirmations", status_code=201, responses=may_answer(409))
async def confirm_api_key(
    key_id: KeyId, body: ApiKeyConfirmationCreate, write: Edits, four_eyes: FourEyes
) -> ApiKeyView:
    """Confirm an administrator's key that another administrator made; it opens what it may from then on.

    409 for a key that you made yourself, that awaits no confirmation, or that was revoked.
    """
    return _view(await confirm_key(write, key_id, four_eyes=four_eyes))


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
