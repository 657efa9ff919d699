"""Sources."""

from typing import Any

from domain.registers import Source
from tests.factories.rows import a_row


def a_source(**named: Any) -> Source:
    """A published letter."""
    return a_row(Source, named, key="apos-progress-2026", title="Kamerbrief voortgang APOS")
