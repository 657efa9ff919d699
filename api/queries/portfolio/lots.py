"""Queries for lots and their partners."""

from typing import Any

from sqlalchemy import select

from api.store.visibility import ReadContext, supplier_names, visible
from domain.portfolio.lots import LotPartner


def partners(context: ReadContext) -> Any:
    """The partners that the reader may see, by name."""
    partner, supplier = visible(LotPartner, context), supplier_names()
    named = select(partner, supplier.c.name.label("supplier_name"))
    return named.join(supplier, supplier.c.id == partner.c.supplier_id).subquery()
