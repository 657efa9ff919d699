"""Lots (kavels): operational effects on which Defence works for years with several companies."""

from collections.abc import Iterator
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._keywords import LotChanges, LotFilters, NewLot, PartnerFilters, PartnerRole
from apos_client._lists import id_of
from apos_client._models import Lot, Partner, Supplier, Withdrawal
from apos_client._portfolio.parents import Parents


class Lots(Parents[Lot]):
    """The lots you may see: a supplier sees those it takes part in, a viewer what is public."""

    _path, _model = "/lots", Lot

    def each(self, **filters: Unpack[LotFilters]) -> Iterator[Lot]:
        """Every lot you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewLot]) -> Lot:
        """Add a lot, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[LotChanges],
    ) -> Lot:
        """Change fields of a lot. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def partners(self, lot: UUID | str, **filters: Unpack[PartnerFilters]) -> Iterator[Partner]:
        """The partners of a lot that you may see, those that ended included."""
        return self._connection.each(self._path_to(lot, "partners"), Partner, filters)

    def find_partner(self, lot: UUID | str, partner: UUID | str) -> Partner:
        """A partner of a lot, by the id of its part in it. Raises NotFound."""
        return self._find_part(lot, "partners", Partner, partner)

    def add_partner(
        self, lot: UUID | str, supplier: UUID | str, *, role: PartnerRole, idempotency_key: str | None = None
    ) -> Partner:
        """Let a supplier take part in a lot, once; from then on it sees the lot. Both are named by id or key."""
        body = {"supplierId": str(id_of(self._connection, "/suppliers", Supplier, supplier)), "role": role}
        return self._connection.add(self._path_to(lot, "partners"), body, Partner, idempotency_key)

    def end_partner(
        self,
        lot: UUID | str,
        partner: UUID | str,
        *,
        ended_on: date | None,
        etag: str | None = None,
        reason: str | None = None,
    ) -> Partner:
        """End the part of a supplier in a lot on a day; None lets it go on. It is named by the id of the part."""
        return self._change_part(lot, "partners", Partner, partner, {"ended_on": ended_on}, etag=etag, reason=reason)

    def withdraw_partner(
        self,
        lot: UUID | str,
        partner: UUID | str,
        *,
        on: date,
        reason: str,
        authority: str,
        idempotency_key: str | None = None,
    ) -> Withdrawal:
        """Withdraw a part that was entered in error, for good and once; the supplier no longer sees the lot by it."""
        return self._withdraw_part(
            lot,
            "partners",
            partner,
            on=on,
            reason=reason,
            authority=authority,
            idempotency_key=idempotency_key,
        )
