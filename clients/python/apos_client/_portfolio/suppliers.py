"""Suppliers (leveranciers): companies that deliver or compete."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import ConsentFilters, ConsentScope, NameBasis, SupplierChanges, SupplierFilters
from apos_client._lists import ItemList
from apos_client._models import Consent, Supplier


class Suppliers(ItemList[Supplier]):
    """The suppliers you may see: a supplier sees itself, a viewer those whose name is public."""

    _path, _model = "/suppliers", Supplier

    def each(self, **filters: Unpack[SupplierFilters]) -> Iterator[Supplier]:
        """Every supplier you may see, through all pages."""
        return self._each(filters)

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
        """Add a supplier, once, even if the answer is lost on the way. Without a `name_basis` its name is confidential."""
        supplier = {"name": name, "key": key, "country": country, "name_basis": name_basis}
        return self._add({**supplier, "source": source, "note": note, "readings": readings}, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[SupplierChanges],
    ) -> Supplier:
        """Change fields of a supplier. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def find_consent(self, supplier: UUID | str, consent: UUID | str) -> Consent:
        """A consent of a supplier, by its id. Raises NotFound."""
        return self._find_part(supplier, "consents", Consent, consent)

    def consents(self, supplier: UUID | str, **filters: Unpack[ConsentFilters]) -> Iterator[Consent]:
        """Every consent of a supplier to be named, withdrawn ones included."""
        return self._connection.each(self._path_to(supplier, "consents"), Consent, filters)

    def give_consent(
        self,
        supplier: UUID | str,
        *,
        scope: ConsentScope,
        given_on: date,
        note: str | None = None,
        idempotency_key: str | None = None,
    ) -> Consent:
        """Record that a supplier agrees to be named, to whom, and from which day; once."""
        body = body_of({"scope": scope, "given_on": given_on, "note": note})
        return self._connection.add(self._path_to(supplier, "consents"), body, Consent, idempotency_key)

    def withdraw_consent(
        self,
        supplier: UUID | str,
        consent: UUID | str,
        *,
        withdrawn_on: date,
        etag: str | None = None,
        reason: str | None = None,
    ) -> Consent:
        """Record that a supplier withdraws a consent, named by its id. Without `etag` it is read first."""
        changed = {"withdrawn_on": withdrawn_on}
        return self._change_part(supplier, "consents", Consent, consent, changed, etag=etag, reason=reason)
