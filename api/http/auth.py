"""Authentication and permissions: the actor of a request, and the guards of every route (`RequiresRead`, `RequiresWrite`).

A key is looked up by its hash before the body is read, so an unauthenticated request costs little and learns nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
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
from api.http.rates import address_of, check_rate, delete_past, subject_of_address
from api.http.service import Service, service_of
from api.queries.access import api_keys
from api.store.ledger import Write
from api.store.links import with_visible_links
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.access.api_keys import PREFIX, hash_of
from domain.base import MAX_REASON, Audited
from domain.dates import day_of
from domain.errors import Fault, Forbidden
from domain.permissions import Actor, Permission, Role, may
from domain.texts import plain_text

BEARER_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="apos"'}
FLUSH_SECONDS = 60
AT_ONCE = timedelta(milliseconds=100)
"""Within this time a write goes on with the key as it was read; one that waits for a lock afterwards takes longer."""
Row = TypeVar("Row", bound=Audited)
log = logging.getLogger("apos.auth")


async def authenticate(request: Request, session: Session | None = None) -> Actor:
    """The actor whose API key the request carries. Raises 401 without a valid key, with one text whatever is wrong with it.

    Reads the key in the session, where one is given and the key is not known.
    """
    service = service_of(request)
    now = service.clock()
    actor = await _actor_of(request, session, now)
    if actor.key_id is not None:
        service.used_keys[actor.key_id] = now
        await check_rate(service, actor.name, service.settings.rate_limit, now, "requests")
    return actor


async def _actor_of(request: Request, session: Session | None, now: datetime) -> Actor:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    row = None
    if scheme.lower() == "bearer" and key.startswith(PREFIX):
        row = await _key_of(service_of(request), session, hash_of(key))
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        failed = subject_of_address(address_of(request))
        await check_rate(
            service_of(request), failed, service_of(request).settings.failure_limit, now, "failed sign-ins"
        )
        raise HttpProblem(401, "this needs `Authorization: Bearer` with a valid API key", headers=BEARER_CHALLENGE)
    return Actor(f"key:{row.id}", Role(row.role), row.id, row.supplier_id)


async def _key_of(service: Service, session: Session | None, key_hash: str) -> Any:
    """The row of a key, None where none has this hash or it was revoked.

    A row is kept for as long as nobody commits anything. The version is asked for before the row is read: a commit in
    between makes another version, under which the row is read again.
    """
    known = service.keys.at(service.database.version())
    if key_hash not in known:
        if session is None:
            async with service.database.reading(one_statement=True) as own:
                return await _key_of(service, own, key_hash)
        row = (await session.execute(api_keys.by_hash(), {"key_hash": key_hash})).one_or_none()
        if row is None:
            return None
        known[key_hash] = row
    return known[key_hash]


def check_permissions(actor: Actor, permissions: Sequence[Permission]) -> None:
    """Raises Forbidden where the actor's role lacks one of these permissions."""
    if not all(may(actor, permission) for permission in permissions):
        raise Forbidden(f"the role {actor.role} may not do this")


async def flush_used_keys(service: Service) -> None:
    """Stores when keys were last used, collected in memory since the previous call. On failure they are kept for the next."""
    used, service.used_keys = service.used_keys, {}
    if used:
        # In one order, so that processes which store the same keys at once cannot wait for each other.
        rows = [{"key": key, "moment": moment} for key, moment in sorted(used.items())]
        try:
            async with service.database.writing() as session:
                await session.execute(api_keys.mark_used(), rows)
        except BaseException:
            service.used_keys = {**used, **service.used_keys}
            raise


async def run_maintenance(service: Service) -> None:
    """Once a minute until cancelled, stores last uses of keys and deletes expired idempotency records and past counts.

    A failure is logged and tried again the next time; it does not end the loop.
    """
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await flush_used_keys(service)
            await idempotency.delete_expired(service)
            await delete_past(service)
        except Exception:
            log.exception("could not store when keys were last used, or delete old idempotency records; will try again")


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading route works with: a session on one snapshot, who reads, the request and its response."""

    session: Session
    context: ReadContext
    request: Request
    response: Response

    async def page(self, visible_rows: Any, query: ListQuery, *extra: Any) -> tuple[Sequence[Any], str | None]:
        """The rows of one page and the cursor of the next page; also adds the `Link` header to the response."""
        rows, cursor = await page(self.session, self.context, visible_rows, query, *extra)
        link_next(self.request, self.response, cursor)
        return rows, cursor

    async def linked(self, kind: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Visible rows of a table with the ids in them that the actor may see, as in `with_visible_links`."""
        return await with_visible_links(self.session, self.context, kind, rows)

    async def load(self, kind: type[Row], row_id: UUID, **within: object) -> Row:
        """The row as the actor may see it, with the columns of `within`, such as its parent's id. Raises NotFound."""
        return await load(self.session, kind, row_id, self.context, within)


