"""Queries for commitments."""

from typing import Any

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.oversight.commitments import Commitment


def status_and_due(context: ReadContext) -> Select[Any]:
    """The status of every commitment, and the day on which it is due."""
    seen = visible(Commitment, context)
    return select(seen.c.status, seen.c.due)
