"""`apos declare export`: a declaration as a file, to work on and send again."""

import json
from typing import Annotated, Literal

import typer

from apos_client._client import Apos
from apos_client._models import OriginDeclaration
from apos_client.command._session import service
from apos_client.command._written import Force, Output, write

ExportFormat = Literal["csv", "cyclonedx", "json"]


def export(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="Its id")],
    *,
    file_format: Annotated[
        ExportFormat, typer.Option("--format", help="Its components as a table, or all of it as CycloneDX or JSON")
    ] = "csv",
    output: Output = None,
    force: Force = False,
) -> None:
    """A declaration as a file, on standard output unless a file is named.

    The table and CycloneDX can be uploaded again, and the JSON submitted, as they are.
    """
    with service(context) as apos:
        if file_format == "csv":
            content = apos.origin_declarations.components_csv(declaration)
        elif file_format == "cyclonedx":
            content = apos.origin_declarations.as_cyclonedx(declaration)
        else:
            content = _declaration_file(apos, apos.origin_declarations.find(declaration))
    write(content, output, force=force)


def _declaration_file(apos: Apos, found: OriginDeclaration) -> bytes:
    """The file that `apos declare submit` reads."""
    known = found.document()
    beside = {
        name: known[name] for name in ("supplierId", "lotId", "challengeId", "price", "revises") if known.get(name)
    }
    statement = found.statement(apos.origin_declarations.components(found.id)).document()
    return (json.dumps({**beside, **statement}, indent=2, ensure_ascii=False) + "\n").encode()
