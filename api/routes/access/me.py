"""The key in use: whose it is, what it may do, and until when; for everybody who has one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.http.auth import Read, RequiresRead
from api.http.route import Route
from api.queries.access import api_keys as queries
from api.schemas.bodies import View
from domain.permissions import Permission, Role

router = APIRouter(route_class=Route, tags=["me"])
Reads = Annotated[Read, RequiresRead(Permission.READ_OWN_KEY, once=True)]


class Me(View):
    """The key with which this was asked, without its secret."""

    key_id: UUID
    label: str | None
    role: Role
    supplier_id: UUID | None
    expires_at: datetime | None


@router.get("/me")
async def get_me(read: Reads) -> Me:
    """Role, supplier, label and expiry of the key in use. It tells nothing that the key could not do."""
    row = (await read.session.execute(queries.own_key(read.context))).mappings().one()
    return Me.of(row)
