"""Component statements: made by a maker deeper in the supply chain, and what other suppliers may know of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.declarations import component_statements as actions
from api.http.auth import Read, ReadBeforeWrite, RequiresRead, RequiresWrite
from api.http.large_bodies import large_body
from api.http.merge_patch import MergePatch, merged
from api.http.operation import may_answer
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import StatementId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.http.uploads import COMPONENTS
from api.queries.declarations import component_statements as queries
from api.schemas.bodies import Body, Day, ExactAmount, Identifier, Line, View, columns_of
from api.schemas.declarations import Components, Representative
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import ReadContext, visible
from domain.base import new_id
from domain.declarations.component_statements import ComponentStatement, StatementVerdict, Validity, validity_of
from domain.declarations.components import check_lines
from domain.permissions import Permission
from domain.scoring.results import Verdict

router = APIRouter(route_class=Route, tags=["component-statements"])
Reads = Annotated[Read, RequiresRead(Permission.READ_STATEMENTS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_STATEMENTS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_STATEMENTS)]
MOST_SHARED = 200
SharedWith = Annotated[
    list[Identifier],
    Field(
        max_length=MOST_SHARED,
        description="Ids of suppliers, who see its verdict and your name; whether they exist is not checked",
    ),
]
FIGURE = Field(examples=["87.5000"])


class ComponentStatementEdit(Body):
    """What may change of a statement: with whom it is shared, and that it is withdrawn, for good."""

    shared_with: SharedWith = Field(default_factory=list)
    withdrawn_on: Day | None = Field(
        default=None, description="Today, to withdraw it: it is then no longer valid", examples=[None]
    )


class ComponentStatementCreate(Body):
    """A new statement; to create it is to sign it."""

    ELSEWHERE: ClassVar = frozenset({"components", "representative"})

    supplier_id: Identifier = Field(description="The maker")
    name: Line = Field(examples=["Flight computer"])
    part_number: Line | None = Field(default=None, examples=["FC-3"])
    total_component_cost: ExactAmount = Field(description="T, of the component as a whole")
    components: Components
    valid_until: Day | None = Field(default=None, description="The last day on which it holds", examples=["2027-12-31"])
    shared_with: SharedWith = Field(default_factory=list)
    representative: Representative


class StatementSignatoryView(View):
    """Who signed; null once erased."""

    OMITS: ClassVar = frozenset({"id", "version", "statement_id"})

    name: str | None
    function: str | None
    email: str | None


class ComponentStatementView(View):
    """A statement, without its components, which are at `/components`."""

    OMITS: ClassVar = frozenset({"component_set"})

    id: UUID
    version: int
    supplier_id: UUID
    name: str
    part_number: str | None
    total_component_cost: ExactAmount
    component_count: int
    components_digest: str = Field(description="SHA-256 of the components as stored")
    valid_until: Day | None
    shared_with: list[UUID]
    withdrawn_on: Day | None
    validity: Validity
    signed_at: datetime
    scheme_version: str = Field(description="Whose country groups its verdict rests on", examples=["BM-1.0"])
    reference_date: Day = Field(description="The day whose evidence its verdict rests on")
    representative: StatementSignatoryView


class ComponentStatementPage(Page[ComponentStatementView]):
    """One page of statements."""


class ComponentStatementQuery(ListQuery):
    """Filters of statements."""

    TABLE: ClassVar = ComponentStatement

    supplier_id: UUID | None = None
    shared_with: UUID | None = Field(default=None, description="Shared with this supplier")
    name: PartFilter | None = None
    sort: Literal["id", "-id"] = "id"


class StatementShare(View):
    """The share of the component's cost made inside, in percent: proven, declared, and at most."""

    proven: str | None = FIGURE
    declared: str | None = FIGURE
    upper_bound: str | None = FIGURE
    verdict: Verdict


class StatementShares(View):
    """EDIP counts the EU and associated countries as inside, SAFE Ukraine too."""

    edip: StatementShare
    safe: StatementShare


class StatementVerdictView(View):
    """What others may know of a statement, under its id. It changes no figure of a score."""

    OMITS: ClassVar = frozenset({"version", "withdrawn_on"})

    id: UUID
    maker: str = Field(description="The name of the supplier that made it, as it was then")
    name: str
    part_number: str | None
    origin_shares: StatementShares
    validity: Validity
    valid_until: Day | None


