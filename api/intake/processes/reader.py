"""What runs in a process that reads files: it gets one after another, and answers with what was read of each.

The process is limited in memory and in processor time, and holds nothing of the service: no database, no socket, no other
file. It ends by itself after `MOST_FILES`, and once a file has made it grow, so that no file leaves anything for long.
"""

import gc
import mmap
import os
import pickle
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from api.garbage import THRESHOLDS
from api.intake.large_bytes import LargeBytes
from api.intake.processes.limits import MEGABYTE, FileLimits

MOST_FILES = 100
MOST_GROWTH_KB = 32 * 1024
"""Kilobytes by which a process may have grown at its peak before it ends after the file that it reads."""
_SPARE_SECONDS = 5
VALUE, ERROR, MEMORY = "value", "error", "memory"
Job = tuple[Callable[..., Any], Sequence[Any], int | None]
"""What to call with the file, its further arguments, and the size of the file where that is sent as a descriptor."""


def serve(connection: Connection, limits: FileLimits) -> None:
    """Reads the files that come over a connection, until it is closed or this process has done enough."""
    _limit_process(limits)
    peak = _peak_kb()
    for done in range(1, MOST_FILES + 1):
        try:
            packed = connection.recv_bytes()
            work, arguments, size = pickle.loads(packed)  # noqa: S301  # from the service
            raw = connection.recv_bytes() if size is None else _mapped(connection, size)
        except (EOFError, OSError):
            return
        _limit_file(limits)
        outcome, result = _outcome(work, raw, arguments)
        signal.setitimer(signal.ITIMER_REAL, 0)
        del raw
        is_last = outcome == MEMORY or done == MOST_FILES or _peak_kb() - peak > MOST_GROWTH_KB
        try:
            send(connection, outcome, is_last, result)
        except MemoryError:
            send(connection, MEMORY, True, None)
            return
        if is_last:
            return


def _limit_process(limits: FileLimits) -> None:
    # The terminal's Ctrl-C is for the service, which ends its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = limits.address_space_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    with suppress(OSError):
        # Where the machine's memory runs out, this process goes before the service.
        Path("/proc/self/oom_score_adj").write_text("500")


def _limit_file(limits: FileLimits) -> None:
    """Gives this file its processor time; and an alarm, which ends this process where the service is no longer there to."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + _SPARE_SECONDS)


def _outcome(work: Callable[..., Any], raw: LargeBytes, arguments: Sequence[Any]) -> tuple[str, Any]:
    """What the work gave, or what it raised: how it is made again there, as exceptions are not always made of their `args`."""
    try:
        return VALUE, work(raw, *arguments)
    except MemoryError:
        return MEMORY, None
    except Exception as error:  # it is raised again in the service
        return ERROR, (type(error), error.args, error.__dict__)


def send(connection: Connection, outcome: str, is_last: bool, result: Any) -> None:
    """Sends an outcome; large parts of it, such as packed rows, one by one and without a copy of them all."""
    parts: list[pickle.PickleBuffer] = []
    packed = pickle.dumps(result, protocol=5, buffer_callback=parts.append)
    connection.send((outcome, is_last, len(parts)))
    for part in parts:
        connection.send_bytes(part.raw())
    connection.send_bytes(packed)


def _mapped(connection: Connection, size: int) -> mmap.mmap:
    descriptor = recv_handle(connection)
    try:
        return mmap.mmap(descriptor, size, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
