"""Runs slow work in threads, outside the event loop: small pieces in parallel, large ones one at a time.

Threads share one interpreter, so a large piece slows down every request that is served meanwhile, and several at once would
stop them. Large pieces therefore wait for each other; nothing else waits for them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")
LARGE_FROM_LINES = 1000
"""Number of lines from which a piece of work is large."""
_LARGE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="large")


async def run_in_worker(work: Callable[..., Result], *arguments: Any, lines: int) -> Result:
    """The result of `work(*arguments)`, run in a thread; `lines` decides whether the work is large."""
    if lines < LARGE_FROM_LINES:
        return await asyncio.to_thread(work, *arguments)
    return await asyncio.get_running_loop().run_in_executor(_LARGE, partial(work, *arguments))
