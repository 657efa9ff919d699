"""The key in use: whose it is, what it may do, and until when; for everybody who has one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictInt

from api.actions.access.api_keys import renew_key
from api.http.auth import KeyDays, PresentedHash, Read, RequiresRead, RequiresWrite
from api.http.route import Route
from api.queries.access import api_keys as queries
from api.schemas.bodies import Body, View
from api.store.ledger import Write
from domain.access.api_keys import ApiKey
from domain.permissions import Permission, Role

router = APIRouter(route_class=Route, tags=["me"])
Reads = Annotated[Read, RequiresRead(Permission.READ_OWN_KEY, once=True)]
Renews = Annotated[Write, RequiresWrite(Permission.RENEW_OWN_KEY)]
MOST_OVERLAP_DAYS = 30


class Me(View):
    """The key with which this was asked, without its secret."""

    key_id: UUID
    label: str | None
    role: Role
    supplier_id: UUID | None
    expires_at: datetime | None


class KeyRenewal(Body):
    """For how long the secret in use stays valid beside the new one."""

    overlap_days: Annotated[StrictInt, Field(ge=0, le=MOST_OVERLAP_DAYS)] = Field(
        default=7, description="Days, but never longer than it would have been valid"
    )


class RenewedKey(View):
    """A renewed key with its new secret, which is shown this once and left out when the same request is answered again."""

    id: UUID
    version: int
    expires_at: datetime | None
    previous_until: datetime = Field(description="Until when the secret that was used is valid too")
    secret: str | None = Field(default=None, description="Send it as `Authorization: Bearer`", examples=["apos_..."])


@router.get("/me")
async def get_me(read: Reads) -> Me:
    """Role, supplier, label and expiry of the key in use. It tells nothing that the key could not do."""
    row = (await read.session.execute(queries.own_key(read.context))).mappings().one()
    return Me.of(row)


@router.post("/me/renewals", status_code=201)
async def renew_own_key(body: KeyRenewal, write: Renews, presented: PresentedHash, days: KeyDays) -> RenewedKey:
    """Give the key in use another secret and another term. It stays the same key, with the same rights.

    The secret in use stays valid for the overlap, any other secret of the key ends at once: where the new one is lost on its
    way, renew again.
    """
    assert write.context.actor.key_id is not None
    row = await write.load(ApiKey, write.context.actor.key_id)
    row, secret = await renew_key(write, row, presented, days=days, overlap_days=body.overlap_days)
    return RenewedKey.of(row, secret=secret)
