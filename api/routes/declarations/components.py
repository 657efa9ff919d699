"""The components of a declaration: read a page at a time or all as CSV, replaced all at once."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.actions.declarations import origin_declarations as actions
from api.exports.components import csv_digest, csv_of_components, pieces_of
from api.exports.tables import CsvDialect
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.csv_answers import DialectParameter, csv_answer, dialect_for
from api.http.negotiation import CSV, csv_example, offers
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import DeclarationId, StatementId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.http.service import service_of
from api.http.uploads import TableQuery, Upload
from api.intake.report import IntakeReport
from api.schemas.bodies import ONE_LINE, Composite, Country, Day, View
from api.schemas.plain_texts import PlainLine
from api.store.ledger import Write
from api.store.visibility import visible
from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.component_statements import ComponentStatement
from domain.declarations.definitions import CONTROL, MADE_IN
from domain.declarations.origin_declarations import OriginDeclaration
from domain.errors import Fault, refuse
from domain.permissions import Permission
from domain.scoring.inputs import EvidenceLevel

router = APIRouter(route_class=Route)
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
MediaType = Annotated[str, offers({CSV: csv_example("key,parentKey,name\r\n")})]
ReadsStatements = Annotated[Read, RequiresRead(Permission.READ_STATEMENTS)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_DECLARATIONS)]


class DeclaredUnitValue(Composite):
    """The value of one piece, in euros, as declared."""

    SUFFIXES: ClassVar[dict[str, str]] = {"amount": ""}

    amount: str = Field(examples=["12.5"])
    currency: Literal["EUR"] = "EUR"
    qualifier: Literal["exact"] = "exact"


class DeclaredEvidence(Composite):
    """Proof of a statement; level none where nothing was given."""

    SUFFIXES: ClassVar[dict[str, str]] = {
        "level": "_level",
        "expires_on": "_expires_on",
        "uri": "_uri",
        "sha256": "_sha256",
    }

    level: EvidenceLevel
    expires_on: Day | None
    uri: str | None = Field(examples=["https://example.org/certificate.pdf"])
    sha256: str | None = Field(examples=["0" * 64])


class ComponentView(View):
    """A component as it was declared; null is unknown."""

    OMITS: ClassVar = frozenset({"component_set", "position"})

    key: str
    parent_key: str | None
    name: str
    part_number: str | None
    manufacturer: str | None
    function_group: str | None
    quantity: str = Field(examples=["4"])
    unit_value: DeclaredUnitValue | None
    country_of_manufacture: Country | None = Field(description=f"Made in: {MADE_IN.english}", examples=["NL"])
    country_of_control: Country | None = Field(description=f"Control: {CONTROL.english}", examples=["NL"])
    licence_country: str | None = Field(examples=["NONE"])
    export_regime: str | None = Field(examples=["NONE"])
    second_source_country: Country | None
    stock_weeks: str | None = Field(examples=["12"])
    lead_time_weeks: str | None = Field(examples=["8"])
    evidence: DeclaredEvidence
    statement_id: UUID | None = Field(description="A statement of its maker", examples=[None])


class ComponentPage(Page[ComponentView]):
    """One page of components."""


class ComponentQuery(ListQuery):
    """Filters of components; they come in the order in which they were given."""

    function_group: Annotated[str, PlainLine] | None = Field(default=None, max_length=300, pattern=ONE_LINE)
    parent_key: Annotated[str, PlainLine] | None = Field(default=None, max_length=200, pattern=ONE_LINE)
    name: PartFilter | None = None
    sort: Literal["position", "-position", "key", "-key"] = "position"


class DeclaredComponentQuery(ComponentQuery):
    """The same filters, and how a table is written."""

    dialect: DialectParameter = None


class StoredComponents(IntakeReport):
    """What was stored of the components, with the intake report; `version` is that of the declaration."""

    version: int
    component_count: int
    components_digest: str | None = Field(description="SHA-256 of the components as stored; null without any")


@router.get(
    "/origin-declarations/{declarationId}/components",
    response_model=ComponentPage,
    tags=["origin-declarations"],
)
async def list_components(
    declaration_id: DeclarationId, query: Annotated[DeclaredComponentQuery, Query()], read: Reads, media_type: MediaType
) -> ComponentPage | StreamingResponse:
    """The components of a declaration, in the order in which they were given.

    As CSV: all of them at once, or all that match the filter, so without `limit`, `cursor` and `sort`; `unitValue` is the
    amount in euros, nested keys are dotted headers. Its ETag may be sent as If-Match when the components are replaced.
    """
    dialect = dialect_for(media_type, query.dialect)
    declaration = await read.load(OriginDeclaration, declaration_id)
    if media_type == CSV:
        return _as_csv(read, declaration, query, dialect)
    seen = visible(DeclaredComponent, read.context)
    rows, cursor = await read.page(seen, query, seen.c.component_set == declaration.component_set)
    return ComponentPage(items=[ComponentView.of(row) for row in rows], next_cursor=cursor)


def _as_csv(
    read: Read, declaration: OriginDeclaration, query: ComponentQuery, dialect: CsvDialect
) -> StreamingResponse:
    """The components as CSV; bad parameters are refused before the first byte, as a later error can only cut it off."""
    paging = [name for name in ("limit", "cursor", "sort") if name in query.model_fields_set]
    refuse(
        [Fault(f"/query/{name}", "leave it out: CSV gives all lines, in the order they were given") for name in paging]
    )
    service = service_of(read.request)
    pieces = pieces_of(
        service.database,
        service.turns,
        read.context,
        declaration.component_set,
        declaration.component_count,
        filters=query.model_dump(include={"function_group", "parent_key", "name"}, exclude_none=True),
    )
    return csv_answer(csv_of_components(pieces, dialect), csv_digest(declaration), dialect, declaration.version)


@router.put("/origin-declarations/{declarationId}/components", tags=["origin-declarations"])
async def replace_components(
    declaration_id: DeclarationId, body: Upload, write: Edits, match: IfMatch, _query: Annotated[TableQuery, Query()]
) -> StoredComponents:
    """Give a draft these components, and no others. Takes the declaration's ETag and raises its version.

    As JSON, or as a file by its content type. All or nothing: where one line cannot be used nothing is stored, and the
    report is in the problem. Unit values of a table in another currency are converted by the rate that you state, which the
    declaration then shows.
    """
    row = match.check(await write.load(OriginDeclaration, declaration_id))
    changed = await actions.replace_components(write, row, body)
    stored = changed.model_dump(include={"version", "component_count", "components_digest"})
    return StoredComponents(**stored, **body.report().model_dump())


@router.get("/component-statements/{statementId}/components", tags=["component-statements"])
async def list_statement_components(
    statement_id: StatementId, query: Annotated[ComponentQuery, Query()], read: ReadsStatements
) -> ComponentPage:
    """The components that a statement is made of, for its maker and for the office."""
    statement = await read.load(ComponentStatement, statement_id)
    seen = visible(DeclaredComponent, read.context)
    rows, cursor = await read.page(seen, query, seen.c.component_set == statement.component_set)
    return ComponentPage(items=[ComponentView.of(row) for row in rows], next_cursor=cursor)
