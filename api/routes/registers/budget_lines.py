"""Budget lines: amounts of the state's budget that the letters name."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.registers.facts import add_fact, change_fact
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import Page, PartFilter, WithdrawableQuery
from api.http.paths import BudgetLineId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import Amount, Fund, Key, Line, Sourced, View, columns_of
from api.schemas.withdrawals import Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible_with_withdrawn
from domain.permissions import Permission
from domain.registers import BudgetLine

router = APIRouter(route_class=Route, tags=["budget-lines"])
Reads = Annotated[Read, RequiresRead(Permission.READ_REGISTERS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_REGISTERS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class BudgetLineEdit(Sourced):
    """What may change of a budget line."""

    title: Line = Field(examples=["AI en autonome systemen 2026"])
    amount: Amount | None = Field(default=None, description="null: not published")
    fund: Fund | None = Field(default=None, description="null: the amount is not included in any sum", examples=["dmf"])


class BudgetLineCreate(BudgetLineEdit):
    """A new budget line."""

    key: Key | None = Field(default=None, examples=["ai-2026"])


class BudgetLineView(View):
    """A budget line."""

    id: UUID
    version: int
    key: str | None
    title: str
    amount: Amount | None
    fund: str | None
    withdrawn: Withdrawn | None
    source: str | None
    note: str | None
    readings: list[str]


class BudgetLinePublic(View):
    """A budget line as suppliers and viewers see it: without the note of the office."""

    id: UUID
    key: str | None
    title: str
    amount: Amount | None
    fund: str | None
    source: str | None
    readings: list[str]


BudgetLineAny = BudgetLineView | BudgetLinePublic


class BudgetLinePage(Page[BudgetLineAny]):
    """One page of budget lines."""


class BudgetLineQuery(WithdrawableQuery):
    """Filters of budget lines."""

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    fund: str | None = Field(default=None, max_length=40, pattern="^[a-z][a-z0-9-]*$")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "title", "-title"] = "id"


@router.get("/budget-lines")
async def list_budget_lines(query: Annotated[BudgetLineQuery, Query()], read: Reads) -> BudgetLinePage:
    """Amounts of the state's budget that the letters name."""
    rows, cursor = await read.page(query.visible(BudgetLine, read.context), query)
    return BudgetLinePage(items=[_shown(read, row) for row in rows], next_cursor=cursor)


@router.post("/budget-lines", status_code=201)
async def add_budget_line(body: BudgetLineCreate, write: Edits) -> BudgetLineView:
    """Add a budget line."""
    return BudgetLineView.of(await add_fact(write, BudgetLine(**columns_of(body))))


@router.get("/budget-lines/{budgetLineId}")
async def get_budget_line(budget_line_id: BudgetLineId, read: ReadsOnce) -> BudgetLineAny:
    """One budget line."""
    return _shown(
        read, await one(read.session, visible_with_withdrawn(BudgetLine, read.context), budget_line_id, BudgetLine)
    )


@router.patch("/budget-lines/{budgetLineId}")
async def change_budget_line(
    budget_line_id: BudgetLineId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(BudgetLineEdit)],
    write: Edits,
    match: IfMatch,
) -> BudgetLineView:
    """Correct a budget line."""
    row = match.check(await write.load(BudgetLine, budget_line_id))
    body = merged(BudgetLineEdit, BudgetLineView.of(row), patch)
    return BudgetLineView.of(await change_fact(write, row, columns_of(body)))


def _shown(read: Read, row: Mapping[str, Any]) -> BudgetLineAny:
    view = BudgetLinePublic if read.context.actor.role in OUTSIDE_ROLES else BudgetLineView
    return view.of(row)
