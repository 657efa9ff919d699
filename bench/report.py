"""The report of a run: tables to read, and JSON to compare runs with. Compare the ratios, not the milliseconds."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.bystanders import Waited
from bench.made_up import MILESTONES
from bench.memory import Held
from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured
from bench.scale import EXPORTS, Scale

STACK = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "pydantic", "sqlalchemy", "psycopg")
HEAD = (
    "workload",
    "database",
    "service ms",
    "peer ms",
    "floor ms",
    "raw ms",
    "times the peer",
    "times the floor",
    "times raw",
    "service per s",
    "service each round",
)
HELD = ("database", "what the service does", "idle MB", "most MB")
WAITS = ("database", "beside", "median ms", "worst ms", "requests", "the other took ms")


@dataclass(slots=True)
class Report:
    """The figures of one run."""

    scale: Scale
    cores: str
    sync: float
    databases: list[str] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    waited: list[Waited] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """All figures, with the machine and the versions that they were measured on."""
        return {
            "machine": self._machine(),
            "scale": asdict(self.scale),
            "databases": self.databases,
            "measured": [one.as_json() for one in self.measured],
            "waited": [one.as_json() for one in self.waited],
            "held": [one.as_json() for one in self.held],
            "seconds": self.seconds,
        }

    def as_text(self) -> str:
        """The tables, in Markdown."""
        machine = self._machine()
        lines = [
            "# Bench",
            "",
            f"{machine['cores']}; {machine['python']}; load average {machine['load']} at the end.",
            f"Bringing 8 kB to disk takes {self.sync:.2f} ms here, which every commit waits for.",
            *(f"{settings}." for settings in self.databases),
            f"Medians of {self.scale.rounds} alternating rounds after one that does not count; {self.seconds:.0f} s in all.",
            f"{self.scale.lots:,} lots of {MILESTONES} milestones each, {self.scale.declarations:,} declarations of"
            f" {self.scale.lines} components each, one of {self.scale.components:,} and {EXPORTS} of"
            f" {self.scale.exported:,} were there beforehand.",
            "Milliseconds per request, or per start. Peer: a plain FastAPI application with an ORM, which checks a key on",
            "every request. Floor: a bare application on the same stack. Raw: this process on the synchronous driver. These",
            "three share a database without triggers.",
            "",
            "Times the peer: how many times as fast as the peer the service is; above 1 it is ahead. Times the floor and",
            "times raw: how many times as long as these the service takes; lower is better.",
            "",
            *_table(HEAD, [_row(one) for one in self.measured]),
            "",
            *sorted({f"- {one.workload}: {one.what}" for one in self.measured}),
            "",
            "How long GET /v1/lots of another client takes, while one client is busy:",
            "",
            *_table(WAITS, [_wait(one) for one in self.waited]),
            "",
            "The memory of the service's process:",
            "",
            *_table(HELD, [[one.database, one.what, _figure(one.idle), _figure(one.most)] for one in self.held]),
        ]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        """Writes `bench.json` and `bench.md`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bench.json").write_text(json.dumps(self.as_json(), indent=2) + "\n", encoding="utf-8")
        (folder / "bench.md").write_text(self.as_text(), encoding="utf-8")

    def _machine(self) -> dict[str, Any]:
        return {
            "cores": self.cores,
            "python": f"Python {platform.python_version()}",
            "platform": sys.platform,
            "stack": {name: version(name) for name in STACK},
            "load": ", ".join(f"{load:.1f}" for load in os.getloadavg()),
            "syncMilliseconds": self.sync,
        }


def _row(one: Measured) -> list[str]:
    sides = [_figure(one.median(side)) for side in (SERVICE, PEER, FLOOR, RAW)]
    each = one.rounds.get(SERVICE, [])
    compared = (one.times_as_fast(PEER), one.over(FLOOR), one.over(RAW))
    ratios = ["" if ratio is None else f"{ratio:.2f}" for ratio in compared]
    return [
        one.workload,
        one.database,
        *sides,
        *ratios,
        "" if one.per_second() is None else f"{one.per_second():,.0f}",
        f"{_figure(min(each))} to {_figure(max(each))}" if each else "",
    ]


def _wait(one: Waited) -> list[str]:
    figures = [_figure(one.median), _figure(one.worst), str(one.requests), _figure(one.busy)]
    return [one.database, one.beside, *figures]


def _figure(milliseconds: float | None) -> str:
    """A number rounded to three significant digits; empty for None."""
    if milliseconds is None:
        return ""
    return f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    ruled = ["-" * width for width in widths]
    return [line(head), line(ruled), *map(line, rows)]
