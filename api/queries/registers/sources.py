"""Selects of sources."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.registers import Source


def sources(context: ReadContext) -> Any:
    """The sources that the reader may see."""
    return visible(Source, context)
