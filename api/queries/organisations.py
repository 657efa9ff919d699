"""Selects of organisations."""

from typing import Any

from api.reader import Reader, readable
from domain.organisations import Organisation


def organisations(reader: Reader) -> Any:
    """The organisations that the reader may see."""
    return readable(Organisation, reader)
