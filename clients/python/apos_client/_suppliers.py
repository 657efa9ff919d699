"""Suppliers (leveranciers): companies that deliver or compete."""

from collections.abc import Iterator, Sequence
from typing import Literal, Unpack
from uuid import UUID

from apos_client._answers import Resource
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find

NameBasis = Literal["consent", "publishedSource"]


class Supplier(Resource):
    """A company; `name_basis` says why its name is public, None: it is confidential."""

    key: str | None = None
    name: str
    country: str | None = None
    name_basis: str | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class SupplierFilters(Sorted, total=False):
    """By what suppliers can be listed."""

    key: str
    country: str
    name_basis: NameBasis


class Suppliers:
    """The suppliers you may see: a supplier sees itself, a viewer those whose name is public."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[SupplierFilters]) -> Iterator[Supplier]:
        """Every supplier you may see, through all pages."""
        return self._exchange.each("/suppliers", Supplier, filters)

    def find(self, name: UUID | str) -> Supplier:
        """The supplier with this id or key. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, "/suppliers", Supplier, name)

    def add(
        self,
        name: str,
        *,
        key: str | None = None,
        country: str | None = None,
        name_basis: NameBasis | None = None,
        source: str | None = None,
        note: str | None = None,
        readings: Sequence[str] = (),
        idempotency_key: str | None = None,
    ) -> Supplier:
        """Record a supplier, once, also when the answer is lost on the way; without a basis its name stays confidential."""
        body = {
            "name": name,
            "key": key,
            "country": country,
            "nameBasis": name_basis,
            "source": source,
            "note": note,
            "readings": list(readings),
        }
        return self._exchange.add("/suppliers", body, Supplier, idempotency_key)
