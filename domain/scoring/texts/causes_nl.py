"""The texts of causes in Dutch, for the same codes and parameters as `causes` has in English.

Terms are those of the letters to parliament and of the glossary: hoofdaannemer, operationele inzet, reservedelen,
cloudtoegang, munitievoorziening, in beslissende mate afhankelijk. Numbers have a decimal comma.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

_STATEMENTS = {
    "madeIn": "gemaakt in {}",
    "control": "uiteindelijke zeggenschap in {}",
    "licence": "onder licentie uit {}",
    "exportRegime": "onder het exportregime van {}",
}
_UNKNOWN = {
    "madeIn": "het land van fabricage is onbekend",
    "control": "het land van uiteindelijke zeggenschap is onbekend",
    "licence": "het land van de licentiehouder is onbekend",
    "exportRegime": "het exportregime is onbekend",
}
_NONE = {"licence": "geen buitenlandse licentie", "exportRegime": "geen buitenlands exportregime"}
_GROUPS = {
    "G1": "in de EU of de EER",
    "G2": "Oekraïne",
    "G3": "NAVO-land of partnerland",
    "G4": "ander land",
    "D": "zorgwekkend land",
    "U": "onbekend",
}
DIMENSIONS = {
    "operationalUse": "de operationele inzet",
    "softwareUpdates": "software-updates",
    "spareParts": "reservedelen",
    "cloudAccess": "cloudtoegang",
    "ammunitionSupply": "de munitievoorziening",
}
_DEPENDENCES = {
    "none": "niet afhankelijk",
    "partial": "gedeeltelijk afhankelijk",
    "decisive": "in beslissende mate afhankelijk",
}
_LEVELS = {
    "both": "heeft de ontwerpautoriteit en mag componenten uit derde landen vervangen",
    "one": "heeft de ontwerpautoriteit of mag componenten uit derde landen vervangen, maar niet allebei",
    "neither": "heeft de ontwerpautoriteit niet en mag componenten uit derde landen niet vervangen",
}
_EVIDENCE = {
    "none": "geen bewijs",
    "selfDeclared": "alleen zelf verklaard",
    "document": "bewezen met een document",
    "audited": "bevestigd door een audit",
}
_FACTORS = {"0": "telt niet mee", "1": "telt volledig mee"}

Parameters = Mapping[str, str]


def text_of(code: str, parameters: Parameters) -> str:
    """One line of text in Dutch on why points were won or lost."""
    return _TEXTS[code](parameters)


def _country(p: Parameters) -> str:
    return f"{_STATEMENTS[p['criterion']].format(p['country'])} ({_GROUPS[p['group']]}){_worth(p)}"


def _unknown(p: Parameters) -> str:
    return _UNKNOWN[p["criterion"]] + _worth(p)


def _none_foreign(p: Parameters) -> str:
    return _NONE[p["criterion"]] + _worth(p)


def _supply(p: Parameters) -> str:
    second = f"tweede leverancier in {p['secondSource']}" if "secondSource" in p else "geen tweede leverancier bekend"
    stock = f"voorraad voor {weeks_of(p['stockWeeks'])}" if "stockWeeks" in p else "voorraad onbekend"
    lead = f"levertijd van {weeks_of(p['leadTimeWeeks'])}" if "leadTimeWeeks" in p else "levertijd onbekend"
    return f"{second}, {stock}, {lead}{_worth(p)}"


def _not_declared(p: Parameters) -> str:
    return f"over afhankelijkheid voor {DIMENSIONS[p['dimension']]} is niets verklaard"


def _independent(p: Parameters) -> str:
    return f"niet afhankelijk voor {DIMENSIONS[p['dimension']]}{_worth(p)}"


def _dependent(p: Parameters) -> str:
    on = f"{p['country']} ({_GROUPS[p['group']]})" if "country" in p else "een onbekend land"
    return f"{_DEPENDENCES[p['dependence']]} van {on} voor {DIMENSIONS[p['dimension']]}{_worth(p)}"


def _authority(p: Parameters) -> str:
    return f"de hoofdaannemer, in {p['country']}, {_LEVELS[p['level']]}{_worth(p)}"


def _prime_outside(p: Parameters) -> str:
    return f"de hoofdaannemer zit in {p['country']}, buiten de EU"


def _empty_group(p: Parameters) -> str:
    return f"geen enkel onderdeel valt in functiegroep {p['group']}"


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
    "authorityUnknown": lambda p: "over de ontwerpautoriteit is niets verklaard",
    "primeUnknown": lambda p: "het land van de hoofdaannemer is onbekend",
    "primeOutside": _prime_outside,
    "emptyGroup": _empty_group,
    "residual": lambda p: "dit deel van de totale componentkosten is door geen enkel onderdeel verklaard",
}


def _worth(p: Parameters) -> str:
    """What the statement is worth, what its evidence counts for, and whether it counts for its whole group."""
    expired = ", want het bewijs is verlopen" if "expired" in p else ""
    carries = f"; het laagste van {p['carries']}, en daarom bepalend voor die hele groep" if "carries" in p else ""
    counts = _FACTORS.get(p["factor"], f"telt mee voor {p['factor']}")
    return f": {_number(p['base'])} van 100, {_EVIDENCE[p['evidence']]}{expired}, {counts}{carries}"


def weeks_of(weeks: str) -> str:
    """A number of weeks in words."""
    return "1 week" if Fraction(weeks) == 1 else f"{_number(weeks)} weken"


def _number(fraction: str) -> str:
    """A fraction as a decimal with at most two places, rounded half up, without trailing zeros."""
    hundredths = Fraction(fraction) * 100
    rounded = (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    return f"{rounded // 100},{rounded % 100:02d}".rstrip("0").rstrip(",")
