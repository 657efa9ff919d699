"""What others wait while one client is busy: the latency of a list of lots beside a declaration of many components."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.declared import PRICE, PROFILE, declaration, in_bytes
from bench.scene import Scene

SEED = 9000
PAUSE = 0.002
"""Between two requests of the bystander, in seconds: he is a user, not a load."""


@dataclass(frozen=True, slots=True)
class Waited:
    """The latencies of one client while another is busy with something, or while nobody is."""

    database: str
    beside: str
    median: float
    worst: float
    requests: int
    busy: float | None
    """How long the other took for each, in the median, while it was not alone."""

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        return asdict(self)


async def waiting(scene: Scene) -> list[Waited]:
    """Beside nothing, beside a draft that is stored, and beside a preview."""
    size, busy = scene.scale.components, scene.scale.busy
    contest, server = scene.stage.contests[0], scene.as_supplier()
    drafts = [contest.declares(size, SEED + number) for number in range(busy)]
    asked = [
        {"profile": PROFILE, "declaration": declaration(size, SEED + number), "price": PRICE} for number in range(busy)
    ]
    posts = [server.request("POST", "/v1/origin-declarations", body) for body in drafts]
    previews = [server.request("POST", "/v1/score-previews", in_bytes(body)) for body in asked]
    return [
        await _beside_nothing(scene),
        await _beside(scene, f"POST of {size:,} components", posts),
        await _beside(scene, f"score preview of {size:,} components", previews),
    ]


async def _beside_nothing(scene: Scene) -> Waited:
    server, request = scene.as_office(), _lots(scene)
    async with server.connected() as connection:
        took = []
        for _ in range(scene.scale.idle):
            took.append((await connection.timed(request))[0])
            await asyncio.sleep(PAUSE)
    return Waited(scene.database, "nothing", statistics.median(took), max(took), len(took), None)


async def _beside(scene: Scene, what: str, requests: Sequence[bytes]) -> Waited:
    """Asks for lots from just before the first request until the last is answered, but not between them."""
    took: list[float] = []
    busy: list[float] = []
    for request in requests:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(_keep_asking(scene, stop))
            async with scene.as_supplier().connected() as connection:
                busy.append((await connection.timed(request, 200, 201))[0])
            stop.set()
        took += asking.result()
    return Waited(scene.database, what, statistics.median(took), max(took), len(took), statistics.median(busy))


async def _keep_asking(scene: Scene, stop: asyncio.Event) -> list[float]:
    took = []
    async with scene.as_office().connected() as connection:
        while not stop.is_set():
            took.append((await connection.timed(_lots(scene)))[0])
            await asyncio.sleep(PAUSE)
    return took


def _lots(scene: Scene) -> bytes:
    return scene.as_office().request("GET", "/v1/lots")
