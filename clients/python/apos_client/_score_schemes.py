"""Score schemes: the versions of the bonus-malus scheme, whole, for everyone to compute with."""

from collections.abc import Iterator
from typing import Any, Unpack
from uuid import UUID

from pydantic import Field

from apos_client._answers import Resource
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find


class ScoreScheme(Resource):
    """A version of the scheme. `content` is the whole of it, as data: weights, country groups and lists, limits."""

    scheme_version: str
    country_list_version: str
    algorithm: str
    status: str
    digest: str
    content: dict[str, Any] = Field(alias="document")


class ScoreSchemeFilters(Sorted, total=False):
    """By what schemes can be listed."""

    scheme_version: str


class ScoreSchemes:
    """The versions of the scheme; their numbers are proposals, because the letters give none."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ScoreSchemeFilters]) -> Iterator[ScoreScheme]:
        """Every version, through all pages."""
        return self._exchange.each("/score-schemes", ScoreScheme, filters)

    def find(self, name: UUID | str) -> ScoreScheme:
        """The scheme with this id or version, such as BM-1.0. Raises NotFound."""
        return find(self._exchange, "/score-schemes", ScoreScheme, name, "scheme_version")
