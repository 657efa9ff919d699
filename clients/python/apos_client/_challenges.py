"""Challenges (industry challenges): a budgeted contest for an effect nobody can deliver yet."""

from collections.abc import Iterator
from typing import Literal, Unpack
from uuid import UUID

from apos_client._answers import Budget, Colours, DeliveryConfidence, Resource, SlipDays
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find

ChallengeStatus = Literal["announced", "open", "running", "trial", "decided", "closed"]


class Challenge(Resource):
    """A challenge as your role sees it; colours and budget are for the programme office, assessors and auditors."""

    key: str | None = None
    programme_id: UUID | None = None
    code: str
    title: str
    effect: str | None = None
    effect_published: str | None = None
    budget: Budget | None = None
    status: str
    delivery_confidence: DeliveryConfidence | None = None
    colours: Colours | None = None
    slip_days: SlipDays | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class ChallengeFilters(Sorted, total=False):
    """By what challenges can be listed."""

    programme_id: UUID | str
    status: ChallengeStatus
    key: str
    code: str
    source: str


class Challenges:
    """The challenges you may see: a supplier sees those it entered, a viewer what is public."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ChallengeFilters]) -> Iterator[Challenge]:
        """Every challenge you may see, through all pages."""
        return self._exchange.each("/challenges", Challenge, filters)

    def find(self, name: UUID | str) -> Challenge:
        """The challenge with this id or key. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, "/challenges", Challenge, name)
