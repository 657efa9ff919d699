"""Queries for waivers of knock-outs and their confirmations."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Select, select

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.declarations.waivers import Waiver, WaiverConfirmation


@cached_per_context
def waivers(context: ReadContext) -> FromClause:
    """The waivers that the reader may see, each with the moment of its confirmation, null while it is only proposed."""
    seen, confirmed = visible(Waiver, context), visible(WaiverConfirmation, context)
    joined = seen.outerjoin(confirmed, confirmed.c.waiver_id == seen.c.id)
    return select(seen, confirmed.c.confirmed_at).select_from(joined).subquery()


def confirmation_of(context: ReadContext, waiver_id: UUID) -> Select[Any]:
    """The confirmation of a waiver."""
    seen = visible(WaiverConfirmation, context)
    return select(seen.c.id).where(seen.c.waiver_id == waiver_id)


def newest_first(context: ReadContext, declaration_ids: Collection[UUID]) -> Select[Any]:
    """The confirmed waivers of these declarations, the last confirmed first."""
    seen = waivers(context)
    of_these = select(seen).where(seen.c.declaration_id.in_(declaration_ids), seen.c.confirmed_at.is_not(None))
    return of_these.order_by(seen.c.confirmed_at.desc(), seen.c.id.desc())


def ids(context: ReadContext) -> Select[Any]:
    """The ids of all confirmed waivers, each with its declaration."""
    seen = waivers(context)
    return select(seen.c.id, seen.c.declaration_id).where(seen.c.confirmed_at.is_not(None))
