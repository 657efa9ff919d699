"""Which error of the tree an answer is that refuses a request.

A proxy on the way may refuse too, without a problem document; then the status alone decides.
"""

import re
from typing import Any

import httpx
from pydantic import ValidationError

from apos_client._models import IntakeReport
from apos_client.errors import (
    BadInput,
    Conflict,
    FieldError,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Problem,
    Refused,
    ServiceFault,
    Stale,
    TooLarge,
    TooManyRequests,
)

KINDS: dict[int, type[Refused]] = {
    400: BadInput,
    401: NotSignedIn,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    412: Stale,
    413: TooLarge,
    422: KeyReused,
    429: TooManyRequests,
}
BY_GATEWAYS = (502, 504)
"""What a gateway says when the service behind it gave no answer that it could use, or none in time."""


def refusal_of(response: httpx.Response) -> Refused:
    """The error for an answer with a status of 400 or more."""
    fallback = ServiceFault if response.status_code >= 500 else Refused
    return KINDS.get(response.status_code, fallback)(_problem_of(response))


def _problem_of(response: httpx.Response) -> Problem:
    document = _document(response)
    return Problem(
        status=response.status_code,
        title=_text(document, "title") or response.reason_phrase or f"HTTP status {response.status_code}",
        detail=_text(document, "detail") or f"{response.url} gave no explanation; check that this is the APOS service",
        type=_text(document, "type") or "about:blank",
        instance=_text(document, "instance"),
        errors=_errors(document.get("errors")),
        retry_after=seconds_of(response),
        report=_report(document.get("report")),
        perhaps_done=is_write(response.request) and response.status_code in BY_GATEWAYS and "status" not in document,
    )


def is_write(request: httpx.Request) -> bool:
    """Whether a request stores something: it has what keeps it from being done twice."""
    return "If-Match" in request.headers or "Idempotency-Key" in request.headers


def seconds_of(response: httpx.Response) -> int | None:
    """How long the answer asks to wait; None where it names no such number, but a date, say."""
    wait = response.headers.get("Retry-After", "")
    return int(wait) if re.fullmatch(r"[0-9]{1,9}", wait) else None


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _text(document: dict[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and value else None


def _errors(listed: Any) -> tuple[FieldError, ...]:
    if not isinstance(listed, list):
        return ()
    items = [item for item in listed if isinstance(item, dict)]
    return tuple(FieldError(_text(item, "pointer") or "", _text(item, "detail") or "is wrong") for item in items)


def _report(given: Any) -> IntakeReport | None:
    try:
        return None if given is None else IntakeReport.model_validate(given)
    except ValidationError:
        return None
