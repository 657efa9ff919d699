"""HEAD and OPTIONS, and the answer to methods that a path does not offer.

HEAD is answered wherever GET is, by the same code: the same status and headers, without the body. OPTIONS is answered
wherever anything is, with the methods of the path: without a credential, and without asking the database.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from api.http.problems import KINDS, problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_ENCODED_SLASH = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)
_IS_HEAD = "apos.is_head"


class HeadMiddleware:
    """Answers HEAD as GET is answered, without the body."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            is_body = message["type"] == "http.response.body"
            await send({**message, "body": b""} if is_body else message)

        await self._app({**scope, "method": "GET", _IS_HEAD: True}, receive, send_without_body)


class EncodedSlashMiddleware:
    """Refuses a path in which a slash is encoded, with 400.

    It would be decoded and name another resource than the one that a proxy in between has seen and let pass.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _ENCODED_SLASH.search(scope.get("raw_path") or b""):
            detail = "the path holds an encoded slash (%2F or %5C), which no path here has; write / between its parts"
            await problem(Request(scope), KINDS[400], detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def without_stream(request: Request, response: Response) -> Response:
    """The response; where the request is a HEAD and the body is a stream, without making a body that nobody gets."""
    if request.scope.get(_IS_HEAD) and isinstance(response, StreamingResponse):
        response.body_iterator = _nothing()
    return response


async def _nothing() -> AsyncIterator[str]:
    return
    yield


def allowed(methods: Iterable[str]) -> str:
    """The header Allow of a path for which these methods are declared."""
    own = set(methods)
    return ", ".join(sorted({*own, "OPTIONS", *(("HEAD",) if "GET" in own else ())}))


async def on_wrong_method(request: Request, error: Exception) -> Response:
    """Answers OPTIONS with 204, and any other method that is not offered with 405, both with the methods of the path."""
    assert isinstance(error, HTTPException)
    allow = allowed((error.headers or {}).get("Allow", "GET").split(", "))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": allow})
    detail = f"{request.method} is not offered here; use one of: {allow}"
    return problem(request, KINDS[405], detail, headers={"Allow": allow})
