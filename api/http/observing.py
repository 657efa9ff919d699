"""What is seen of every answer: a line of the security log where it tells who tried what, and counts for whoever watches.

Nothing here changes an answer. A secret never gets here: of a key that is not known, only the first characters of its hash.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Request

from api.http.methods import Message, Receive, Scope, Send
from api.http.operation import Operation
from api.http.rates import address_of
from api.security_log import MAX_PATH, SecurityEvent, record
from domain.access.api_keys import hash_of
from domain.permissions import Actor, Permission

if TYPE_CHECKING:
    from api.http.metrics import Metrics

CONFIDENTIAL = {
    Permission.READ_DECLARATIONS,
    Permission.READ_STATEMENTS,
    Permission.READ_RANKINGS,
    Permission.READ_SIMULATIONS,
    Permission.READ_AUDIT,
    Permission.READ_KEYS,
}
"""What is read with these permissions is confidential: who reads it, or looks for it in vain, is recorded."""
FOUND = {200, 304}
HASH_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: the path of its operation, its status, kind of problem and security event, and how long it took."""

    route: str
    status: int
    problem: str | None
    event: SecurityEvent | None
    seconds: float


class ObservingMiddleware:
    """Records security events of answers, and counts and times them where metrics are kept."""

    def __init__(self, app: Any, metrics: "Metrics | None") -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, began, status = Request(scope), time.perf_counter(), 500

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_see)
        finally:
            operation: Operation | None = getattr(request.state, "operation", None)
            event = event_of(operation, status)
            if event is not None:
                _record(event, request, status)
            if self._metrics is not None:
                self._count(request, operation, status, event, time.perf_counter() - began)

    def _count(
        self, request: Request, operation: Operation | None, status: int, event: SecurityEvent | None, seconds: float
    ) -> None:
        assert self._metrics is not None
        route = "other" if operation is None else operation.path
        kind: str | None = getattr(request.state, "problem", None)
        self._metrics.saw(request.method, Seen(route, status, kind, event, seconds), request.app.state.service)


def event_of(operation: Operation | None, status: int) -> SecurityEvent | None:
    """What an answer of this status to this operation tells about security, None for most."""
    if status == 401:
        return SecurityEvent.SIGN_IN_FAILED
    if status == 403:
        return SecurityEvent.NOT_PERMITTED
    if status == 429:
        return SecurityEvent.SLOWED
    if operation is None or operation.method != "GET" or CONFIDENTIAL.isdisjoint(operation.permissions):
        return None
    return SecurityEvent.CONFIDENTIAL_READ if status in FOUND else SecurityEvent.CONFIDENTIAL_NOT_FOUND


def _record(event: SecurityEvent, request: Request, status: int) -> None:
    actor: Actor | None = getattr(request.state, "actor", None)
    _, _, presented = request.headers.get("authorization", "").partition(" ")
    known = {"key": str(actor.key_id), "role": actor.role.value} if actor is not None else {}
    unknown = {"keyHash": hash_of(presented)[:HASH_CHARACTERS]} if actor is None and presented else {}
    asked = {"method": request.method, "path": request.url.path[:MAX_PATH], "status": status}
    request_id = getattr(request.state, "request_id", None)
    record(event, {"address": address_of(request), **known, **unknown, **asked, "requestId": request_id})
