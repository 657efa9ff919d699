"""Suppliers and their consents."""

from datetime import date
from typing import Any

from domain.base import new_id
from domain.portfolio.consents import Consent, ConsentScope
from domain.portfolio.suppliers import Supplier
from tests.factories.rows import a_row


def a_supplier(**named: Any) -> Supplier:
    """A company whose name is confidential."""
    return a_row(Supplier, named, name="Voorbeeld Aandrijvingen")


def a_consent(**named: Any) -> Consent:
    """A consent to be named in public, by a supplier of its own, that holds."""
    fixed = {"scope": ConsentScope.PUBLIC, "given_on": date(2026, 11, 1)}
    return a_row(Consent, named, supplier_id=new_id(), **fixed)
