"""Suppliers: the programme office sees all of them, a supplier its own record, others only public names."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.portfolio import suppliers as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import SupplierId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Country, Key, Line, Sourced, View, columns_of
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import visible
from domain.permissions import Permission, Role
from domain.portfolio.suppliers import NameBasis, Supplier

router = APIRouter(route_class=Route, tags=["suppliers"])
Reads = Annotated[Read, RequiresRead(Permission.READ_SUPPLIERS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_SUPPLIERS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class SupplierEdit(Sourced):
    """What may change of a supplier."""

    name: Line = Field(examples=["Intelic"])
    country: Country | None = None
    name_basis: NameBasis | None = Field(default=None, description="Why the name is public; null: it is confidential")


class SupplierCreate(SupplierEdit):
    """A new supplier."""

    key: Key | None = Field(default=None, examples=["intelic"])


class SupplierView(View):
    """A supplier."""

    id: UUID
    version: int
    key: str | None
    name: str
    country: str | None
    name_basis: NameBasis | None
    source: str | None
    note: str | None
    readings: list[str]


class SupplierPublic(View):
    """A supplier whose name is public."""

    id: UUID
    key: str | None
    name: str
    country: str | None
    name_basis: NameBasis
    readings: list[str]
    source: str | None


SupplierAny = SupplierView | SupplierPublic


class SupplierPage(Page[SupplierAny]):
    """One page of suppliers."""


class SupplierQuery(ListQuery):
    """Filters of suppliers."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    country: Country | None = None
    name_basis: NameBasis | None = None
    name: PartFilter | None = None
    sort: Literal["id", "-id", "name", "-name"] = "id"


@router.get("/suppliers")
async def list_suppliers(query: Annotated[SupplierQuery, Query()], read: Reads) -> SupplierPage:
    """The suppliers you may see: a supplier sees itself, a viewer those whose name is public."""
    rows, cursor = await read.page(visible(Supplier, read.context), query)
    return SupplierPage(items=[_view(read).of(row) for row in rows], next_cursor=cursor)


@router.post("/suppliers", status_code=201)
async def add_supplier(body: SupplierCreate, write: Edits) -> SupplierView:
    """Add a supplier; without `nameBasis` its name stays confidential. Its consent is recorded under its consents."""
    return SupplierView.of(await actions.add_supplier(write, Supplier(**columns_of(body))))


@router.get("/suppliers/{supplierId}")
async def get_supplier(supplier_id: SupplierId, read: ReadsOnce) -> SupplierAny:
    """One supplier."""
    return _view(read).of(await one(read.session, visible(Supplier, read.context), supplier_id, Supplier))


@router.patch("/suppliers/{supplierId}")
async def change_supplier(
    supplier_id: SupplierId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(SupplierEdit)],
    write: Edits,
    match: IfMatch,
) -> SupplierView:
    """Correct what is known of a supplier."""
    row = match.check(await write.load(Supplier, supplier_id))
    body = merged(SupplierEdit, SupplierView.of(row), patch)
    return SupplierView.of(await actions.change_supplier(write, row, columns_of(body)))


def _view(read: Read) -> type[SupplierView] | type[SupplierPublic]:
    return SupplierPublic if read.context.actor.role is Role.VIEWER else SupplierView
