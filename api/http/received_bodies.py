"""Receives the bodies of uploads: the first megabyte in memory, a larger body in an unnamed temporary file.

The file has no name, is gone when the request has ended, and is mapped, so that reading it in pieces takes little memory.
Where no file can be written, the body is refused: in memory, a few of them would stop the service.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from tempfile import TemporaryFile
from typing import IO

from api.http.problems import HttpProblem
from api.intake.large_bytes import PIECE, LargeBytes, MappedBody

log = logging.getLogger("apos.api")
IN_MEMORY = 1024 * 1024
"""Bytes of a body up to which it stays in memory."""


async def receive(chunks: AsyncIterator[bytes]) -> LargeBytes:
    """A whole body. Raises 507 where no file can be written for it."""
    body = _Body()
    try:
        async for chunk in chunks:
            await body.add(chunk)
        return await body.end()
    finally:
        body.close()


class _Body:
    """A body that is being received: what was written to its file, if it has one, and the chunks after that."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0
        self._limit = IN_MEMORY
        self._file: IO[bytes] | None = None
        self._written = 0

    async def add(self, chunk: bytes) -> None:
        """Adds what came next."""
        self._held.append(chunk)
        self._size += len(chunk)
        if self._size > self._limit:
            await asyncio.to_thread(self._write)

    async def end(self) -> LargeBytes:
        """All that was received."""
        if self._file is not None:
            await asyncio.to_thread(self._write)
        if self._file is None:
            return b"".join(self._held)
        return MappedBody.of(self._file.fileno(), self._written)

    def close(self) -> None:
        """Gives up the file; what was mapped of it can still be read."""
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        """Moves what is held to the file."""
        try:
            self._file = self._file or TemporaryFile(buffering=0)  # noqa: SIM115 - `close` closes it
            end = self._written
            for chunk in self._held:
                end += _write_all(self._file, chunk, end)
        except OSError as error:
            log.warning("no temporary file can be written for a body of a request: %s", error)
            detail = (
                "there is no room for a body of this size in the temporary folder of the service; nothing was stored"
            )
            raise HttpProblem(507, detail) from None
        self._written, self._held, self._size, self._limit = end, [], 0, PIECE


def _write_all(file: IO[bytes], chunk: bytes, at: int) -> int:
    """Writes a chunk to a place in a file, and returns its length."""
    written = 0
    while written < len(chunk):
        written += os.pwrite(file.fileno(), chunk[written:], at + written)
    return len(chunk)
