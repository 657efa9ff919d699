"""Serving on this machine until stopped, in this process or in several that it starts."""

import gc
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from socket import socket
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import LOGGING_CONFIG
from uvicorn.supervisors import Multiprocess

from api.connections import BoundedConnection
from api.garbage import THRESHOLDS, permanent_objects
from api.logs import configure
from api.settings import Settings
from api.store.sqlite import checkpoint

OWN_FILES = 64
"""Files that a process has open besides connections: modules, pipes, logs and its listening socket."""
ANSWER_SECONDS = 60
"""How long a worker that neither starts nor answers is waited for before it is replaced.

All of them start at once and import much, so a start takes long where there are more workers than cores.
"""


def run(settings: Settings, announce: Callable[[str], None]) -> bool:
    """Serves until stopped, and announces where. False where it cannot listen there."""
    raise_limit_on_files()
    return _run_workers(settings, announce) if settings.workers > 1 else _run_alone(settings, announce)


def create(settings: Settings) -> FastAPI:
    """The application of this process, built once."""
    gc.set_threshold(*THRESHOLDS)
    configure(as_json=settings.log_format == "json", security_target=settings.security_log)
    with permanent_objects():
        # The supervisor of several workers does not need what this imports.
        from api.main import create_app

        return create_app(settings)


def create_in_worker(settings: Settings) -> FastAPI:
    """The application of a worker, which also ends when its supervisor was killed and could not end it."""
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    return create(settings)


class AnnouncingServer(uvicorn.Server):
    """A server that announces its addresses once it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Starts the server, and announces each address that it listens on."""
        await super().startup(sockets)
        for server in self.servers if self.started else []:
            for listener in server.sockets:
                self._announce(_serving_on(listener))


class AnnouncingSupervisor(Multiprocess):
    """Workers that share a socket: announces its address once all of them serve, and every worker that is replaced."""

    def __init__(self, config: uvicorn.Config, listener: socket, announce: Callable[[str], None]) -> None:
        super().__init__(config, [listener])
        self._listener = listener
        self._announce = announce
        self._announced = False

    def keep_subprocess_alive(self) -> None:
        """Replaces workers that ended or do not answer; called twice a second."""
        before = list(self.processes)
        for worker in before:
            # While this process holds the worker's end too, a worker that is killed before it answers is waited for.
            worker.child_conn.close()
        super().keep_subprocess_alive()
        for worker, successor in zip(before, self.processes, strict=True):
            if successor is not worker:
                self._announce(f"worker {worker.pid} ended; worker {successor.pid} takes its place")
        if not self._announced and all(worker.is_ready() for worker in self.processes):
            self._announced = True
            self._announce(_serving_on(self._listener))


def _run_alone(settings: Settings, announce: Callable[[str], None]) -> bool:
    server = AnnouncingServer(_config(create(settings), settings), announce)
    with suppress(SystemExit):
        server.run()
    return server.started


def _run_workers(settings: Settings, announce: Callable[[str], None]) -> bool:
    # The workers get the settings as they are now: a file `.env` that changes later must not divide them.
    config = _config(
        partial(create_in_worker, settings),
        settings,
        factory=True,
        workers=settings.workers,
        timeout_worker_healthcheck=ANSWER_SECONDS,
    )
    try:
        listener = config.bind_socket()
        # Listening from now on, it keeps requests until a worker takes them, and notices another that listens.
        listener.listen(config.backlog)
    except (SystemExit, OSError):
        return False
    with listener, _shared_metrics():
        AnnouncingSupervisor(config, listener, announce).run()
    if settings.database_url.startswith("sqlite"):
        checkpoint(settings.database_url)
    return True


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A folder through which the workers add up the figures that they keep."""
    with TemporaryDirectory(prefix="apos-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _config(app: Callable[..., Any], settings: Settings, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        server_header=False,
        access_log=False,
        log_level="warning",
        log_config=None if settings.log_format == "json" else LOGGING_CONFIG,
        ws="none",
        http=BoundedConnection,
        limit_concurrency=connections_for(settings) + 1,
        timeout_graceful_shutdown=settings.grace_seconds,
        **options,
    )


def connections_for(settings: Settings) -> int:
    """How many connections this process may have: as set, or fewer where it may open few files.

    A connection may have a file for its body; connections to SQLite take three each.
    """
    may_open, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    left = may_open - OWN_FILES - 3 * (settings.pool_size + 1)
    return max(1, min(settings.max_connections, left // 2))


def raise_limit_on_files() -> None:
    """Lets this process, and those that it starts, open as many files as it may allow itself."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _end_with_supervisor() -> None:
    """Ends this worker in order once its supervisor is gone."""
    supervisor = multiprocessing.parent_process()
    assert supervisor is not None
    supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _serving_on(listener: socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"serving on http://{host}:{port}, contract at /v1/openapi.json"
