"""Which error of the tree an answer is that refuses a request.

A proxy on the way may refuse too, without a problem document; then the status alone decides.
"""

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


def refusal_of(response: httpx.Response) -> Refused:
    """The error for an answer with a status of 400 or more."""
    fallback = ServiceFault if response.status_code >= 500 else Refused
    return KINDS.get(response.status_code, fallback)(_problem_of(response))


def _problem_of(response: httpx.Response) -> Problem:
    document = _document(response)
    wait = response.headers.get("Retry-After", "")
    return Problem(
        status=response.status_code,
        title=_text(document, "title") or response.reason_phrase or f"HTTP status {response.status_code}",
        detail=_text(document, "detail") or f"{response.url} gave no explanation; check that this is the APOS service",
        type=_text(document, "type") or "about:blank",
        instance=_text(document, "instance"),
        errors=_errors(document.get("errors")),
        retry_after=int(wait) if wait.isdecimal() else None,
        report=_report(document.get("report")),
    )


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
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
