"""The servers that are measured: each in its own process on the server's core, stopped by its id however the bench ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.cores import Cores

ROOT = Path(__file__).resolve().parents[1]
SERVICE = (str(Path(sys.executable).with_name("apos-server")), "serve")
FLOOR = (sys.executable, "-m", "bench.floor")
PEER = (sys.executable, "-m", "bench.peer")
BARE = (sys.executable, "-m", "bench.bare")
READY_SECONDS, STOP_SECONDS, ATTEMPTS = 60, 15, 5


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its port, and its process."""

    port: int
    pid: int

    def megabytes(self) -> float | None:
        """The memory it uses now; None where the machine does not report it."""
        return self._message("VmRSS")

    def most_megabytes(self) -> float | None:
        """The most memory it used since `begin_counting`."""
        return self._message("VmHWM")

    def begin_counting(self) -> None:
        """Resets the peak of `most_megabytes`."""
        with suppress(OSError):
            Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")

    def _message(self, name: str) -> float | None:
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return None
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), None)


@contextmanager
def serving(command: Sequence[str], settings: Mapping[str, str], folder: Path, cores: Cores) -> Iterator[Running]:
    """Runs a server within the block, which begins when it answers. It also ends when this process is killed."""
    for _ in range(ATTEMPTS):
        with started(command, settings, folder, cores) as (process, port, _begun):
            if _is_ready(process, port):
                yield Running(port, process.pid)
                return
    log = _log_of(command, folder).read_text(errors="replace")
    raise RuntimeError(f"{' '.join(command)} did not start:\n{log[-2000:]}")


@contextmanager
def started(
    command: Sequence[str], settings: Mapping[str, str], folder: Path, cores: Cores
) -> Iterator[tuple["subprocess.Popen[bytes]", int, float]]:
    """Starts a server, which may not answer yet: its process, its port, and the time at which it was started.

    Its bytecode is kept, also where the environment says not to, as it is where a service is installed.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith(("APOS_", "BENCH_"))}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    port = _free_port()
    with _log_of(command, folder).open("wb") as said, cores.of_the_server():
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*ending_with_parent(), *command, "--port", str(port)],
            cwd=folder,
            env={**own, **settings, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the bench only, which stops the server itself.
            start_new_session=True,
        )
    try:
        yield process, port, begun
    finally:
        stop(process)


def _log_of(command: Sequence[str], folder: Path) -> Path:
    return folder / f"{Path(command[0]).name}-{command[-1]}.log"


def ending_with_parent(ending: str = "TERM") -> list[str]:
    """The command prefix that ends a child when this process is killed; empty where the machine does not have it."""
    return ["setpriv", "--pdeathsig", ending] if shutil.which("setpriv") else []


def stop(process: "subprocess.Popen[bytes]", ending: signal.Signals = signal.SIGTERM) -> None:
    """Ends a process that was started here, by its id."""
    if process.poll() is None:
        process.send_signal(ending)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Whether it answers; False where it ended, as it does when another process took its port."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5, trust_env=False)
            if answer.status_code == 200 and process.poll() is None:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    return False
