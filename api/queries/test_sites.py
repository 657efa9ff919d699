"""Selects of test sites."""

from typing import Any

from api.reader import Reader, readable
from domain.test_sites import TestSite


def test_sites(reader: Reader) -> Any:
    """The test sites that the reader may see."""
    return readable(TestSite, reader)
