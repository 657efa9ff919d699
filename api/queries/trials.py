"""Selects of trials."""

from typing import Any

from api.reader import Reader, readable
from domain.trials import Trial


def trials(reader: Reader) -> Any:
    """The trials that the reader may see."""
    return readable(Trial, reader)
