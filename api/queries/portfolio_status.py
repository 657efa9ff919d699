"""Selects of the portfolio's status: a handful of statements, whatever the size."""

from typing import Any

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.base import Audited
from domain.challenges import Challenge
from domain.lots import Lot


def lots(reader: Reader) -> Select[Any]:
    """The lots, by code."""
    return _by_code(Lot, reader)


def challenges(reader: Reader) -> Select[Any]:
    """The challenges, by code."""
    return _by_code(Challenge, reader)


def _by_code(kind: type[Audited], reader: Reader) -> Select[Any]:
    seen = readable(kind, reader)
    return select(seen).order_by(seen.c.code)
