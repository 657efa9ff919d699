"""Queries for trials."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.sessions import Session
from api.store.visibility import ReadContext, visible
from domain.portfolio.trials import Trial


async def site_clashes(session: Session, context: ReadContext, ids: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    """For each of these trials, the others that the reader may see at the same site on one of the same days, by id."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in (await session.execute(_pairs(context, ids))).all() if ids else ():
        found[row.id].append(row.other_id)
    return found


def _pairs(context: ReadContext, ids: Sequence[UUID]) -> Select[Any]:
    one, other = visible(Trial, context).alias(), visible(Trial, context).alias()
    overlap = (one.c.window_start <= other.c.window_end, other.c.window_start <= one.c.window_end)
    pairs = select(one.c.id, other.c.id.label("other_id")).join(other, other.c.site_id == one.c.site_id)
    return pairs.where(one.c.id.in_(ids), other.c.id != one.c.id, *overlap).order_by(one.c.id, other.c.id)
