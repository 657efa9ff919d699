"""Critical components: visible to the office, the administrator and the auditor, and to nobody else."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.oversight import critical_components as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, WithdrawableQuery
from api.http.paths import CriticalComponentId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Key, Line, Sourced, Text, View, columns_of
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from domain.oversight.critical_components import CriticalComponent
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["critical-components"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DEPENDENCIES)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DEPENDENCIES, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class CriticalComponentEdit(Sourced):
    """What may change of a critical component."""

    function: Line = Field(examples=["Vluchtcomputer"])
    dutch_position: Text | None = Field(
        default=None, description="The position of the Netherlands, as its source judges it; null: nobody has judged it"
    )


class CriticalComponentCreate(CriticalComponentEdit):
    """A new critical component."""

    key: Key | None = Field(default=None, examples=["flight-computer"])


class CriticalComponentView(View):
    """A function that decides staying power, and the position of the Netherlands in it."""

    id: UUID
    version: int
    key: str | None
    function: str
    dutch_position: str | None
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class CriticalComponentPage(Page[CriticalComponentView]):
    """One page of critical components."""


class CriticalComponentQuery(WithdrawableQuery):
    """Filters of critical components."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    sort: Literal["id", "-id", "function", "-function"] = "id"


@router.get("/critical-components")
async def list_critical_components(
    query: Annotated[CriticalComponentQuery, Query()], read: Reads
) -> CriticalComponentPage:
    """Functions that decide staying power."""
    rows, cursor = await read.page(query.visible(CriticalComponent, read.context), query)
    return CriticalComponentPage(items=[CriticalComponentView.of(row) for row in rows], next_cursor=cursor)


@router.post("/critical-components", status_code=201)
async def add_critical_component(body: CriticalComponentCreate, write: Edits) -> CriticalComponentView:
    """Add a critical component; a judgement of the Dutch position must name its source."""
    row = await actions.add_critical_component(write, CriticalComponent(**columns_of(body)))
    return CriticalComponentView.of(row)


@router.get("/critical-components/{criticalComponentId}")
async def get_critical_component(component_id: CriticalComponentId, read: ReadsOnce) -> CriticalComponentView:
    """One critical component."""
    return CriticalComponentView.of(await read.load(CriticalComponent, component_id))


@router.patch("/critical-components/{criticalComponentId}")
async def change_critical_component(
    component_id: CriticalComponentId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(CriticalComponentEdit)],
    write: Edits,
    match: IfMatch,
) -> CriticalComponentView:
    """Change what is known of a critical component."""
    row = match.check(await write.load(CriticalComponent, component_id))
    body = merged(CriticalComponentEdit, CriticalComponentView.of(row), patch)
    return CriticalComponentView.of(await actions.change_critical_component(write, row, columns_of(body)))
