"""Programmes (actieplannen): the plans that lots and challenges belong to."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._keywords import ProgrammeFilters
from apos_client._lists import find
from apos_client._models import Programme


class Programmes:
    """The programmes."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ProgrammeFilters]) -> Iterator[Programme]:
        """Every programme, through all pages."""
        return self._exchange.each("/programmes", Programme, filters)

    def find(self, name: UUID | str) -> Programme:
        """The programme with this id or key. Raises NotFound."""
        return find(self._exchange, "/programmes", Programme, name)
