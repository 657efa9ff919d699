"""Exchange rates (wisselkoersen) that a supplier states for the components of a declaration, with the day they are of.

A rate is the number of euros for one unit of the currency. It is what the supplier states: the service looks up no rates.
Converting is exact decimal arithmetic, rounded half up to the six decimals that a unit value may have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from domain.errors import Fault, refuse

EURO = "EUR"
_RATE = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,8})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXACT = Context(prec=60)
_SMALLEST = Decimal("0.000001")
_EARLIEST_YEAR = 1999


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """How many euros one unit of a currency (ISO 4217) was on a day."""

    currency: str
    rate: str
    day: date

    def euros(self, amount: str) -> str:
        """An amount in the currency, a plain decimal string, in euros with at most six decimals: 12.50 at 0.92 is 11.50."""
        exact = _EXACT.multiply(Decimal(amount), Decimal(self.rate))
        rounded = format(exact.quantize(_SMALLEST, ROUND_HALF_UP, _EXACT), "f")
        whole, _, decimals = rounded.partition(".")
        return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"

    @property
    def stated(self) -> dict[str, str]:
        """The rate as it is stored and shown."""
        return {"currency": self.currency, "rate": self.rate, "rateDate": self.day.isoformat()}


def exchange_rate(*, given: Mapping[str, str | None], currencies: frozenset[str], today: date) -> ExchangeRate | None:
    """The rate that `currency`, `rate` and `rateDate` of a query state; None where none of them is given.

    Raises BrokenRule with what is wrong of each: one is missing, the currency is the euro or unknown, the rate is not over 0 or
    has more than 6 digits before or 8 behind the point, the day does not exist or is in the future.
    """
    if not any(value is not None for value in given.values()):
        return None
    faults = [
        Fault(f"/query/{name}", "is missing; give currency, rate and rateDate") for name in given if not given[name]
    ]
    refuse(faults)
    currency, rate, day = (given[name] or "" for name in ("currency", "rate", "rateDate"))
    if currency == EURO:
        faults.append(Fault("/query/currency", "amounts in euros need no rate; leave out currency, rate and rateDate"))
    elif currency not in currencies:
        faults.append(Fault("/query/currency", "is not a code of ISO 4217; write it as USD"))
    if not _RATE.fullmatch(rate) or not Decimal(rate):
        detail = (
            f"is not a rate; give the euros for one {currency[:3] or 'unit'} over 0, as 0.9217, with at most 6 digits before "
            "the point and 8 behind it"
        )
        faults.append(Fault("/query/rate", detail))
    found = _day(day)
    if found is None:
        faults.append(Fault("/query/rateDate", f"is not a day from {_EARLIEST_YEAR} on; write it as 2026-11-20"))
    elif found > today:
        faults.append(Fault("/query/rateDate", f"is in the future; give a rate of {today} or earlier"))
    refuse(faults)
    assert found is not None, "a day that does not exist is refused above"
    return ExchangeRate(currency, rate, found)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found is not None and found.year >= _EARLIEST_YEAR else None
