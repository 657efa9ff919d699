"""The ledger (auditspoor): one event for every change of an audited row, with the row's whole state after it.

It is the audit trail, the history, the source of differences and the outbox in one. State is written in the columns'
storage form, so that both databases can read it back as typed columns. Appending events belongs to the api.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.base import MAX_REASON, Audited, Columns, Id, UtcDateTime, column, json_type, moment_text
from domain.permissions import Role

OMIT = {"info": {"ledger": "omit"}}
"""Column arguments for what never enters an event: names of people, which must be erasable, and the last use of a key."""
SECRET = {"info": {"ledger": "omit", "secret": True}}
"""Column arguments for a secret: it never enters an event, and no answer shows it."""


class AuditEvent(Columns, table=True):
    """Who did what to which row, when and why; `changed` maps a column to its value before and after."""

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.Index("ix_audit_events_row", "row_id", "seq"),
        sa.Index("ix_audit_events_kind", "row_kind", "seq"),
    )
    seq: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=column(sa.BigInteger().with_variant(sa.Integer, "sqlite")),
    )
    recorded_at: datetime = Field(sa_type=column(UtcDateTime), index=True)
    actor: str = Field(max_length=400, index=True)
    role: Role = Field(max_length=40, sa_type=column(sa.String(40)))
    request_id: str = Field(max_length=80)
    reason: str | None = Field(default=None, max_length=MAX_REASON)
    row_kind: str = Field(max_length=60)
    row_id: UUID = Field(sa_type=column(Id))
    version: int
    changed: dict[str, Any] = Field(sa_type=json_type())
    state: dict[str, Any] = Field(sa_type=json_type())


def table_of(kind: type[SQLModel]) -> sa.Table:
    """The SQLAlchemy table of a SQLModel class."""
    return cast(sa.Table, kind.__table__)  # type: ignore[attr-defined]  # SQLModel does not declare it


def ledgered_columns(table: sa.Table) -> list[str]:
    """The names of the columns whose values the ledger records, in order."""
    return [c.name for c in table.columns if c.info.get("ledger") != "omit"]


def state_of(row: Audited) -> dict[str, Any]:
    """The row as the ledger records it: column name -> value in storage form."""
    return {name: storage_form(getattr(row, name)) for name in ledgered_columns(table_of(type(row)))}


def storage_form(value: object) -> object:
    """A column's value as both databases store it and JSON can hold it: 2026-11-21 is "2026-11-21"."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What changed between two states: column -> [before, after], without the version, which always changes."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if name != "version" and before.get(name) != value
    }
