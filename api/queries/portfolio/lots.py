"""Queries for lots and their partners."""

from typing import Any

from sqlalchemy import select

from api.store.visibility import ReadContext, supplier_names, visible, visible_with_withdrawn
from domain.portfolio.lots import LotPartner


def partners(context: ReadContext, *, withdrawn: bool) -> Any:
    """The partners that the reader may see, by name; with `withdrawn`, those that were entered in error too."""
    partner = (visible_with_withdrawn if withdrawn else visible)(LotPartner, context)
    supplier = supplier_names()
    named = select(partner, supplier.c.name.label("supplier_name"))
    return named.join(supplier, supplier.c.id == partner.c.supplier_id).subquery()
