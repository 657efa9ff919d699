"""Selects of critical components."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.oversight.critical_components import CriticalComponent


def critical_components(context: ReadContext) -> Any:
    """The critical components that the reader may see."""
    return visible(CriticalComponent, context)
