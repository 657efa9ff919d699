"""Idempotency-Key: a request that is sent twice is carried out once and answered twice, also after a restart.

The answer is stored in the transaction of its write, per actor, method and path, for 24 hours; only successful answers are
stored. The same request gets 409 while the first one is still being answered; where another process answers it from a SQLite
file, it waits for that answer instead.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response

from api.http.path_rows import ROWS_OF_PATHS
from api.http.problems import HttpProblem
from api.http.service import Service, service_of
from api.intake.large_bytes import LargeBytes, pieces_of
from api.queries.access import idempotency as queries
from api.store.ledger import Write
from domain.errors import Fault
from domain.idempotency import IdempotencyRecord

HEADER = "idempotency-key"
RETENTION = timedelta(hours=24)
REPLAYED_HEADERS = ("content-type", "etag", "location", "retry-after")
SECRET_FIELDS = ("secret",)
"""Fields of an answer that are shown only once, so they are left out of the stored answer."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Replay(Exception):
    """Raised where the request was answered before; `response` is that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


def key_of(request: Request) -> str | None:
    """The Idempotency-Key of a POST, else None. Raises 400 where it is not valid."""
    key = request.headers.get(HEADER) if request.method == "POST" else None
    if key is not None and not _KEY.fullmatch(key):
        fault = Fault("/header/Idempotency-Key", "give 1 to 255 printable ASCII characters without spaces")
        raise HttpProblem(400, "the header Idempotency-Key is not valid", [fault])
    return key


@asynccontextmanager
async def claim_key(request: Request) -> AsyncIterator[None]:
    """Claims the request's key within this process while it is being answered. Raises 409 where it is claimed already."""
    key = key_of(request)
    if key is None:
        yield
        return
    in_flight = service_of(request).in_flight
    claim = (request.state.actor.name, _path(request), key)
    if claim in in_flight:
        raise _in_flight_problem()
    in_flight.add(claim)
    try:
        yield
    finally:
        in_flight.discard(claim)


async def delete_expired(service: Service) -> None:
    """Deletes answers older than 24 hours; some contain the name of who signed a declaration."""
    async with service.database.writing() as session:
        await session.execute(queries.delete_before(service.clock() - RETENTION))


async def replay(request: Request, write: Write) -> None:
    """Raises Replay where this request was answered before, and 422 where its key was used for another request.

    On PostgreSQL it raises 409 where another process is answering the same request.
    """
    key = key_of(request)
    if key is None:
        return
    actor, path = request.state.actor.name, _path(request)
    if not service_of(request).database.is_sqlite:
        digest = hashlib.sha256("\n".join((actor, path, key)).encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        if not (await write.session.execute(queries.try_lock(number))).scalar_one():
            raise _in_flight_problem()
    await write.session.execute(queries.delete_before(write.now - RETENTION))
    stored = (await write.session.execute(queries.stored_answer(actor, "POST", path, key))).mappings().one_or_none()
    if stored is None:
        return
    if stored["fingerprint"] != await _fingerprint(request):
        raise HttpProblem(422, "this Idempotency-Key was used for another request; use a new key")
    for name, kind in ROWS_OF_PATHS.items():
        if name in request.path_params:
            # Who may no longer see what it wrote to, as an assessor that was removed, is not shown the answer either.
            await write.load(kind, UUID(request.path_params[name]))
    raise Replay(Response(stored["body"], stored["status"], {**stored["headers"], "Idempotent-Replayed": "true"}))


async def store_answer(request: Request, response: Response) -> None:
    """Stores a successful answer in the transaction of its write, without fields that are shown only once."""
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
        headers={name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers},
        body=_without_secrets(bytes(response.body)),
        recorded_at=write.now,
    )
    await write.session.execute(queries.store_answer(record))


def _path(request: Request) -> str:
    """The path in lower case, because an id may be written in capitals."""
    return request.url.path.lower()


async def _fingerprint(request: Request) -> str:
    head = f"{request.headers.get('content-type', '')}\n{request.url.query}\n".encode()
    return await asyncio.to_thread(_digest, head, await request.body())


def _digest(head: bytes, body: LargeBytes) -> str:
    digest = hashlib.sha256(head)
    for piece in pieces_of(body):
        digest.update(piece)
    return digest.hexdigest()


def _without_secrets(body: bytes) -> str:
    answer = json.loads(body)
    if not any(secret in answer for secret in SECRET_FIELDS):
        return body.decode()
    return json.dumps({name: value for name, value in answer.items() if name not in SECRET_FIELDS})


def _in_flight_problem() -> HttpProblem:
    return HttpProblem(
        409,
        "the same request is being answered at this moment; ask again shortly",
        headers={"Retry-After": "1"},
        kind="in-flight",
    )
