"""Lots (kavels): an operational effect on which Defence works for years with several companies."""

from collections.abc import Iterator
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._keywords import LotFilters
from apos_client._lists import find
from apos_client._models import Lot, PublishedProfile, Ranking, ScoringProfile
from apos_client._rankings import read_ranking
from apos_client._scoring_profiles import publish_profile, read_profile


class Lots:
    """The lots you may see: a supplier sees those it takes part in, a viewer what is public."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[LotFilters]) -> Iterator[Lot]:
        """Every lot you may see, through all pages."""
        return self._exchange.each("/lots", Lot, filters)

    def find(self, name: UUID | str) -> Lot:
        """The lot with this id or key. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, "/lots", Lot, name)

    def ranking(self, lot: UUID | str, *, reference_date: date | None = None) -> Ranking:
        """The declarations that stand for a lot, by their stored scores or those of a day; for the office."""
        return read_ranking(self._exchange, "/lots", Lot, lot, reference_date)

    def scoring_profile(self, lot: UUID | str) -> PublishedProfile:
        """What declarations for a lot are scored on. Raises NotFound where none was published yet."""
        return read_profile(self._exchange, "/lots", Lot, lot)

    def publish_scoring_profile(
        self, lot: UUID | str, profile: ScoringProfile, *, etag: str | None = None, reason: str | None = None
    ) -> PublishedProfile:
        """Say what declarations for a lot are scored on. Raises Conflict once it is frozen.

        `etag` is that of the lot as you read it: Stale is raised when somebody changed it since. Without it
        it is read just before. It is frozen when the lot runs, or when the first declaration is submitted.
        """
        return publish_profile(self._exchange, "/lots", Lot, lot, profile, etag=etag, reason=reason)
