"""The status of the portfolio and the lots on a terminal, with both colours side by side."""

from collections.abc import Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import ColourCounts, JudgingMilestone, Lot, PortfolioStatus, StatusLine
from apos_client.command._messages import printable
from apos_client.command._reports.tables import LEGEND, STYLES, Column, amount, colour, table

JUDGED_COLOURS = ("amber", "red")
"""Colours that the report gives the reason of."""


def status_report(status: PortfolioStatus, width: int) -> RenderableType:
    """The status of the portfolio: lots, then challenges, and how many have each colour."""
    columns: list[Column[StatusLine]] = [
        Column("Code", lambda line: line.code),
        Column("Title", lambda line: line.title, is_title=True),
        Column("Status", lambda line: line.status),
        Column("Original", lambda line: colour(line.colours.original, line.slip_days.original)),
        Column("Current", lambda line: colour(line.colours.current, line.slip_days.current), goes_below=True),
        Column("Due next", _due),
    ]
    counts = status.totals.colours
    return Group(
        Text(f"The portfolio on {status.as_of}\n", style="bold"),
        table(columns, [status.lots, status.challenges], width),
        Text(f"\nOriginal: {_counted(counts.original)}.\nCurrent: {_counted(counts.current)}."),
        *_ended(status),
        *_explained([*status.lots, *status.challenges]),
        Text(LEGEND, style="dim"),
    )


def _explained(lines: Sequence[StatusLine]) -> list[RenderableType]:
    """The milestone that gives each amber or red colour; nothing where there is no such colour."""
    reasons = [reason for line in lines for reason in _reasons(line)]
    return [Text("\nJudged by, where amber or red:"), *map(Text, reasons), Text("")] if reasons else []


def _reasons(line: StatusLine) -> list[str]:
    judged = {
        "original": (line.colours.original, line.judged_by.original),
        "current": (line.colours.current, line.judged_by.current),
    }
    return [
        f"- {line.code}, {side} {given}: {_milestone(milestone)}"
        for side, (given, milestone) in judged.items()
        if given in JUDGED_COLOURS and milestone is not None
    ]


def _milestone(milestone: JudgingMilestone) -> str:
    end = "" if milestone.baseline is None else f", due {milestone.baseline.end}"
    late = f", {milestone.slip_days:+}d" if milestone.slip_days else ""
    return f"{printable(milestone.key or str(milestone.id))} {printable(milestone.title)}{end}{late}"


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


def _ended(status: PortfolioStatus) -> list[RenderableType]:
    """How many lots and challenges the counts of colours leave out; nothing where none has ended."""
    ended = sum(line.ended_on is not None for line in (*status.lots, *status.challenges))
    return [Text(f"Ended, and in neither count: {ended}. They keep the colours of that day.")] if ended else []


def _due(line: StatusLine) -> Text:
    milestone = line.next_milestone
    if line.ended_on is not None:
        return Text(f"ended {line.ended_on}", style="dim")
    if milestone is None or milestone.window is None:
        return Text("nothing" if milestone is None else "no day", style="dim")
    return Text(str(milestone.window.end))


def _counted(counts: ColourCounts) -> str:
    return ", ".join(f"{getattr(counts, name)} {name}" for name in STYLES)
