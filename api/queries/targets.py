"""Selects of targets."""

from typing import Any

from api.reader import Reader, readable
from domain.targets import Target


def targets(reader: Reader) -> Any:
    """The targets that the reader may see."""
    return readable(Target, reader)
