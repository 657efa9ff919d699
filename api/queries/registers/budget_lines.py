"""Selects of budget lines."""

from typing import Any

from api.store.visibility import ReadContext, visible
from domain.registers import BudgetLine


def budget_lines(context: ReadContext) -> Any:
    """The budget lines that the reader may see."""
    return visible(BudgetLine, context)
