"""Lots (kavels): an operational effect on which Defence works for years with several companies."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, Unpack
from uuid import UUID

from apos_client._answers import Answer, Budget, Colours, DeliveryConfidence, Resource, SlipDays, Window
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find
from apos_client._rankings import Ranking, read_ranking
from apos_client._references import Reference
from apos_client._scoring_profiles import PublishedProfile, ScoringProfile, publish_profile, read_profile

LotStatus = Literal[
    "exploring", "marketDialogue", "approved", "running", "paused", "phasingOut", "completed", "terminated"
]
OperationalDomain = Literal["land", "sea", "air", "space", "cyber", "joint"]
CooperationForm = Literal["competition", "longTermCooperation", "strategicPartnership", "challengeFollowOn"]


class Cooperation(Answer):
    """Countries worked with, at the level of ministers and of officials."""

    ministerial: tuple[str, ...] = ()
    official: tuple[str, ...] = ()


class Lot(Resource):
    """A lot as your role sees it; colours and budget are for the programme office, assessors and auditors."""

    key: str | None = None
    programme_id: UUID | None = None
    code: str
    title: str
    effect: str | None = None
    effect_published: str | None = None
    domain: str | None = None
    owner_id: UUID | None = None
    period: Window | None = None
    budget: Budget | None = None
    status: str
    has_run: bool | None = None
    cooperation_form: str | None = None
    contains_ai: bool | None = None
    principles: tuple[str, ...] = ()
    cooperation: Cooperation | None = None
    references: tuple[Reference, ...] = ()
    replaced_by: UUID | None = None
    delivery_confidence: DeliveryConfidence | None = None
    colours: Colours | None = None
    slip_days: SlipDays | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class LotFilters(Sorted, total=False):
    """By what lots can be listed."""

    programme_id: UUID | str
    status: LotStatus
    domain: OperationalDomain
    owner_id: UUID | str
    cooperation_form: CooperationForm
    contains_ai: bool
    key: str
    code: str
    source: str
    reference: str


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
