"""Every refusal as `application/problem+json` (RFC 9457), and the page of each problem type.

A problem names all faulty fields by pointer: `/window/end` in the body, otherwise `/query/limit`, `/path/lotId` or
`/header/If-Match`. It never shows internal details.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.fair_queue import QueueFull
from api.http.unfinished_bodies import NoRoom
from api.schemas.faults import fault_of
from api.store.failures import Failure, failure_of
from api.store.schema import is_served
from domain.errors import BrokenRule, Conflict, Fault, Forbidden, NotFound, Refusal

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 100
RETRY_LATER = {"Retry-After": "5"}
log = logging.getLogger("apos.api")

PROBLEMS: dict[str, tuple[int, str, str]] = {
    "bad-input": (400, "The request is not valid", "Correct the fields that `errors` names, and send it again."),
    "file-limit": (
        400,
        "Reading the file takes more than a file may take",
        "Save it again from the program that made it, or divide it; `detail` says which limit it passes.",
    ),
    "no-credential": (401, "No valid credential", "Send `Authorization: Bearer` with an API key that has not expired."),
    "not-permitted": (403, "Your role may not do this", "Ask the programme administrator for a key with another role."),
    "not-found": (404, "Not found", "Check the id; it may also be something that you may not see."),
    "method": (405, "This method is not offered here", "Use one of the methods that the Allow header names."),
    "not-acceptable": (406, "That format is not offered", "Ask for one of the formats in `detail` with Accept."),
    "conflict": (
        409,
        "What is stored does not allow this",
        "Read the resource again; `detail` says what prevents the change.",
    ),
    "in-flight": (409, "The same request is being answered", "Wait as long as Retry-After says, and ask again."),
    "stale": (
        412,
        "The resource has changed since you read it",
        "Read it again, look at what changed, and send If-Match with its ETag.",
    ),
    "no-version": (
        412,
        "If-Match names no version of the resource",
        "Send If-Match with the ETag as the service gave it; `errors` says what a proxy may have made of it, and what to write.",
    ),
    "slow": (408, "The request did not arrive in time", "Send it again, without pauses."),
    "too-large": (413, "The request is too large", "Split it into smaller requests, or send less."),
    "media-type": (415, "That content type is not understood", "Send one of the content types in `detail`."),
    "key-reused": (422, "This Idempotency-Key was used for another request", "Use a new key for a new request."),
    "no-precondition": (428, "If-Match is required", "Read the resource first, and send its ETag as If-Match."),
    "rate": (429, "Too many requests", "Wait as long as Retry-After says."),
    "waiting": (
        429,
        "Too much of your own work is waiting",
        "Wait until earlier requests of yours are answered, at least as long as Retry-After says.",
    ),
    "headers-too-large": (
        431,
        "The headers are too large",
        "Send fewer or shorter headers; for a long filter, ask in several requests.",
    ),
    "internal": (
        500,
        "Something went wrong on our side",
        "Try again later; give the instance of the problem when you report it.",
    ),
    "busy": (503, "The database does not answer in time", "Try again when Retry-After says; nothing was stored."),
    "crowded": (503, "Too much work is waiting", "Try again when Retry-After says; nothing was stored."),
    "other-schema": (
        503,
        "The service is being updated",
        "Try again when Retry-After says. The administrator replaces processes that were started before the migration.",
    ),
    "no-room": (
        507,
        "There is no room left",
        "Tell the administrator, who frees room on the disk that `detail` names; nothing was stored.",
    ),
    "files-busy": (503, "Files cannot be read at this moment", "Try again when Retry-After says; nothing was stored."),
}
"""Kinds of problem: the HTTP status, what it means, and what to do."""
KINDS: dict[int, str] = {status: kind for kind, (status, _, _) in reversed(PROBLEMS.items())}
"""The kind of problem for a status, where none is given."""
STATUS = {BrokenRule: 400, Forbidden: 403, NotFound: 404, Conflict: 409}


class FaultView(BaseModel):
    """One thing wrong at one place."""

    pointer: str = Field(description="Where: an RFC 6901 pointer", examples=["/window/end"])
    detail: str = Field(description="What is wrong, and what would be right")


class Problem(BaseModel):
    """What went wrong and how to correct it (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Leads to a page about this kind of problem", examples=["/problems/bad-input"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(
        default=None, description="The request this is about", examples=["urn:apos:request:48f2e570"]
    )
    errors: list[FaultView] | None = Field(default=None, description="All that is wrong, at most 100")


