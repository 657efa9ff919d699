"""The audit trail, for auditors and the administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from pydantic.alias_generators import to_camel

from api.http.auth import Read, RequiresRead
from api.http.pagination import ListQuery, Page
from api.http.route import Route
from api.queries.access import audit_events as queries
from api.schemas.bodies import Moment, View
from api.store.visibility import visible
from domain.errors import NotFound
from domain.ledger import AuditEvent
from domain.permissions import Permission, Role

router = APIRouter(route_class=Route, tags=["audit-events"])
Reads = Annotated[Read, RequiresRead(Permission.READ_AUDIT)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_AUDIT, once=True)]


class Change(BaseModel):
    """A field before and after."""

    before: Any
    after: Any


class AuditEventView(View):
    """Who did what to which row, when and why, and the row's whole state after it."""

    seq: int
    recorded_at: datetime
    actor: str
    role: Role
    request_id: str
    reason: str | None
    row_kind: str = Field(examples=["milestones"])
    row_id: UUID
    row_version: int
    changed: dict[str, Change]
    state: dict[str, Any]


class AuditEventPage(Page[AuditEventView]):
    """One page of audit events."""


class AuditEventQuery(ListQuery):
    """Filters of audit events."""

    row_kind: str | None = Field(default=None, max_length=60, pattern="^[a-z_]+$")
    row_id: UUID | None = None
    actor: str | None = Field(default=None, max_length=400, pattern="^[!-~]+$")
    recorded_at_from: Moment | None = Field(default=None, description="Recorded at this moment or later")
    recorded_at_before: Moment | None = Field(default=None, description="Recorded before this moment")
    sort: Literal["seq", "-seq"] = "seq"


@router.get("/audit-events")
async def list_audit_events(query: Annotated[AuditEventQuery, Query()], read: Reads) -> AuditEventPage:
    """What happened, in the order in which it was recorded."""
    rows, cursor = await read.page(visible(AuditEvent, read.context), query)
    return AuditEventPage(items=[_view(row) for row in rows], next_cursor=cursor)


@router.get("/audit-events/{seq}")
async def get_audit_event(seq: Annotated[int, Path(ge=1, le=2**63 - 1)], read: ReadsOnce) -> AuditEventView:
    """One event."""
    row = (await read.session.execute(queries.at(read.context, seq))).mappings().one_or_none()
    if row is None:
        raise NotFound("audit event not found: no audit event with this number")
    return _view(row)


def _view(row: Mapping[str, Any]) -> AuditEventView:
    changed = {to_camel(name): Change(before=b, after=a) for name, (b, a) in row["changed"].items()}
    state = {to_camel(name): value for name, value in row["state"].items()}
    return AuditEventView.of(row, row_version=row["version"], changed=changed, state=state)
