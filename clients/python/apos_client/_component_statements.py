"""Statements of components (onderdeelverklaringen): what a maker deeper in the chain declares to the programme office.

Its maker and the office read it whole. Whom it is shared with reads its verdict, and may attach it to a component of a
declaration (`Component.statement_id`). It enters no figure of a score.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from apos_client._exchange import Exchange, sent
from apos_client._keywords import ComponentFilters, ComponentStatementFilters, Sorted
from apos_client._lists import find, held, id_of
from apos_client._models import Amount, Component, ComponentStatement, Representative, StatementVerdict, Supplier

PATH = "/component-statements"


class ComponentStatements:
    """The statements you may see: a supplier its own; and the verdicts of those that are shared with it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ComponentStatementFilters]) -> Iterator[ComponentStatement]:
        """Every statement you may see, through all pages."""
        return self._exchange.each(PATH, ComponentStatement, filters)

    def find(self, statement: UUID | str) -> ComponentStatement:
        """The statement with this id. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, PATH, ComponentStatement, statement, None)

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
        """Sign a statement of a component, once; it never changes. `shared_with` are ids of suppliers."""
        body = {
            "supplierId": str(id_of(self._exchange, "/suppliers", Supplier, supplier)),
            "components": [component.document() for component in components],
            **sent({"name": name, "part_number": part_number, "total_component_cost": total_component_cost}),
            **sent({"valid_until": valid_until, "representative": representative}),
            "sharedWith": [str(each) for each in shared_with],
        }
        return self._exchange.add(PATH, body, ComponentStatement, idempotency_key)

    def share(
        self,
        statement: UUID | str,
        shared_with: Sequence[UUID | str],
        *,
        etag: str | None = None,
        reason: str | None = None,
    ) -> ComponentStatement:
        """Share a statement with these suppliers, by id, and no others. Without an `etag` it is read just before."""
        found, etag = held(self._exchange, PATH, ComponentStatement, statement, etag=etag, by=None)
        patch = {"sharedWith": [str(each) for each in shared_with]}
        return self._exchange.change(f"{PATH}/{found}", patch, ComponentStatement, etag=etag, reason=reason)

    def withdraw(
        self, statement: UUID | str, *, withdrawn_on: date, etag: str | None = None, reason: str | None = None
    ) -> ComponentStatement:
        """Withdraw a statement, today and for good: what was attached stays, and its verdict says so."""
        found, etag = held(self._exchange, PATH, ComponentStatement, statement, etag=etag, by=None)
        patch = sent({"withdrawn_on": withdrawn_on})
        return self._exchange.change(f"{PATH}/{found}", patch, ComponentStatement, etag=etag, reason=reason)

    def components(self, statement: UUID | str, **filters: Unpack[ComponentFilters]) -> Iterator[Component]:
        """Every component that a statement is made of, in the order in which they were given."""
        found = id_of(self._exchange, PATH, ComponentStatement, statement, None)
        return self._exchange.each(f"{PATH}/{found}/components", Component, filters)

    def verdict(self, statement: UUID | str) -> StatementVerdict:
        """Share, verdict and validity of a statement, by its id: what may be known by whom it is shared with."""
        found = id_of(self._exchange, PATH, ComponentStatement, statement, None)
        return self._exchange.read(f"{PATH}/{found}/verdict", StatementVerdict)

    def verdicts(self, **paging: Unpack[Sorted]) -> Iterator[StatementVerdict]:
        """Every verdict you may see: of your own statements, and of those that are shared with you."""
        return self._exchange.each("/component-verdicts", StatementVerdict, paging)
