"""Serving on this machine until stopped."""

import gc
from collections.abc import Callable
from contextlib import suppress
from socket import socket

import uvicorn

from api.main import create_app
from api.settings import Settings

GARBAGE_THRESHOLDS = (50_000, 20, 100)
"""How many new objects start a collection of garbage, and how many of those one of older objects."""


def run(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> bool:
    """Serves until stopped, and announces where. False where it cannot listen there."""
    app = create_app(settings)
    # Objects that live as long as the process are exempted from full garbage collections, which stop all threads; and
    # a large upload makes hundreds of thousands of objects that all live until it is answered.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    config = uvicorn.Config(app, host=host, port=port, server_header=False, access_log=False, log_level="warning")
    server = AnnouncingServer(config, announce)
    with suppress(SystemExit):
        server.run()
    return server.started


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
                host, port, *_ = listener.getsockname()
                self._announce(f"serving on http://{host}:{port}, contract at /v1/openapi.json")
