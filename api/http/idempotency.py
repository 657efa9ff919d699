"""Idempotency-Key: the same request twice is done once and answered twice, also after a restart.

Records live in the transaction of the write they answer, scoped to actor, method and path, for 24 hours; only answers
that succeeded are kept. A twin that arrives while the first is being answered gets 409.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import Request, Response

from api.http.problems import HttpProblem
from api.http.service import Service, service_of
from api.queries.access import idempotency as queries
from api.store.ledger import Write
from domain.errors import Fault
from domain.idempotency import IdempotencyRecord

HEADER = "idempotency-key"
KEPT = timedelta(hours=24)
REPEATED_HEADERS = ("content-type", "etag", "location")
SECRETS = ("secret",)
"""Fields of an answer that are shown once and never repeated."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Replay(Exception):
    """The request was answered before: this is that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


def key_of(request: Request) -> str | None:
    """The key of a POST, None without one. Raises a problem where it is no key."""
    key = request.headers.get(HEADER) if request.method == "POST" else None
    if key is not None and not _KEY.fullmatch(key):
        fault = Fault("/header/Idempotency-Key", "give 1 to 255 printable ASCII characters without spaces")
        raise HttpProblem(400, "the header Idempotency-Key is not valid", [fault])
    return key


@asynccontextmanager
async def claim_key(request: Request) -> AsyncIterator[None]:
    """Holds the request's key within this process; its twin gets 409."""
    key = key_of(request)
    if key is None:
        yield
        return
    flights = service_of(request).in_flight
    flight = (request.state.actor.name, _path(request), key)
    if flight in flights:
        raise _twin()
    flights.add(flight)
    try:
        yield
    finally:
        flights.discard(flight)


async def forget_old(service: Service) -> None:
    """Removes the answers that are too old to be repeated: some tell who signed a declaration."""
    async with service.database.writing() as session:
        await session.execute(queries.forget_before(service.clock() - KEPT))


async def replay(request: Request, write: Write) -> None:
    """Raises Replay where this request was answered before, and a problem where its key was used for another."""
    key = key_of(request)
    if key is None:
        return
    actor, path = request.state.actor.name, _path(request)
    if not service_of(request).database.is_sqlite:
        digest = hashlib.sha256("\n".join((actor, path, key)).encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        if not (await write.session.execute(queries.try_lock(number))).scalar_one():
            raise _twin()
    await write.session.execute(queries.forget_before(write.now - KEPT))
    given = (await write.session.execute(queries.answer_given(actor, "POST", path, key))).mappings().one_or_none()
    if given is None:
        return
    if given["fingerprint"] != await _fingerprint(request):
        raise HttpProblem(422, "this Idempotency-Key was used for another request; use a new key")
    raise Replay(Response(given["body"], given["status"], {**given["headers"], "Idempotent-Replayed": "true"}))


async def remember(request: Request, response: Response) -> None:
    """Stores the answer in the transaction of its write, without what is shown only once."""
    key = key_of(request)
    write: Write | None = getattr(request.state, "write", None)
    if key is None or write is None or response.status_code >= 300:
        return
    record = IdempotencyRecord(
        actor=request.state.actor.name,
        method="POST",
        path=_path(request),
        key=key,
        fingerprint=await _fingerprint(request),
        status=response.status_code,
        headers={name: response.headers[name] for name in REPEATED_HEADERS if name in response.headers},
        body=_without_secrets(bytes(response.body)),
        recorded_at=write.now,
    )
    await write.session.execute(queries.remember(record))


def _path(request: Request) -> str:
    """The path in one spelling: the letters of an id may be capitals."""
    return request.url.path.lower()


async def _fingerprint(request: Request) -> str:
    head = f"{request.headers.get('content-type', '')}\n{request.url.query}\n".encode()
    return hashlib.sha256(head + await request.body()).hexdigest()


def _without_secrets(body: bytes) -> str:
    answer = json.loads(body)
    if not any(secret in answer for secret in SECRETS):
        return body.decode()
    return json.dumps({name: value for name, value in answer.items() if name not in SECRETS})


def _twin() -> HttpProblem:
    return HttpProblem(
        409,
        "the same request is being answered at this moment; ask again shortly",
        headers={"Retry-After": "1"},
        kind="in-flight",
    )
