"""Selects of budget lines."""

from typing import Any

from api.reader import Reader, readable
from domain.budget_lines import BudgetLine


def budget_lines(reader: Reader) -> Any:
    """The budget lines that the reader may see."""
    return readable(BudgetLine, reader)
