"""The texts of causes in English. A cause is a code with parameters; its text is made when it is shown.

Every other language has a module like this one. An unknown code raises KeyError.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

_STATEMENTS = {
    "madeIn": "made in {}",
    "control": "ultimately controlled from {}",
    "licence": "licensed from {}",
    "exportRegime": "under the export regime of {}",
}
_UNKNOWN = {
    "madeIn": "the country of manufacture is unknown",
    "control": "the country of ultimate control is unknown",
    "licence": "the country of the licence holder is unknown",
    "exportRegime": "the export regime is unknown",
}
_NONE = {"licence": "no foreign licence", "exportRegime": "no foreign export regime"}
_GROUPS = {
    "G1": "in the EU or EEA",
    "G2": "Ukraine",
    "G3": "NATO or partner",
    "G4": "other country",
    "D": "country of concern",
    "U": "unknown",
}
_DIMENSIONS = {
    "operationalUse": "operational use",
    "softwareUpdates": "software updates",
    "spareParts": "spare parts",
    "cloudAccess": "cloud access",
    "ammunitionSupply": "ammunition supply",
}
_LEVELS = {
    "both": "holds the design authority and may replace third-country components",
    "one": "holds the design authority or may replace third-country components, not both",
    "neither": "neither holds the design authority nor may replace third-country components",
}
_EVIDENCE = {
    "none": "no evidence",
    "selfDeclared": "self-declared",
    "document": "proven by a document",
    "audited": "audited",
}
_FACTORS = {"0": "counts for nothing", "1": "counts in full"}

Parameters = Mapping[str, str]


def text_of(code: str, parameters: Parameters) -> str:
    """One line of text in English on why points were won or lost."""
    return _TEXTS[code](parameters)


def _country(p: Parameters) -> str:
    return f"{_STATEMENTS[p['criterion']].format(p['country'])} ({_GROUPS[p['group']]}){_worth(p)}"


def _unknown(p: Parameters) -> str:
    return _UNKNOWN[p["criterion"]] + _worth(p)


def _none_foreign(p: Parameters) -> str:
    return _NONE[p["criterion"]] + _worth(p)


def _supply(p: Parameters) -> str:
    second = f"second source in {p['secondSource']}" if "secondSource" in p else "no second source known"
    stock = f"stock for {_weeks(p['stockWeeks'])}" if "stockWeeks" in p else "stock unknown"
    lead = f"lead time of {_weeks(p['leadTimeWeeks'])}" if "leadTimeWeeks" in p else "lead time unknown"
    return f"{second}, {stock}, {lead}{_worth(p)}"


def _not_declared(p: Parameters) -> str:
    return f"dependence in {_DIMENSIONS[p['dimension']]} is not declared"


def _independent(p: Parameters) -> str:
    return f"no dependence in {_DIMENSIONS[p['dimension']]}{_worth(p)}"


def _dependent(p: Parameters) -> str:
    on = f"{p['country']} ({_GROUPS[p['group']]})" if "country" in p else "an unknown country"
    return f"{p['dependence']} dependence in {_DIMENSIONS[p['dimension']]} on {on}{_worth(p)}"


def _authority(p: Parameters) -> str:
    return f"the prime, in {p['country']}, {_LEVELS[p['level']]}{_worth(p)}"


def _prime_outside(p: Parameters) -> str:
    return f"the prime is in {p['country']}, outside the EU"


def _empty_group(p: Parameters) -> str:
    return f"no component is in function group {p['group']}"


_TEXTS: dict[str, Callable[[Parameters], str]] = {
    "country": _country,
    "countryUnknown": _unknown,
    "noneForeign": _none_foreign,
    "supply": _supply,
    "dimensionNotDeclared": _not_declared,
    "independent": _independent,
    "dependent": _dependent,
    "dependentOnUnknown": _dependent,
    "authority": _authority,
    "authorityUnknown": lambda p: "the level of design authority is not declared",
    "primeUnknown": lambda p: "the prime's country is unknown",
    "primeOutside": _prime_outside,
    "emptyGroup": _empty_group,
    "residual": lambda p: "no component accounts for this part of the total component cost",
}


def _worth(p: Parameters) -> str:
    """What the statement is worth, what its evidence counts for, and whether it counts for its whole group."""
    expired = ", its evidence having expired" if "expired" in p else ""
    carries = f"; the lowest of {p['carries']}, so it counts for all of it" if "carries" in p else ""
    counts = _FACTORS.get(p["factor"], f"counts for {p['factor']}")
    return f": {_number(p['base'])} of 100, {_EVIDENCE[p['evidence']]}{expired}, {counts}{carries}"


def _weeks(weeks: str) -> str:
    return "1 week" if Fraction(weeks) == 1 else f"{_number(weeks)} weeks"


def _number(fraction: str) -> str:
    """A fraction as a decimal with at most two places, rounded half up, without trailing zeros."""
    hundredths = Fraction(fraction) * 100
    rounded = (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    return f"{rounded // 100}.{rounded % 100:02d}".rstrip("0").rstrip(".")
