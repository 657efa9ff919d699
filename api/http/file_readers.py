"""Reads what is uploaded: a small body of JSON in a thread, every other file in a process that can be ended.

A small body of JSON takes little, whatever it holds. Other formats are unpacked, and are read as the file itself says, which a
stranger wrote. Where a file passes a limit its process is ended, and the answer is 400.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.requests import Request

from api.http.problems import HttpProblem
from api.intake.large_bytes import LargeBytes
from api.intake.processes.limits import FileLimitPassed, FileLimits, NoProcess, ReadingCancelled
from api.intake.processes.pool import FileReading, Pool
from api.settings import Settings
from api.workers import file_turn
from domain.errors import Fault

RETRY_SECONDS = 10
PRELOADED = (
    "api.__main__",
    "api.http.uploads",
    "api.routes.declarations.origin_declarations",
    "api.routes.declarations.component_statements",
    "api.routes.scoring.scores",
)
"""The modules whose bodies are read in processes, and the command that each of them finds as its main module.

By name, as routes are imported when they are first asked for.
"""
Result = TypeVar("Result")
log = logging.getLogger("apos.api")


def limits_of(settings: Settings) -> FileLimits:
    """The limits that the settings state."""
    return FileLimits(settings.file_address_space_mb, settings.file_cpu_seconds, settings.file_wall_seconds)


class FileReaders:
    """The processes of a service that read files."""

    def __init__(self, settings: Settings, pool: Pool | None = None) -> None:
        """Nothing is started yet. A `pool` that is given is shared with others, who end it."""
        self._is_own = pool is None
        self._pool = pool or Pool(limits_of(settings), PRELOADED)
        self._threads = ThreadPoolExecutor(settings.file_workers, thread_name_prefix="files")

    async def read(
        self, request: Request, work: Callable[..., Any], raw: LargeBytes, arguments: Sequence[Any] = ()
    ) -> Any:
        """What `work(raw, *arguments)` gives in a process; it is ended when the client goes away.

        `work` and all that it is given and gives can be pickled. Raises what it raises, QueueFull, and 400
        where a limit was passed.
        """
        return await _while_connected(request, self._read_in_turn(FileReading(work, raw, arguments)))

    async def _read_in_turn(self, reading: FileReading) -> Any:
        async with file_turn():
            return await self._read(reading)

    async def _read(self, reading: FileReading) -> Any:
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._pool.read, reading)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            reading.cancel()
            await asyncio.gather(work, return_exceptions=True)
            raise
        except ReadingCancelled:
            raise HttpProblem(503, "the service is being stopped; nothing was stored", kind="files-busy") from None
        except NoProcess:
            log.exception("no process could be started to read a file")
            detail = (
                "no process could be started to read the file; nothing was stored: send it again when Retry-After says"
            )
            raise HttpProblem(503, detail, headers={"Retry-After": str(RETRY_SECONDS)}, kind="files-busy") from None
        except FileLimitPassed as passed:
            raise HttpProblem(400, passed.detail, [Fault("", passed.detail)], kind="file-limit") from None

    def close(self) -> None:
        """Ends the processes, and whatever they read."""
        if self._is_own:
            self._pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _while_connected(request: Request, reading: Coroutine[Any, Any, Result]) -> Result:
    """The result of `reading`, which is cancelled when the client closes its connection."""
    work, gone = asyncio.create_task(reading), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise HttpProblem(400, "the connection was closed before the file was read; nothing was stored")
        return await work
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
