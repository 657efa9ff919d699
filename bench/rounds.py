"""Rounds: each side is measured in turn, so that other load on the machine affects all of them alike."""

import statistics
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Side = Callable[[int], Awaitable[float]]
"""Measures one round of one side, in milliseconds; it gets the round's number."""
SERVICE, PEER, FLOOR, RAW = "service", "peer", "floor", "raw"


@dataclass(frozen=True, slots=True)
class Measured:
    """One workload on one database: the milliseconds of every round, by side."""

    workload: str
    database: str
    what: str
    rounds: dict[str, list[float]] = field(default_factory=dict)
    units: int = 1
    """How many items one request handles, such as components; the rate is in items."""

    def median(self, side: str) -> float | None:
        """The median of a side's rounds; None where it was not measured."""
        return statistics.median(self.rounds[side]) if self.rounds.get(side) else None

    def over(self, side: str) -> float | None:
        """How many times as long the service takes as another side."""
        own, other = self.median(SERVICE), self.median(side)
        return own / other if own and other else None

    def times_as_fast(self, side: str) -> float | None:
        """How many times as fast as another side the service is."""
        over = self.over(side)
        return 1 / over if over else None

    def per_second(self) -> float | None:
        """How many items the service handles in a second."""
        own = self.median(SERVICE)
        return 1000 * self.units / own if own else None

    def as_json(self) -> dict[str, Any]:
        """All figures, with their medians and ratios."""
        medians = {side: self.median(side) for side in self.rounds}
        ratios = {
            "timesThePeer": self.times_as_fast(PEER),
            "timesTheFloor": self.over(FLOOR),
            "timesRaw": self.over(RAW),
        }
        return {**asdict(self), "medians": medians, **ratios, "perSecond": self.per_second()}


async def measure(
    workload: str, database: str, what: str, sides: Mapping[str, Side], rounds: int, *, units: int = 1
) -> Measured:
    """Measures a workload: one round of every side to warm up, which is not counted, then `rounds` that are."""
    measured = Measured(workload, database, what, {side: [] for side in sides}, units)
    for number in range(rounds + 1):
        for side, run in sides.items():
            milliseconds = await run(number)
            if number:
                measured.rounds[side].append(milliseconds)
    return measured
