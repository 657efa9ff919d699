"""What a file can make its reader do, for tests of the processes that read files: each is called there, by its name."""

import os
import signal
import time
from pathlib import Path

from api.intake.large_bytes import LargeBytes
from domain.declarations.components import PackedRows
from domain.errors import BrokenRule, Fault
from tests.support.workers import until

_KEPT: list[bytes] = []


def first_and_size(raw: LargeBytes) -> tuple[bytes, int]:
    """The first bytes of the file, and its size."""
    return bytes(raw[:3]), len(raw)


def process_id(_raw: LargeBytes) -> int:
    """Which process reads."""
    return os.getpid()


def spin(_raw: LargeBytes) -> None:
    """Uses the processor for ever."""
    while True:
        pass


def sleep(raw: LargeBytes) -> None:
    """Waits as many seconds as the file says, and says in a file of that name that it has begun."""
    seconds, name = bytes(raw[:]).decode().split(" ", 1)
    Path(name).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(float(seconds))


def reader_in(name: Path) -> int:
    """The process that said in this file that it waits, once it has."""
    until(lambda: name.exists() and name.read_text() != "")
    return int(name.read_text())


def take_memory(_raw: LargeBytes) -> None:
    """Takes more and more memory."""
    found = []
    while True:
        found.append(bytes(8_000_000))


def keep_memory(_raw: LargeBytes) -> int:
    """Takes 60 MB and keeps them."""
    _KEPT.append(b"\1" * 60_000_000)
    return os.getpid()


def abort(_raw: LargeBytes) -> None:
    """Ends as compiled code does that gets no memory."""
    os.abort()


def crash(_raw: LargeBytes) -> None:
    """Ends as a fault in compiled code does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def be_killed(_raw: LargeBytes) -> None:
    """Ends as a process does that the system kills for its memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_raw: LargeBytes) -> None:
    """Ends without a word."""
    os._exit(0)


def refuse(_raw: LargeBytes) -> None:
    """Refuses the file."""
    raise BrokenRule("no", [Fault("/rows/3", "is wrong")])


def many_rows(_raw: LargeBytes) -> PackedRows:
    """Rows in several batches."""
    return PackedRows((str(number), "x" * 100) for number in range(2_500))


def environment(_raw: LargeBytes) -> tuple[list[str], int]:
    """What is open there, and whether the terminal's Ctrl-C is ignored."""
    opened = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.exists()]
    return opened, int(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
