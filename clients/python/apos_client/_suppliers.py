"""Suppliers (leveranciers): companies that deliver or compete."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange, sent
from apos_client._keywords import ConsentFilters, ConsentScope, NameBasis, SupplierFilters
from apos_client._lists import find, held, id_of
from apos_client._models import Consent, Supplier


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

    def consents(self, supplier: UUID | str, **filters: Unpack[ConsentFilters]) -> Iterator[Consent]:
        """Every consent of a supplier to be named, withdrawn ones included."""
        return self._exchange.each(self._consents(supplier), Consent, filters)

    def give_consent(
        self,
        supplier: UUID | str,
        *,
        scope: ConsentScope,
        given_on: date,
        note: str | None = None,
        idempotency_key: str | None = None,
    ) -> Consent:
        """Record that a supplier agrees to be named, to whom, from which day; once."""
        body = sent({"scope": scope, "given_on": given_on, "note": note})
        return self._exchange.add(self._consents(supplier), body, Consent, idempotency_key)

    def withdraw_consent(
        self,
        supplier: UUID | str,
        consent: UUID | str,
        *,
        withdrawn_on: date,
        etag: str | None = None,
        reason: str | None = None,
    ) -> Consent:
        """Record that a supplier withdraws a consent, named by its id. Without an `etag` it is read just before."""
        path = self._consents(supplier)
        found, etag = held(self._exchange, path, Consent, consent, etag=etag, by=None)
        patch = sent({"withdrawn_on": withdrawn_on})
        return self._exchange.change(f"{path}/{found}", patch, Consent, etag=etag, reason=reason)

    def _consents(self, supplier: UUID | str) -> str:
        return f"/suppliers/{id_of(self._exchange, '/suppliers', Supplier, supplier)}/consents"
