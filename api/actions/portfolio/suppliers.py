"""Writes of suppliers and their consents: a supplier's name is public only on a recorded basis."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.actions.registers.facts import add_fact, change_fact
from api.queries.portfolio import consents as queries
from api.store.ledger import Write
from domain.portfolio.consents import Consent, ConsentScope, check_consent, check_withdrawal
from domain.portfolio.suppliers import NameBasis, Supplier, check_basis, check_consented


async def add_supplier(write: Write, supplier: Supplier) -> Supplier:
    """Adds a supplier; it cannot have consented yet."""
    check_basis(name_basis=supplier.name_basis, source=supplier.source)
    check_consented(before=None, after=supplier.name_basis, consented=False)
    return await add_fact(write, supplier)


async def change_supplier(write: Write, before: Supplier, values: Mapping[str, Any]) -> Supplier:
    """Changes a supplier; if its name is public after the change, the basis for that must be recorded."""
    after = Supplier(**{**before.model_dump(), **values})
    if (after.name_basis, after.source) != (before.name_basis, before.source):
        check_basis(name_basis=after.name_basis, source=after.source)
    found = await write.session.execute(queries.in_force(write.context, before.id, ConsentScope.PUBLIC))
    check_consented(before=before.name_basis, after=after.name_basis, consented=found.first() is not None)
    return await change_fact(write, before, values)


async def add_consent(write: Write, consent: Consent) -> Consent:
    """Records a consent; a consent to be named in public makes the name public if it was not yet."""
    supplier = await write.load(Supplier, consent.supplier_id)
    check_consent(given_on=consent.given_on, withdrawn_on=consent.withdrawn_on, today=write.today)
    if consent.scope is ConsentScope.PUBLIC and supplier.name_basis is None:
        await write.ledger.change(supplier, {"name_basis": NameBasis.CONSENT})
    return await write.ledger.add(consent)


async def lock_consent(write: Write, supplier_id: UUID, consent_id: UUID) -> tuple[Supplier, Consent]:
    """A consent and its supplier, locked for a change in the same order as `add_consent` locks them."""
    supplier = await write.load(Supplier, supplier_id)
    return supplier, await write.load(Consent, consent_id, supplier_id=supplier_id)


async def change_consent(write: Write, supplier: Supplier, before: Consent, values: Mapping[str, Any]) -> Consent:
    """Withdraws a consent; a name that was public because of it is confidential from then on."""
    after = Consent(**{**before.model_dump(), **values})
    check_withdrawal(before=before.withdrawn_on, after=after.withdrawn_on)
    check_consent(given_on=after.given_on, withdrawn_on=after.withdrawn_on, today=write.today)
    ends = before.withdrawn_on is None and after.withdrawn_on is not None
    if ends and before.scope is ConsentScope.PUBLIC and supplier.name_basis is NameBasis.CONSENT:
        await write.ledger.change(supplier, {"name_basis": None})
    return await write.update_if_changed(before, values)
