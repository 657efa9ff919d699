"""Selects of programmes and of their settings in force."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.database import Session
from api.reader import Reader, for_each_reader, readable
from domain.programmes import AMBER_UP_TO_DAYS, Programme, ProgrammeSettings


def programmes(reader: Reader) -> Any:
    """The programmes that the reader may see."""
    return readable(Programme, reader)


def settings(reader: Reader) -> Any:
    """Every settings row that the reader may see."""
    return readable(ProgrammeSettings, reader)


@for_each_reader
def in_force(reader: Reader) -> Select[Any]:
    """Settings that have taken effect, the older first, so that the last of a programme is the one in force."""
    seen = readable(ProgrammeSettings, reader)
    return select(seen).where(seen.c.effective_on <= reader.today).order_by(seen.c.effective_on, seen.c.id)


async def amber_limits(session: Session, reader: Reader) -> "AmberLimits":
    """How many days of slip are amber, for every programme."""
    rows = (await session.execute(in_force(reader))).mappings()
    return AmberLimits({row["programme_id"]: row["amber_up_to_days"] for row in rows})


class AmberLimits:
    """Days of slip that are amber, by programme; the letters' own threshold where a programme has set none."""

    def __init__(self, of_programme: dict[UUID, int]) -> None:
        self._of_programme = of_programme

    def __getitem__(self, programme_id: UUID) -> int:
        return self._of_programme.get(programme_id, AMBER_UP_TO_DAYS)
