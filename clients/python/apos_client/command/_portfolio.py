"""`apos status` and `apos lots`: the lots and challenges, with both colours side by side."""

from typing import Annotated

import typer

from apos_client._keywords import LotStatus
from apos_client.command._messages import WRONG_USE
from apos_client.command._output import Dialect
from apos_client.command._session import AsJson, fail, print_json, service, show


def status(
    context: typer.Context,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print only CSV on standard output: a row for each lot and challenge")
    ] = False,
    dialect: Dialect = None,
) -> None:
    """The status of every lot and challenge, with both colours.

    The original colour is against the window that was first agreed, the current one against the present window.
    """
    from apos_client.command._reports.portfolio import status_report

    if as_json and as_csv:
        fail(WRONG_USE, "Give --json or --csv, not both.")
    if dialect is not None and not as_csv:
        fail(WRONG_USE, "--dialect is for --csv; give both, or neither.")
    with service(context) as apos:
        if as_csv:
            typer.echo(apos.portfolio_status.csv(dialect=dialect).encode(), nl=False)
            return
        portfolio = apos.portfolio_status.read()
    if as_json:
        print_json(portfolio)
    else:
        show(lambda width: status_report(portfolio, width))


def lots(
    context: typer.Context,
    status: Annotated[LotStatus | None, typer.Option(help="Only those with this status")] = None,
    as_json: AsJson = False,
) -> None:
    """The lots that you may see."""
    from apos_client.command._reports.portfolio import lots_report

    with service(context, {"status": "--status"}) as apos:
        listed = list(apos.lots.each(sort="code") if status is None else apos.lots.each(sort="code", status=status))
    if as_json:
        print_json(listed)
    else:
        show(lambda width: lots_report(listed, width))
