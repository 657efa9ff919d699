"""Component statements (onderdeelverklaringen): what a maker deeper in the chain declares to the programme office.

Its maker and the programme office read it whole. A supplier with whom it is shared reads its verdict, and may attach it to a
component of a declaration (`Component.statement_id`). It enters no figure of a score.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._keywords import ComponentFilters, ComponentStatementFilters, StatementVerdictFilters
from apos_client._lists import ItemList, id_of
from apos_client._models import Amount, Component, ComponentStatement, Representative, StatementVerdict, Supplier


class ComponentStatements(ItemList[ComponentStatement]):
    """The statements you may see: a supplier its own; and the verdicts of those that are shared with it."""

    _path, _model, _key = "/component-statements", ComponentStatement, None

    def each(self, **filters: Unpack[ComponentStatementFilters]) -> Iterator[ComponentStatement]:
        """Every statement you may see, through all pages."""
        return self._each(filters)

    def make(
        self,
        name: str,
        components: Sequence[Component],
        *,
        supplier: UUID | str,
        total_component_cost: Amount,
        representative: Representative,
        part_number: str | None = None,
        valid_until: date | None = None,
        shared_with: Sequence[UUID | str] = (),
        idempotency_key: str | None = None,
    ) -> ComponentStatement:
        """Sign a statement of a component, once; its content never changes. `shared_with` are ids of suppliers."""
        signed = {"name": name, "part_number": part_number, "total_component_cost": total_component_cost}
        terms = {"valid_until": valid_until, "shared_with": shared_with, "representative": representative}
        maker = {"supplier_id": id_of(self._connection, "/suppliers", Supplier, supplier)}
        return self._add({**maker, **signed, "components": components, **terms}, idempotency_key)

    def share(
        self,
        statement: UUID | str,
        shared_with: Sequence[UUID | str],
        *,
        etag: str | None = None,
        reason: str | None = None,
    ) -> ComponentStatement:
        """Share a statement with these suppliers, by id, and with no others. Without `etag` it is read first."""
        return self._change(statement, {"shared_with": shared_with}, etag, reason)

    def withdraw(
        self, statement: UUID | str, *, withdrawn_on: date, etag: str | None = None, reason: str | None = None
    ) -> ComponentStatement:
        """Withdraw a statement, today and for good. Where it is attached it stays, and its verdict says so."""
        return self._change(statement, {"withdrawn_on": withdrawn_on}, etag, reason)

    def components(self, statement: UUID | str, **filters: Unpack[ComponentFilters]) -> Iterator[Component]:
        """Every component of a statement, in the order in which they were given."""
        return self._connection.each(self._path_to(statement, "components"), Component, filters)

    def verdict(self, statement: UUID | str) -> StatementVerdict:
        """Share, verdict and validity of a statement: all that a supplier with whom it is shared may know."""
        return self._connection.get(self._path_to(statement, "verdict"), StatementVerdict)

    def verdicts(self, **filters: Unpack[StatementVerdictFilters]) -> Iterator[StatementVerdict]:
        """Every verdict you may see: of your own statements, and of those that are shared with you."""
        return self._connection.each("/component-verdicts", StatementVerdict, filters)
