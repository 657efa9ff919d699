"""What every route does at run time without code of its own.

`Route` authenticates before the body is read, negotiates formats, adds ETag and Location, answers 304, and stores
idempotent answers in the transaction of the write. `contract` describes the route from the same `Operation`.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from starlette.types import Message

from api.http import idempotency
from api.http.auth import authenticate, check_permissions
from api.http.large_bodies import media_type_of, read_json
from api.http.methods import without_stream
from api.http.negotiation import JSON, MERGE_PATCH, language_headers, media_type_for
from api.http.operation import Operation, declared_by
from api.http.pagination import MAX_DIGITS, Page
from api.http.preconditions import is_known, not_modified, tag_of
from api.http.problems import HttpProblem
from api.http.query_parameters import refuse_repeated_parameters, single_parameters
from api.http.received_bodies import receive
from api.http.service import Service, service_of
from api.http.unfinished_bodies import LEAST_BYTES_PER_SECOND, UnfinishedBody
from api.intake.large_bytes import LargeBytes
from api.store.sessions import Session
from api.workers import working_for
from domain.permissions import Actor

TOP_LEVEL = {"milestones"}
"""Resources that are created under a parent but whose own path is at the top level: `/v1/milestones/{milestoneId}`."""


class _JsonRequest(Request):
    """A request that raises 413 beyond the operation's limit of bytes, and parses JSON strictly: no NaN, no Infinity.

    A large body is passed on as bytes, to be parsed in a thread.
    """

    def __init__(self, request: Request, max_bytes: int, *, is_large_body: bool) -> None:
        super().__init__(request.scope, self._receive_limited)
        self._inner = request.receive
        self._max_bytes = max_bytes
        self._read = 0
        self._seconds = service_of(request).settings.body_seconds
        self._waited = 0.0
        digits = self.headers.get("content-length", "").lstrip("0")[:MAX_DIGITS]
        self._announced = int(digits) if digits.isdecimal() else 0
        self._is_large_body = is_large_body
        self._received: LargeBytes | None = None

    def refuse_if_too_large(self) -> None:
        """Raises 413 where Content-Length already exceeds the limit."""
        if self._announced > self._max_bytes:
            raise self._too_large()

    def count_in(self, body: UnfinishedBody) -> None:
        """Counts the body from now on, with the length that it is said to have. Raises NoRoom."""
        body.grow_to(self._announced)
        self._counted = body

    def _too_large(self) -> HttpProblem:
        return HttpProblem(413, f"the request is too large: at most {self._max_bytes} bytes are accepted here")

    async def body(self) -> Any:
        """The bytes of the body, in a file where they are many; FastAPI asks only whether there are any."""
        if not self._is_large_body:
            return await super().body()
        if self._received is None:
            self._received = await receive(self.stream())
        return self._received

    async def json(self) -> Any:
        body = await self.body()
        return body if self._is_large_body else read_json(body)

    async def _receive_limited(self) -> Message:
        begun = time.monotonic()
        allowed = self._seconds + self._read / LEAST_BYTES_PER_SECOND - self._waited
        try:
            async with asyncio.timeout(allowed):
                message = await self._inner()
        except TimeoutError:
            detail = "the body did not arrive in time; send it again, without pauses"
            raise HttpProblem(408, detail, headers={"Connection": "close"}) from None
        self._waited += time.monotonic() - begun
        self._read += len(message.get("body", b""))
        self.state.pieces += bool(message.get("body"))
        if self._read > self._max_bytes:
            raise self._too_large()
        self._counted.grow_to(self._read)
        return message


class Route(APIRoute):
    """A route of the contract; what it does around its endpoint depends only on its operation."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, _recording_view(endpoint), **{**settings, "operation_id": to_camel(endpoint.__name__)})
        self.operation = _operation_of(self)
        self._single_parameters = single_parameters(self.dependant)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            service, operation = service_of(request), self.operation
            request.state.operation = operation
            is_large = operation.reads_large_body
            max_bytes = service.settings.max_upload_bytes if is_large else service.settings.max_body_bytes
            request = _JsonRequest(request, max_bytes, is_large_body=is_large)
            if request.method == "GET":
                # The endpoint reads in the snapshot in which the key was read, where it was not known.
                async with service.database.reading(one_statement=operation.reads_once) as session:
                    await _admit(request, operation, session)
                    refuse_repeated_parameters(request, self._single_parameters)
                    request.state.session = session
                    async with _bounded(request, service):
                        return await _finish(request, await answer(request), operation)
            await _admit(request, operation, None)
            refuse_repeated_parameters(request, self._single_parameters)
            async with _bounded(request, service):
                try:
                    return await _finish(request, await answer(request), operation)
                except idempotency.Replay as replay:
                    return replay.response

        return handle


