"""Selects of test sites."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.registers import TestSite


def test_sites(context: ReadContext) -> Any:
    """The test sites that the reader may see."""
    return visible(TestSite, context)
