"""What a supplier declares in a test: worked example 1 of the scheme, and a profile for it."""

from typing import Any

from tests.domain.scoring.examples import scheme_document

PROFILE = {
    "functionGroups": [
        {"name": "control", "weight": 3, "critical": True},
        {"name": "power", "weight": "1", "critical": False},
        {"name": "airframe", "weight": "1", "critical": False},
    ],
    "dimensions": ["operationalUse", "softwareUpdates", "spareParts", "cloudAccess"],
}
SIGNED = {"representative": {"name": "A. Jansen", "function": "Directeur", "email": "a.jansen@example.org"}}


def euros(amount: str) -> dict[str, str]:
    """An amount."""
    return {"amount": amount, "currency": "EUR"}


def a_leaf(key: str, value: str, group: str | None, **fields: Any) -> dict[str, Any]:
    """A component that is Dutch in everything, audited and well supplied, unless said."""
    return {
        "key": key, "name": f"Part {key}", "functionGroup": group, "quantity": 1, "unitValue": euros(value),
        "countryOfManufacture": "NL", "countryOfControl": "NL", "licenceCountry": "NONE", "exportRegime": "NONE",
        "secondSourceCountry": "DE", "stockWeeks": 12, "leadTimeWeeks": "12", "evidence": {"level": "audited"}, **fields,
    }  # fmt: skip


def components() -> list[dict[str, Any]]:
    """The leaves of worked example 1."""
    return [
        a_leaf("control", "200000", "control"),
        a_leaf("power", "120000", "power", countryOfManufacture="DE", countryOfControl="DE", secondSourceCountry="FR"),
        a_leaf("airframe", "80000", "airframe", secondSourceCountry="BE"),
    ]


def statement(**fields: Any) -> dict[str, Any]:
    """What example 1 says of the system as a whole, with its components."""
    proof = {"evidence": {"level": "audited"}}
    return {
        "system": {"name": "Kestrel", "version": "2", "finalAssemblyCountry": "NL"},
        "totalComponentCost": euros("400000"),
        "designAuthority": {"level": "both", "country": "NL", **proof},
        "dimensions": [{"dimension": name, "dependence": "none", **proof} for name in PROFILE["dimensions"]],
        "components": components(),
        **fields,
    }


def a_scheme(version: str, **fields: Any) -> dict[str, Any]:
    """The document of BM-1.0 under another version, with what is said to differ."""
    return {**scheme_document(), "version": version, **fields}
