"""`apos commitments`: what parliament was promised or asked for, what is still open, and what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._keywords import CommitmentFilters, CommitmentKind, CommitmentStatus
from apos_client._models import Commitment
from apos_client.command._complaints import WRONG_USE
from apos_client.command._session import AsJson, fail, outside, print_json, service, show
from apos_client.command._tables import Column, table

OPTIONS = {"status": "--status", "kind": "--kind", "reference": "--reference", "dueBefore": "--overdue"}


def commitments(
    context: typer.Context,
    *,
    status: Annotated[CommitmentStatus | None, typer.Option(help="Only those with this status")] = None,
    kind: Annotated[CommitmentKind | None, typer.Option(help="Only those of this kind")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only open ones whose day has passed")] = False,
    reference: Annotated[
        str | None, typer.Option(help="Only those of this paper, spelled in any way, such as '27 830, nr. 489'")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Promises to parliament and its motions, those that are due first at the top."""
    if overdue and status not in (None, "open"):
        fail(WRONG_USE, f"--overdue is about open commitments, and not about those that are {status}.")
    today = outside(context).today()
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


def commitments_report(listed: Sequence[Commitment], today: date, width: int) -> RenderableType:
    """The commitments, with how each stands on a day."""
    columns: list[Column[Commitment]] = [
        Column("Key", lambda each: each.key or str(each.id)),
        Column("Kind", lambda each: each.kind, spare=2),
        Column("Text", lambda each: each.text, spare=1, is_title=True),
        Column("Due", lambda each: str(each.due or "-")),
        Column("Status", lambda each: _standing(each, today)),
        Column("Paper", _papers, spare=3),
    ]
    late = sum(_is_overdue(each, today) for each in listed)
    count = "1 commitment" if len(listed) == 1 else f"{len(listed)} commitments"
    return Group(table(columns, [listed], width), Text(f"\n{count}, {late} overdue on {today}."))


def _is_overdue(commitment: Commitment, today: date) -> bool:
    return commitment.status == "open" and commitment.due is not None and commitment.due < today


def _standing(commitment: Commitment, today: date) -> Text:
    return Text("overdue", style="bold red") if _is_overdue(commitment, today) else Text(commitment.status)


def _papers(commitment: Commitment) -> str:
    printed = [(each.reading and each.reading.normalised) or each.as_printed for each in commitment.references]
    return "; ".join(printed) or "-"
