"""The status of the portfolio and the lots on a terminal, with both colours side by side."""

from collections.abc import Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import ColourCounts, Lot, NextMilestone, PortfolioStatus, StatusLine
from apos_client.command._reports.tables import LEGEND, STYLES, Column, amount, colour, table


def status_report(status: PortfolioStatus, width: int) -> RenderableType:
    """The status of the portfolio: lots, then challenges, and how many have each colour."""
    columns: list[Column[StatusLine]] = [
        Column("Code", lambda line: line.code),
        Column("Title", lambda line: line.title, is_title=True),
        Column("Status", lambda line: line.status),
        Column("Original", lambda line: colour(line.colours.original, line.slip_days.original)),
        Column("Current", lambda line: colour(line.colours.current, line.slip_days.current), goes_below=True),
        Column("Due next", lambda line: _due(line.next_milestone)),
    ]
    counts = status.totals.colours
    return Group(
        Text(f"The portfolio on {status.as_of}\n", style="bold"),
        table(columns, [status.lots, status.challenges], width),
        Text(f"\nOriginal: {_counted(counts.original)}.\nCurrent: {_counted(counts.current)}."),
        Text(LEGEND, style="dim"),
    )


def lots_report(lots: Sequence[Lot], width: int) -> RenderableType:
    """The lots; their colours too, if your role sees them."""
    columns: list[Column[Lot]] = [
        Column("Code", lambda lot: lot.code),
        Column("Key", lambda lot: lot.key or "-", goes_below=True),
        Column("Title", lambda lot: lot.title, is_title=True),
        Column("Status", lambda lot: lot.status),
    ]
    if any(lot.colours for lot in lots):
        columns += [
            Column("Original", lambda lot: _colour_of(lot, "original")),
            Column("Current", lambda lot: _colour_of(lot, "current"), goes_below=True),
            Column("Budget", lambda lot: amount(lot.budget)),
        ]
    count = "1 lot" if len(lots) == 1 else f"{len(lots)} lots"
    return Group(table(columns, [lots], width), Text(f"\n{count} that you may see."))


def _colour_of(lot: Lot, which: Literal["original", "current"]) -> Text:
    if lot.colours is None:
        return Text("-")
    return colour(getattr(lot.colours, which), None if lot.slip_days is None else getattr(lot.slip_days, which))


def _due(milestone: NextMilestone | None) -> Text:
    if milestone is None or milestone.window is None:
        return Text("nothing" if milestone is None else "no day", style="dim")
    return Text(str(milestone.window.end))


def _counted(counts: ColourCounts) -> str:
    return ", ".join(f"{getattr(counts, name)} {name}" for name in STYLES)
