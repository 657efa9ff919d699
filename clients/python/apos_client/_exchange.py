"""Requests to the service and what comes of them: an answer with types, or an error of the tree.

What may be sent twice is sent again when its answer was lost: reads always, additions because their idempotency key makes
the service do them once. A change is sent again only when it never left, because its own success makes its ETag stale.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from pydantic import BaseModel, Field, ValidationError
from pydantic.alias_generators import to_camel

from apos_client._base import Answer, Tagged
from apos_client._files import JSON, Sending
from apos_client._refusals import refusal_of
from apos_client.errors import NotUnderstood, Unreachable

Answered = TypeVar("Answered", bound=Answer)
PAGE_SIZE = 200
FILE_SECONDS = 300.0
MERGE_PATCH = "application/merge-patch+json"
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a lost request is sent again: once after each pause, in seconds."""

    pauses: tuple[float, ...] = (0.2, 1.0)
    wait: Callable[[float], None] = time.sleep


class _Page(BaseModel):
    items: list[dict[str, Any]]
    next_cursor: str | None = Field(alias="nextCursor")


class Exchange:
    """The connection to one service. `new_key` makes idempotency keys."""

    def __init__(self, http: httpx.Client, retries: Retries, new_key: Callable[[], str]) -> None:
        self._http = http
        self._retries = retries
        self._new_key = new_key

    def read(self, path: str, kind: type[Answered], *, language: str | None = None, **asked: object) -> Answered:
        """One thing, with its texts in a language where it has any."""
        request = self._http.build_request("GET", path, params=_query(asked), headers=_told_in(language))
        return _typed(self._send(request), kind)

    def ask(self, path: str, body: Mapping[str, Any], kind: type[Answered], *, language: str | None = None) -> Answered:
        """The answer to a question that is too long for a URL; nothing is stored, so it may be asked again."""
        request = self._http.build_request("POST", path, json=body, headers=_told_in(language))
        return _typed(self._send(request), kind)

    def ask_of(self, path: str, file: Sending, kind: type[Answered], **asked: object) -> Answered:
        """The answer to a question about a file; nothing is stored, so it may be asked again."""
        return _typed(self._carry("POST", path, file, query=_query(asked)), kind)

    def each(self, path: str, kind: type[Answered], filters: Mapping[str, Any]) -> Iterator[Answered]:
        """Every item of a list, page after page, each page asked for when it is reached."""
        query, cursor = _query({"page_size": PAGE_SIZE, **filters}), None
        while True:
            asked = query if cursor is None else {**query, "cursor": cursor}
            response = self._send(self._http.build_request("GET", path, params=asked))
            page = _checked(response, _Page, _document(response))
            for item in page.items:
                yield _checked(response, kind, item)
            if page.next_cursor is None:
                return
            if page.next_cursor == cursor:
                raise NotUnderstood(f"{response.url}: the list does not get on; it names this page as the next")
            cursor = page.next_cursor

    def text(self, path: str, media_type: str) -> str:
        """One thing as text of a media type."""
        response = self._send(self._http.build_request("GET", path, headers={"Accept": media_type}))
        _require_type(response, media_type)
        return response.text

    def content(self, path: str, media_type: str) -> bytes:
        """One thing as the bytes of a media type."""
        response = self._send(self._http.build_request("GET", path, headers={"Accept": media_type}))
        _require_type(response, media_type)
        return response.content

    def add(self, path: str, body: Mapping[str, Any], kind: type[Answered], key: str | None) -> Answered:
        """Adds one thing, once, however often the request has to be sent; `key` None stands for a fresh one."""
        headers = {"Idempotency-Key": key or self._new_key()}
        return _typed(self._send(self._http.build_request("POST", path, json=body, headers=headers)), kind)

    def add_file(self, path: str, file: bytes, media_type: str, kind: type[Answered], key: str | None) -> Answered:
        """Adds one thing that a file tells all of, once, as `add` does."""
        headers = {"Idempotency-Key": key or self._new_key(), "Content-Type": media_type}
        return _typed(self._send(self._http.build_request("POST", path, content=file, headers=headers)), kind)

    def change(
        self, path: str, patch: Mapping[str, Any], kind: type[Answered], *, etag: str, reason: str | None
    ) -> Answered:
        """Changes fields of one thing, if it still is as `etag` says. The `reason` goes into the audit trail."""
        headers = _conditions(etag, reason) | {"Content-Type": MERGE_PATCH}
        request = self._http.build_request("PATCH", path, content=json.dumps(patch), headers=headers)
        return _typed(self._send(request), kind)

    def replace(
        self, path: str, body: Mapping[str, Any], kind: type[Answered], *, etag: str, reason: str | None
    ) -> Answered:
        """Puts one thing in the place of another, if that still is as `etag` says."""
        headers = _conditions(etag, reason) | {"Content-Type": JSON}
        request = self._http.build_request("PUT", path, content=json.dumps(body), headers=headers)
        return _typed(self._send(request), kind)

    def upload(self, path: str, file: Sending, kind: type[Answered], *, etag: str, reason: str | None) -> Answered:
        """Puts what a file holds in the place of one thing, if that still is as `etag` says."""
        return _typed(self._carry("PUT", path, file, headers=_conditions(etag, reason)), kind)

    def _carry(
        self,
        method: str,
        path: str,
        file: Sending,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        wait = httpx.Timeout(self._http.timeout)
        # A file is read whole before it is answered.
        wait.read = None if wait.read is None else max(wait.read, FILE_SECONDS)
        told = {**(headers or {}), **file.headers}
        return self._send(
            self._http.build_request(method, path, params=query, content=file, headers=told, timeout=wait)
        )

    def _send(self, request: httpx.Request) -> httpx.Response:
        left, pauses = False, iter(self._retries.pauses)
        while True:
            try:
                response = self._http.send(request)
            except httpx.TransportError as error:
                left = left or not isinstance(error, _NEVER_LEFT)
                pause = None if left and "If-Match" in request.headers else next(pauses, None)
                if pause is None:
                    _give_up(request, error, left=left)
            except httpx.RequestError as error:
                raise NotUnderstood(f"{request.url}: the answer cannot be read: {error}") from error
            else:
                pause = next(pauses, None) if left and _may_be_its_twin(request, response) else None
                if pause is None:
                    return _accepted(response)
            self._retries.wait(pause)


def _conditions(etag: str, reason: str | None) -> dict[str, str]:
    told = {} if reason is None else {"Change-Reason": quote(reason, safe="")}
    return {**told, "If-Match": etag}


def _told_in(language: str | None) -> dict[str, str]:
    return {} if language is None else {"Accept-Language": language}


def _may_be_its_twin(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether a repeat may have met its own first sending, still being answered: it ends, a real conflict stays."""
    return request.method == "POST" and response.status_code == 409


def _give_up(request: httpx.Request, error: httpx.TransportError, *, left: bool) -> NoReturn:
    perhaps_done = left and ("If-Match" in request.headers or "Idempotency-Key" in request.headers)
    place = f"{request.url.scheme}://{request.url.netloc.decode()}"
    why = str(error) or type(error).__name__
    detail = f"the answer of {place} was lost ({why})" if left else f"cannot reach {place}: {why}"
    key = request.headers.get("Idempotency-Key")
    raise Unreachable(detail, perhaps_done=perhaps_done, idempotency_key=key) from error


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    if response.status_code < 400:
        raise NotUnderstood(f"{response.url} answered {response.status_code}, which this service never does")
    raise refusal_of(response)


def _typed(response: httpx.Response, kind: type[Answered]) -> Answered:
    document = _document(response)
    if issubclass(kind, Tagged) and isinstance(document, dict):
        document = {**document, "etag": response.headers.get("ETag")}
    return _checked(response, kind, document)


def _document(response: httpx.Response) -> Any:
    _require_type(response, JSON)
    try:
        return response.json()
    except ValueError as error:
        raise NotUnderstood(f"{response.url}: the answer is not JSON") from error


def _require_type(response: httpx.Response, media_type: str) -> None:
    given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise NotUnderstood(f"{response.url}: expected {media_type}, got {given or 'no content type'}")


Shape = TypeVar("Shape", bound=BaseModel)


def _checked(response: httpx.Response, shape: type[Shape], document: Any) -> Shape:
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise NotUnderstood(f"{response.url}: not as expected at {place}: {first['msg']}") from error


def sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they are sent: in the service's own names, with ids, days and models as JSON."""
    return {to_camel(name): _plain(value) for name, value in fields.items()}


def _plain(value: object) -> object:
    if isinstance(value, Answer):
        return value.document()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _word(value) if isinstance(value, date | UUID) else value


def _query(filters: Mapping[str, Any]) -> dict[str, str]:
    given = {name: value for name, value in filters.items() if value is not None}
    return {"limit" if name == "page_size" else to_camel(name): _word(value) for name, value in given.items()}


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
