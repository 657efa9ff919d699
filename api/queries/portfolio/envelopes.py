"""Queries for what the lots and challenges of a programme reserve."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select, union_all

from api.store.visibility import ReadContext, visible
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.programmes import ProgrammeSettings

BUDGET = ("budget_cents", "budget_qualifier", "budget_fund")


def reservations(context: ReadContext, programme_id: UUID) -> Any:
    """The published budgets of the lots and challenges of a programme, by code, each with the id of its own row."""
    rows = []
    for kind in (Lot, Challenge):
        seen = visible(kind, context)
        columns = (seen.c.id, seen.c.code, *(seen.c[name] for name in BUDGET))
        rows.append(select(*columns).where(seen.c.programme_id == programme_id, seen.c.budget_cents.is_not(None)))
    found = union_all(*rows).subquery()
    return select(found).order_by(found.c.code)


def settings_in_force(context: ReadContext, programme_id: UUID) -> Select[Any]:
    """The settings of a programme that are in force, if it has any."""
    seen = visible(ProgrammeSettings, context)
    taken = select(seen).where(seen.c.programme_id == programme_id, seen.c.effective_on <= literal(context.today))
    return taken.order_by(seen.c.effective_on.desc(), seen.c.id.desc()).limit(1)
