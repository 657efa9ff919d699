"""Reads files in processes of their own, each limited in memory, processor time and time in all.

Threads of the service would share its interpreter with whatever a file makes them do, and cannot be ended. The processes come
from Python's fork server: one process without threads, started with the first file, which has imported what reads files and
is copied in milliseconds. A process that is killed, or dies, is answered with a refusal, and the next file gets another.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import send_handle
from typing import Any

from api.intake.large_bytes import LargeBytes, MappedBody
from api.intake.processes import reader
from api.intake.processes.limits import CURE, FileLimitPassed, FileLimits, NoProcess, ReadingCancelled

_ENDING_SECONDS = 10
MESSAGE_ENDED = "reading the file ended unexpectedly; save it again from the program that made it, or send it as CSV"
MESSAGE_KILLED = (
    f"the system ended the reading of the file, mostly because the machine has no more memory for it; {CURE}"
)
_STARTING = threading.Lock()
"""Python looks after other processes when it starts one, and the status of each can be read only once."""


class FileReading:
    """One file to be read: what to call with its bytes, and whether anybody still waits for it."""

    def __init__(self, work: Callable[..., Any], raw: LargeBytes, arguments: Sequence[Any] = ()) -> None:
        self.work = work
        self.raw = raw
        self.arguments = arguments
        self.is_cancelled = False
        self._process: _Process | None = None
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """Ends the process that reads the file, if one does."""
        with self._lock:
            self.is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def answer_of(self, process: "_Process", limits: FileLimits) -> Any:
        """What a process reads of the file. Raises what the work raises, FileLimitPassed, or ReadingCancelled."""
        with self._lock:
            if self.is_cancelled:
                raise ReadingCancelled
            self._process = process
        try:
            return process.answer(self, limits)
        except FileLimitPassed:
            if self.is_cancelled:
                raise ReadingCancelled from None
            raise
        finally:
            with self._lock:
                self._process = None


class Pool:
    """Processes that read files, each started when it is needed and kept for the next file. Its methods may run in threads."""

    def __init__(self, limits: FileLimits, preload: Sequence[str] = ()) -> None:
        """`preload` are the modules that read files, which the fork server imports."""
        self._limits = limits
        self._preload = [reader.__name__, *preload]
        self._idle: list[_Process] = []
        self._readings: set[FileReading] = set()
        self._is_closed = False
        self._lock = threading.Lock()

    def read(self, reading: FileReading) -> Any:
        """What is read of a file. Raises what the work raises, FileLimitPassed, ReadingCancelled, or NoProcess."""
        with self._lock:
            if self._is_closed:
                raise ReadingCancelled
            self._readings.add(reading)
        process: _Process | None = None
        try:
            process = self._take()
            return reading.answer_of(process, self._limits)
        finally:
            self._give_back(reading, process)

    def close(self) -> None:
        """Ends all processes."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            readings = list(self._readings)
        for reading in readings:
            reading.cancel()
        for process in idle:
            process.end()

    def _take(self) -> "_Process":
        """A process that waits, or else a new one. Raises NoProcess where none can be started."""
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_ready():
                    return process
                process.end()
        try:
            return _Process(self._limits, self._preload)
        except (OSError, EOFError) as error:
            raise NoProcess(str(error)) from error

    def _give_back(self, reading: FileReading, process: "_Process | None") -> None:
        with self._lock:
            self._readings.discard(reading)
            if process is None:
                return
            if process.is_reusable and not reading.is_cancelled and not self._is_closed:
                self._idle.append(process)
                return
        process.end()


class _Process:
    """A process that reads one file at a time."""

    def __init__(self, limits: FileLimits, preload: list[str]) -> None:
        context = multiprocessing.get_context("forkserver")
        self.is_reusable = False
        self._connection, theirs = context.Pipe()
        with theirs, _STARTING:
            context.set_forkserver_preload(preload)
            self._process: ForkServerProcess = context.Process(
                target=reader.serve, args=(theirs, limits), daemon=True, name="file-reader"
            )
            self._process.start()

    def is_ready(self) -> bool:
        """Whether it waits for a file: one that has ended has closed its connection."""
        return not self._connection.poll()

    def answer(self, reading: FileReading, limits: FileLimits) -> Any:
        """What it reads of a file."""
        self.is_reusable = False
        deadline = time.monotonic() + limits.wall_seconds
        try:
            _send(self._connection, self._process.pid or 0, reading)
            outcome, is_last, count = _unpacked(self._received(deadline, limits))
            parts = [self._received(deadline, limits) for _ in range(count)]
            result = _unpacked(self._received(deadline, limits), parts)
        except (EOFError, OSError):
            raise FileLimitPassed(self._why_ended(limits)) from None
        self.is_reusable = not is_last
        if outcome == reader.MEMORY:
            raise FileLimitPassed(limits.memory_detail)
        if outcome == reader.ERROR:
            raise _made_again(*result)
        return result

    def kill(self) -> None:
        """Ends it, if it has not ended."""
        self.is_reusable = False
        if not wait([self._process.sentinel], 0):
            with suppress(ProcessLookupError):
                os.kill(self._process.pid or 0, signal.SIGKILL)

    def end(self) -> None:
        """Ends it, and what leads to it, once nothing is read any more."""
        self.kill()
        self._connection.close()

    def _received(self, deadline: float, limits: FileLimits) -> bytes:
        if not self._connection.poll(max(0.0, deadline - time.monotonic())):
            self.kill()
            raise FileLimitPassed(limits.wall_detail)
        return self._connection.recv_bytes()

    def _why_ended(self, limits: FileLimits) -> str:
        """Which limit it passed, from how it ended."""
        wait([self._process.sentinel], _ENDING_SECONDS)
        with _STARTING:
            status = self._process.exitcode
        by_signal = {
            -signal.SIGXCPU: limits.cpu_detail,
            -signal.SIGALRM: limits.wall_detail,
            # Compiled code gives up where it gets no more memory.
            -signal.SIGABRT: limits.memory_detail,
            -signal.SIGKILL: MESSAGE_KILLED,
        }
        return by_signal.get(status or 0, MESSAGE_ENDED)


def _send(connection: Connection, pid: int, reading: FileReading) -> None:
    """Sends a file: as a descriptor where it is in one, so that it is in the memory of neither process."""
    raw = reading.raw
    in_file = isinstance(raw, MappedBody)
    connection.send_bytes(pickle.dumps((reading.work, reading.arguments, len(raw) if in_file else None)))
    if isinstance(raw, MappedBody):
        send_handle(connection, raw.descriptor, pid)
    else:
        connection.send_bytes(raw)


def _unpacked(packed: bytes, parts: Sequence[bytes] = ()) -> Any:
    # It is from a process of our own, which runs our code and has our rights: it bounds what a file takes, not whom we trust.
    return pickle.loads(packed, buffers=parts)  # noqa: S301


def _made_again(kind: type[Exception], arguments: tuple[Any, ...], state: dict[str, Any]) -> Exception:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error
