"""What every route gets for free at run time, from the first one on.

`Route` authenticates before the body is read, checks formats, adds ETag and Location, answers 304 and keeps idempotent
answers, all within the transaction of a write. What the contract says of it is derived in `contract`, from the same
operation.
"""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from api.http import idempotency
from api.http.auth import authenticate, check_permissions
from api.http.large_bodies import media_type_of, read_json
from api.http.negotiation import JSON, MERGE_PATCH, language_headers, media_type_for
from api.http.operation import Operation, declared_by
from api.http.pagination import Page
from api.http.preconditions import is_known, not_modified, tag_of
from api.http.problems import KINDS, HttpProblem, problem
from api.http.service import service_of

TOP_LEVEL = {"milestones"}
"""Nouns that are created under a parent and live at the top level."""


class _JsonRequest(Request):
    """Reads no more than an operation takes, and JSON strictly: no NaN, no Infinity.

    The bytes of a document are handed on as they are, to be read in a thread.
    """

    def __init__(self, request: Request, most: int, *, is_document: bool) -> None:
        super().__init__(request.scope, self._counted)
        self._inner = request.receive
        self._most = most
        self._read = 0
        self._is_document = is_document

    def refuse_if_too_large(self) -> None:
        """Refuses a body that says beforehand that it is too large."""
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._most:
            raise self._too_large()

    def _too_large(self) -> HttpProblem:
        return HttpProblem(413, f"the request is too large: at most {self._most} bytes are accepted here")

    async def json(self) -> Any:
        body = await self.body()
        return body if self._is_document else read_json(body)

    async def _counted(self) -> Message:
        message = await self._inner()
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            raise self._too_large()
        return message


class Route(APIRoute):
    """A route of the contract; what it does beside its endpoint hangs on its operation alone."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, _keeping_view(endpoint), **settings)
        self.operation = _operation_of(self)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            service, operation = service_of(request), self.operation
            is_large = operation.reads_large_body
            most = service.settings.max_upload_bytes if is_large else service.settings.max_body_bytes
            request = _JsonRequest(request, most, is_document=is_large)
            async with service.database.reading() as session:
                request.state.actor = await authenticate(request, session)
                check_permissions(request.state.actor, operation.permissions)
                _negotiate(request, operation)
                request.refuse_if_too_large()
                if request.method == "GET":
                    # What is read is read in the snapshot in which the rights were.
                    request.state.session = session
                    return await _finish(request, await answer(request), operation)
            try:
                return await _finish(request, await answer(request), operation)
            except idempotency.Replay as replay:
                return replay.response

        return handle


_VIEW: ContextVar[object] = ContextVar("view")
"""What the endpoint of the request at hand returned: its version and id are known there, and only bytes of it later."""


def _keeping_view(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    async def answer(**values: Any) -> Any:
        view = await endpoint(**values)
        _VIEW.set(view)
        return view

    return answer


def _operation_of(route: Route) -> Operation:
    """What a route says of its operation itself, and what its dependencies declare."""
    [method] = sorted(route.methods or ())
    usual = (JSON, MERGE_PATCH) if method == "PATCH" else (JSON,)
    plain = Operation(
        method=method,
        path=route.path,
        formats={JSON: {}},
        accepts=usual if route.body_field is not None else (),
        is_list=isinstance(route.response_model, type) and issubclass(route.response_model, Page),
        problems=tuple(int(status) for status in route.responses if int(status) >= 400),
    )
    return declared_by(route.dependant, plain)


def _negotiate(request: Request, operation: Operation) -> None:
    """Chooses the media type to answer in, and refuses a request that accepts none or comes in another than is read."""
    request.state.media_type = media_type_for(request, operation.formats)
    if request.state.media_type is None:
        raise HttpProblem(406, f"this format is not offered here; ask for one of: {', '.join(operation.formats)}")
    if operation.accepts and media_type_of(request) not in operation.accepts:
        raise HttpProblem(415, f"this content type is not accepted here; send one of: {', '.join(operation.accepts)}")


async def _finish(request: Request, response: Response, operation: Operation) -> Response:
    if operation.answers_in_language:
        response.headers.update(language_headers(request.state.language))
    if operation.is_list or not response.headers.get("content-type", "").startswith(JSON):
        return response
    view: Any = _VIEW.get()
    tag = response.headers.get("etag") or tag_of(view, bytes(response.body))
    response.headers["ETag"] = tag
    if operation.answers_not_modified and is_known(request, tag):
        return not_modified(tag, response.headers)
    if response.status_code == 201:
        response.headers["Location"] = _location(request.url.path, view.id)
    if operation.takes_idempotency_key:
        await idempotency.remember(request, response)
    return response


def _location(path: str, row_id: object) -> str:
    last = path.rpartition("/")[2]
    return f"/v1/{last}/{row_id}" if last in TOP_LEVEL else f"{path}/{row_id}"


def routes_of(app: Any) -> list[Route]:
    """The routes of the contract, in order, wherever routers are nested."""
    found: list[Route] = []
    pending: list[Any] = list(app.routes)
    while pending:
        route = pending.pop(0)
        if isinstance(route, Route):
            found.append(route)
        else:
            nested = getattr(route, "original_router", route)
            pending.extend(getattr(nested, "routes", None) or [])
    return found


async def on_wrong_method(request: Request, _error: Exception) -> Response:
    """405 with all methods that the path takes, not only those of the first route."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    methods = {
        method for route in routes_of(request.app) if route.path_regex.match(path) for method in route.methods or ()
    }
    allow = ", ".join(sorted(methods)) or "GET"
    return problem(
        request, KINDS[405], f"{request.method} is not offered here; use one of: {allow}", headers={"Allow": allow}
    )
