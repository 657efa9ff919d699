"""Programmes (actieplannen): the plans that lots and challenges belong to."""

from collections.abc import Iterator
from typing import Unpack

from apos_client._keywords import ProgrammeFilters
from apos_client._lists import ItemList
from apos_client._models import Programme


class Programmes(ItemList[Programme]):
    """The programmes."""

    _path, _model = "/programmes", Programme

    def each(self, **filters: Unpack[ProgrammeFilters]) -> Iterator[Programme]:
        """Every programme, through all pages."""
        return self._each(filters)
