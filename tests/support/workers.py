"""A service of several worker processes, and which of them a client talks to.

All workers have one address, and whichever is free takes a connection. A test that means one of them opens its connections
while the others are stopped; a connection stays with the worker that took it.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.commands import ROOT, SECONDS

LISTENING, CONNECTED = "0A", "01"


@dataclass
class Workers:
    """A running supervisor with its workers, and what they said on standard error."""

    process: "subprocess.Popen[bytes]"
    log: Path
    port: int = 0

    @property
    def said(self) -> str:
        """All that they said on standard error."""
        return self.log.read_text()

    @property
    def children(self) -> list[int]:
        """The processes that the supervisor has started, which are the workers and Python's own tracker of resources."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    @property
    def serving(self) -> list[int]:
        """The workers that have the listening socket, in the order of their start."""
        [listener] = self._sockets(LISTENING)
        return [pid for pid in self.children if listener in _sockets_of(pid)]

    @property
    def connections(self) -> dict[int, int]:
        """How many connections each worker has."""
        connected = self._sockets(CONNECTED)
        held = Counter({pid: len(connected & _sockets_of(pid)) for pid in self.children})
        return dict(+held)

    def successor_of(self, pid: int) -> int:
        """The worker that takes the place of one that ended, once it has been started."""
        said = re.compile(rf"worker {pid} ended; worker (\d+) takes its place")
        until(lambda: said.search(self.said) is not None)
        return int(said.findall(self.said)[0])

    @asynccontextmanager
    async def client_of(self, pid: int, key: str, connections: int) -> AsyncIterator[httpx.AsyncClient]:
        """A client with connections to one worker, which it uses for as long as that worker keeps them."""
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {"Authorization": f"Bearer {key}"}
        address = f"http://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(
            base_url=f"{address}/v1", headers=headers, limits=limits, timeout=SECONDS, trust_env=False
        ) as client:
            with _stopped(other for other in self.serving if other != pid):
                await asyncio.gather(*(client.get(f"{address}/livez") for _ in range(connections)))
            yield client

    @asynccontextmanager
    async def clients(self, key: str, connections: int) -> AsyncIterator[list[httpx.AsyncClient]]:
        """A client of each worker, in the order of `serving`."""
        async with AsyncExitStack() as opened:
            yield [await opened.enter_async_context(self.client_of(pid, key, connections)) for pid in self.serving]

    def _sockets(self, state: str) -> set[str]:
        """The service's sockets in this state, by the number that the kernel gives each."""
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return {line[9] for line in lines if line[1].endswith(f":{self.port:04X}") and line[3] == state}


@contextmanager
def serving_workers(url: str, number: int, **environment: str) -> Iterator[Workers]:
    """A service of this many workers, each of which is ready; it is ended afterwards, where the test has not done so."""
    settings = {"PATH": os.environ["PATH"], "APOS_DATABASE_URL": url, "APOS_POOL_SIZE": "5", **environment}
    words = [sys.executable, "-m", "api", "serve", "--port", "0", "--workers", str(number)]
    with tempfile.NamedTemporaryFile(prefix="apos-workers-", suffix=".log") as log:
        process = subprocess.Popen(words, env=settings, cwd=ROOT, stderr=log)
        workers = Workers(process, Path(log.name))
        started: list[int] = []
        try:
            until(lambda: "serving on" in workers.said or process.poll() is not None)
            found = re.search(r"serving on http://127\.0\.0\.1:(\d+)", workers.said)
            assert found, workers.said
            workers.port = int(found[1])
            started = workers.children
            yield workers
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=SECONDS)
            until(lambda: not any(lives(pid) for pid in started))


def until(holds: Callable[[], bool]) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet taken note of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def _stopped(pids: Iterable[int]) -> Iterator[None]:
    """Stops these processes for as long as the block lasts."""
    stopped = list(pids)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def _sockets_of(pid: int) -> set[str]:
    """The sockets that a process has open; none where it has ended."""
    found = set()
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            # A process that starts opens and closes files meanwhile.
            with suppress(FileNotFoundError):
                kind, _, rest = str(descriptor.readlink()).partition(":[")
                if kind == "socket":
                    found.add(rest.rstrip("]"))
    return found
