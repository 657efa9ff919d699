"""Queries for audit events."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.ledger import AuditEvent
from domain.permissions import SYSTEM


def author_of(context: ReadContext, row_id: UUID) -> Select[Any]:
    """The actor that added a row, as the ledger names it.

    Read with the rights of the service itself: who may judge what others did need not see the audit trail.
    """
    seen = visible(AuditEvent, replace(context, actor=SYSTEM))
    return select(seen.c.actor).where(seen.c.row_id == row_id).order_by(seen.c.seq).limit(1)


def at(context: ReadContext, seq: int) -> Select[Any]:
    """The event with this number."""
    seen = visible(AuditEvent, context)
    return select(seen).where(seen.c.seq == seq)
