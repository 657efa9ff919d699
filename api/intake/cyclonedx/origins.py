"""Where a component was made, from the `origins` of CycloneDX 2.0.

In the draft a component can have several origins, each for a stage and divided over countries by percentages. The country of
manufacture follows only if every origin about manufacture gives that one country 100 %; otherwise it is unknown, and a note
says why.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

MANUFACTURE = ("manufacture", "manufactured", "manufacturing")
"""Names of the stage of manufacture; an origin that names no stage is about manufacture too."""
_ALL = Decimal(100)


def made_in(origins: Sequence[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    """The country of manufacture, or None and the reason; both are None where no origin is about manufacture."""
    relevant = [origin for origin in origins if _is_manufacture(origin)]
    countries = set()
    for origin in relevant:
        country = _whole_country(origin["distribution"])
        if country is None:
            return None, "its origins do not give 100 % of the manufacture to one country"
        countries.add(country)
    if len(countries) > 1:
        return None, f"its origins give 100 % of the manufacture to each of {', '.join(sorted(countries))}"
    return next(iter(countries), None), None


def _is_manufacture(origin: Mapping[str, Any]) -> bool:
    return origin.get("stage", MANUFACTURE[0]).strip().lower() in MANUFACTURE


def _whole_country(distribution: Sequence[Mapping[str, Any]]) -> str | None:
    """The country that has 100 %, its subdivisions (ISO 3166-2, as in `NL-ZH`) added together; None where none has."""
    shares: defaultdict[str, Decimal] = defaultdict(Decimal)
    for part in distribution:
        if part.get("percentage") is None:
            return None
        shares[part["isoCode"][:2]] += Decimal(str(part["percentage"]))
    given = {country: share for country, share in shares.items() if share}
    [(country, share), *others] = given.items() or [("", Decimal())]
    return country if share == _ALL and not others else None
