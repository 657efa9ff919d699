"""Commitments on a terminal, with the letters they come from and those that are overdue."""

from collections.abc import Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import Commitment
from apos_client.command._reports.tables import Column, table


def commitments_report(listed: Sequence[Commitment], today: date, width: int) -> RenderableType:
    """The commitments, with the status of each on a day."""
    columns: list[Column[Commitment]] = [
        Column("Key", lambda each: each.key or str(each.id)),
        Column("Kind", lambda each: each.kind, goes_below=True),
        Column("Text", lambda each: each.text, is_title=True),
        Column("Due", lambda each: str(each.due or "-")),
        Column("Status", lambda each: _status(each, today), goes_below=True),
        Column("Source", lambda each: each.source or "-"),
        Column("Paper", _papers, goes_below=True),
    ]
    late = sum(_is_overdue(each, today) for each in listed)
    count = "1 commitment" if len(listed) == 1 else f"{len(listed)} commitments"
    return Group(table(columns, [listed], width), Text(f"\n{count}, {late} overdue on {today}."))


def _is_overdue(commitment: Commitment, today: date) -> bool:
    return commitment.status == "open" and commitment.due is not None and commitment.due < today


def _status(commitment: Commitment, today: date) -> Text:
    return Text("overdue", style="bold red") if _is_overdue(commitment, today) else Text(commitment.status)


def _papers(commitment: Commitment) -> str:
    printed = [(each.reading and each.reading.normalised) or each.as_printed for each in commitment.references]
    return "; ".join(printed) or "-"
