"""Programmes (actieplannen): the plans that lots and challenges belong to."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._answers import Budget, Resource
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find


class Programme(Resource):
    """A plan with a purpose, action lines and a budget; None: not published."""

    key: str | None = None
    code: str
    title: str
    purpose: str | None = None
    action_lines: tuple[str, ...] = ()
    budget: Budget | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class ProgrammeFilters(Sorted, total=False):
    """By what programmes can be listed."""

    key: str
    code: str


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
