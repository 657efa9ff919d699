"""Declaration templates: the empty tables that suppliers fill in, and what each of their columns is for."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.http.auth import Read, RequiresRead
from api.http.csv_answers import CSV_UTF8, DialectParameter, dialect_for
from api.http.negotiation import CSV, XLSX, csv_example, offers
from api.http.pagination import ListQuery, Page
from api.http.paths import TemplateId
from api.http.route import Route
from api.intake import templates
from api.schemas.bodies import View
from api.workers import run_in_worker
from domain.errors import Fault, NotFound, refuse
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["declaration-templates"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PUBLISHED)]
TABLE_FORMATS = {
    CSV: csv_example("key,parentKey,name\r\n"),
    XLSX: {"schema": {"type": "string", "contentMediaType": XLSX}},
}


class TemplateHelp(View):
    """What a column is for."""

    en: str = Field(examples=["How many there are in one delivered system"])
    nl: str = Field(examples=["Hoeveel er in één geleverd systeem zitten"])


class TemplateColumn(View):
    """A column of a template; a column under one of `otherHeadings` is read as this one."""

    field: str = Field(examples=["quantity"])
    heading: str = Field(examples=["quantity"])
    required: bool
    help: TemplateHelp
    example: str = Field(examples=["4"])
    other_headings: list[str] = Field(examples=[["qty", "aantal"]])


class DeclarationTemplate(View):
    """An empty table to fill in; the table itself comes as CSV or XLSX."""

    id: str = Field(examples=[templates.COMPONENTS])
    formats: list[str] = Field(description="The media types in which it is offered", examples=[[CSV, XLSX]])
    columns: list[TemplateColumn]


class TemplatePage(Page[DeclarationTemplate]):
    """One page of templates."""


class TemplateQuery(ListQuery):
    """All templates are on one page, so there are no parameters."""

    sort: Literal["id", "-id"] = "id"


class OneTemplateQuery(BaseModel):
    """How the table is written; its format is chosen by Accept."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    dialect: DialectParameter = None


def _components() -> DeclarationTemplate:
    columns = [
        TemplateColumn(
            field=column.field,
            heading=column.field,
            required=column.required,
            help=TemplateHelp(en=column.english, nl=column.dutch),
            example=column.example,
            other_headings=list(column.others),
        )
        for column in templates.columns()
    ]
    return DeclarationTemplate(id=templates.COMPONENTS, formats=[CSV, XLSX], columns=columns)


@router.get("/declaration-templates")
async def list_declaration_templates(query: Annotated[TemplateQuery, Query()], _read: Reads) -> TemplatePage:
    """The empty tables that are available."""
    if query.cursor is not None:
        refuse([Fault("/query/cursor", "is not a cursor of this list and sort; begin again without it")])
    return TemplatePage(items=[_components()], next_cursor=None)


@router.get("/declaration-templates/{templateId}", response_model=DeclarationTemplate)
async def get_declaration_template(
    template_id: TemplateId,
    query: Annotated[OneTemplateQuery, Query()],
    _read: Reads,
    media_type: Annotated[str, offers(TABLE_FORMATS)],
) -> DeclarationTemplate | Response:
    """One empty table: what its columns are for, or the table itself.

    As CSV or XLSX: help in English and Dutch above the headings, where it may stay when the table is sent.
    """
    dialect = dialect_for(media_type, query.dialect)
    if template_id != templates.COMPONENTS:
        raise NotFound("declaration template not found: no declaration template with this id, or you may not see it")
    if media_type == XLSX:
        return _file(await run_in_worker(templates.template_xlsx, lines=1), XLSX, "xlsx")
    if media_type == CSV:
        return _file(templates.template_csv(dialect.separator).encode(), CSV_UTF8, "csv")
    return _components()


def _file(content: bytes, media_type: str, extension: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{templates.COMPONENTS}.{extension}"'}
    return Response(content, media_type=media_type, headers=headers)
