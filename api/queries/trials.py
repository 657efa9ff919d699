"""Selects of trials."""

from typing import Any

from api.reader import ReadContext, visible
from domain.trials import Trial


def trials(context: ReadContext) -> Any:
    """The trials that the reader may see."""
    return visible(Trial, context)
