"""Suppliers."""

from typing import Any

from domain.suppliers import Supplier
from tests.factories.rows import a_row


def a_supplier(**named: Any) -> Supplier:
    """A company whose name is confidential."""
    return a_row(Supplier, named, name="Voorbeeld Aandrijvingen")
