"""Requests to the service and their outcome: an answer as a model, or an error of the tree.

A request that may be sent twice is sent again when its answer was lost: a read always, an addition because its idempotency
key makes the service do it once. A change is sent again only if it never left, because its own success makes its ETag stale.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from pydantic import BaseModel, Field, ValidationError
from pydantic.alias_generators import to_camel

from apos_client._base import Answer, Tagged
from apos_client._files import FileContent
from apos_client._media_types import JSON, MERGE_PATCH
from apos_client._refusals import is_write, refusal_of, seconds_of
from apos_client.errors import NotUnderstood, Unreachable

Model = TypeVar("Model", bound=Answer)
PAGE_SIZE = 200
FILE_SECONDS = 300.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a lost request is sent again: once after each pause, in seconds; and how to wait."""

    pauses: tuple[float, ...] = (0.2, 1.0)
    wait: Callable[[float], None] = time.sleep


class _Page(BaseModel):
    items: list[dict[str, Any]]
    next_cursor: str | None = Field(alias="nextCursor")


class Connection:
    """The connection to one service. `new_key` makes idempotency keys."""

    def __init__(self, http: httpx.Client, retries: Retries, new_key: Callable[[], str]) -> None:
        self._http = http
        self._retries = retries
        self._new_key = new_key

    def get(self, path: str, model: type[Model], *, language: str | None = None, **query: object) -> Model:
        """One item, with its texts in a language where it has any."""
        request = self._http.build_request("GET", path, params=_query(query), headers=_language(language))
        return _parsed(self._send(request), model)

    def poll(self, path: str, model: type[Model]) -> tuple[Model, float | None]:
        """One item that may be running, and after how many seconds the service asks to be asked again, if it does."""
        response = self._send(self._http.build_request("GET", path))
        return _parsed(response, model), seconds_of(response)

    def pause(self, seconds: float) -> None:
        """Waits before something is asked again."""
        self._retries.wait(seconds)

    def preview(self, path: str, body: Mapping[str, Any], model: type[Model], *, language: str | None = None) -> Model:
        """The answer to a question that is too long for a URL. Nothing is stored, so it may be sent again."""
        request = self._http.build_request("POST", path, json=body, headers=_language(language))
        return _parsed(self._send(request), model)

    def preview_file(self, path: str, file: FileContent, model: type[Model], **query: object) -> Model:
        """The answer to a question about a file. Nothing is stored, so it may be sent again."""
        return _parsed(self._send_file("POST", path, file, query=_query(query)), model)

    def each(self, path: str, model: type[Model], filters: Mapping[str, Any]) -> Iterator[Model]:
        """Every item of a list; each page is requested when the iteration reaches it."""
        query, cursor = _query({"page_size": PAGE_SIZE, **filters}), None
        while True:
            params = query if cursor is None else {**query, "cursor": cursor}
            response = self._send(self._http.build_request("GET", path, params=params))
            page = _validated(response, _Page, _json(response))
            for item in page.items:
                yield _validated(response, model, item)
            if page.next_cursor is None:
                return
            if page.next_cursor == cursor:
                raise NotUnderstood(f"{response.url}: the list does not end; this page names itself as the next")
            cursor = page.next_cursor

    def content(self, path: str, media_type: str, **query: object) -> bytes:
        """One item as bytes of a media type."""
        request = self._http.build_request("GET", path, params=_query(query), headers={"Accept": media_type})
        response = self._send(request)
        _require_type(response, media_type)
        if not response.content:
            raise NotUnderstood(f"{response.url}: the answer is empty")
        return response.content

    def add(self, path: str, body: Mapping[str, Any], model: type[Model], key: str | None) -> Model:
        """Adds one item once, however often the request has to be sent. Without an idempotency key it makes one."""
        headers = {"Idempotency-Key": key or self._new_key()}
        return _parsed(self._send(self._http.build_request("POST", path, json=body, headers=headers)), model)

    def add_file(self, path: str, file: bytes, media_type: str, model: type[Model], key: str | None) -> Model:
        """Adds the item that a file describes, once, as `add` does."""
        headers = {"Idempotency-Key": key or self._new_key(), "Content-Type": media_type}
        return _parsed(self._send(self._http.build_request("POST", path, content=file, headers=headers)), model)

    def change(
        self, path: str, patch: Mapping[str, Any], model: type[Model], *, etag: str, reason: str | None
    ) -> Model:
        """Changes fields of an item that nobody changed since `etag`. The `reason` goes into the audit trail."""
        headers = _conditions(etag, reason) | {"Content-Type": MERGE_PATCH}
        request = self._http.build_request("PATCH", path, content=json.dumps(patch), headers=headers)
        return _parsed(self._send(request), model)

    def replace(
        self, path: str, body: Mapping[str, Any], model: type[Model], *, etag: str, reason: str | None
    ) -> Model:
        """Replaces something that nobody changed since `etag`."""
        headers = _conditions(etag, reason) | {"Content-Type": JSON}
        request = self._http.build_request("PUT", path, content=json.dumps(body), headers=headers)
        return _parsed(self._send(request), model)

    def upload(
        self, path: str, file: FileContent, model: type[Model], *, etag: str, reason: str | None, **query: object
    ) -> Model:
        """Replaces something that nobody changed since `etag` by the content of a file."""
        return _parsed(
            self._send_file("PUT", path, file, query=_query(query), headers=_conditions(etag, reason)), model
        )

    def _send_file(
        self,
        method: str,
        path: str,
        file: FileContent,
        *,
        query: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        timeout = httpx.Timeout(self._http.timeout)
        # The service reads a file to its end before it answers.
        timeout.read = None if timeout.read is None else max(timeout.read, FILE_SECONDS)
        request = self._http.build_request(
            method, path, params=query, content=file, headers={**(headers or {}), **file.headers}, timeout=timeout
        )
        return self._send(request)

    def _send(self, request: httpx.Request) -> httpx.Response:
        was_sent, pauses = False, iter(self._retries.pauses)
        while True:
            try:
                response = self._http.send(request)
            except httpx.TransportError as error:
                was_sent = was_sent or not isinstance(error, _NEVER_SENT)
                pause = None if was_sent and "If-Match" in request.headers else next(pauses, None)
                if pause is None:
                    _give_up(request, error, was_sent=was_sent)
            except httpx.RequestError as error:
                raise NotUnderstood(f"{request.url}: the answer cannot be read: {error}") from error
            else:
                pause = next(pauses, None) if was_sent and _may_be_in_progress(request, response) else None
                if pause is None:
                    return _successful(response)
            self._retries.wait(pause)


def _conditions(etag: str, reason: str | None) -> dict[str, str]:
    headers = {} if reason is None else {"Change-Reason": quote(reason, safe="")}
    return {**headers, "If-Match": etag}


def _language(language: str | None) -> dict[str, str]:
    return {} if language is None else {"Accept-Language": language}


def _may_be_in_progress(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether a repeat was refused because the first one may still be in progress. A real conflict is refused again."""
    return request.method == "POST" and response.status_code == 409


def _give_up(request: httpx.Request, error: httpx.TransportError, *, was_sent: bool) -> NoReturn:
    perhaps_done = was_sent and is_write(request)
    service = f"{request.url.scheme}://{request.url.netloc.decode()}"
    cause = str(error) or type(error).__name__
    detail = f"the answer of {service} was lost ({cause})" if was_sent else f"cannot reach {service}: {cause}"
    key = request.headers.get("Idempotency-Key")
    raise Unreachable(detail, perhaps_done=perhaps_done, idempotency_key=key) from error


def _successful(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    if response.status_code < 400:
        raise NotUnderstood(f"{response.url} answered {response.status_code}, which this service never does")
    raise refusal_of(response)


def _parsed(response: httpx.Response, model: type[Model]) -> Model:
    document = _json(response)
    if issubclass(model, Tagged) and isinstance(document, dict):
        document = {**document, "etag": response.headers.get("ETag")}
    return _validated(response, model, document)


def _json(response: httpx.Response) -> Any:
    _require_type(response, JSON)
    try:
        return response.json()
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(f"{response.url}: the answer is {'not JSON' if response.content else 'empty'}") from error


def _require_type(response: httpx.Response, media_type: str) -> None:
    given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise NotUnderstood(f"{response.url}: expected {media_type}, got {given or 'no content type'}")


Validated = TypeVar("Validated", bound=BaseModel)


def _validated(response: httpx.Response, model: type[Validated], document: Any) -> Validated:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the top level"
        raise NotUnderstood(f"{response.url}: unexpected value at {place}: {first['msg']}") from error


def body_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as a body in the service's own names, with ids, dates and models as JSON."""
    return {to_camel(name): _as_json(value) for name, value in fields.items()}


def _as_json(value: object) -> object:
    if isinstance(value, Answer):
        return value.document()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_json(each) for each in value]
    return _as_text(value) if isinstance(value, date | UUID) else value


def _query(filters: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """A query; of a list each value is given apart, and of an empty one none."""
    given = {name: value for name, value in filters.items() if value is not None}
    return {"limit" if name == "page_size" else to_camel(name): _as_texts(value) for name, value in given.items()}


def _as_texts(value: object) -> str | list[str]:
    return list(map(_as_text, value)) if isinstance(value, list | tuple) else _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
