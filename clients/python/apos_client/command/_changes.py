"""`apos declare changes`: what a revision changed of the one before it, and what that does to its score."""

from typing import Annotated

import typer

from apos_client.command._changes_report import changes_report
from apos_client.command._session import AsJson, print_json, service, show

PLACES = {"against": "--against", "limit": "--limit"}


def changes(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(metavar="DECLARATION", help="The later revision, by its id")],
    *,
    against: Annotated[
        str | None, typer.Option(metavar="ID", help="An earlier revision; by default the one that it revises")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many lines of each kind at most, 1 to 1000")] = 200,
    as_json: AsJson = False,
) -> None:
    """Lines added, removed and changed since an earlier revision, and the effect on score, shares and knock-outs."""
    with service(context, PLACES) as apos:
        found = apos.origin_declarations.changes(declaration, against=against, limit=limit)
    if as_json:
        print_json(found)
    else:
        show(lambda width: changes_report(found, width))
