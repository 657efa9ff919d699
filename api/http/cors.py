"""Cross-origin requests (CORS): which web pages a browser lets read the answers of this service.

No page may unless its origin is in the setting `cors_origins`. An origin is compared exactly; there is no wildcard. Cookies
play no part, as credentials are sent in `Authorization`, so `Access-Control-Allow-Credentials` is never answered.
"""

from collections.abc import Collection
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from api.http.methods import Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
REQUEST_HEADERS = (
    *("Accept", "Accept-Language", "Authorization", "Change-Reason", "Content-Type", "Idempotency-Key", "If-Match"),
    *("If-None-Match", "X-Request-Id"),
)
"""The headers that a page may send."""
EXPOSED_HEADERS = (
    *("API-Version", "Allow", "Content-Disposition", "ETag", "Idempotent-Replayed", "Link", "Location", "Retry-After"),
    *("WWW-Authenticate", "X-Request-Id"),
)
"""The headers of an answer that a page may read, besides those that it always may."""
PREFLIGHT_SECONDS = 600
"""How long a browser may keep the answer to a preflight request."""


class CorsMiddleware:
    """Lets pages of these origins read every answer, and answers their preflight requests itself.

    A preflight request of another origin is answered as any OPTIONS is, so that the browser refuses.
    """

    def __init__(self, app: Any, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_allowed = origin in self._origins

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.add_vary_header("Origin")
                if origin is not None and is_allowed:
                    answered["Access-Control-Allow-Origin"] = origin
                    answered["Access-Control-Expose-Headers"] = ", ".join(EXPOSED_HEADERS)
            await send(message)

        if is_allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight()(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)


def _preflight() -> Response:
    """The answer to a preflight request: it is the same for every path, so that the request itself gets its 404 or 405."""
    headers = {
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": ", ".join(REQUEST_HEADERS),
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return Response(status_code=204, headers=headers)
