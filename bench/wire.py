"""The HTTP client of the bench: requests are prepared as bytes, and connections stay open.

A client library costs more per request than the floor needs to answer one, and would hide what is measured.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 60
LIMIT = 1 << 20


class Unexpected(Exception):
    """A server gave an answer that makes the measurement invalid, such as an error status."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server, and the key to call it with; the floor needs none."""

    port: int
    key: str = ""

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """The bytes of a request; underscores in the names of `headers` become hyphens."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            "Accept: " + headers.pop("Accept", "application/json"),
        ]
        lines += [f"Authorization: Bearer {self.key}"] if self.key else []
        media = headers.pop("Content_Type", "application/json")
        lines += [f"Content-Type: {media}", f"Content-Length: {len(body)}"] if body else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["Connection"]:
        """A connection, closed after the block."""
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=LIMIT)
        try:
            yield Connection(reader, writer)
        finally:
            writer.close()


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection that is kept open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes, *statuses: int) -> Answer:
        """Sends a request and reads its answer. Raises Unexpected unless its status is one of these (by default 200)."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            self.writer.write(request)
            await self.writer.drain()
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        answer = Answer(int(head[0].split()[1]), headers, body)
        if answer.status not in (statuses or (200,)):
            what = request.partition(b"\r\n")[0].decode()
            raise Unexpected(f"{what}: {answer.status} {body[:500].decode(errors='replace')}")
        return answer

    async def lines(self, request: bytes) -> int:
        """Sends a request and counts the lines of its chunked answer, without keeping it."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            self.writer.write(request)
            head = await self.reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200 ") or b"\r\ntransfer-encoding: chunked" not in head.lower():
                raise Unexpected(f"no chunks: {head[:500]!r}")
            count = 0
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                count += (await self.reader.readexactly(size + 2))[:-2].count(b"\n")
            await self.reader.readuntil(b"\r\n")
        return count

    async def timed(self, request: bytes, *statuses: int) -> tuple[float, Answer]:
        """Sends a request; the milliseconds it took, and the answer."""
        begun = time.perf_counter()
        answer = await self.ask(request, *statuses)
        return 1000 * (time.perf_counter() - begun), answer


async def milliseconds_each(server: Server, requests: Sequence[bytes], at_once: int, *statuses: int) -> float:
    """Sends requests over several connections, each sending its next when it has its answer; milliseconds per request."""
    waiting = iter(requests)

    async def keep_asking(connection: Connection) -> None:
        for request in waiting:
            await connection.ask(request, *statuses)

    async with asyncio.TaskGroup() as opening:
        opened = [opening.create_task(_open(server)) for _ in range(at_once)]
    connections = [task.result() for task in opened]
    try:
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as asking:
            for connection in connections:
                asking.create_task(keep_asking(connection))
        return 1000 * (time.perf_counter() - begun) / len(requests)
    finally:
        for connection in connections:
            connection.writer.close()


async def _open(server: Server) -> Connection:
    return Connection(*await asyncio.open_connection(HOST, server.port, limit=LIMIT))
