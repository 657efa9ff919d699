"""Rankings (rangordes): the declarations of a lot or challenge in the order of fictitious prices, for the office."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from apos_client._answers import Amount, Answer, Resource
from apos_client._exchange import Exchange
from apos_client._lists import id_of

Parent = TypeVar("Parent", bound=Resource)


class KnockOutCount(Answer):
    """How many knock-outs there are of a kind."""

    code: str
    reason: str
    count: int


class KnockOutCounts(Answer):
    """The knock-outs that stand, and those that a waiver takes away."""

    standing: tuple[KnockOutCount, ...]
    waived: tuple[KnockOutCount, ...]


class PriceByMode(Answer):
    """What a price counts as: with the adjustment on the own price, and on the reference amount where there is one."""

    own_price: Amount | None
    reference_amount: Amount | None


class RankedDeclaration(Answer):
    """A declaration in its place; `unranked` says why it has none: knockOut or noPrice."""

    rank: int | None
    unranked: str | None
    declaration_id: UUID
    supplier_id: UUID
    supplier_name: str
    status: str
    revision: int
    scheme_version: str
    reference_date: date
    score: str | None
    adjustment_percent: str
    price: Amount | None
    fictitious_price: PriceByMode
    knock_outs: KnockOutCounts
    edip_verdict: str


class Ranking(Answer):
    """The declarations that stand, in order. `decided_by` is ownPrice or referenceAmount; no day: by the stored scores."""

    decided_by: str
    reference_amount: Amount | None
    reference_date: date | None
    items: tuple[RankedDeclaration, ...]


def read_ranking(
    exchange: Exchange, path: str, kind: type[Parent], name: UUID | str, reference_date: date | None
) -> Ranking:
    """The ranking of the lot or challenge with this id or key."""
    place = f"{path}/{id_of(exchange, path, kind, name)}/ranking"
    return exchange.read(place, Ranking, reference_date=reference_date)
