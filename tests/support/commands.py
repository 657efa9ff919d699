"""`apos-server` as a test runs it: in this process, or started in one of its own as its administrator does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from api.__main__ import command as apos_server

ROOT = Path(__file__).parents[2]
SECONDS = 30


def command(url: str, *words: str, **environment: str) -> Any:
    """What `apos-server` says to these words, in this process; a crash is one of the test."""
    without = dict.fromkeys(name for name in os.environ if name.startswith("APOS_"))
    settings = {**without, "APOS_DATABASE_URL": url, **environment}
    umask = os.umask(0o022)
    try:
        return CliRunner().invoke(apos_server, words, env=settings, catch_exceptions=False)
    finally:
        os.umask(umask)  # which the command sets for its process


def started(url: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """What `apos-server` says to these words, in a process of its own."""
    settings = {"PATH": os.environ["PATH"], "APOS_DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "-m", "api", *words],
        env=settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def serving(url: str, **environment: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A real server in a process of its own, with these settings, and its address."""
    port = _free_port()
    settings = {"PATH": os.environ["PATH"], "APOS_DATABASE_URL": url, **environment}
    process = subprocess.Popen([sys.executable, "-m", "api", "serve", "--port", str(port)], env=settings, cwd=ROOT)
    try:
        _await_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}/v1", process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=SECONDS)


def _await_ready(url: str) -> None:
    deadline = time.monotonic() + SECONDS
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < deadline:
            try:
                if client.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)


def _free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
