"""Selects of suppliers."""

from typing import Any

from api.reader import ReadContext, visible
from domain.suppliers import Supplier


def suppliers(context: ReadContext) -> Any:
    """The suppliers that the reader may see."""
    return visible(Supplier, context)
