"""Queries for the settings of programmes that are in force."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.select_cache import cached_per_context
from api.store.sessions import Session
from api.store.visibility import ReadContext, visible
from domain.portfolio.programmes import AMBER_UP_TO_DAYS, ProgrammeSettings


@cached_per_context
def in_force(context: ReadContext) -> Select[Any]:
    """Settings that have taken effect, oldest first: the last one of a programme is in force."""
    seen = visible(ProgrammeSettings, context)
    return select(seen).where(seen.c.effective_on <= context.today).order_by(seen.c.effective_on, seen.c.id)


async def amber_limits(session: Session, context: ReadContext) -> "AmberLimits":
    """Up to how many days of slip are amber, for every programme."""
    rows = (await session.execute(in_force(context))).mappings()
    return AmberLimits((row["programme_id"], row["effective_on"], row["amber_up_to_days"]) for row in rows)


class AmberLimits:
    """Up to how many days of slip are amber, by programme and day; the threshold of the letters where it has set none."""

    def __init__(self, settings: Iterable[tuple[UUID, date, int]]) -> None:
        self._of_programme: defaultdict[UUID, list[tuple[date, int]]] = defaultdict(list)
        for programme_id, effective_on, days in settings:
            self._of_programme[programme_id].append((effective_on, days))

    def on(self, programme_id: UUID, day: date) -> int:
        """The threshold of a programme on a day: that of the last of its settings that had taken effect."""
        settings = reversed(self._of_programme.get(programme_id, ()))
        return next((days for effective_on, days in settings if effective_on <= day), AMBER_UP_TO_DAYS)
