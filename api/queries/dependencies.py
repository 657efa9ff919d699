"""Selects of dependencies and their safeguards."""

from typing import Any

from api.reader import Reader, readable
from domain.dependencies import Dependency, Safeguard


def dependencies(reader: Reader) -> Any:
    """The dependencies that the reader may see."""
    return readable(Dependency, reader)


def safeguards(reader: Reader) -> Any:
    """The safeguards that the reader may see."""
    return readable(Safeguard, reader)
