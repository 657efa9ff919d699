"""Selects of critical components."""

from typing import Any

from api.reader import Reader, readable
from domain.critical_components import CriticalComponent


def critical_components(reader: Reader) -> Any:
    """The critical components that the reader may see."""
    return readable(CriticalComponent, reader)
