"""Dependencies and their safeguards: visible to the office, the administrator and the auditor, and to nobody else."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field, StrictInt

from api.actions.oversight import dependencies as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, WithdrawableQuery
from api.http.paths import DependencyId, SafeguardId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import (
    Body,
    Country,
    EvidenceItem,
    Identifier,
    Key,
    Line,
    Sourced,
    Text,
    View,
    columns_of,
)
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from api.store.visibility import visible_with_withdrawn
from domain.oversight.dependencies import Dependency, Safeguard, SafeguardStatus
from domain.permissions import Permission
from domain.portfolio.suppliers import NameBasis

router = APIRouter(route_class=Route, tags=["dependencies"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DEPENDENCIES)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_DEPENDENCIES, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class DependencyEdit(Sourced):
    """What may change of a dependency."""

    subject: Line = Field(examples=["Palantir software for AI-DSS"])
    controlling_country: Country | None = None
    name_basis: NameBasis | None = Field(default=None, description="On what ground the maker may be named")
    lot_id: Identifier | None = Field(default=None, description="The lot that has it")
    alternative_id: Identifier | None = Field(default=None, description="The lot that ends it", examples=[None])


class DependencyCreate(DependencyEdit):
    """A new dependency."""

    key: Key | None = Field(default=None, examples=["dep-palantir"])


class DependencyView(View):
    """A dependency on a product, maker or country."""

    id: UUID
    version: int
    key: str | None
    subject: str
    controlling_country: str | None
    name_basis: NameBasis | None
    lot_id: UUID | None
    alternative_id: UUID | None
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class DependencyPage(Page[DependencyView]):
    """One page of dependencies."""


class DependencyQuery(WithdrawableQuery):
    """Filters of dependencies."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    lot_id: UUID | None = None
    alternative_id: UUID | None = None
    controlling_country: str | None = Field(default=None, max_length=2, pattern="^[A-Z]{2}$")
    sort: Literal["id", "-id", "subject", "-subject"] = "id"


class SafeguardEdit(Body):
    """What may change of a safeguard."""

    text: Text
    status: SafeguardStatus | None = Field(default=None, description="null: no source states one")
    evidence: list[EvidenceItem] = Field(default_factory=list, max_length=100)


class SafeguardCreate(SafeguardEdit):
    """A new safeguard, at its own position."""

    position: Annotated[StrictInt, Field(ge=1, le=1000)]


class SafeguardView(View):
    """A safeguard against a dependency, at its position."""

    id: UUID
    version: int
    dependency_id: UUID
    position: int
    text: str
    status: SafeguardStatus | None
    evidence: list[EvidenceItem]


class SafeguardPage(Page[SafeguardView]):
    """One page of safeguards."""


class SafeguardQuery(ListQuery):
    """Filters of the safeguards of one dependency."""

    status: SafeguardStatus | None = None
    sort: Literal["id", "-id"] = "id"


@router.get("/dependencies")
async def list_dependencies(query: Annotated[DependencyQuery, Query()], read: Reads) -> DependencyPage:
    """Dependencies on products, makers or countries."""
    rows, cursor = await read.page(query.visible(Dependency, read.context), query)
    return DependencyPage(items=[DependencyView.of(row) for row in rows], next_cursor=cursor)


@router.post("/dependencies", status_code=201)
async def add_dependency(body: DependencyCreate, write: Edits) -> DependencyView:
    """Add a dependency, with the lot that has it and the one that ends it."""
    return DependencyView.of(await actions.add_dependency(write, Dependency(**columns_of(body))))


@router.get("/dependencies/{dependencyId}")
async def get_dependency(dependency_id: DependencyId, read: ReadsOnce) -> DependencyView:
    """One dependency."""
    return DependencyView.of(await read.load(Dependency, dependency_id))


@router.patch("/dependencies/{dependencyId}")
async def change_dependency(
    dependency_id: DependencyId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(DependencyEdit)],
    write: Edits,
    match: IfMatch,
) -> DependencyView:
    """Change what is known of a dependency."""
    row = match.check(await write.load(Dependency, dependency_id))
    body = merged(DependencyEdit, DependencyView.of(row), patch)
    return DependencyView.of(await actions.change_dependency(write, row, columns_of(body)))


@router.get("/dependencies/{dependencyId}/safeguards")
async def list_safeguards(
    dependency_id: DependencyId, query: Annotated[SafeguardQuery, Query()], read: Reads
) -> SafeguardPage:
    """The safeguards against a dependency."""
    await read.load(Dependency, dependency_id)
    seen = visible_with_withdrawn(Safeguard, read.context)
    rows, cursor = await read.page(seen, query, seen.c.dependency_id == dependency_id)
    return SafeguardPage(items=[SafeguardView.of(row) for row in rows], next_cursor=cursor)


@router.post("/dependencies/{dependencyId}/safeguards", status_code=201)
async def add_safeguard(dependency_id: DependencyId, body: SafeguardCreate, write: Edits) -> SafeguardView:
    """Add a safeguard against a dependency."""
    row = Safeguard(dependency_id=dependency_id, **columns_of(body))
    return SafeguardView.of(await actions.add_safeguard(write, row))


@router.get("/dependencies/{dependencyId}/safeguards/{safeguardId}")
async def get_safeguard(dependency_id: DependencyId, safeguard_id: SafeguardId, read: ReadsOnce) -> SafeguardView:
    """One safeguard."""
    return SafeguardView.of(await read.load(Safeguard, safeguard_id, dependency_id=dependency_id))


@router.patch("/dependencies/{dependencyId}/safeguards/{safeguardId}")
async def change_safeguard(
    dependency_id: DependencyId,
    safeguard_id: SafeguardId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(SafeguardEdit)],
    write: Edits,
    match: IfMatch,
) -> SafeguardView:
    """Record whether a safeguard is in place, which needs evidence, or correct its text."""
    row = match.check(await write.load(Safeguard, safeguard_id, dependency_id=dependency_id))
    values = columns_of(merged(SafeguardEdit, SafeguardView.of(row), patch))
    return SafeguardView.of(await actions.change_safeguard(write, row, values))
