"""Selects of organisations."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.registers import Organisation


def organisations(context: ReadContext) -> Any:
    """The organisations that the reader may see."""
    return visible(Organisation, context)
