"""What every route gets for free at run time, from the first one on.

`Route` authenticates before the body is read, checks formats, adds ETag and Location, answers 304 and keeps idempotent
answers, all within the transaction of a write. What the contract says of it is told in `contract`.
"""

import json
import re
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from api.http import idempotency
from api.http.auth import authenticate, check_permissions, guards_of
from api.http.large_bodies import media_type_of, read_json, takes_large_body
from api.http.media import JSON, MERGE_PATCH
from api.http.pagination import Page
from api.http.preconditions import is_known, not_modified, tag_of
from api.http.problems import KINDS, HttpProblem, problem
from api.http.service import service_of
from domain.permissions import Permission

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
        return HttpProblem(413, f"at most {self._most} bytes are read of this request")

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
    """A route of the contract."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            service = service_of(request)
            is_document = self._takes_large_body
            most = service.settings.max_upload_bytes if is_document else service.settings.max_body_bytes
            request = _JsonRequest(request, most, is_document=is_document)
            async with service.database.reading() as session:
                request.state.actor = await authenticate(request, session)
                check_permissions(request.state.actor, self._permissions)
                self._check_formats(request)
                request.refuse_if_too_large()
                if request.method == "GET":
                    # What is read is read in the snapshot in which the rights were.
                    request.state.session = session
                    return await _finish(request, await answer(request), is_list=self._is_list)
            try:
                return await _finish(request, await answer(request), is_list=self._is_list)
            except idempotency.Replay as replay:
                return replay.response

        return handle

    @cached_property
    def _permissions(self) -> list[Permission]:
        return guards_of(self.dependant)

    @cached_property
    def _is_list(self) -> bool:
        return isinstance(self.response_model, type) and issubclass(self.response_model, Page)

    @cached_property
    def _takes_large_body(self) -> bool:
        return takes_large_body(self.dependant)

    @property
    def content_types(self) -> list[str]:
        """The content types that a body may have."""
        usual = [JSON, MERGE_PATCH] if "PATCH" in (self.methods or ()) else [JSON]
        return list((self.openapi_extra or {}).get("x-accepts", usual))

    def _check_formats(self, request: Request) -> None:
        offered = (self.openapi_extra or {}).get("x-formats", [JSON])
        if chosen(accepted(request), offered) is None:
            raise HttpProblem(406, f"offered here: {', '.join(offered)}")
        if self.body_field is not None:
            taken = self.content_types
            if media_type_of(request) not in taken:
                raise HttpProblem(415, f"send one of: {', '.join(taken)}")


async def _finish(request: Request, response: Response, *, is_list: bool) -> Response:
    if is_list or not response.headers.get("content-type", "").startswith(JSON):
        return response
    tag = response.headers.get("etag") or tag_of(bytes(response.body))
    if tag is not None:
        response.headers["ETag"] = tag
        if request.method == "GET" and is_known(request, tag):
            return not_modified(tag, response.headers)
    if response.status_code == 201:
        response.headers["Location"] = _location(request.url.path, json.loads(bytes(response.body))["id"])
    await idempotency.remember(request, response)
    return response


def _location(path: str, row_id: str) -> str:
    last = path.rpartition("/")[2]
    return f"/v1/{last}/{row_id}" if last in TOP_LEVEL else f"{path}/{row_id}"


def accepted(request: Request) -> str:
    """What a request accepts, from all its Accept headers."""
    return ", ".join(request.headers.getlist("accept")) or "*/*"


def chosen(accept: str, offered: list[str]) -> str | None:
    """The offered media type that an Accept header likes best, None where it takes none of them."""
    weights: dict[str, tuple[int, float]] = {}
    for part in accept.split(","):
        media, *parameters = [piece.strip() for piece in part.split(";")]
        q = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        weight = float(q) if re.fullmatch(r"[01](\.[0-9]{0,3})?", q) else 1.0
        for offer in offered:
            if media.lower() in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
                exactness = media.count("*")
                weights[offer] = min(weights.get(offer, (9, 0.0)), (exactness, weight))
    liked = [offer for offer in offered if weights.get(offer, (0, 0.0))[1] > 0]
    return max(liked, key=lambda offer: weights[offer][1], default=None)


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
    return problem(request, KINDS[405], f"{request.method} is not offered here; {allow} is", headers={"Allow": allow})
