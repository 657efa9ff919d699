"""Queries for the portfolio's status: a few statements, whatever the size of the portfolio."""

from typing import Any

from sqlalchemy import Select, func, select

from api.store.visibility import ReadContext, cached_per_context, visible
from domain.base import Audited
from domain.oversight.dependencies import Dependency
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot


@cached_per_context
def lots(context: ReadContext) -> Select[Any]:
    """The columns of lots that the status shows, ordered by code."""
    return _by_code(Lot, context)


@cached_per_context
def challenges(context: ReadContext) -> Select[Any]:
    """The columns of challenges that the status shows, ordered by code."""
    return _by_code(Challenge, context)


def _by_code(kind: type[Audited], context: ReadContext) -> Select[Any]:
    seen = visible(kind, context)
    shown = [column for column in seen.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names = ("id", "programme_id", "key", "code", "title", "status")
    return select(*(seen.c[name] for name in names), *shown).order_by(seen.c.code)


def dependencies(context: ReadContext) -> Select[Any]:
    """The number of dependencies."""
    return select(func.count()).select_from(visible(Dependency, context))
