"""Selects of targets."""

from typing import Any

from api.reader import ReadContext, visible
from domain.targets import Target


def targets(context: ReadContext) -> Any:
    """The targets that the reader may see."""
    return visible(Target, context)
