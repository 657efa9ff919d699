"""Tables that fit the terminal without losing anything.

Codes, figures, dates and colours stay on one line. Titles are wrapped on a narrow terminal, and some columns move below the one
before them. If it is too narrow even for that, each row is a block of lines, a column on each; only a value that cannot be
broken is then longer than a line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from apos_client._models import Budget, Colours, SlipDays
from apos_client.command._messages import printable

Row = TypeVar("Row")
GAP, SHORTEST_TITLE = 2, 12
STYLES = {"green": "green", "amber": "yellow", "red": "bold red", "grey": "dim"}
BOUNDS = {"moreThan": "more than ", "upTo": "up to "}
LEGEND = (
    "Original: against the window that was first agreed, which never changes. "
    "Current: against the present window. +60d: 60 days late."
)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column. A title may be wrapped, a figure is aligned to the right, and what goes below moves below the column before it
    where the terminal is narrow.
    """

    header: str
    cell: Callable[[Row], Text | str]
    is_title: bool = False
    is_figure: bool = False
    goes_below: bool = False


def table(columns: Sequence[Column[Row]], sections: Sequence[Sequence[Row]], width: int) -> Text:
    """Rows in columns, in sections with an empty line between them, for a terminal of this width."""
    shown = [(column, [[_text(column.cell(row)) for row in rows] for rows in sections]) for column in columns]
    fitting = next((each for each in (shown, _folded(shown)) if _needed(each) <= width), None)
    text = _stacked(shown, sections, width) if fitting is None else _in_columns(fitting, sections, width)
    text.no_wrap, text.overflow = True, "ignore"
    return text


Shown = list[tuple[Column[Row], list[list[Text]]]]


def _folded(shown: Shown[Row]) -> Shown[Row]:
    """Columns with those that go below the one before them in the same column, on lines of their own."""
    folded: Shown[Row] = []
    for column, sections in shown:
        if not (folded and column.goes_below):
            folded.append((column, sections))
            continue
        above, upper = folded.pop()
        joined = [
            [Text("\n").join(pair) for pair in zip(*rows, strict=True)] for rows in zip(upper, sections, strict=True)
        ]
        folded.append((replace(above, header=f"{above.header}\n{column.header}"), joined))
    return folded


def _in_columns(shown: Shown[Row], sections: Sequence[Sequence[Row]], width: int) -> Text:
    widths = _widths(shown, width)
    head = _row([Text(column.header, style="bold") for column, _ in shown], shown, widths)
    rule = Text("─" * (sum(widths) + GAP * (len(widths) - 1)), style="dim")
    bodies = []
    for number, rows in enumerate(sections):
        lines = [_row([cells[number][row] for _, cells in shown], shown, widths) for row in range(len(rows))]
        bodies.append(Text("\n").join(lines))
    return Text("\n").join([head, rule, Text("\n\n").join([body for body in bodies if body.plain])])


def _stacked(shown: Shown[Row], sections: Sequence[Sequence[Row]], width: int) -> Text:
    """Each row as a block: a line for each column, with its header."""
    names = max(cell_len(column.header) for column, _ in shown)
    blocks = [
        Text("\n").join(_field(column, cells[number][row], names, width) for column, cells in shown)
        for number, rows in enumerate(sections)
        for row in range(len(rows))
    ]
    return Text("\n\n").join(blocks)


def _field(column: Column[Row], cell: Text, names: int, width: int) -> Text:
    room = max(width - names - GAP, 1)
    lines = _broken(cell, room) if column.is_title else _lines(cell, room)
    heads = [Text(column.header, style="bold"), *[Text("")] * (len(lines) - 1)]
    for head in heads:
        head.pad_right(names - cell_len(head.plain))
    joined = [Text.assemble(head, " " * GAP, line) for head, line in zip(heads, lines, strict=True)]
    for line in joined:
        line.rstrip()
    return Text("\n").join(joined)


def _lines(cell: Text, width: int) -> list[Text]:
    """A cell in lines of this width, broken between words; a word that is longer is not broken."""
    found: list[Text] = []
    for word in cell.split(" "):
        if found and cell_len(found[-1].plain) + 1 + cell_len(word.plain) <= width:
            found[-1] = Text.assemble(found[-1], " ", word)
        else:
            found.append(word)
    return found or [Text("")]


def _row(cells: Sequence[Text], shown: Shown[Row], widths: Sequence[int]) -> Text:
    """A row, in as many lines as its highest cell takes."""
    columns = [
        _broken(cell, width) if column.is_title else list(cell.split("\n", allow_blank=True))
        for cell, (column, _), width in zip(cells, shown, widths, strict=True)
    ]
    height = max(map(len, columns))
    return Text("\n").join(
        _line([lines[at] if at < len(lines) else Text("") for lines in columns], shown, widths) for at in range(height)
    )


def _broken(cell: Text, width: int) -> list[Text]:
    """A title in lines that fit; a word that is longer than the column is broken too."""
    lines: list[Text] = []
    for line in _lines(cell, width):
        rest = line
        while cell_len(rest.plain) > width:
            piece, rest = rest.divide([len(set_cell_size(rest.plain, width).rstrip()) or 1])
            lines.append(piece)
        lines.append(rest)
    return lines


def _text(cell: Text | str) -> Text:
    text = cell.copy() if isinstance(cell, Text) else Text(cell)
    text.plain = " ".join(printable(text.plain).split())
    return text


def _natural(column: Column[Row], sections: list[list[Text]]) -> int:
    lines = [
        *column.header.split("\n"),
        *(line for rows in sections for cell in rows for line in cell.plain.split("\n")),
    ]
    return max(map(cell_len, lines))


def _least(column: Column[Row], sections: list[list[Text]]) -> int:
    """The width that a column needs; a word of a title that is longer than its column is broken."""
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
        missing = max(0, width - cell_len(fitted.plain))
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
