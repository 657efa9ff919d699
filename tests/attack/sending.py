"""Requests as bytes, which no client library would send, and what became of each."""

import asyncio
from collections.abc import Iterable

HOST = "127.0.0.1"
CLOSED, SILENT = "closed", "no answer"
"""Became of a request: its connection was closed without an answer, or none came in time."""
PIECE = 1 << 20


def request(method: str, path: str, key: str = "", body: bytes = b"", **headers: str) -> bytes:
    """A request of its own connection; underscores in the names of `headers` become hyphens."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", "Accept: */*"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [f"Content-Length: {len(body)}"] if body else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer_to(port: int, sent: bytes | Iterable[bytes], seconds: float = 25, pause: float = 0) -> str:
    """Sends something, in pieces with a pause after each, and gives the status of the answer, CLOSED or SILENT."""
    status = ""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(HOST, port)
            writing = asyncio.create_task(_write(writer, sent, pause))
            try:
                status = _status(await reader.readline())
                while await reader.read(PIECE):
                    pass
            finally:
                writing.cancel()
                writer.transport.abort()
    except TimeoutError:
        return status or SILENT
    except (OSError, ValueError):
        return status or CLOSED
    return status


async def _write(writer: asyncio.StreamWriter, sent: bytes | Iterable[bytes], pause: float) -> None:
    pieces = (sent[place : place + PIECE] for place in range(0, len(sent), PIECE)) if isinstance(sent, bytes) else sent
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
    except ConnectionError:
        # Whoever reads the answer learns of it.
        return


def _status(line: bytes) -> str:
    if not line:
        return CLOSED
    words = line.split()
    return words[1].decode() if len(words) > 1 and words[0].startswith(b"HTTP/") else "no HTTP"
