"""Answers already given (idempotentie): what a POST with an Idempotency-Key was answered, for 24 hours.

A record is no fact of the portfolio, so it is not audited. It is written in the transaction of the write it answers.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Table, UtcDateTime, column, json_type


class IdempotencyRecord(Table, table=True):
    """One answer, by actor, method, path and key; `fingerprint` is the SHA-256 of the request it answered."""

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
