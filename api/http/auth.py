"""From credential to actor, and the guards of every route: `RequiresRead` and `RequiresWrite`.

A key is looked up by its hash before the body is read, so that a stranger costs little and learns nothing.
"""

import asyncio
import logging
import math
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote
from uuid import UUID

from fastapi import Depends, Request, Response

from api.http import idempotency
from api.http.operation import Operation
from api.http.pagination import ListQuery, link_next, page
from api.http.problems import HttpProblem
from api.http.service import Service, service_of
from api.queries.access import api_keys
from api.store.database import Session
from api.store.ledger import Write
from api.store.loading import load
from api.store.visibility import ReadContext
from domain.access.api_keys import PREFIX, hash_of
from domain.base import MAX_REASON, Audited
from domain.dates import day_of
from domain.errors import Fault, Forbidden
from domain.permissions import Actor, Permission, Role, may

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="apos"'}
FLUSH_SECONDS = 60
MINUTE = timedelta(minutes=1)
Row = TypeVar("Row", bound=Audited)
log = logging.getLogger("apos.auth")


async def authenticate(request: Request, session: Session) -> Actor:
    """The actor of a request's bearer credential; 401 without a valid one, in the same words whatever is wrong."""
    service = service_of(request)
    now = service.clock()
    actor = await _actor_of(request, session, now)
    if actor.key_id is not None:
        service.used_keys[actor.key_id] = now
        _count(service, actor.key_id, now)
    return actor


async def _actor_of(request: Request, session: Session, now: datetime) -> Actor:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and key.startswith(PREFIX):
        found = (await session.execute(api_keys.by_hash(), {"key_hash": hash_of(key), "now": now})).one_or_none()
    if found is None:
        raise HttpProblem(401, "this needs `Authorization: Bearer` with a valid API key", headers=CHALLENGE)
    return Actor(f"key:{found.id}", Role(found.role), found.id, found.supplier_id)


def check_permissions(actor: Actor, permissions: Sequence[Permission]) -> None:
    """Refuses a role that never has a permission, whatever the request says."""
    if not all(may(actor, permission) for permission in permissions):
        raise Forbidden(f"the role {actor.role} may not do this")


def _count(service: Service, key_id: UUID, now: datetime) -> None:
    """Raises 429 where a key has made as many requests within the last minute as it may."""
    limit = service.settings.rate_limit
    if limit == 0:
        return
    recent = service.requests[key_id]
    while recent and now - recent[0] >= MINUTE:
        recent.popleft()
    if len(recent) >= limit:
        wait = math.ceil((recent[0] + MINUTE - now).total_seconds())
        raise HttpProblem(
            429,
            f"at most {limit} requests a minute are allowed; wait as long as Retry-After says",
            headers={"Retry-After": str(wait)},
        )
    recent.append(now)


async def flush_used_keys(service: Service) -> None:
    """Stores the last uses of keys that have gathered."""
    used, service.used_keys = service.used_keys, {}
    if used:
        rows = [{"key": key, "moment": moment} for key, moment in used.items()]
        try:
            async with service.database.writing() as session:
                await session.execute(api_keys.mark_used(), rows)
        except BaseException:
            service.used_keys = {**used, **service.used_keys}
            raise


async def keep_flushing(service: Service) -> None:
    """Flushes last uses and forgets old answers for ever; what fails is logged and tried again, and ends nothing."""
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await flush_used_keys(service)
            await idempotency.forget_old(service)
        except Exception:
            log.exception("could not store when keys were last used, or delete old idempotency records; will try again")


@dataclass(frozen=True, slots=True)
class Read:
    """One request that reads: a snapshot, who reads it, and the answer it goes into."""

    session: Session
    context: ReadContext
    request: Request
    response: Response

    async def page(self, seen: Any, query: ListQuery, *extra: Any) -> tuple[Sequence[Any], str | None]:
        """The rows of one page of a list and the cursor of the next, which is linked in the answer too."""
        rows, cursor = await page(self.session, seen, query, *extra)
        link_next(self.request, self.response, cursor)
        return rows, cursor

    async def load(self, kind: type[Row], row_id: UUID, **within: object) -> Row:
        """The row as the actor may see it, within the parent that the path names. Raises NotFound."""
        return await load(self.session, kind, row_id, self.context, within)


class _Guard:
    """Lets only roles with the permission pass; what it gives the route is for its subclasses to say.

    `Route` refuses the others before it reads the body already; here it holds for whatever class a route is of.
    """

    writes = False

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    def declares(self, operation: Operation) -> Operation:
        """Needs the permission, and perhaps writes."""
        permissions = (*operation.permissions, self._permission)
        return replace(operation, permissions=permissions, writes=operation.writes or self.writes)

    def _reader(self, request: Request) -> ReadContext:
        actor: Actor = request.state.actor
        check_permissions(actor, [self._permission])
        return ReadContext(actor, day_of(service_of(request).clock()))


class _ReadGuard(_Guard):
    async def __call__(self, request: Request, response: Response) -> Read:
        return Read(request.state.session, self._reader(request), request, response)


def RequiresRead(permission: Permission) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """Guards a route and gives it its Read."""
    return Depends(_ReadGuard(permission))


class _LateReadGuard(_Guard):
    async def __call__(self, request: Request, response: Response) -> AsyncIterator[Read]:
        context, service = self._reader(request), service_of(request)
        async with service.database.reading() as session:
            # Once more, because a slow body must not outlive a key that is revoked meanwhile.
            await _actor_of(request, session, service.clock())
            yield Read(session, context, request, response)


def RequiresReadAfterBody(permission: Permission) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """Guards a route that stores nothing but takes a body, and gives it its Read once the body has arrived.

    A snapshot that was open meanwhile would be held for as long as a sender likes.
    """
    return Depends(_LateReadGuard(permission), scope="function")


async def _before_writing(request: Request, response: Response) -> AsyncIterator[Read]:
    service = service_of(request)
    context = ReadContext(request.state.actor, day_of(service.clock()))
    async with service.database.reading() as session:
        yield Read(session, context, request, response)


ReadBeforeWrite = Annotated[Read, Depends(_before_writing, scope="function")]
"""What a write reads before it begins, under the permission of that write: what takes long must not hold the database."""


class _WriteGuard(_Guard):
    writes = True

    async def __call__(self, request: Request) -> AsyncIterator[Write]:
        context, service = self._reader(request), service_of(request)
        reason = reason_of(request)
        async with idempotency.claim_key(request), service.database.writing() as session:
            # Once more, because a slow body must not outlive a key that is revoked meanwhile.
            await _actor_of(request, session, service.clock())
            write = Write.begin(session, context.actor, service.clock(), reason, request.state.request_id)
            await idempotency.replay(request, write)
            request.state.write = write
            yield write


def RequiresWrite(permission: Permission) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """Guards a route and gives it its Write; the transaction commits before the answer leaves."""
    return Depends(_WriteGuard(permission), scope="function")


def reason_of(request: Request) -> str | None:
    """The header Change-Reason, as UTF-8 text, percent-encoded or plain."""
    raw = request.headers.get("change-reason")
    if raw is None:
        return None
    reason = raw
    with suppress(UnicodeError):
        reason = unquote(raw.encode("latin-1").decode(), errors="strict")
    if not reason.strip() or len(reason) > MAX_REASON or re.search(r"[\x00-\x1f\x7f]", reason):
        fault = Fault("/header/Change-Reason", f"give 1 to {MAX_REASON} characters of plain text")
        raise HttpProblem(400, "the header Change-Reason is not valid", [fault])
    return reason.strip()
