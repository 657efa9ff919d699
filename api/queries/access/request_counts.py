"""Queries for request counts, on PostgreSQL."""

from typing import Any

from sqlalchemy import Delete, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from domain.access.request_counts import RequestCount
from domain.ledger import table_of


def count_one(subject: str, minute: int) -> ReturningInsert[Any]:
    """Counts one more, and gives the count."""
    t = table_of(RequestCount)
    added = insert(t).values(subject=subject, minute=minute, count=1)
    more: dict[str, Any] = {"count": t.c.count + 1}
    return added.on_conflict_do_update(index_elements=[t.c.subject, t.c.minute], set_=more).returning(t.c.count)


def delete_before(minute: int) -> Delete:
    """Deletes what was counted before a minute."""
    t = table_of(RequestCount)
    return delete(t).where(t.c.minute < minute)