async def _admit(request: _JsonRequest, operation: Operation, session: Session | None) -> None:
    """Refuses what needs neither the body nor the endpoint to be refused."""
    request.state.admitted_at, request.state.pieces = service_of(request).clock(), 0
    request.state.actor = await authenticate(request, session)
    check_permissions(request.state.actor, operation.permissions)
    _negotiate(request, operation)
    request.refuse_if_too_large()


@asynccontextmanager
async def _bounded(request: _JsonRequest, service: Service) -> AsyncIterator[None]:
    """Counts the request's body and large work to whoever asks: all keys of a supplier together, any other key by itself."""
    actor: Actor = request.state.actor
    key = actor.supplier_id or actor.name
    with service.bodies.body_of(key) as body:
        request.count_in(body)
        async with working_for(key, service.turns):
            yield


_OF_THE_ROW = re.compile(r"/(withdrawals|me/renewals|api-keys/[^/]+/confirmations)$")
"""Resources that are read with the row that they are about, and have no path of their own."""
_VIEW: ContextVar[object] = ContextVar("view")
"""What the current request's endpoint returned; ETag and Location need its version and id, and the response is bytes."""


def _recording_view(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    async def answer(**values: Any) -> Any:
        view = await endpoint(**values)
        if not isinstance(view, Page):  # which has neither, and is much to keep
            _VIEW.set(view)
        return view

    return answer


def _operation_of(route: Route) -> Operation:
    """The operation of a route: what the route itself states, and what its dependencies declare."""
    [method] = sorted(route.methods or ())
    default_accepts = (JSON, MERGE_PATCH) if method == "PATCH" else (JSON,)
    own = Operation(
        method=method,
        path=route.path,
        formats={JSON: {}},
        accepts=default_accepts if route.body_field is not None else (),
        is_list=isinstance(route.response_model, type) and issubclass(route.response_model, Page),
        problems=tuple(int(status) for status in route.responses if int(status) >= 400),
    )
    return declared_by(route.dependant, own)


def _negotiate(request: Request, operation: Operation) -> None:
    """Chooses the media type to answer in. Raises 406 where none is accepted, 415 for a body of another content type."""
    request.state.media_type = media_type_for(request, operation.formats)
    if request.state.media_type is None:
        raise HttpProblem(406, f"this format is not offered here; ask for one of: {', '.join(operation.formats)}")
    if operation.accepts and media_type_of(request) not in operation.accepts:
        raise HttpProblem(415, f"this content type is not accepted here; send one of: {', '.join(operation.accepts)}")


async def _finish(request: Request, response: Response, operation: Operation) -> Response:
    if operation.answers_in_language:
        response.headers.update(language_headers(request.state.language))
    if len(operation.formats) > 1:
        response.headers.add_vary_header("Accept")
    if operation.is_list and response.headers.get("content-type", "").startswith(JSON):
        return response
    view: Any = _VIEW.get()
    tag = response.headers.get("etag") or tag_of(view, bytes(response.body))
    response.headers["ETag"] = tag
    if operation.answers_not_modified and is_known(request, tag):
        return not_modified(tag, response.headers)
    if response.status_code in (201, 202):
        response.headers["Location"] = _location(request.url.path, view.id)
    if operation.takes_idempotency_key:
        await idempotency.store_answer(request, response)
    return without_stream(request, response)


def _location(path: str, row_id: object) -> str:
    above, _, last = path.rpartition("/")
    if _OF_THE_ROW.search(path):
        return above
    return f"/v1/{last}/{row_id}" if last in TOP_LEVEL else f"{path}/{row_id}"


def routes_of(app: Any) -> list[Route]:
    """The routes of the contract, in order, wherever routers are nested."""
    routes: list[Route] = []
    pending: list[Any] = list(app.routes)
    while pending:
        route = pending.pop(0)
        if isinstance(route, Route):
            routes.append(route)
        else:
            nested = getattr(route, "original_router", route)
            pending.extend(getattr(nested, "routes", None) or [])
    return routes
