"""Rankings (rangordes): the declarations of a lot or challenge in the order of fictitious prices, for the office."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from apos_client._base import Resource
from apos_client._exchange import Exchange
from apos_client._lists import id_of
from apos_client._models import Ranking

Parent = TypeVar("Parent", bound=Resource)


def read_ranking(
    exchange: Exchange, path: str, kind: type[Parent], name: UUID | str, reference_date: date | None
) -> Ranking:
    """The ranking of the lot or challenge with this id or key."""
    place = f"{path}/{id_of(exchange, path, kind, name)}/ranking"
    return exchange.read(place, Ranking, reference_date=reference_date)
