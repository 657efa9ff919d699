"""Selects of lots and their partners."""

from typing import Any

from api.reader import Reader, readable
from domain.lots import Lot, LotPartner


def lots(reader: Reader) -> Any:
    """The lots that the reader may see."""
    return readable(Lot, reader)


def partners(reader: Reader) -> Any:
    """The partners that the reader may see."""
    return readable(LotPartner, reader)
