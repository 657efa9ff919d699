"""`apos declare templates`: the empty table of components to fill in, and what each of its columns is for."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from apos_client.command._messages import WRONG_USE
from apos_client.command._output import Dialect, Force, Output, write
from apos_client.command._session import AsJson, fail, print_json, service, show

TableFormat = Literal["csv", "xlsx"]
BY_SUFFIX: dict[str, TableFormat] = {".csv": "csv", ".xlsx": "xlsx"}


def templates(
    context: typer.Context,
    *,
    table_format: Annotated[
        TableFormat | None,
        typer.Option("--format", help="The format of the empty table; by default that of the file's name"),
    ] = None,
    dialect: Dialect = None,
    output: Output = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """The empty table of components, or what its columns are for.

    The table has help above its headings. Without a format and a file, the command prints what each column is for.
    """
    from apos_client.command._reports.templates import template_report

    kind = table_format or _by_name(output)
    if kind is not None and as_json:
        fail(WRONG_USE, "--json prints the columns; leave it out to get the empty table.")
    if dialect is not None and kind != "csv":
        fail(WRONG_USE, "--dialect is for the empty table as CSV; leave it out, or give --format csv.")
    with service(context) as apos:
        if kind is None:
            template = apos.declaration_templates.find()
        else:
            tables = apos.declaration_templates
            content = tables.xlsx() if kind == "xlsx" else tables.csv(dialect=dialect).encode()
    if kind is not None:
        write(content, output, force=force, is_text=kind == "csv")
    elif as_json:
        print_json(template)
    else:
        show(lambda _: template_report(template))


def _by_name(output: Path | None) -> TableFormat | None:
    if output is None:
        return None
    kind = BY_SUFFIX.get(output.suffix.lower())
    if kind is None:
        fail(WRONG_USE, f"The name {output} does not end in .csv or .xlsx; give the format with --format.")
    return kind
