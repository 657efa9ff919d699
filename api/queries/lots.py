"""Selects of lots and their partners."""

from typing import Any

from sqlalchemy import select

from api.reader import Reader, readable, supplier_names
from domain.lots import Lot, LotPartner


def lots(reader: Reader) -> Any:
    """The lots that the reader may see."""
    return readable(Lot, reader)


def partners(reader: Reader) -> Any:
    """The partners that the reader may see, by name."""
    partner, supplier = readable(LotPartner, reader), supplier_names()
    named = select(partner, supplier.c.name.label("supplier_name"))
    return named.join(supplier, supplier.c.id == partner.c.supplier_id).subquery()
