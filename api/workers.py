"""Runs slow work in threads, outside the event loop: small pieces in parallel, large ones in turns.

Threads share one interpreter, so a large piece slows down every request that is served meanwhile, and several at once would
stop them. Large pieces therefore wait for each other, in turns by who asks; nothing else waits for them. What is very large
has a queue of its own, so that a piece of some thousand lines never waits for one of a hundred thousand.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

from api.fair_queue import FairQueue

Result = TypeVar("Result")
LARGE_FROM_LINES, VERY_LARGE_FROM_LINES = 1000, 10_000
"""Number of lines from which a piece of work is large, and very large."""
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="large")
"""One for each kind of large work."""


def is_large(lines: int) -> bool:
    """Whether work on so many lines waits for a turn."""
    return lines >= LARGE_FROM_LINES


class Turns:
    """The queues of one process: for large and for very large work, of which one piece each runs at a time, for files, and
    for the pieces of exports, of which one is read at a time.
    """

    def __init__(self, *, files: int, per_key: int, in_all: int) -> None:
        """`files` are the processes that read files, each of which reads one at a time."""
        self._large, self._very_large, self.files = (
            FairQueue(at_once=at_once, per_key=per_key, in_all=in_all) for at_once in (1, 1, files)
        )
        # An export that has begun cannot be refused; there are no more of them than connections.
        self.exports = FairQueue(at_once=1, per_key=sys.maxsize, in_all=sys.maxsize)

    def waiting(self) -> dict[str, int]:
        """How many pieces of work wait in each queue."""
        return {
            "large": self._large.waiting,
            "veryLarge": self._very_large.waiting,
            "files": self.files.waiting,
        }

    def queue_for(self, lines: int) -> FairQueue | None:
        """The queue for work on so many lines; None where that is not large."""
        if not is_large(lines):
            return None
        return self._large if lines < VERY_LARGE_FROM_LINES else self._very_large


class _Asking:
    """Who asks for the work of the current task, and whether it has a turn."""

    def __init__(self, turns: Turns, key: Hashable, until_end: AsyncExitStack) -> None:
        self.turns, self.key, self.until_end = turns, key, until_end
        self.has_turn = False


_ASKING: ContextVar[_Asking | None] = ContextVar("asking", default=None)


@asynccontextmanager
async def working_for(key: Hashable, turns: Turns) -> AsyncIterator[None]:
    """Within the block, large work waits for a turn of this key. Without such a block it waits for no turn."""
    async with AsyncExitStack() as until_end:
        token = _ASKING.set(_Asking(turns, key, until_end))
        try:
            yield
        finally:
            _ASKING.reset(token)


@asynccontextmanager
async def turn(*, lines: int) -> AsyncIterator[None]:
    """Waits for a turn to work on so many lines, which lasts as long as the block; at once for few, or within a turn.

    Hold no connection to the database while waiting: `await session.release()` gives it back. Raises QueueFull.
    """
    asking = _ASKING.get()
    queue = None if asking is None else asking.turns.queue_for(lines)
    if asking is None or queue is None or asking.has_turn:
        yield
        return
    async with queue.turn(asking.key):
        asking.has_turn = True
        try:
            yield
        finally:
            asking.has_turn = False


@asynccontextmanager
async def file_turn() -> AsyncIterator[None]:
    """Waits for a turn to read a file in a process, which lasts as long as the block. Raises QueueFull."""
    asking = _ASKING.get()
    if asking is None:
        yield
        return
    async with asking.turns.files.turn(asking.key):
        yield


async def turn_until_end(*, lines: int) -> None:
    """As `turn`, until the block of `working_for` ends: for what stays in memory until then."""
    asking = _ASKING.get()
    if asking is not None:
        await asking.until_end.enter_async_context(turn(lines=lines))


async def run_in_worker(work: Callable[..., Result], *arguments: Any, lines: int) -> Result:
    """The result of `work(*arguments)`, run in a thread; `lines` decides whether the work is large and waits for a turn."""
    if not is_large(lines):
        return await asyncio.to_thread(work, *arguments)
    async with turn(lines=lines):
        return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(work, *arguments))
