"""Money as the letters print it (bedrag): whole euro cents with a qualifier, and a fund for budgets.

An amount that was not published is `None`: never 0, and it never enters a sum. Sums are made within one fund. Standard
library only; how an amount is written in JSON or stored in a column belongs elsewhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MAX_CENTS = 10**17 - 1
_EUROS = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?")


class Qualifier(StrEnum):
    """How sure a printed amount is: that figure, a minimum ("ruim", "meer dan") or a maximum ("tot")."""

    EXACT = "exact"
    MORE_THAN = "moreThan"
    UP_TO = "upTo"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in euro cents with the qualifier its source gives it."""

    cents: int
    qualifier: Qualifier = Qualifier.EXACT


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one fund: `money` is None when nothing was published; `not_published` counts the amounts left out."""

    money: Money | None
    not_published: int


def to_cents(euros: str) -> int:
    """Reads a decimal string of euros, at most two decimals and below 10^15, as whole cents.

    Raises ValueError for anything else: signs, exponents, separators, a third decimal.
    """
    if not _EUROS.fullmatch(euros):
        raise ValueError('give an amount in euros as digits with at most two decimals, such as "15000000.00"')
    whole, _, decimals = euros.partition(".")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def to_euros(cents: int) -> str:
    """Writes cents as a decimal string of euros with two decimals: 1500 is "15.00", and -50 is "-0.50"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def total(amounts: Iterable[Money | None]) -> Total:
    """Adds amounts of one fund. The sum is never more certain than its parts.

    A minimum makes the sum a minimum, and then a maximum among the parts adds nothing, because it promises nothing.
    Without a minimum, a maximum makes the sum a maximum. What was not published is counted, not added.
    """
    listed = list(amounts)
    published = [amount for amount in listed if amount is not None]
    missing = len(listed) - len(published)
    if not published:
        return Total(None, missing)
    qualifiers = {amount.qualifier for amount in published}
    if Qualifier.MORE_THAN in qualifiers:
        cents = sum(amount.cents for amount in published if amount.qualifier is not Qualifier.UP_TO)
        return Total(Money(cents, Qualifier.MORE_THAN), missing)
    qualifier = Qualifier.UP_TO if Qualifier.UP_TO in qualifiers else Qualifier.EXACT
    return Total(Money(sum(amount.cents for amount in published), qualifier), missing)
