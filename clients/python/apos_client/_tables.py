"""Answers as tables that fit the terminal.

Both colours always stand side by side, in words, so that they are told apart without seeing colour. On a narrow terminal
the columns that matter less go, never a colour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from apos_client._answers import Budget
from apos_client._lots import Lot
from apos_client._portfolio_status import ColourCounts, NextMilestone, PortfolioStatus, StatusLine

Row = TypeVar("Row")
STYLES = {"green": "green", "amber": "yellow", "red": "bold red", "grey": "dim"}
BOUNDS = {"moreThan": "more than ", "upTo": "up to "}
LEGEND = (
    "Original: against the window that was first agreed, which never moves. "
    "Current: against the window that holds now. +60d: 60 days late."
)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column, and how wide the terminal must be for it; a firm one is never folded."""

    header: str
    cell: Callable[[Row], Text]
    from_width: int = 0
    firm: bool = False


def status_report(status: PortfolioStatus, width: int) -> RenderableType:
    """The status of the portfolio: lots, then challenges, and how many have each colour."""
    columns: list[Column[StatusLine]] = [
        Column("Code", lambda line: Text(line.code)),
        Column("Title", lambda line: Text(line.title), from_width=50),
        Column("Status", lambda line: Text(line.status), from_width=90),
        Column("Original", lambda line: colour(line.colours.original, line.slip_days.original), firm=True),
        Column("Current", lambda line: colour(line.colours.current, line.slip_days.current), firm=True),
        Column("Due next", lambda line: _due(line.next_milestone), from_width=110),
    ]
    counts = status.totals.colours
    return Group(
        Text(f"The portfolio on {status.as_of}", style="bold"),
        _table(columns, [status.lots, status.challenges], width),
        Text(f"Original: {_counted(counts.original)}.  Current: {_counted(counts.current)}."),
        Text(LEGEND, style="dim"),
    )


def lots_report(lots: Sequence[Lot], width: int) -> RenderableType:
    """The lots; their colours too, where your role sees them."""
    columns: list[Column[Lot]] = [
        Column("Code", lambda lot: Text(lot.code)),
        Column("Title", lambda lot: Text(lot.title), from_width=50),
        Column("Status", lambda lot: Text(lot.status), from_width=60),
    ]
    if any(lot.colours for lot in lots):
        columns += [
            Column("Original", lambda lot: _colour_of(lot, "original"), firm=True),
            Column("Current", lambda lot: _colour_of(lot, "current"), firm=True),
            Column("Budget", lambda lot: _budget(lot.budget), from_width=100),
        ]
    count = "1 lot" if len(lots) == 1 else f"{len(lots)} lots"
    return Group(_table(columns, [lots], width), Text(f"{count} that you may see."))


def colour(name: str, days: int | None) -> Text:
    """A colour in its own colour, with the days of slip that made it."""
    late = f" {days:+d}d" if days else ""
    return Text(f"{name}{late}", style=STYLES.get(name, ""))


def _table(columns: Sequence[Column[Row]], sections: Sequence[Sequence[Row]], width: int) -> Table:
    shown = [column for column in columns if width >= column.from_width]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in shown:
        table.add_column(column.header, no_wrap=column.firm, overflow="fold")
    for rows in sections:
        for row in rows:
            table.add_row(*(column.cell(row) for column in shown))
        table.add_section()
    return table


def _colour_of(lot: Lot, which: Literal["original", "current"]) -> Text:
    if lot.colours is None:
        return Text("-")
    return colour(getattr(lot.colours, which), None if lot.slip_days is None else getattr(lot.slip_days, which))


def _budget(budget: Budget | None) -> Text:
    if budget is None:
        return Text("not published", style="dim")
    euros, _, cents = budget.amount.partition(".")
    amount = f"{int(euros):,}" + ("" if cents.strip("0") == "" else f".{cents}")
    return Text(f"{BOUNDS.get(budget.qualifier, '')}{budget.currency} {amount}")


def _due(milestone: NextMilestone | None) -> Text:
    if milestone is None:
        return Text("nothing", style="dim")
    return Text(milestone.title if milestone.window is None else f"{milestone.title}, by {milestone.window.end}")


def _counted(counts: ColourCounts) -> str:
    return ", ".join(f"{getattr(counts, name)} {name}" for name in STYLES)
