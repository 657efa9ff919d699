"""Unit values in another currency, where a rate is stated with the file: which headings and cells are in that currency."""

import re
from dataclasses import dataclass, replace
from functools import cache

import pycountry

from api.intake.parsed import Refused
from api.intake.tables import numbers
from api.intake.tables.columns import Headings
from api.intake.tables.rows import UnreadableCell
from domain.declarations.component_columns import FIELDS
from domain.declarations.exchange_rates import ExchangeRate

_DOLLARS, _KRONER = frozenset({"$"}), frozenset({"kr"})
_NAMES: dict[str, frozenset[str]] = {
    "USD": frozenset({"$", "us", "dollar", "dollars"}),
    "GBP": frozenset({"£", "pound", "pounds", "pond", "ponden", "sterling"}),
    "JPY": frozenset({"¥", "￥", "yen", "円"}),
    "CNY": frozenset({"¥", "￥", "rmb", "yuan", "renminbi", "元"}),
    "CHF": frozenset({"fr", "sfr", "frank", "franken", "francs"}),
    "PLN": frozenset({"zł", "zl", "zloty", "złoty"}),
    "CZK": frozenset({"kč", "kc", "koruna", "korun"}),
    "HUF": frozenset({"ft", "forint", "forints"}),
    "KRW": frozenset({"₩", "won"}),
    "ILS": frozenset({"₪", "nis", "shekel", "shekels"}),
    "INR": frozenset({"₹", "rs", "rupee", "rupees"}),
    "TRY": frozenset({"₺", "tl", "lira"}),
    "UAH": frozenset({"₴", "грн", "hryvnia"}),
    "RON": frozenset({"lei", "leu"}),
    "BGN": frozenset({"лв", "lev", "leva"}),
    **dict.fromkeys(("SEK", "NOK", "DKK"), _KRONER | {"krona", "kronor", "krone", "kroner", "kronen"}),
    **dict.fromkeys(("AUD", "CAD", "HKD", "MXN", "NZD", "SGD"), _DOLLARS),
}
"""Signs and words of currencies besides their codes."""
_NAME = re.compile(r"[^\W\d_]+|[$£¥￥₩₪₹₺₴]")


@cache
def currency_codes() -> frozenset[str]:
    """The codes of ISO 4217."""
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


@dataclass(slots=True)
class StatedAmount:
    """Strips the currency from an amount, and remembers whether it said euros."""

    rate: ExchangeRate
    is_in_euros: bool = False

    def strip(self, text: str) -> str:
        """An amount without its currency. Raises UnreadableCell for a currency that is neither the stated one nor the euro."""
        if numbers.says_euros(text):
            self.is_in_euros = True
            return numbers.amount_text(text)
        if numbers.is_foreign(numbers.normalised(text)) and not names_only(text, self.rate.currency):
            raise UnreadableCell(f"is neither in {self.rate.currency}, as stated, nor in euros: convert it")
        return numbers.without_cents(numbers.without_currency(text))


def headings_in_currency(headings: Headings, rate: ExchangeRate | None) -> Headings:
    """Headings in which a unit value in the stated currency is read, and one in euros is refused: it is not converted."""
    if rate is None:
        return headings
    read = headings.columns.get("unitValue")
    if read is not None:
        if not numbers.says_euros(headings.cells[read]):
            return headings
        detail = f"says euros, and the file is stated to be in {rate.currency}; leave out the currency, or correct the heading"
        return replace(
            headings, refused=[*headings.refused, Refused(headings.row, headings.labels[read], "unitValue", detail)]
        )
    for fault in headings.refused:
        if fault.detail == numbers.MESSAGE_EUROS and fault.column in headings.labels:
            index = headings.labels.index(fault.column)
            if names_only(headings.cells[index], rate.currency):
                columns = {**headings.columns, "unitValue": index}
                ordered = {field: columns[field] for field in FIELDS if field in columns}
                return replace(
                    headings, columns=ordered, refused=[each for each in headings.refused if each is not fault]
                )
    return headings


def names_only(text: str, currency: str) -> bool:
    """Whether all currencies that a text names are this one, and it names one."""
    named = {word for word in _NAME.findall(numbers.normalised(text)) if numbers.is_foreign(word)}
    return bool(named) and named <= {currency.lower()} | _NAMES.get(currency, frozenset())
