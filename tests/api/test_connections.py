"""Connections: headers are limited and have a deadline, newcomers find room, and nobody holds up the end of the service."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from api import connections
from api.connections import MAX_HEAD_BYTES, MAX_HEADERS, BoundedConnection
from tests.support.commands import command, serving
from tests.support.databases import Sqlite

Sent = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[bytes], Awaitable[Sent]]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers at once, or at `/large` with more than a client takes that does not read."""
    body = b"x" * (1 << 26) if scope["path"] == "/large" else b"ok"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def listening(limit: int = 100) -> AsyncIterator[Connect]:
    """A server of `answering` that has at most this many connections, and what connects to it and sends something."""
    config, state = uvicorn.Config(answering, limit_concurrency=limit + 1, log_level="critical"), ServerState()
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BoundedConnection(config, state, {}), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    opened: list[asyncio.StreamWriter] = []

    async def connect(text: bytes) -> Sent:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        writer.write(text)
        await asyncio.sleep(0)
        return reader, writer

    try:
        yield connect
    finally:
        for writer in opened:
            writer.transport.abort()
        server.close()
        await server.wait_closed()


async def status(sent: Sent) -> int:
    """The status of the next answer; 0 where the connection was closed without one."""
    async with asyncio.timeout(5):
        try:
            line = await sent[0].readline()
        except ConnectionError:
            line = b""
    return int(line.split()[1]) if line else 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(GET + b"\r\n", 200, id="ordinary"),
        pytest.param(GET + b"X: " + b"x" * (MAX_HEAD_BYTES - 100) + b"\r\n\r\n", 200, id="just small enough"),
        pytest.param(GET + b"X: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", 431, id="one header too large"),
        pytest.param(GET + b"X: y\r\n" * (MAX_HEADERS - 1) + b"\r\n", 200, id="just few enough"),
        pytest.param(GET + b"X: y\r\n" * MAX_HEADERS + b"\r\n", 431, id="too many"),
        pytest.param(b"GET /" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431, id="address"),
        pytest.param(GET + b"X: " + b"x" * (1 << 20), 431, id="without end"),
        pytest.param(b"GET /" + b"x" * (1 << 20), 431, id="address without end"),
        pytest.param(b"nonsense\r\n\r\n", 400, id="no request"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 4300 + b"\r\n\r\n", 400, id="length"),
    ],
)
async def test_the_head_of_a_request_is_limited(text: bytes, expected: int) -> None:
    async with listening() as connect:
        assert await status(await connect(text)) == expected


async def test_a_body_that_comes_with_its_head_does_not_count_as_headers() -> None:
    async with listening() as connect:
        body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
        sent = await connect(body + GET + b"\r\n")
        assert await status(sent) == 200


@pytest.mark.parametrize("text", [b"", b"GET / HT", GET, GET + b"\r\n" + GET], ids=repr)
async def test_headers_that_do_not_arrive_end_the_connection(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    async with listening() as connect:
        sent = await connect(text)
        async with asyncio.timeout(5):
            answered = await sent[0].read()
        assert answered.count(b"200 OK") == text.count(b"\r\n\r\n")


async def test_a_body_that_nobody_reads_does_not_hold_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.05)
    async with listening() as connect:
        reader, writer = await connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\nx")

        async def trickle() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.01)

        trickling = asyncio.create_task(trickle())
        async with asyncio.timeout(5):
            with suppress(ConnectionError):
                await reader.read()
        trickling.cancel()


async def test_a_client_that_does_not_read_its_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.05)
    async with listening() as connect:
        reader, _ = await connect(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.3)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1 << 26)


async def test_a_newcomer_takes_the_place_of_who_has_waited_longest() -> None:
    async with listening(limit=3) as connect:
        waiting = [await connect(GET) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await status(await connect(GET + b"\r\n")) == 200
        assert await status(waiting[0]) == 0
        waiting[1][1].write(b"\r\n")
        assert await status(waiting[1]) == 200


def test_the_service_ends_within_its_grace_though_a_body_is_stalled(sqlite: Sqlite) -> None:
    url = sqlite.empty()
    secret = command(url, "keys", "create", "--role", "programmeOffice").stdout.strip()
    with serving(url, APOS_GRACE_SECONDS="1", APOS_BODY_SECONDS="60") as (address, process):
        head = f"POST /v1/sources HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Length: 99\r\n"
        with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0)) as stalled:
            stalled.sendall(f"{head}Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n{{".encode())
            assert stalled.recv(20).startswith(b"HTTP/1.1 100"), "it waits for the body"
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
            assert 0.9 < time.monotonic() - begun < 10
