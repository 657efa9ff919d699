"""Selects of commitments."""

from typing import Any

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.commitments import Commitment


def commitments(reader: Reader) -> Any:
    """The commitments that the reader may see."""
    return readable(Commitment, reader)


def standing(reader: Reader) -> Select[Any]:
    """The status of every commitment, and the day on which it is due."""
    seen = readable(Commitment, reader)
    return select(seen.c.status, seen.c.due)
