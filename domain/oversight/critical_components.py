"""Critical components (kritieke componenten): functions that decide staying power, and the Dutch position in each.

A judgement of that position needs a source. Components of a declared system belong to declarations.
"""

from sqlmodel import Field

from domain.base import MAX_TEXT, MAX_TITLE, Fact
from domain.errors import BrokenRule, Fault
from domain.withdrawals import Withdrawable, withdrawal_check


class CriticalComponent(Withdrawable, Fact, table=True):
    """A function without which unmanned systems cannot be kept in use. The position is null if nobody has judged it."""

    __tablename__ = "critical_components"
    __table_args__ = (withdrawal_check(),)

    function: str = Field(max_length=MAX_TITLE, index=True)
    dutch_position: str | None = Field(default=None, max_length=MAX_TEXT)


def check_judgement(*, dutch_position: str | None, source: str | None) -> None:
    """Refuses a judgement of the Dutch position without a source."""
    if dutch_position is not None and source is None:
        raise BrokenRule.at(Fault("/source", "name the source of this judgement, or leave the position out"))
