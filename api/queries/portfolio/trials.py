"""Selects of trials."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.portfolio.trials import Trial


def trials(context: ReadContext) -> Any:
    """The trials that the reader may see."""
    return visible(Trial, context)
