"""Budget lines (begrotingsregels): amounts of the state's budget that the letters name.

A line without a fund stands alone and enters no sum. Budgets of programmes, lots and challenges are theirs.
"""

from sqlmodel import Field

from domain.base import MAX_TITLE, EuroCents, Fact, amount_checks, column, one_of
from domain.money import Qualifier


class BudgetLine(Fact, table=True):
    """A line with its amount; null was not published."""

    __tablename__ = "budget_lines"
    __table_args__ = tuple(amount_checks("amount"))

    title: str = Field(max_length=MAX_TITLE, index=True)
    amount_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    amount_qualifier: Qualifier | None = Field(default=None, sa_type=one_of(Qualifier, "amount_qualifier"))
    fund: str | None = Field(default=None, max_length=40, index=True)
