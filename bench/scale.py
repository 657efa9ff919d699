"""How much is measured: the full run, and a quick one that only shows that the bench still works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The counts of one run; they bound all of its work, and so its time."""

    rounds: int
    components: int
    declarations: int
    lines: int
    """Components of each of the `declarations`."""
    suppliers: int
    lots: int
    """Lots with milestones; the few that suppliers declare for come on top."""
    exported: int
    """Components of each of the few declarations that are read as CSV."""
    reads: int
    """Requests per round and side that read one thing."""
    at_once: int
    """Connections that read at the same time."""
    raw_reads: int
    writes: int
    """Assessments per round and side."""
    statuses: int
    """Times that the status is asked for per round and side."""
    idle: int
    """Requests that measure a read while nothing else goes on."""
    busy: int
    """Large requests of each kind during which a read is measured."""


EXPORTS = 2
"""Declarations that are read as CSV, one after another."""
FULL = Scale(
    rounds=5,
    components=10_000,
    declarations=1_000,
    lines=200,
    suppliers=20,
    lots=1_000,
    exported=100_000,
    reads=200,
    at_once=8,
    raw_reads=200,
    writes=160,
    statuses=4,
    idle=100,
    busy=3,
)
QUICK = Scale(
    rounds=1,
    components=100,
    declarations=60,
    lines=4,
    suppliers=2,
    lots=30,
    exported=300,
    reads=10,
    at_once=2,
    raw_reads=5,
    writes=16,
    statuses=1,
    idle=5,
    busy=1,
)
