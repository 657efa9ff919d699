"""Selects of suppliers."""

from typing import Any

from api.reader import Reader, readable
from domain.suppliers import Supplier


def suppliers(reader: Reader) -> Any:
    """The suppliers that the reader may see."""
    return readable(Supplier, reader)
