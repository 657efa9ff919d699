"""Selects of answers already given."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Function, Insert, Select, delete, func, insert, select

from domain.idempotency import IdempotencyRecord
from domain.ledger import table_of


def answer_given(actor: str, method: str, path: str, key: str) -> Select[Any]:
    """What this actor's request with this key was answered."""
    t = table_of(IdempotencyRecord)
    return select(t).where(t.c.actor == actor, t.c.method == method, t.c.path == path, t.c.key == key)


def forget_before(moment: datetime) -> Delete:
    """Removes the answers that are too old to be repeated."""
    t = table_of(IdempotencyRecord)
    return delete(t).where(t.c.recorded_at < moment)


def remember(record: IdempotencyRecord) -> Insert:
    """Stores an answer."""
    return insert(table_of(IdempotencyRecord)).values(record.model_dump())


def try_lock(number: int) -> Select[Any]:
    """Whether no other transaction answers the same key now (PostgreSQL)."""
    locked: Function[Any] = func.pg_try_advisory_xact_lock(number)
    return select(locked)
