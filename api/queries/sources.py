"""Selects of sources."""

from typing import Any

from api.reader import ReadContext, visible
from domain.sources import Source


def sources(context: ReadContext) -> Any:
    """The sources that the reader may see."""
    return visible(Source, context)
