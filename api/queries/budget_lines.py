"""Selects of budget lines."""

from typing import Any

from api.reader import ReadContext, visible
from domain.budget_lines import BudgetLine


def budget_lines(context: ReadContext) -> Any:
    """The budget lines that the reader may see."""
    return visible(BudgetLine, context)
