"""The service as the attack runs it: real processes on 127.0.0.1, with their memory, their logs, and their end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.processes import ROOT, ending_with_parent, stop

READY_SECONDS = 30
FAILURE = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \n].*\n)*(\S.*)$", re.MULTILINE)
EVENT = re.compile(r'"event": ?"(\w+)"')


@dataclass
class Service:
    """The service on one database; its logs go on in the same files when it is started again."""

    url: str
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """What it says on standard error."""
        return self.folder / "service.log"

    @property
    def security_log(self) -> Path:
        """Its security log."""
        return self.folder / "security.log"

    def start(self) -> None:
        """Starts it, and returns when it is ready. Raises RuntimeError where it is not in time."""
        self.folder.mkdir(exist_ok=True)
        self.port = self.port or _free_port()
        own = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "APOS_DATABASE_URL": self.url,
            "APOS_SECURITY_LOG": str(self.security_log),
            # As short as an attack may last.
            "APOS_BODY_SECONDS": "5",
        }
        words = [sys.executable, "-m", "api", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                [*ending_with_parent(), *words],
                cwd=self.folder,
                env={**own, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.lives:
            if self.status_of("/readyz") == 200:
                return
            time.sleep(0.03)
        self.stop()
        raise RuntimeError(f"the service did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Ends it."""
        if self.process is not None:
            stop(self.process)

    def kill(self) -> None:
        """Ends it as a failing machine does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def lives(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def status_of(self, path: str) -> int:
        """The status of a read that needs no key; 0 without an answer."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5, trust_env=False).status_code
        except httpx.TransportError:
            return 0

    @property
    def processes(self) -> list[int]:
        """Its processes: the first, and those that it has started."""
        if not self.lives:
            return []
        assert self.process is not None
        found = [self.process.pid]
        for pid in found:
            # A process may end while it is looked at.
            with suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    found += [int(child) for child in (task / "children").read_text().split()]
        return found

    def megabytes(self) -> float:
        """The memory of all its processes, each shared page counted once."""
        return sum(_megabytes(pid) for pid in self.processes)

    def failures(self) -> list[str]:
        """The errors that it logged with a traceback, the last line of each."""
        return FAILURE.findall(self.log.read_text(errors="replace"))

    def security_events(self) -> Counter[str]:
        """How many lines of each event its security log has."""
        if not self.security_log.exists():
            return Counter()
        return Counter(EVENT.findall(self.security_log.read_text(errors="replace")))


def _megabytes(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
