"""Programmes (actieplannen): the plans that lots and challenges belong to, and their settings with dates of effect."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import (
    NestedMilestoneFilters,
    NewMilestone,
    NewProgramme,
    NewSettings,
    ProgrammeChanges,
    ProgrammeFilters,
    Sorted,
)
from apos_client._lists import ItemList
from apos_client._models import Milestone, Programme, ProgrammeSettings


class Programmes(ItemList[Programme]):
    """The programmes."""

    _path, _model = "/programmes", Programme

    def each(self, **filters: Unpack[ProgrammeFilters]) -> Iterator[Programme]:
        """Every programme, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewProgramme]) -> Programme:
        """Add a programme, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[ProgrammeChanges],
    ) -> Programme:
        """Change fields of a programme. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def milestones(self, programme: UUID | str, **filters: Unpack[NestedMilestoneFilters]) -> Iterator[Milestone]:
        """Every milestone of a programme that you may see."""
        return self._connection.each(self._path_to(programme, "milestones"), Milestone, filters)

    def add_milestone(
        self, programme: UUID | str, *, idempotency_key: str | None = None, **fields: Unpack[NewMilestone]
    ) -> Milestone:
        """Add a milestone to a programme, once, even if the answer is lost on the way."""
        path = self._path_to(programme, "milestones")
        return self._connection.add(path, body_of(fields), Milestone, idempotency_key)

    def settings(self, programme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[ProgrammeSettings]:
        """Every record of the settings of a programme; of those in effect, the latest apply."""
        return self._connection.each(self._path_to(programme, "settings"), ProgrammeSettings, paging)

    def find_settings(self, programme: UUID | str, settings: UUID | str) -> ProgrammeSettings:
        """One record of the settings of a programme, by its id. Raises NotFound."""
        return self._find_part(programme, "settings", ProgrammeSettings, settings)

    def add_settings(
        self, programme: UUID | str, *, idempotency_key: str | None = None, **fields: Unpack[NewSettings]
    ) -> ProgrammeSettings:
        """Record settings of a programme that apply from a day, once."""
        path = self._path_to(programme, "settings")
        return self._connection.add(path, body_of(fields), ProgrammeSettings, idempotency_key)
