"""Queries for audit events."""

from typing import Any

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.ledger import AuditEvent


def at(context: ReadContext, seq: int) -> Select[Any]:
    """The event with this number."""
    seen = visible(AuditEvent, context)
    return select(seen).where(seen.c.seq == seq)
