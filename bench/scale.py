"""How much is measured: the whole, and a quick run that only shows that the bench still works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts of one run; everything in it is bounded by them, so the time is too."""

    rounds: int
    components: int
    declarations: int
    lines: int
    """Components of each of the `declarations`."""
    suppliers: int
    reads: int
    """Requests per round and side that read one thing."""
    at_once: int
    """Connections that read at the same time."""
    raw_reads: int
    idle: int
    """Requests that tell how long a read takes while nothing else goes on."""
    busy: int
    """Large requests that a read is measured beside, of each kind."""


FULL = Scale(
    rounds=5,
    components=10_000,
    declarations=1_000,
    lines=200,
    suppliers=20,
    reads=200,
    at_once=8,
    raw_reads=200,
    idle=100,
    busy=3,
)
QUICK = Scale(
    rounds=1,
    components=100,
    declarations=60,
    lines=4,
    suppliers=2,
    reads=10,
    at_once=2,
    raw_reads=5,
    idle=5,
    busy=1,
)
