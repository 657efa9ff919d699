"""The table of what was seen on one kind of database."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.attack.scene import Scene, Seen

WIDTH = 150


def verdict(seen: Seen) -> str:
    """Whether it held, and if not why."""
    if seen.left_out:
        return f"not tried: {seen.left_out}"
    return "held" if not seen.faults else "NOT HELD: " + "; ".join(seen.faults[:4])


def show(scene: Scene, found: Sequence[Seen]) -> None:
    """Prints the table, and what the service wrote in its logs."""
    table = Table(title=scene.kind, show_lines=False)
    for name in ("attack", "requests", "other's read, ms", "memory, MB", "answers", "held"):
        table.add_column(name, justify="right" if name in ("requests", "other's read, ms", "memory, MB") else "left")
    for seen in found:
        table.add_row(
            seen.attack,
            f"{seen.requests:,}",
            f"{seen.worst:,.0f}" if seen.worst is not None else "-",
            f"{seen.megabytes:,.0f}" if seen.megabytes else "-",
            ", ".join(f"{status}: {count:,}" for status, count in sorted(seen.statuses.items())),
            verdict(seen),
        )
    console = Console(width=WIDTH)
    console.print(table)
    events = ", ".join(f"{event}: {count:,}" for event, count in sorted(scene.service.security_events().items()))
    console.print(
        f"security log of {scene.kind}: {events or 'nothing'}; failures logged: {len(scene.service.failures())}"
    )
