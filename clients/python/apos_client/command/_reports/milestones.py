"""Milestones on a terminal: windows, forecasts, and both colours."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import Milestone, Window
from apos_client.command._reports.tables import LEGEND, Column, both_colours, colour, table


def milestones_report(listed: Sequence[Milestone], parents: Mapping[UUID, str], width: int) -> RenderableType:
    """The milestones: the window first agreed, the current one, the forecast, and both colours if you see them."""
    columns: list[Column[Milestone]] = [
        Column("Key", lambda each: each.key or str(each.id)),
        Column("Of", lambda each: _parent(each, parents), goes_below=True),
        Column("Title", lambda each: each.title, is_title=True),
    ]
    has_colours = any(each.colours for each in listed)
    if has_colours:
        columns += [
            Column("Status", _status),
            Column("Agreed", lambda each: _end(each.original)),
            Column("Now by", lambda each: _end(each.window), goes_below=True),
            Column("Expected", lambda each: _end(each.forecast), goes_below=True),
            Column("Original", lambda each: _colour(each, "original")),
            Column("Current", lambda each: _colour(each, "current"), goes_below=True),
        ]
    else:
        columns.append(Column("By", lambda each: _end(each.window)))
    legend = [Text(LEGEND, style="dim")] if has_colours else []
    count = "1 milestone" if len(listed) == 1 else f"{len(listed)} milestones"
    return Group(table(columns, [listed], width), Text(f"\n{count} that you may see."), *legend)


def _status(milestone: Milestone) -> str:
    """The status, or that it was dropped: its status stays as it was, and no longer counts."""
    is_dropped = milestone.withdrawn is not None and milestone.withdrawn.kind == "dropped"
    return "dropped" if is_dropped else milestone.status or "-"


def forecast_report(name: str, start: date, end: date, changed: Milestone) -> RenderableType:
    """A forecast, with the colours that follow from it if you see them."""
    lines = [Text(f"{name} is expected from {start} to {end}.")]
    if changed.colours is not None:
        lines.append(both_colours(changed.colours, changed.slip_days))
    return Text("\n").join(lines)


def _parent(milestone: Milestone, parents: Mapping[UUID, str]) -> str:
    """The code of its lot, challenge or programme; its id where you may not see it, - where you may not know it."""
    of = milestone.lot_id or milestone.challenge_id or milestone.programme_id
    return "-" if of is None else parents.get(of, str(of))


def _end(window: Window | None) -> str:
    return "-" if window is None else str(window.end)


def _colour(milestone: Milestone, which: str) -> Text:
    if milestone.colours is None:
        return Text("-")
    slip = milestone.slip_days
    return colour(getattr(milestone.colours, which), None if slip is None else getattr(slip, which))