class StatementVerdictPage(Page[StatementVerdictView]):
    """One page of verdicts."""


class StatementVerdictQuery(ListQuery):
    """Filters of verdicts."""

    name: PartFilter | None = None
    sort: Literal["id", "-id"] = "id"


def _made_of(body: ComponentStatementCreate) -> actions.NewStatement:
    columns = columns_of(body)
    given, representative = check_lines(columns.pop("components"), new_id()), columns_of(body.representative)
    del columns["representative"]
    return actions.NewStatement(columns, given, representative)


MadeBody = Annotated[
    actions.NewStatement,
    large_body(ComponentStatementCreate, _made_of, COMPONENTS, lines=("components",)),
]


async def _work_out(body: MadeBody, read: ReadBeforeWrite) -> actions.ComputedShares | None:
    return await actions.work_out_shares(read.session, read.context, body)


@router.get("/component-statements")
async def list_component_statements(
    query: Annotated[ComponentStatementQuery, Query()], read: Reads
) -> ComponentStatementPage:
    """The statements you may see: a supplier its own."""
    rows, cursor = await read.page(queries.statements(read.context), query)
    return ComponentStatementPage(items=[_shown(row, read.context) for row in rows], next_cursor=cursor)


@router.post("/component-statements", status_code=201, responses=may_answer(404))
async def make_component_statement(
    body: MadeBody, worked_out: Annotated[actions.ComputedShares | None, Depends(_work_out)], write: Edits
) -> ComponentStatementView:
    """Declare a component to the programme office, signed by a named representative.

    It never changes. Suppliers it is shared with see who made it, its origin shares, verdict and validity, and may attach it
    to a component of a declaration; they never see its lines, its cost, or who else it is shared with.
    """
    row = await actions.make_statement(write, body, worked_out)
    return _shown(
        await one(write.session, queries.statements(write.context), row.id, ComponentStatement), write.context
    )


@router.get("/component-statements/{statementId}")
async def get_component_statement(statement_id: StatementId, read: ReadsOnce) -> ComponentStatementView:
    """One statement, for its maker and for the office."""
    row = await one(read.session, queries.statements(read.context), statement_id, ComponentStatement)
    return _shown(row, read.context)


@router.patch("/component-statements/{statementId}")
async def change_component_statement(
    statement_id: StatementId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(ComponentStatementEdit)],
    write: Edits,
    match: IfMatch,
) -> ComponentStatementView:
    """Share a statement with others, or withdraw it; where it was attached it stays, and its verdict says `withdrawn`."""
    row = match.check(await write.load(ComponentStatement, statement_id))
    seen = queries.statements(write.context)
    before = _shown(await one(write.session, seen, statement_id, ComponentStatement), write.context)
    await actions.change_statement(write, row, columns_of(merged(ComponentStatementEdit, before, patch)))
    return _shown(await one(write.session, seen, statement_id, ComponentStatement), write.context)


@router.get("/component-statements/{statementId}/verdict")
async def get_statement_verdict(statement_id: StatementId, read: ReadsOnce) -> StatementVerdictView:
    """What those with whom a statement is shared may know of it: maker, share, verdict and validity."""
    return _verdict_view(await read.load(StatementVerdict, statement_id), read.context.today)


@router.get("/component-verdicts")
async def list_component_verdicts(
    query: Annotated[StatementVerdictQuery, Query()], read: Reads
) -> StatementVerdictPage:
    """The verdicts you may see: a supplier those of its own statements, and of statements that are shared with it."""
    rows, cursor = await read.page(visible(StatementVerdict, read.context), query)
    items = [_verdict_view(StatementVerdict.of_row(row), read.context.today) for row in rows]
    return StatementVerdictPage(items=items, next_cursor=cursor)


def _shown(row: Mapping[str, Any], context: ReadContext) -> ComponentStatementView:
    person = {name: row[f"representative_{name}"] for name in StatementSignatoryView.model_fields}
    validity = validity_of(valid_until=row["valid_until"], withdrawn_on=row["withdrawn_on"], today=context.today)
    return ComponentStatementView.of(row, validity=validity, representative=StatementSignatoryView(**person))


def _verdict_view(row: StatementVerdict, today: date) -> StatementVerdictView:
    validity = validity_of(valid_until=row.valid_until, withdrawn_on=row.withdrawn_on, today=today)
    return StatementVerdictView.of(row, validity=validity)
