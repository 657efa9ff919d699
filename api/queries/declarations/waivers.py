"""Queries for waivers of knock-outs."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.declarations.waivers import Waiver


def newest_first(context: ReadContext, declaration_ids: Collection[UUID]) -> Select[Any]:
    """The waivers of these declarations, the last recorded first."""
    seen = visible(Waiver, context)
    of_these = select(seen).where(seen.c.declaration_id.in_(declaration_ids))
    return of_these.order_by(seen.c.recorded_at.desc(), seen.c.id.desc())


def ids(context: ReadContext) -> Select[Any]:
    """The ids of all waivers, each with its declaration."""
    seen = visible(Waiver, context)
    return select(seen.c.id, seen.c.declaration_id)
