"""`apos declare changes`: what a revision changed of the one before it, and how that changes its score."""

from typing import Annotated

import typer

from apos_client.command._session import AsJson, print_json, service, show

OPTIONS = {"against": "--against", "limit": "--limit"}


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
    """What a revision changed, and how that changes its score.

    Lines added, removed and changed since an earlier revision, and the effect on score, shares and knock-outs.
    """
    from apos_client.command._reports.changes import changes_report

    with service(context, OPTIONS) as apos:
        revision = apos.origin_declarations.changes(declaration, against=against, limit=limit)
    if as_json:
        print_json(revision)
    else:
        show(lambda width: changes_report(revision, width))
