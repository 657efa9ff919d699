"""Queries for API keys, and for the assignments of assessors."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Update, bindparam, case, or_, select, update

from api.store.visibility import ReadContext, visible
from domain.access.api_keys import ApiKey, AssessorAssignment
from domain.ledger import table_of
from domain.permissions import Role


@cache
def by_hash() -> Select[Any]:
    """The key whose secret, or secret before its renewal, has the hash `key_hash`; none that was revoked or awaits confirmation.

    `expires_at` is until when that secret is valid; whether that has passed is for the reader to see.
    """
    t = table_of(ApiKey)
    given: BindParameter[Any] = bindparam("key_hash")
    until = case((t.c.key_hash == given, t.c.expires_at), else_=t.c.previous_until).label("expires_at")
    is_of_it = or_(t.c.key_hash == given, t.c.previous_hash == given)
    return select(t.c.id, t.c.role, t.c.supplier_id, until).where(
        is_of_it, t.c.revoked_at.is_(None), t.c.awaits_confirmation.is_(False)
    )


def own_key(context: ReadContext) -> Select[Any]:
    """The key that the reader uses."""
    seen = visible(ApiKey, context)
    columns = (seen.c.id.label("key_id"), seen.c.label, seen.c.role, seen.c.supplier_id, seen.c.expires_at)
    return select(*columns).where(seen.c.id == context.actor.key_id)


def every(context: ReadContext) -> Select[Any]:
    """Every key that the reader may see, in the order in which they were made."""
    seen = visible(ApiKey, context)
    return select(seen).order_by(seen.c.id)


def mark_used() -> Update:
    """Stores when keys were last used, executed with a list of `{key, moment}`; it adds no audit event.

    A later use, which another process may have stored, is kept.
    """
    t = table_of(ApiKey)
    moment: BindParameter[Any] = bindparam("moment")
    earlier = or_(t.c.last_used_at.is_(None), t.c.last_used_at < moment)
    return update(t).where(t.c.id == bindparam("key"), earlier).values(last_used_at=moment)


def assessors_among(context: ReadContext, ids: list[UUID]) -> Select[Any]:
    """Those of these ids that are keys of assessors."""
    seen = visible(ApiKey, context)
    return select(seen.c.id).where(seen.c.id.in_(ids), seen.c.role == Role.ASSESSOR)


def assignments(context: ReadContext, parent: str, parent_id: UUID) -> Select[Any]:
    """The assignments to a lot (`lot_id`) or challenge (`challenge_id`), closed ones included."""
    seen = visible(AssessorAssignment, context)
    return select(seen).where(seen.c[parent] == parent_id).order_by(seen.c.id)
