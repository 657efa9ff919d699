"""Work that takes long, beside the event loop: small pieces side by side, large ones one at a time.

Threads share one interpreter, so every large piece at work slows all that is served meanwhile; several at once would stop
it. Large ones therefore wait for each other, and nothing else waits for them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

Done = TypeVar("Done")
MANY = 1000
"""Lines from which a piece of work is a large one."""
_LARGE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="large")


async def run_in_worker(work: Callable[..., Done], *given: Any, lines: int) -> Done:
    """What the work gives, done in a thread; of work on many lines, one piece at a time."""
    if lines < MANY:
        return await asyncio.to_thread(work, *given)
    return await asyncio.get_running_loop().run_in_executor(_LARGE, partial(work, *given))
