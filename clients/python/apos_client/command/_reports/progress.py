"""How far something is: a bar on standard error, removed at the end, and none if that is not a terminal that can move."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

from apos_client._files import Progress
from apos_client.command._messages import printable

SENT = "Sent; the service is reading it"


def can_show_bars() -> bool:
    """Whether standard error is a terminal on which a line can be written again, which takes escapes."""
    return (
        sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("dumb", "unknown")
    )


@contextmanager
def bar(name: str) -> Iterator[Progress | None]:
    """A callback for what was sent of a file; None if nobody would see it."""
    if not can_show_bars():
        yield None
        return
    words = TextColumn("{task.description}", markup=False)
    with Bars(
        SpinnerColumn(), words, BarColumn(), DownloadColumn(), console=Console(stderr=True), transient=True
    ) as bars:
        task = bars.add_task(f"Sending {printable(name)}")

        def show_progress(sent: int, size: int) -> None:
            if sent == size:
                bars.update(task, description=SENT)
            bars.update(task, completed=sent, total=size)

        yield show_progress


@contextmanager
def count_bar(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """A callback for how many are done of how many; None if nobody would see it."""
    if not can_show_bars():
        yield None
        return
    words = TextColumn("{task.description}", markup=False)
    with Bars(
        SpinnerColumn(), words, BarColumn(), MofNCompleteColumn(), console=Console(stderr=True), transient=True
    ) as bars:
        task = bars.add_task(name)
        yield lambda done, total: bars.update(task, completed=done, total=total)
