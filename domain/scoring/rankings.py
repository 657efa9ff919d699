"""Rankings (rangordes): the declarations of a lot or challenge in the order of what their prices count as.

The lowest fictitious price is first. With a reference amount, fixed beforehand in the scoring profile, that mode decides;
else the adjustment is a percentage of each own price. Whoever has a knock-out that stands, or no price, has no rank.
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
    """What a price counts as in each mode, in cents; the second needs a reference amount."""

    own_price_cents: int
    reference_amount_cents: int | None

    def deciding(self) -> int:
        """The one that ranks."""
        return self.own_price_cents if self.reference_amount_cents is None else self.reference_amount_cents


def mode_of(reference_amount_cents: int | None) -> Mode:
    """The mode that decides, by the reference amount of a scoring profile."""
    return Mode.OWN_PRICE if reference_amount_cents is None else Mode.REFERENCE_AMOUNT


def prices_of(*, algorithm: Algorithm, profile: Profile, price_cents: int, adjustment: Fraction) -> FictitiousPrices:
    """What a price counts as in both modes at an adjustment, by the algorithm's own rule."""
    own, reference = (
        algorithm.fictitious_price(
            replace(profile, reference_amount_cents=amount), price_cents=price_cents, adjustment=adjustment
        )
        for amount in (None, profile.reference_amount_cents)
    )
    return FictitiousPrices(own, None if profile.reference_amount_cents is None else reference)


def unranked(*, is_knocked_out: bool, price_cents: int | None) -> Unranked | None:
    """Why a declaration has no rank, None where it has one."""
    if is_knocked_out:
        return Unranked.KNOCK_OUT
    return Unranked.NO_PRICE if price_cents is None else None


def ranks(deciding: Sequence[int | None]) -> list[int | None]:
    """The rank of each: the lowest price is first, equal ones share a rank, and what has none (None) is not ranked."""
    ordered = sorted(price for price in deciding if price is not None)
    return [None if price is None else bisect_left(ordered, price) + 1 for price in deciding]
