"""Selects of targets."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.registers import Target


def targets(context: ReadContext) -> Any:
    """The targets that the reader may see."""
    return visible(Target, context)
