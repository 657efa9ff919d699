"""Selects of dependencies and their safeguards."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.oversight.dependencies import Dependency, Safeguard


def dependencies(context: ReadContext) -> Any:
    """The dependencies that the reader may see."""
    return visible(Dependency, context)


def safeguards(context: ReadContext) -> Any:
    """The safeguards that the reader may see."""
    return visible(Safeguard, context)
