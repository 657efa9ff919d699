"""How far a file is on its way: a bar on standard error, which goes when it is done, and none where that is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

from apos_client._files import Progress
from apos_client.command._complaints import printable

SENT = "Sent; the service reads it"


@contextmanager
def bar(name: str) -> Iterator[Progress | None]:
    """What is told how much of a file is sent; None where nobody sees it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    words = TextColumn("{task.description}", markup=False)
    with Bars(SpinnerColumn(), words, BarColumn(), DownloadColumn(), console=console, transient=True) as bars:
        task = bars.add_task(f"Sending {printable(name)}")

        def move(sent: int, whole: int) -> None:
            if sent == whole:
                bars.update(task, description=SENT)
            bars.update(task, completed=sent, total=whole)

        yield move
