"""Reads of randomly chosen items or pages, the same ones for the service, the peer, the floor and the raw limit."""

import random
from collections.abc import Sequence
from typing import Any

from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server, milliseconds_each

LOWEST_ID = "00000000-0000-0000-0000-000000000000"
"""An id before every other."""
Read = tuple[Any, ...]
"""A statement and its parameters."""


async def measure_reads(
    scene: Scene,
    workload: str,
    what: str,
    *,
    service: Sequence[bytes],
    bare: Sequence[bytes],
    raw: Sequence[Read],
    plain: Sequence[bytes] | None = None,
) -> Measured:
    """Measures the same random choice of reads on every side. The lists describe the same reads, in the same order.

    `plain` are those of the peer, which does not have every read.
    """

    sides: dict[str, Side] = {
        SERVICE: asks(scene, Server(scene.service.port), service),
        **({} if plain is None else {PEER: asks(scene, scene.plain(), plain)}),
        FLOOR: asks(scene, scene.bare(), bare),
        RAW: scene.in_process(lambda number: scene.raw.read(*raw[_place(number, len(raw))]), scene.scale.raw_reads),
    }
    what = f"{what}; {scene.scale.at_once} at once"
    return await measure(workload, scene.database, what, sides, scene.scale.rounds)


def asks(scene: Scene, server: Server, requests: Sequence[bytes]) -> Side:
    """A side that sends a random choice of these requests in every round, several at once."""

    async def run(number: int) -> float:
        begin = number * scene.scale.reads
        chosen = [requests[_place(begin + again, len(requests))] for again in range(scene.scale.reads)]
        return await milliseconds_each(server, chosen, scene.scale.at_once)

    return run


def _place(number: int, places: int) -> int:
    """The index of the read with this number: random, but the same on every side and in every run."""
    return random.Random(number).randrange(places)  # noqa: S311 - a place in a list, not a secret


async def all_pages(server: Server, path: str) -> list[tuple[str, dict[str, Any]]]:
    """The path of every page of a list, with the last of its items."""
    pages: list[tuple[str, dict[str, Any]]] = []
    cursor = ""
    async with server.connected() as connection:
        while True:
            at = f"{path}{'&' if '?' in path else '?'}cursor={cursor}" if cursor else path
            page = (await connection.ask(server.request("GET", at))).json
            pages.append((at, page["items"][-1]))
            if page["nextCursor"] is None:
                return pages
            cursor = page["nextCursor"]
