"""Selects of suppliers."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.portfolio.suppliers import Supplier


def suppliers(context: ReadContext) -> Any:
    """The suppliers that the reader may see."""
    return visible(Supplier, context)
