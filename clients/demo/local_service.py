"""A service of your own on this machine: filled with the real portfolio, on a free port, and always stopped.

It is driven as anybody would drive it, by the command `apos-server`. Settings of yours (APOS_... and `.env`) do not reach
it, so that it never touches another database.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

PORTFOLIO = Path(__file__).resolve().parents[2] / "data" / "apos-2026.yaml"
SERVER = Path(sys.executable).with_name("apos-server")
LOG = "server.log"
ATTEMPTS = 5
READY_SECONDS = 60
STOP_SECONDS = 15
BETWEEN_LOOKS = 0.05


class Failed(Exception):
    """A step did not do what it should; the text says which, and why."""


class LocalService:
    """A service whose SQLite database is a file of this name in a folder."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        own = {name: value for name, value in os.environ.items() if not name.startswith("APOS_")}
        # A path relative to the folder works for every folder, whatever its name does to a URL.
        self._environment = {**own, "APOS_DATABASE_URL": f"sqlite:///{database}"}

    def migrate(self) -> None:
        """Brings the database up to date; makes it where there is none."""
        self.run("migrate")

    def fill(self) -> str:
        """Imports the real portfolio; what the import says of it."""
        return self.run("import", str(PORTFOLIO))

    def make_keys(self, *owners: Sequence[str]) -> list[str]:
        """A key for each owner: a role, and for the role supplier the supplier's key."""
        flags = ("--role", "--supplier")
        orders = [[word for pair in zip(flags, owner, strict=False) for word in pair] for owner in owners]
        with ThreadPoolExecutor(len(orders)) as pool:
            return list(pool.map(lambda order: self.run("keys", "create", *order).strip(), orders))

    def run(self, *words: str) -> str:
        """What `apos-server` with these words prints on standard output. Raises Failed with what it complains of."""
        try:
            done = subprocess.run(
                [SERVER, *words],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
        except FileNotFoundError as error:
            raise Failed(f"{SERVER.name} is not installed beside this Python; run `make install` first") from error
        if done.returncode != 0:
            raise Failed(f"`apos-server {' '.join(words)}` failed:\n{done.stderr.strip()}")
        return done.stdout

    @contextmanager
    def serving(self, key: str) -> Iterator[str]:
        """Serves within the block, at the URL it gives; stopped by its process id however the block ends.

        `key` is one of its own: only this service takes it, so that no other on a port taken meanwhile is mistaken for it.
        """
        for _ in range(ATTEMPTS):
            port = _free_port()
            url = f"http://127.0.0.1:{port}"
            process = self._start(port)
            try:
                if self._is_ready(process, url, key):
                    yield url
                    return
            finally:
                _stop(process)
        raise Failed(f"the service did not start in {ATTEMPTS} attempts:\n{self._complaints()}")

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        with (self._folder / LOG).open("wb") as log:
            return subprocess.Popen(
                [SERVER, "serve", "--port", str(port)],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _is_ready(self, process: subprocess.Popen[bytes], url: str, key: str) -> bool:
        """Whether the service answers; False where it ended, as it does when somebody else took its port."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            answers = _answers(url, key)
            if process.poll() is not None:
                return False
            if answers:
                return True
            time.sleep(BETWEEN_LOOKS)
        raise Failed(f"the service was not ready within {READY_SECONDS} seconds:\n{self._complaints()}")

    def _complaints(self) -> str:
        return (self._folder / LOG).read_text(encoding="utf-8", errors="replace")[-2000:].strip() or "it said nothing"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str, key: str) -> bool:
    options: dict[str, Any] = {"timeout": 5, "trust_env": False}
    try:
        if httpx.get(f"{url}/readyz", **options).status_code != 200:
            return False
        credential = {"Authorization": f"Bearer {key}"}
        return httpx.get(f"{url}/v1/programmes", headers=credential, **options).status_code == 200
    except httpx.TransportError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
