"""Selects of sources."""

from typing import Any

from api.reader import Reader, readable
from domain.sources import Source


def sources(reader: Reader) -> Any:
    """The sources that the reader may see."""
    return readable(Source, reader)
