"""Request counts (tellingen): how often a key, or an address without one, asked within a minute.

They are kept in the database only where several machines may share it. They say nothing about the portfolio and leave no event.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Columns, column

MAX_SUBJECT = 80
SECONDS = 60


class RequestCount(Columns, table=True):
    """How often `subject`, such as `key:<id>` or `address:<address>`, was counted in a minute since 1970."""

    __tablename__ = "request_counts"

    subject: str = Field(primary_key=True, max_length=MAX_SUBJECT)
    minute: int = Field(primary_key=True, sa_type=column(sa.BigInteger()), index=True)
    count: int


def minute_of(moment: datetime) -> int:
    """The minute since 1970 in which a moment lies."""
    return int(moment.timestamp()) // SECONDS


def seconds_left(moment: datetime) -> int:
    """How many seconds, at least one, until the minute of a moment is over."""
    return SECONDS - int(moment.timestamp()) % SECONDS
