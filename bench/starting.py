"""How long a server takes from the start of its process until it is ready, and then for its first read.

Each starts by itself on a migrated database with the real portfolio.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bench import processes
from bench.processes import READY_SECONDS, ROOT, started
from bench.raw import raw_on
from bench.rounds import FLOOR, PEER, SERVICE, Measured, measure
from bench.scene import Scene
from bench.stage import admin_key, imported
from bench.wire import Server

DATABASE = "starting"
PORTFOLIO = ROOT / "data" / "apos-2026.yaml"
PAUSE = 0.001
"""Seconds between two attempts to reach a server that does not listen yet."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts a server in each round; `reads` is what it is asked for then, and `firsts` the milliseconds that it took."""

    scene: Scene
    command: Sequence[str]
    settings: Mapping[str, str]
    key: str = ""
    reads: str | None = None
    firsts: list[float] = field(default_factory=list)

    async def __call__(self, number: int) -> float:
        """The milliseconds until a new server is ready."""
        with (
            tempfile.TemporaryDirectory(prefix="apos-bench-") as folder,
            started(self.command, self.settings, Path(folder), self.scene.cores) as (_, port, begun),
        ):
            server = Server(port, self.key)
            await _until_ready(server)
            ready = 1000 * (time.perf_counter() - begun)
            if self.reads:
                async with server.connected() as connection:
                    first, _ = await connection.timed(server.request("GET", self.reads))
                # The round that warms up does not count.
                self.firsts.extend([first] if number else [])
        return ready


async def starting(scene: Scene) -> list[Measured]:
    """The service, the peer and a bare application; the first two are then asked for a lot."""
    scene.place.make(DATABASE)
    url = scene.place.url(DATABASE)
    await imported(url, yaml.safe_load(PORTFOLIO.read_text(encoding="utf-8")))
    key = await admin_key(url)
    with raw_on(scene.place, DATABASE) as raw:
        [[lot]] = raw.read("SELECT lot_id FROM milestones WHERE lot_id IS NOT NULL ORDER BY id LIMIT 1")
    service = Starter(scene, processes.SERVICE, {"APOS_DATABASE_URL": url}, key, f"/v1/lots/{lot}")
    peer = Starter(scene, processes.PEER, {"BENCH_DATABASE_URL": url}, key, f"/lots/{lot}")
    sides = {SERVICE: service, PEER: peer, FLOOR: Starter(scene, processes.BARE, {})}
    until = "from the start of the process to the first 200 of /readyz; the floor is a FastAPI application of one route"
    ready = await measure("starting", scene.database, until, sides, scene.scale.rounds)
    first = "GET /v1/lots/{id}, asked as soon as the server is ready"
    firsts = {SERVICE: service.firsts, PEER: peer.firsts}
    return [ready, Measured("first read after starting", scene.database, first, firsts)]


async def _until_ready(server: Server) -> None:
    request = server.request("GET", "/readyz")
    async with asyncio.timeout(READY_SECONDS):
        while True:
            try:
                async with server.connected() as connection:
                    await connection.ask(request)
                    return
            except ConnectionRefusedError:
                await asyncio.sleep(PAUSE)
