"""Selects of audit events."""

from typing import Any

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.ledger import AuditEvent


def audit_events(reader: Reader) -> Any:
    """The events that the reader may see."""
    return readable(AuditEvent, reader)


def at(reader: Reader, seq: int) -> Select[Any]:
    """The event with this number."""
    seen = readable(AuditEvent, reader)
    return select(seen).where(seen.c.seq == seq)
