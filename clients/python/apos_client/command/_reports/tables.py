"""Tables that fit the terminal without losing anything exact.

Codes, figures, dates and colours are never shortened or wrapped. On a narrow terminal less important columns are left out, and
then titles are shortened with an ellipsis. If the terminal is too narrow even for that, lines are longer than it is wide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len
from rich.text import Text

from apos_client._models import Budget, Colours, SlipDays
from apos_client.command._messages import printable

Row = TypeVar("Row")
GAP, SHORTEST_TITLE = 2, 24
STYLES = {"green": "green", "amber": "yellow", "red": "bold red", "grey": "dim"}
BOUNDS = {"moreThan": "more than ", "upTo": "up to "}
LEGEND = (
    "Original: against the window that was first agreed, which never changes. "
    "Current: against the present window. +60d: 60 days late."
)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column. The one with the largest `spare` is left out first, one with 0 never.

    A title may be shortened, a figure is aligned to the right.
    """

    header: str
    cell: Callable[[Row], Text | str]
    spare: int = 0
    is_title: bool = False
    is_figure: bool = False


def table(columns: Sequence[Column[Row]], sections: Sequence[Sequence[Row]], width: int) -> Text:
    """Rows in columns, in sections with an empty line between them, for a terminal of this width."""
    shown = [(column, [[_text(column.cell(row)) for row in rows] for rows in sections]) for column in columns]
    while _needed(shown) > width and any(column.spare for column, _ in shown):
        least = max(shown, key=lambda each: each[0].spare)
        shown = [each for each in shown if each is not least]
    widths = _widths(shown, width)
    head = _line([Text(column.header, style="bold") for column, _ in shown], shown, widths)
    rule = Text("─" * (sum(widths) + GAP * (len(widths) - 1)), style="dim")
    bodies = []
    for number, rows in enumerate(sections):
        lines = [_line([cells[number][row] for _, cells in shown], shown, widths) for row in range(len(rows))]
        bodies.append(Text("\n").join(lines))
    text = Text("\n").join([head, rule, Text("\n\n").join([body for body in bodies if body.plain])])
    text.no_wrap, text.overflow = True, "ignore"
    return text


Shown = list[tuple[Column[Row], list[list[Text]]]]


def _text(cell: Text | str) -> Text:
    text = cell.copy() if isinstance(cell, Text) else Text(cell)
    text.plain = " ".join(printable(text.plain).split())
    return text


def _natural(column: Column[Row], sections: list[list[Text]]) -> int:
    return max([cell_len(column.header), *(cell_len(cell.plain) for rows in sections for cell in rows)])


def _least(column: Column[Row], sections: list[list[Text]]) -> int:
    natural = _natural(column, sections)
    return min(natural, SHORTEST_TITLE) if column.is_title else natural


def _needed(shown: Shown[Row]) -> int:
    return sum(_least(*each) for each in shown) + GAP * (len(shown) - 1)


def _widths(shown: Shown[Row], width: int) -> list[int]:
    """The width of each column; titles share the rest of the line, from the first one on."""
    left = max(0, width - _needed(shown))
    widths = []
    for column, sections in shown:
        least = _least(column, sections)
        more = min(left, _natural(column, sections) - least)
        left -= more
        widths.append(least + more)
    return widths


def _line(cells: Sequence[Text], shown: Shown[Row], widths: Sequence[int]) -> Text:
    padded = []
    for cell, (column, _), width in zip(cells, shown, widths, strict=True):
        fitted = cell.copy()
        fitted.truncate(width, overflow="ellipsis")
        missing = width - cell_len(fitted.plain)
        fitted.pad_left(missing) if column.is_figure else fitted.pad_right(missing)
        padded.append(fitted)
    line = Text(" " * GAP).join(padded)
    line.rstrip()
    return line


def colour(name: str, days: int | None) -> Text:
    """A colour as a word in that colour, with the days of slip behind it."""
    late = f" {days:+d}d" if days else ""
    return Text(f"{name}{late}", style=STYLES.get(name, ""))


def both_colours(colours: Colours, slip: SlipDays | None) -> Text:
    """Both colours in a sentence."""
    original = colour(colours.original, slip.original if slip else None)
    current = colour(colours.current, slip.current if slip else None)
    return Text.assemble("Original: ", original, ". Current: ", current, ".")


def amount(budget: Budget | None) -> Text:
    """An amount with its bound, or that it was not published."""
    if budget is None:
        return Text("not published", style="dim")
    euros, _, cents = budget.amount.partition(".")
    whole = f"{int(euros):,}" + ("" if cents.strip("0") == "" else f".{cents}")
    return Text(f"{BOUNDS.get(budget.qualifier, '')}{budget.currency} {whole}")
