"""`apos declare templates`: the empty table of components to fill in, and what each of its columns is for."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from apos_client._models import DeclarationTemplate
from apos_client.command._complaints import WRONG_USE, printable
from apos_client.command._session import AsJson, fail, print_json, service, show
from apos_client.command._written import Force, Output, write

INDENT = 4
TableFormat = Literal["csv", "xlsx"]
BY_SUFFIX: dict[str, TableFormat] = {".csv": "csv", ".xlsx": "xlsx"}


def templates(
    context: typer.Context,
    *,
    table_format: Annotated[
        TableFormat | None, typer.Option("--format", help="The empty table itself; by the name of the file by default")
    ] = None,
    output: Output = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """What the columns of a table of components are for; or the empty table, with help above its headings."""
    kind = table_format or _by_name(output)
    if kind is not None and as_json:
        fail(WRONG_USE, "--json is about the columns; leave it out to get the empty table.")
    with service(context) as apos:
        if kind is None:
            found = apos.declaration_templates.find()
        else:
            content = apos.declaration_templates.xlsx() if kind == "xlsx" else apos.declaration_templates.csv().encode()
    if kind is not None:
        write(content, output, force=force, is_text=kind == "csv")
    elif as_json:
        print_json(found)
    else:
        show(lambda _: _columns(found))


def _by_name(output: Path | None) -> TableFormat | None:
    if output is None:
        return None
    kind = BY_SUFFIX.get(output.suffix.lower())
    if kind is None:
        fail(WRONG_USE, f"{output} is not named .csv or .xlsx; say which it is, with --format.")
    return kind


def _columns(template: DeclarationTemplate) -> RenderableType:
    """Each heading, and under it what it is for, whole."""
    lines: list[RenderableType] = []
    for column in template.columns:
        needed = " (needed)" if column.required else ""
        lines += [Text.assemble((printable(column.heading), "bold"), needed)]
        lines += [Padding(Text(printable(column.help.en)), (0, 0, 0, INDENT))]
    return Group(*lines)
