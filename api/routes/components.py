"""The components of a declaration: read a page at a time, replaced all at once."""

from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from api.actions import origin_declarations as actions
from api.auth import Read, Reading, Writing
from api.bodies import ONE_LINE, Composite, Country, Day, View
from api.declarations import Component, ComponentsBody, given_lines
from api.documents import document
from api.ledger import Write
from api.pagination import ListQuery, Page
from api.paths import DeclarationId
from api.preconditions import IfMatch
from api.queries import origin_declarations as queries
from api.route import Route
from domain.components import MAX_COMPONENTS, GivenLines
from domain.declarations import OriginDeclaration
from domain.permissions import Permission
from domain.scoring.inputs import EvidenceLevel

router = APIRouter(route_class=Route, tags=["origin-declarations"])
Reads = Annotated[Read, Reading(Permission.READ_DECLARATIONS)]
Edits = Annotated[Write, Writing(Permission.EDIT_DECLARATIONS)]


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

    model_config = ConfigDict(title="DeclaredComponent")
    OMITS: ClassVar = frozenset({"component_set", "position"})

    key: str
    parent_key: str | None
    name: str
    part_number: str | None
    manufacturer: str | None
    function_group: str | None
    quantity: str = Field(examples=["4"])
    unit_value: DeclaredUnitValue | None
    country_of_manufacture: Country | None
    country_of_control: Country | None
    licence_country: str | None = Field(examples=["NONE"])
    export_regime: str | None = Field(examples=["NONE"])
    second_source_country: Country | None
    stock_weeks: str | None = Field(examples=["12"])
    lead_time_weeks: str | None = Field(examples=["8"])
    evidence: DeclaredEvidence


class ComponentPage(Page[ComponentView]):
    """One page of components."""


class ComponentQuery(ListQuery):
    """Filters of components; they come in the order in which they were given."""

    function_group: str | None = Field(default=None, max_length=300, pattern=ONE_LINE)
    parent_key: str | None = Field(default=None, max_length=200, pattern=ONE_LINE)
    sort: Literal["position", "-position", "key", "-key"] = "position"


class StoredComponents(View):
    """What was stored of the components; `version` is that of the declaration."""

    version: int
    component_count: int
    components_digest: str | None = Field(description="SHA-256 of the components as they are kept; null without any")


def _given(body: ComponentsBody) -> GivenLines:
    return given_lines(body.components)


@router.get("/origin-declarations/{declarationId}/components")
async def list_components(
    declaration_id: DeclarationId, query: Annotated[ComponentQuery, Query()], read: Reads
) -> ComponentPage:
    """The components of a declaration, in the order in which they were given."""
    declaration = await read.load(OriginDeclaration, declaration_id)
    seen = queries.components(read.reader)
    rows, cursor = await read.page(seen, query, seen.c.component_set == declaration.component_set)
    return ComponentPage(items=[ComponentView.of(row) for row in rows], next_cursor=cursor)


@router.put("/origin-declarations/{declarationId}/components")
async def replace_components(
    declaration_id: DeclarationId,
    body: Annotated[
        GivenLines, document(ComponentsBody, _given, lines=("components",), each=Component, most=MAX_COMPONENTS)
    ],
    write: Edits,
    match: IfMatch,
) -> StoredComponents:
    """Give a draft these components, and no others. Takes the declaration's ETag and raises its version."""
    row = match.check(await write.load(OriginDeclaration, declaration_id))
    after = await actions.replace_components(write, row, body)
    return StoredComponents(
        version=after.version, component_count=after.component_count, components_digest=after.components_digest
    )
