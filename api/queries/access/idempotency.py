"""Queries for stored answers, by idempotency key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Function, Insert, Select, delete, func, insert, select

from domain.idempotency import IdempotencyRecord
from domain.ledger import table_of


def stored_answer(actor: str, method: str, path: str, key: str) -> Select[Any]:
    """The answer to this actor's earlier request with this idempotency key."""
    t = table_of(IdempotencyRecord)
    return select(t).where(t.c.actor == actor, t.c.method == method, t.c.path == path, t.c.key == key)


def delete_before(moment: datetime) -> Delete:
    """Deletes the answers stored before a moment, which are too old to be repeated."""
    t = table_of(IdempotencyRecord)
    return delete(t).where(t.c.recorded_at < moment)


def store_answer(record: IdempotencyRecord) -> Insert:
    """Stores an answer."""
    return insert(table_of(IdempotencyRecord)).values(record.model_dump())


def try_lock(number: int) -> Select[Any]:
    """Takes the lock of a key if no other transaction has it; tells whether it did (PostgreSQL)."""
    locked: Function[Any] = func.pg_try_advisory_xact_lock(number)
    return select(locked)
