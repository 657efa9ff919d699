"""Rankings (rangordes): the declarations of a lot or challenge in the order of their fictitious prices, lowest first.

The adjustment is a percentage of the reference amount if the scoring profile has one, and else of the declaration's own
price. A declaration with a knock-out that is not waived, or without a price, has no rank.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from domain.scoring.algorithm import Algorithm
from domain.scoring.inputs import Profile


class Mode(StrEnum):
    """What the adjustment is a percentage of: each supplier's own price, or an amount that is the same for all."""

    OWN_PRICE = "ownPrice"
    REFERENCE_AMOUNT = "referenceAmount"


class Unranked(StrEnum):
    """Why a declaration has no rank."""

    KNOCK_OUT = "knockOut"
    NO_PRICE = "noPrice"


@dataclass(frozen=True, slots=True)
class FictitiousPrices:
    """The fictitious price in each mode, in cents; None in the second without a reference amount."""

    own_price_cents: int
    reference_amount_cents: int | None

    def deciding(self) -> int:
        """The price that decides the rank."""
        return self.own_price_cents if self.reference_amount_cents is None else self.reference_amount_cents


def mode_of(reference_amount_cents: int | None) -> Mode:
    """The mode that decides the ranking: that of the reference amount if the scoring profile has one."""
    return Mode.OWN_PRICE if reference_amount_cents is None else Mode.REFERENCE_AMOUNT


def prices_of(*, algorithm: Algorithm, profile: Profile, price_cents: int, adjustment: Fraction) -> FictitiousPrices:
    """The fictitious prices in both modes, for a price and an adjustment in percent."""
    own, reference = (
        algorithm.fictitious_price(
            replace(profile, reference_amount_cents=amount), price_cents=price_cents, adjustment=adjustment
        )
        for amount in (None, profile.reference_amount_cents)
    )
    return FictitiousPrices(own, None if profile.reference_amount_cents is None else reference)


def unranked(*, is_knocked_out: bool, price_cents: int | None) -> Unranked | None:
    """Why a declaration has no rank, None if it has one."""
    if is_knocked_out:
        return Unranked.KNOCK_OUT
    return Unranked.NO_PRICE if price_cents is None else None


def ranks(deciding: Sequence[int | None]) -> list[int | None]:
    """The rank of each price: the lowest is first, equal prices share a rank, and None has no rank."""
    ordered = sorted(price for price in deciding if price is not None)
    return [None if price is None else bisect_left(ordered, price) + 1 for price in deciding]
