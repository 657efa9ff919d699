"""`apos commitments`: what parliament was promised or asked for, what is still open, and what is overdue."""

from typing import Annotated

import typer

from apos_client._keywords import CommitmentFilters, CommitmentKind, CommitmentStatus
from apos_client.command._messages import WRONG_USE
from apos_client.command._session import AsJson, environment_of, fail, print_json, service, show

OPTIONS = {"status": "--status", "kind": "--kind", "reference": "--reference", "dueBefore": "--overdue"}


def commitments(
    context: typer.Context,
    *,
    status: Annotated[CommitmentStatus | None, typer.Option(help="Only those with this status")] = None,
    kind: Annotated[CommitmentKind | None, typer.Option(help="Only those of this kind")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only open ones whose day has passed")] = False,
    reference: Annotated[
        str | None, typer.Option(help="Only those of this paper, in any spelling, such as '36 800-X34'")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Promises to parliament and its motions.

    Those that are due first come first.
    """
    from apos_client.command._reports.commitments import commitments_report

    if overdue and status not in (None, "open"):
        fail(WRONG_USE, f"--overdue selects open commitments, and --status those that are {status}: give one of them.")
    today = environment_of(context).today()
    filters: CommitmentFilters = {"sort": "due"}
    if overdue:
        filters |= {"status": "open", "due_before": today}
    elif status is not None:
        filters["status"] = status
    if kind is not None:
        filters["kind"] = kind
    if reference is not None:
        filters["reference"] = reference
    with service(context, OPTIONS) as apos:
        listed = list(apos.commitments.each(**filters))
    if as_json:
        print_json(listed)
    else:
        show(lambda width: commitments_report(listed, today, width))
