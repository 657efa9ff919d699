"""A service on this machine for the demo: filled with the real portfolio, on a free port, and always stopped.

It is run with the command `apos-server`, as anybody would. Your own settings (APOS_... and `.env`) are not passed on, so
that it never touches another database.
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
POLL_SECONDS = 0.05


class Failed(Exception):
    """A step of the demo failed; the text says which, and why."""


class LocalService:
    """A service whose SQLite database is the file `database` in `folder`."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("APOS_")}
        # A path relative to the folder works also where the folder's name has characters that a URL would not allow.
        self._environment = {**inherited, "APOS_DATABASE_URL": f"sqlite:///{database}"}

    def migrate(self) -> None:
        """Brings the database up to date; creates it where it does not exist."""
        self.run("migrate")

    def fill(self) -> str:
        """Imports the real portfolio, and returns what the import printed."""
        return self.run("import", str(PORTFOLIO))

    def make_keys(self, *owners: Sequence[str]) -> list[str]:
        """A key for each owner. An owner is a role, followed by the supplier's key for the role supplier."""
        flags = ("--role", "--supplier")
        options = [[word for pair in zip(flags, owner, strict=False) for word in pair] for owner in owners]
        with ThreadPoolExecutor(len(options)) as pool:
            return list(pool.map(lambda each: self.run("keys", "create", *each).strip(), options))

    def run(self, *arguments: str) -> str:
        """Runs `apos-server` and returns its standard output. Raises Failed with its standard error where it fails."""
        try:
            completed = subprocess.run(
                [SERVER, *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
        except FileNotFoundError as error:
            raise Failed(f"{SERVER.name} is not installed beside this Python; run `make install` first") from error
        if completed.returncode != 0:
            raise Failed(f"`apos-server {' '.join(arguments)}` failed:\n{completed.stderr.strip()}")
        return completed.stdout

    @contextmanager
    def serving(self, key: str) -> Iterator[str]:
        """Serves within the block, at the URL that it yields; the process is stopped however the block ends.

        `key` must be a key of this database: only this service accepts it, so that another service which took the port
        in the meantime is not mistaken for it.
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
        raise Failed(f"the service did not start in {ATTEMPTS} attempts:\n{self._log_end()}")

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
        """Whether the service answers; False where it ended, as it does when another process took its port."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            answers = _answers(url, key)
            if process.poll() is not None:
                return False
            if answers:
                return True
            time.sleep(POLL_SECONDS)
        raise Failed(f"the service was not ready within {READY_SECONDS} seconds:\n{self._log_end()}")

    def _log_end(self) -> str:
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
