"""Idempotency records (idempotentie): the stored answer to a POST with an Idempotency-Key, kept for 24 hours.

Records are not audited, because they say nothing about the portfolio. Each is written in the transaction of its request.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Table, UtcDateTime, column, json_type


class IdempotencyRecord(Table, table=True):
    """One answer, by actor, method, path and key. `fingerprint` is the SHA-256 of the request."""

    __tablename__ = "idempotency_records"
    __table_args__ = (sa.UniqueConstraint("actor", "method", "path", "key"),)

    actor: str = Field(max_length=400)
    method: str = Field(max_length=10)
    path: str = Field(max_length=500)
    key: str = Field(max_length=255)
    fingerprint: str = Field(max_length=64)
    status: int
    headers: dict[str, Any] = Field(sa_type=json_type())
    body: str = Field(sa_type=column(sa.Text()))
    recorded_at: datetime = Field(sa_type=column(UtcDateTime), index=True)