class HttpProblem(HTTPException):
    """A refusal that is about HTTP itself: a precondition, a format, a credential, a shape.

    `count` is the number of all faults, where `faults` lists only some of them.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Sequence[Fault] = (),
        *,
        headers: dict[str, str] | None = None,
        kind: str | None = None,
        count: int | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.count = count
        self.kind = kind or KINDS[status]
        self.faults = tuple(faults)


def problem(
    request: Request,
    kind: str,
    detail: str,
    faults: Sequence[Fault] = (),
    *,
    headers: Mapping[str, str] | None = None,
    count: int | None = None,
    report: object = None,
) -> JSONResponse:
    """The answer for one refusal; `count` is the number of all faults, where `faults` lists only some of them.

    `report` is an additional document for the body, such as an intake report.
    """
    status, title, _ = PROBLEMS[kind]
    request.state.problem = kind
    body: dict[str, Any] = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail}
    request_id = getattr(request.state, "request_id", None)
    if request_id is not None:
        body["instance"] = f"urn:apos:request:{request_id}"
    if faults:
        body["errors"] = [{"pointer": f.pointer, "detail": f.detail} for f in faults[:MAX_FAULTS]]
        if (count or len(faults)) > MAX_FAULTS:
            body["detail"] = f"{detail}, the first {MAX_FAULTS} of {count or len(faults)}"
    if report is not None:
        body["report"] = report
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def summary_of(count: int) -> str:
    """The `detail` for a request with this number of faults."""
    return f"{'1 thing is' if count == 1 else f'{count} things are'} wrong with the request; see errors"


async def _on_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [fault_of(error_found) for error_found in error.errors()]
    return problem(request, KINDS[400], summary_of(len(faults)), faults)


async def _on_refusal(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    extra = {"count": getattr(error, "count", None), "report": getattr(error, "report", None)}
    return problem(request, KINDS[status], error.detail, error.faults, **extra)


async def _on_http_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HttpProblem)
    return problem(request, error.kind, error.detail, error.faults, headers=error.headers, count=error.count)


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in KINDS else 400
    details = {
        400: "the body cannot be read: it is not JSON, or it is nested too deeply",
        404: "this path does not exist; check its spelling",
    }
    return problem(request, KINDS[status], details.get(status, str(error.detail)), headers=dict(error.headers or {}))


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    log.error("request %s failed: %s", getattr(request.state, "request_id", "?"), type(error).__name__)
    return problem(request, KINDS[500], "something went wrong on our side; nothing was stored")


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    """Says what keeps the database from answering. Raises the error again where that is a fault of ours."""
    assert isinstance(error, SQLAlchemyError)
    failure = failure_of(error)
    request_id = getattr(request.state, "request_id", "?")
    if failure is Failure.FULL:
        service = request.app.state.service
        service.full_at = service.clock()
        log.error("request %s failed because the disk of the database is full: %s", request_id, error)
        return problem(request, "no-room", "the disk of the database is full; nothing was stored")
    if failure is Failure.BUSY:
        log.warning("request %s failed because the database is busy or unreachable: %s", request_id, error)
        detail = "the database does not answer in time; nothing was stored"
        return problem(request, KINDS[503], detail, headers=RETRY_LATER)
    if await is_served(request.app.state.service.database):
        raise error
    log.error("request %s failed because the schema is not that of this process: %s", request_id, error)
    detail = "the database was migrated after this process was started, which must be replaced; nothing was stored"
    return problem(request, "other-schema", detail, headers=RETRY_LATER)


async def _on_full_queue(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, QueueFull | NoRoom)
    waiting = "pieces of large work" if isinstance(error, QueueFull) else "bytes of request bodies"
    if error.of_key:
        detail = f"too many {waiting} of yours are waiting; let some of your requests be answered first"
        return problem(request, "waiting", detail, headers=RETRY_LATER)
    detail = f"too many {waiting} are waiting at this moment; nothing was stored"
    return problem(request, "crowded", detail, headers=RETRY_LATER)


def install(app: FastAPI) -> None:
    """Registers handlers that answer every refusal and crash of the application with a problem."""
    app.add_exception_handler(Exception, _on_crash)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(PoolTimeout, _on_database)
    app.add_exception_handler(QueueFull, _on_full_queue)
    app.add_exception_handler(NoRoom, _on_full_queue)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HttpProblem, _on_http_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    for kind in STATUS:
        app.add_exception_handler(kind, _on_refusal)


def page(slug: str) -> HTMLResponse | None:
    """The page about one kind of problem, or None where there is no such kind."""
    for kind, (status, title, remedy) in PROBLEMS.items():
        if kind == slug:
            text = f"<h1>{title}</h1><p>HTTP status {status}.</p><p>{remedy}</p>"
            return HTMLResponse(f'<!doctype html><html lang="en"><title>{title}</title>{text}</html>')
    return None
