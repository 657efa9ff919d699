"""A connection to a client that neither waits for ever nor reads endless headers; bodies have bounds of their own.

Uvicorn's protocol has no limit on headers (each piece of a long one is joined to those before), no deadline until a request has
been answered once, and none for a client that does not read its answer.
"""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES, MAX_HEADERS = 65_536, 100
HEAD_SECONDS = 10
"""How long a request's headers may take to arrive."""
STALLED_SECONDS = 60
"""How long a client may take nothing of an answer that is waiting for it."""
LINGER_SECONDS = 30
"""How long the rest of a body is read and dropped when its request has been answered, so that the client reads the answer."""
_TOO_LARGE = json.dumps(
    {
        "type": "/problems/headers-too-large",
        "title": "The headers are too large",
        "status": 431,
        "detail": f"a request may have {MAX_HEADERS} headers, and {MAX_HEAD_BYTES} bytes of headers and address; send less",
    }
).encode()


class HeadTooLarge(Exception):
    """The headers or the address of a request have exceeded their limit."""


class BoundedConnection(HttpToolsProtocol):
    """A connection with deadlines, limits on headers, and room for newcomers.

    Where there are as many connections as there may be, a new one takes the place of the one that has been waiting longest for
    a request. Only where all of them are being answered is it refused (503, by `limit_concurrency`).
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._linger: asyncio.TimerHandle | None = None
        self._head_bytes = self._head_size = 0
        self._is_in_head = True
        self.idle_since: float | None = self.loop.time()
        self._set_deadline()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends all deadlines."""
        super().connection_lost(exc)
        for timer in (self._deadline, self._unread, self._linger):
            if timer is not None:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Reads on. Refuses headers that do not end."""
        if self._is_in_head:
            self._head_bytes += len(data)
            self._set_deadline()
        super().data_received(data)
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse_head()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_size = 0
        self._set_deadline()

    def on_url(self, url: bytes) -> None:
        """A piece of the address. Raises HeadTooLarge."""
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header. Raises HeadTooLarge."""
        super().on_header(name, value)
        self._count(len(name) + len(value))
        if len(self.headers) > MAX_HEADERS:
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        """The request is carried out from now on."""
        self._is_in_head, self.idle_since = False, None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next request may begin."""
        super().on_message_complete()
        self._is_in_head, self._head_bytes = True, 0
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None

    def on_response_complete(self) -> None:
        """Waits for the next request; not for the rest of a body that nobody reads."""
        super().on_response_complete()
        if self.transport.is_closing() or not self.cycle.response_complete:
            return
        self.idle_since = self.loop.time()
        if self.cycle.more_body:
            self._linger = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def pause_writing(self) -> None:
        """Begins to wait until the client takes more of its answer."""
        super().pause_writing()
        self._unread = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has taken some of its answer."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def send_400_response(self, msg: str) -> None:
        """Answers what is not a request; 431 where the parser was stopped by the limit on headers."""
        if self._head_size > MAX_HEAD_BYTES or len(self.headers or ()) > MAX_HEADERS:
            self._refuse_head()
        else:
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > MAX_HEAD_BYTES:
            raise HeadTooLarge

    def _set_deadline(self) -> None:
        """Lets the headers have their time from now on, unless it has begun."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _make_room(self) -> None:
        """Closes the connection that has waited longest for a request, where there are too many."""
        others: list[Any] = [each for each in self.connections if each is not self]
        if self.limit_concurrency is None or len(others) < self.limit_concurrency - 1:
            return
        idle = [each for each in others if each.idle_since is not None]
        if idle:
            oldest = min(idle, key=lambda each: each.idle_since)
            # Not counted from now on: its end is only noticed later, and many newcomers may come before.
            self.connections.discard(oldest)
            oldest.transport.abort()

    def _refuse_head(self) -> None:
        head = b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(
            _TOO_LARGE
        )
        self.transport.write(STATUS_LINE[431] + head + _TOO_LARGE)
        self.transport.close()
