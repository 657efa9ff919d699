"""Selects of organisations."""

from typing import Any

from api.reader import ReadContext, visible
from domain.organisations import Organisation


def organisations(context: ReadContext) -> Any:
    """The organisations that the reader may see."""
    return visible(Organisation, context)