class _Guard:
    """Refuses roles without the permission; subclasses define what the route receives.

    `Route` already checks the permission before it reads the body. It is checked here too, so that routes of any other
    class are guarded as well.
    """

    writes = False

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    def declares(self, operation: Operation) -> Operation:
        """Adds the permission, and whether the operation writes."""
        permissions = (*operation.permissions, self._permission)
        return replace(operation, permissions=permissions, writes=operation.writes or self.writes)

    def _read_context(self, request: Request) -> ReadContext:
        actor: Actor = request.state.actor
        check_permissions(actor, [self._permission])
        return ReadContext(actor, day_of(service_of(request).clock()))


class _ReadGuard(_Guard):
    def __init__(self, permission: Permission, *, once: bool) -> None:
        super().__init__(permission)
        self._once = once

    def declares(self, operation: Operation) -> Operation:
        """Adds the permission, and whether it reads once."""
        return replace(super().declares(operation), reads_once=operation.reads_once or self._once)

    async def __call__(self, request: Request, response: Response) -> Read:
        return Read(request.state.session, self._read_context(request), request, response)


def RequiresRead(permission: Permission, *, once: bool = False) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """A dependency that requires the permission and gives the route its Read.

    `once`: the route runs one statement whoever asks, which spares PostgreSQL a transaction.
    """
    return Depends(_ReadGuard(permission, once=once))


class _LateReadGuard(_Guard):
    async def __call__(self, request: Request, response: Response) -> AsyncIterator[Read]:
        context, service = self._read_context(request), service_of(request)
        async with service.database.reading() as session:
            # Checked again: the key may have been revoked or expired while a slow body arrived.
            await _actor_of(request, session, service.clock())
            yield Read(session, context, request, response)


def RequiresReadAfterBody(permission: Permission) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """As RequiresRead, for a route that takes a body but stores nothing; its snapshot opens once the body has arrived.

    Opened earlier, a slow sender could hold the snapshot for as long as it likes.
    """
    return Depends(_LateReadGuard(permission), scope="function")


async def _read_before_write(request: Request, response: Response) -> AsyncIterator[Read]:
    service = service_of(request)
    context = ReadContext(request.state.actor, day_of(service.clock()))
    async with service.database.reading() as session:
        yield Read(session, context, request, response)


ReadBeforeWrite = Annotated[Read, Depends(_read_before_write, scope="function")]
"""A Read for a writing route to use before its transaction begins, so that slow work does not hold the database.

It checks no permission itself: the route's RequiresWrite does.
"""


class _WriteGuard(_Guard):
    writes = True

    async def __call__(self, request: Request) -> AsyncIterator[Write]:
        context, service = self._read_context(request), service_of(request)
        reason = reason_of(request)
        async with idempotency.claim_key(request), service.database.writing() as session:
            if not _came_at_once(request, service.clock()):
                # The key may have been revoked or expired while a slow body arrived.
                await _actor_of(request, session, service.clock())
            write = Write.begin(session, context.actor, service.clock(), reason, request.state.request_id)
            await idempotency.replay(request, write)
            request.state.write = write
            yield write


def _came_at_once(request: Request, now: datetime) -> bool:
    """Whether the body came in one piece and no time has passed since the key was read, which need not be read again."""
    admitted_at: datetime = request.state.admitted_at
    pieces: int = request.state.pieces
    return pieces <= 1 and timedelta(0) <= now - admitted_at < AT_ONCE


def RequiresWrite(permission: Permission) -> Any:  # noqa: N802  # reads as a type in a route's signature
    """A dependency that requires the permission and gives the route its Write, committed before the answer is sent."""
    return Depends(_WriteGuard(permission), scope="function")


def _four_eyes(request: Request) -> bool:
    return service_of(request).settings.four_eyes


FourEyes = Annotated[bool, Depends(_four_eyes)]
"""Whether what takes two actors may not be done by one (setting APOS_FOUR_EYES)."""


def _key_days(request: Request) -> int:
    return service_of(request).settings.key_days


KeyDays = Annotated[int, Depends(_key_days)]
"""For how many days a key is valid that names no expiry; 0: for good (setting APOS_KEY_DAYS)."""


def _presented_hash(request: Request) -> str:
    return hash_of(request.headers["authorization"].partition(" ")[2])


PresentedHash = Annotated[str, Depends(_presented_hash)]
"""The hash of the secret that this request was made with."""


def reason_of(request: Request) -> str | None:
    """The reason in the header Change-Reason, None without it: UTF-8, percent-encoded or plain. Raises 400 if not valid."""
    raw = request.headers.get("change-reason")
    if raw is None:
        return None
    reason = raw
    with suppress(UnicodeError):
        reason = unquote(raw.encode("latin-1").decode(), errors="strict")
    try:
        reason = plain_text(reason).strip()
    except ValueError as error:
        raise _invalid_reason(str(error)) from None
    if not reason or len(reason) > MAX_REASON:
        raise _invalid_reason(f"give 1 to {MAX_REASON} characters of plain text")
    return reason


def _invalid_reason(detail: str) -> HttpProblem:
    return HttpProblem(400, "the header Change-Reason is not valid", [Fault("/header/Change-Reason", detail)])
