"""How much memory the service's process uses during some work, compared with its use while idle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from bench.scene import Scene


@dataclass(slots=True)
class Held:
    """Megabytes before the work `what` began, and the most during it; None where the machine does not report it."""

    database: str
    what: str
    idle: float | None
    most: float | None = None

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        return asdict(self)


async def _steady(scene: Scene) -> float | None:
    """The memory of the service once it has imported what only some requests need: as much as half a second before."""
    before, now = None, scene.service.megabytes()
    while now != before:
        await asyncio.sleep(0.5)
        before, now = now, scene.service.megabytes()
    return now


@asynccontextmanager
async def holding(scene: Scene, what: str) -> AsyncIterator[Held]:
    """Watches the memory of the service while the block runs."""
    held = Held(scene.database, what, await _steady(scene))
    scene.service.begin_counting()
    yield held
    held.most = scene.service.most_megabytes()
