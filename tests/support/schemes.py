"""A score scheme that comes after BM-1.0, proposed and published."""

import copy
from typing import Any

from tests.support.declared import a_scheme
from tests.support.given import Given

WEIGHTS = {
    "madeIn": 10, "control": 25, "licence": 10, "exportRegime": 10, "supply": 15, "dimensions": 25, "designAuthority": 5,
}  # fmt: skip
DECIDED = {"authority": "Stuurgroep APOS, 2026-11-20", "reason": "De lijst is herzien."}


def the_next(version: str = "BM-1.1") -> dict[str, Any]:
    """Other weights than BM-1.0, and other country lists: Germany is no longer in the Union, nor in any list."""
    lists = copy.deepcopy(a_scheme(version)["countryLists"])
    lists["version"] = f"CL-{version}"
    for name in ("eu27", "nato"):
        lists["lists"][name]["countries"].remove("DE")
    return a_scheme(version, weights=WEIGHTS, countryLists=lists)


async def proposed(given: Given, version: str = "BM-1.1") -> dict[str, Any]:
    """A scheme that is not published."""
    return await given.post("/score-schemes", {"document": the_next(version)})


async def published(given: Given, scheme: dict[str, Any], day: str = "2026-11-21") -> dict[str, Any]:
    """The publication of a scheme."""
    return await given.post(f"/score-schemes/{scheme['id']}/publications", {"effectiveOn": day, **DECIDED})
