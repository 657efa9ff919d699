"""The declarations of the bench: systems of any size, with sub-assemblies and every field filled.

Each `seed` makes another system of the same shape: sending the same bytes repeatedly would let caches of values work
better than they do for a supplier that declares once.
"""

import hashlib
import json
import random
from typing import Any

GROUPS = (
    "airframe", "propulsion", "power", "flight control", "navigation", "datalink", "payload", "ground station",
    "launch and recovery", "software", "warhead interface", "packaging",
)  # fmt: skip
DIMENSIONS = ("operationalUse", "softwareUpdates", "spareParts", "cloudAccess", "ammunitionSupply")
COUNTRIES = ("NL", "NL", "NL", "DE", "DE", "FR", "PL", "SE", "NO", "UA", "US", "GB", "CH", "JP", "BR", "TW")
MAKERS = ("Kestrel Composites", "Noordzee Avionics", "Dommel Aandrijvingen", "Rijn Radio", "Weser Elektronik")
WORDS = ("bracket", "harness", "servo actuator", "sensor board", "bearing", "connector", "fairing", "regulator")
LEAVES_PER_NODE = 9
PROFILE: dict[str, Any] = {
    "functionGroups": [
        {"name": name, "weight": str(1 + place % 3), "critical": place % 4 == 0} for place, name in enumerate(GROUPS)
    ],
    "dimensions": list(DIMENSIONS),
}
PRICE = {"amount": "48000000.00", "currency": "EUR"}
SIGNED = {"representative": {"name": "A. Jansen", "function": "Directeur", "email": "a.jansen@example.org"}}


def components(count: int, seed: int = 0) -> tuple[list[dict[str, Any]], int]:
    """The lines of a system, a tenth of them sub-assemblies worth the sum of their parts; and the cents of its leaves."""
    draw = random.Random(seed)  # noqa: S311 - the data is made up, not secret
    lines: list[dict[str, Any]] = []
    total, place = 0, 0
    while len(lines) < count:
        node = f"SA-{place:05}"
        under = [
            _leaf(f"{node}-{n:02}", node, draw) for n in range(min(LEAVES_PER_NODE, max(1, count - len(lines) - 1)))
        ]
        cents = sum(leaf_cents for _, leaf_cents in under)
        lines.append(_node(node, f"SA-{place // 10 * 10:05}" if place % 10 else None, draw))
        lines += [leaf for leaf, _ in under]
        total += cents
        place += 1
    return lines[:count], total


def declaration(count: int, seed: int = 0) -> dict[str, Any]:
    """A declaration without ids and price: the system as a whole, and that many components."""
    lines, cents = components(count, seed)
    proof = {"evidence": {"level": "document", "expiresOn": "2028-06-30"}}
    return {
        "system": {"name": f"Kestrel {seed}", "version": "2.4", "finalAssemblyCountry": "NL"},
        # No component accounts for two percent of the total: less than what makes a system impossible to assess.
        "totalComponentCost": euros(cents + cents // 50),
        "designAuthority": {"level": "both", "country": "NL", **proof},
        "dimensions": [{"dimension": name, "dependence": "partial", "country": "DE", **proof} for name in DIMENSIONS],
        "components": lines,
    }


def in_bytes(body: dict[str, Any]) -> bytes:
    """A body as clients send it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def euros(cents: int) -> dict[str, str]:
    """An amount in cents as a decimal in euros."""
    return {"amount": f"{cents // 100}.{cents % 100:02}", "currency": "EUR"}


def _leaf(key: str, parent: str, draw: random.Random) -> tuple[dict[str, Any], int]:
    quantity, unit_cents = draw.randint(1, 12), draw.randint(5, 250_000)
    made, control, second = draw.choices(COUNTRIES, k=3)
    line = {
        **_named(key, parent, draw),
        "functionGroup": draw.choice(GROUPS),
        "quantity": quantity,
        "unitValue": {"amount": euros(unit_cents)["amount"]},
        "countryOfManufacture": made,
        "countryOfControl": control,
        "licenceCountry": draw.choice(("NONE", "NONE", "NONE", "US")),
        "exportRegime": draw.choice(("NONE", "NONE", "US", "DE")),
        "secondSourceCountry": second,
        "stockWeeks": draw.randint(0, 26),
        "leadTimeWeeks": str(draw.randint(2, 52)),
        "evidence": _evidence(key, draw),
    }
    return line, quantity * unit_cents


def _node(key: str, parent: str | None, draw: random.Random) -> dict[str, Any]:
    return {**_named(key, parent, draw), "quantity": 1, "evidence": _evidence(key, draw)}


def _named(key: str, parent: str | None, draw: random.Random) -> dict[str, Any]:
    return {
        "key": key,
        "parentKey": parent,
        "name": f"{draw.choice(WORDS).capitalize()} {key}, revision {draw.choice('ABCD')}",
        "partNumber": f"KE-{draw.randint(100_000, 999_999)}-{draw.randint(1, 99):02}",
        "manufacturer": f"{draw.choice(MAKERS)} B.V.",
    }


def _evidence(key: str, draw: random.Random) -> dict[str, str]:
    return {
        "level": draw.choice(("selfDeclared", "document", "document", "audited")),
        "expiresOn": f"20{draw.randint(27, 31)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
        "uri": f"https://example.org/certificates/{key.lower()}.pdf",
        "sha256": hashlib.sha256(key.encode()).hexdigest(),
    }
