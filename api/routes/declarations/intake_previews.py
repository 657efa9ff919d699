"""Intake previews: the intake's report on a file, without storing anything."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.actions.declarations import origin_declarations as actions
from api.http.auth import Read, RequiresReadAfterBody
from api.http.operation import may_answer
from api.http.route import Route
from api.http.uploads import AnyUpload, TableQuery
from api.intake.report import IntakeReport
from api.schemas.bodies import Identifier
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["intake-previews"])
Previews = Annotated[Read, RequiresReadAfterBody(Permission.PREVIEW_SCORES)]


class IntakeQuery(TableQuery):
    """The declaration to check the components against, and how to read the file."""

    declaration_id: Identifier | None = Field(
        default=None,
        alias="declarationId",
        description="Check them against this declaration too: its total, and its profile's function groups",
    )


@router.post("/intake-previews", status_code=200, responses=may_answer(404))
async def preview_intake(body: AnyUpload, read: Previews, query: Annotated[IntakeQuery, Query()]) -> IntakeReport:
    """The intake report on a file of components, refused lines among them. Nothing is stored.

    Refused lines are part of the report (200); only a file that cannot be read at all is answered with a problem.
    """
    if query.declaration_id is not None:
        row = await read.load(OriginDeclaration, query.declaration_id)
        body.add_faults(await actions.faults_in_declaration(read.session, read.context, row, body.lines))
    return body.report()
