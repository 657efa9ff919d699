"""Test sites: where trials are held, and what each may host."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.portfolio import trials as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, PartFilter, WithdrawableQuery
from api.http.paths import TestSiteId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Country, Identifier, Key, Line, Sourced, View, columns_of
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible_with_withdrawn
from domain.permissions import Permission
from domain.registers import OperationalDomain, SiteHost, TestSite

router = APIRouter(route_class=Route, tags=["test-sites"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class TestSiteEdit(Sourced):
    """What may change of a test site."""

    name: Line = Field(examples=["Droneontwikkeling Delft"])
    country: Country | None = None
    domain: OperationalDomain | None = None
    hosts: list[SiteHost] = Field(default_factory=list, max_length=20)
    partner_ids: list[Identifier] = Field(
        default_factory=list, max_length=50, description="Organisations that run it together"
    )


class TestSiteCreate(TestSiteEdit):
    """A new test site."""

    key: Key | None = Field(default=None, examples=["delft"])


class TestSiteView(View):
    """A test site."""

    id: UUID
    version: int
    key: str | None
    name: str
    country: str | None
    domain: OperationalDomain | None
    hosts: list[SiteHost]
    partner_ids: list[UUID]
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class TestSitePublic(View):
    """A test site as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    name: str
    country: str | None
    domain: OperationalDomain | None
    hosts: list[SiteHost]
    partner_ids: list[UUID]
    source: str | None
    readings: list[str]


TestSiteAny = TestSiteView | TestSitePublic


class TestSitePage(Page[TestSiteAny]):
    """One page of test sites."""


class TestSiteQuery(WithdrawableQuery):
    """Filters of test sites."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    country: str | None = Field(default=None, max_length=2, pattern="^[A-Z]{2}$")
    domain: OperationalDomain | None = None
    name: PartFilter | None = None
    sort: Literal["id", "-id", "name", "-name"] = "id"


@router.get("/test-sites")
async def list_test_sites(query: Annotated[TestSiteQuery, Query()], read: Reads) -> TestSitePage:
    """Where trials are held, and what each site may host."""
    rows, cursor = await read.page(query.visible(TestSite, read.context), query)
    return TestSitePage(items=await _shown(read, rows), next_cursor=cursor)


@router.post("/test-sites", status_code=201)
async def add_test_site(body: TestSiteCreate, write: Edits) -> TestSiteView:
    """Add a test site."""
    return TestSiteView.of(await actions.add_test_site(write, TestSite(**columns_of(body))))


@router.get("/test-sites/{testSiteId}")
async def get_test_site(test_site_id: TestSiteId, read: Reads) -> TestSiteAny:
    """One test site."""
    row = await one(read.session, visible_with_withdrawn(TestSite, read.context), test_site_id, TestSite)
    return (await _shown(read, [row]))[0]


@router.patch("/test-sites/{testSiteId}")
async def change_test_site(
    test_site_id: TestSiteId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(TestSiteEdit)],
    write: Edits,
    match: IfMatch,
) -> TestSiteView:
    """Correct what is known of a test site."""
    row = match.check(await write.load(TestSite, test_site_id))
    body = merged(TestSiteEdit, TestSiteView.of(row), patch)
    return TestSiteView.of(await actions.change_test_site(write, row, columns_of(body)))


async def _shown(read: Read, rows: Sequence[Mapping[str, Any]]) -> list[TestSiteAny]:
    view = TestSitePublic if read.context.actor.role in OUTSIDE_ROLES else TestSiteView
    return [view.of(row) for row in await read.linked(TestSite, rows)]
