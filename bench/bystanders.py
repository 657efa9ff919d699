"""How long others wait while one client is busy: the latency of a list of lots during a large declaration or preview."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.declared import PRICE, PROFILE, declaration, in_bytes
from bench.scene import Scene

SEED = 9000
PAUSE = 0.002
"""Seconds between two requests of the waiting client, which is one user and no load."""


@dataclass(frozen=True, slots=True)
class Waited:
    """The latencies in milliseconds of one client, while another is busy with `beside` or (`nothing`) while nobody is."""

    database: str
    beside: str
    median: float
    worst: float
    requests: int
    busy: float | None
    """The median milliseconds of the busy client's requests; None without a busy client."""

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        return asdict(self)


async def waiting(scene: Scene) -> list[Waited]:
    """While nothing else goes on, while a draft is stored, and while a preview is scored."""
    size, busy = scene.scale.components, scene.scale.busy
    contest, server = scene.stage.contests[0], scene.as_supplier()
    drafts = [contest.declares(size, SEED + number) for number in range(busy)]
    asked = [
        {"profile": PROFILE, "declaration": declaration(size, SEED + number), "price": PRICE} for number in range(busy)
    ]
    posts = [server.request("POST", "/v1/origin-declarations", body) for body in drafts]
    previews = [server.request("POST", "/v1/score-previews", in_bytes(body)) for body in asked]
    return [
        await _while_idle(scene),
        await _while_busy(scene, f"POST of {size:,} components", posts),
        await _while_busy(scene, f"score preview of {size:,} components", previews),
    ]


async def _while_idle(scene: Scene) -> Waited:
    server, request = scene.as_office(), _lots(scene)
    async with server.connected() as connection:
        waits = []
        for _ in range(scene.scale.idle):
            waits.append((await connection.timed(request))[0])
            await asyncio.sleep(PAUSE)
    return Waited(scene.database, "nothing", statistics.median(waits), max(waits), len(waits), None)


async def _while_busy(scene: Scene, what: str, requests: Sequence[bytes]) -> Waited:
    """Requests lots for as long as each of `requests` is being answered; nothing is measured between them."""
    waits: list[float] = []
    busy: list[float] = []
    for request in requests:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(_keep_asking(scene, stop))
            async with scene.as_supplier().connected() as connection:
                busy.append((await connection.timed(request, 200, 201))[0])
            stop.set()
        waits += asking.result()
    return Waited(
        scene.database,
        what,
        statistics.median(waits),
        max(waits),
        len(waits),
        statistics.median(busy),
    )


async def _keep_asking(scene: Scene, stop: asyncio.Event) -> list[float]:
    waits = []
    async with scene.as_office().connected() as connection:
        while not stop.is_set():
            waits.append((await connection.timed(_lots(scene)))[0])
            await asyncio.sleep(PAUSE)
    return waits


def _lots(scene: Scene) -> bytes:
    return scene.as_office().request("GET", "/v1/lots")
