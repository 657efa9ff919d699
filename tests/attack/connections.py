"""Connections that hold on to the service: large headers, slow ones, idle ones, stalled bodies, answers that nobody reads."""

import asyncio
import socket
from collections.abc import Callable, Collection, Iterator

from api.http.negotiation import CSV
from tests.attack.scene import Scene, Seen
from tests.attack.sending import CLOSED, HOST, answer_to, request

HELD_SECONDS = 14
"""Connections that wait must be closed within this time; the service gives headers 10 seconds."""
MANY, SLOW, STALLED, UNREAD = 700, 300, 12, 60
MEGABYTES = 60
TURNED_AWAY = {"503", "408", "431", "400", CLOSED}


async def large_headers(scene: Scene) -> list[Seen]:
    """One header of 60 MB, and as much in many headers."""
    seen = Seen(f"headers of {MEGABYTES} MB")
    head = request("GET", "/v1/lots", scene.attacker)[:-2]
    one = head + b"X: " + b"x" * (MEGABYTES << 20) + b"\r\n\r\n"
    many = head + b"X-Header: y\r\n" * (MEGABYTES << 16) + b"\r\n"
    async with scene.watching(seen):
        for sent in (one, many):
            seen.saw(await scene.send(sent), {"431", "400", CLOSED})
    return [seen]


async def idle_connections(scene: Scene) -> list[Seen]:
    """Hundreds of connections over which nothing is sent."""
    seen = Seen("idle connections")
    async with scene.watching(seen):
        await _hold(scene, seen, MANY, lambda: iter(()))
    return [seen]


async def slow_headers(scene: Scene) -> list[Seen]:
    """Hundreds of requests whose headers come a letter at a time."""
    seen = Seen("slow headers")

    def letters() -> Iterator[bytes]:
        yield request("GET", "/v1/lots", scene.attacker)[:-2]
        while True:
            yield b"X: y\r\n"

    async with scene.watching(seen):
        await _hold(scene, seen, SLOW, letters)
    return [seen]


async def stalled_bodies(scene: Scene) -> list[Seen]:
    """Bodies that say they are large and then do not come, or come a letter at a time, all of one supplier."""
    seen = Seen("stalled and slow bodies")
    head = request("POST", "/v1/intake-previews", scene.attacker, Content_Length=str(120 << 20), Content_Type=CSV)

    def stalled() -> Iterator[bytes]:
        yield head + b"key,name,quantity\n" + b"x" * (1 << 16)

    def slow() -> Iterator[bytes]:
        yield from stalled()
        while True:
            yield b"x"

    async with scene.watching(seen):
        allowed = {*TURNED_AWAY, "429"}
        await asyncio.gather(_hold(scene, seen, STALLED, stalled, allowed), _hold(scene, seen, STALLED, slow, allowed))
    return [seen]


async def unread_answers(scene: Scene) -> list[Seen]:
    """Large answers that nobody reads: they must not hold others up, nor fill the memory."""
    seen = Seen("answers that nobody reads")
    sent = request("GET", f"/v1/origin-declarations/{scene.declared}/components", scene.attacker, Accept=CSV)
    sent = sent.replace(b"Accept: */*\r\n", b"")
    opened = []
    async with scene.watching(seen):
        loop = asyncio.get_running_loop()
        for _ in range(UNREAD):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)
            await loop.sock_connect(one, (HOST, scene.service.port))
            await loop.sock_sendall(one, sent)
            seen.saw("not read", {"not read"})
            opened.append(one)
        await asyncio.sleep(5)
        for one in opened:
            one.close()
    return [seen]


async def _hold(
    scene: Scene,
    seen: Seen,
    count: int,
    pieces: Callable[[], Iterator[bytes]],
    allowed: Collection[str] = frozenset(TURNED_AWAY),
) -> None:
    """Holds so many connections; each must be answered or closed by the service in time."""

    async def one() -> None:
        seen.saw(
            await answer_to(scene.service.port, pieces(), HELD_SECONDS, pause=1), allowed, f"after {HELD_SECONDS} s"
        )

    await asyncio.gather(*(one() for _ in range(count)))
