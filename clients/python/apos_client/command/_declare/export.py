"""`apos declare export`: a declaration as a file, to edit and to send again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apos_client.command._declare.arguments import DeclarationId
from apos_client.command._messages import WRONG_USE
from apos_client.command._output import Dialect, Force, Output, write
from apos_client.command._session import fail, service

if TYPE_CHECKING:
    from apos_client import Apos, OriginDeclaration

ExportFormat = Literal["csv", "cyclonedx", "json"]


def export(
    context: typer.Context,
    declaration: DeclarationId,
    *,
    file_format: Annotated[
        ExportFormat, typer.Option("--format", help="Its components as a table, or all of it as CycloneDX or JSON")
    ] = "csv",
    dialect: Dialect = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """A declaration as a file, to edit and to send again.

    It goes to standard output unless you name a file. The table and CycloneDX can be uploaded again, and the JSON
    submitted, as they are.
    """
    if dialect is not None and file_format != "csv":
        fail(WRONG_USE, "--dialect is for --format csv; leave it out.")
    with service(context) as apos:
        if file_format == "csv":
            content = apos.origin_declarations.components_csv(declaration, dialect=dialect)
        elif file_format == "cyclonedx":
            content = apos.origin_declarations.as_cyclonedx(declaration)
        else:
            content = _declaration_file(apos, apos.origin_declarations.find(declaration))
    write(content, output, force=force)


def _declaration_file(apos: Apos, declaration: OriginDeclaration) -> bytes:
    """The file that `apos declare submit` reads."""
    document = declaration.document()
    names = ("supplierId", "lotId", "challengeId", "price", "revises")
    terms = {name: document[name] for name in names if document.get(name)}
    statement = declaration.statement(apos.origin_declarations.components(declaration.id)).document()
    return (json.dumps({**terms, **statement}, indent=2, ensure_ascii=False) + "\n").encode()
