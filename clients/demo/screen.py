"""What the demo prints with: numbered steps, sentences, tables, and facts by name."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from apos_client import Refused, StatusLine
from local_service import Failed

STYLES = {"green": "green", "amber": "yellow", "red": "bold red", "grey": "dim"}
NEVER_WRAPPED = {"Due", "Code", "Original", "Current", "Criterion", "Lost", "Made in", "Licence"}
RIGHT_ALIGNED = {
    "Won",
    "Of",
    "Lost",
    "Weight",
    "Proven",
    "Declared",
    "At most",
    "Declared share",
    "First",
    "Revised",
    "Points",
}


class Screen:
    """The terminal or file on which the demo is printed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps = 0

    def step(self, title: str, words: str) -> None:
        """A numbered step, and one sentence about it."""
        self._steps += 1
        self._console.print()
        self.heading(f"{self._steps}. {title}")
        self.sentence(words)

    def heading(self, words: str) -> None:
        """A heading, in bold."""
        self._console.print(Text(words, style="bold"))

    def sentence(self, words: str) -> None:
        """A sentence."""
        self._console.print(Text(words))

    def facts(self, *facts: tuple[str, str]) -> None:
        """Values, each with its name before it."""
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in facts:
            table.add_row(name, Text(value))
        self._console.print(table)

    def rows(self, headers: tuple[str, ...], rows: Iterable[tuple[str | Text, ...]]) -> None:
        """A table; columns of codes and colours are never wrapped, and figures are aligned right."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for header in headers:
            justify: Literal["right", "left"] = "right" if header in RIGHT_ALIGNED else "left"
            table.add_column(header, no_wrap=header in NEVER_WRAPPED, overflow="fold", justify=justify)
        for row in rows:
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
        self._console.print(table)

    def expect_refusal(self, kind: type[Refused], what: str, ask: Callable[[], object]) -> None:
        """Makes a request that must be refused, and prints the refusal. Raises Failed where it is not refused."""
        try:
            ask()
        except kind as error:
            self.sentence(f"{what}: {error.problem.status}, {error.problem.detail}.")
        else:
            raise Failed(f"{what}: this should have been refused, and was not")

    def lines(self, *lines: str) -> None:
        """Lines to copy, so they are not wrapped."""
        for line in lines:
            self._console.print(Text(f"  {line}"), soft_wrap=True)


def both_colours(line: StatusLine) -> tuple[Text, Text]:
    """The colours against the original and the current baseline, with the days of slip: `red +60d`."""
    original = _colour(line.colours.original, line.slip_days.original)
    return original, _colour(line.colours.current, line.slip_days.current)


def in_plain_words(name: str) -> str:
    """A name of the API in plain words: `softwareUpdates` is software updates."""
    return re.sub(r"(?=[A-Z])", " ", name).lower()


def relative_path(path: Path) -> str:
    """A path relative to the working directory, or the whole path where it is outside it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def command(name: str) -> str:
    """The path of a command of this virtual environment, as you would type it in the working directory."""
    return relative_path(Path(sys.executable).with_name(name))


def _colour(name: str, days: int | None) -> Text:
    return Text(f"{name} {days:+d}d" if days else name, style=STYLES.get(name, ""))
