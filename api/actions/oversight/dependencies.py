"""Writes of dependencies and their safeguards."""

from collections.abc import Mapping
from typing import Any

from api.store.ledger import Write
from domain.oversight.dependencies import Dependency, Safeguard, check_alternative, check_safeguard
from domain.portfolio.lots import Lot
from domain.registers import Source


async def add_dependency(write: Write, dependency: Dependency) -> Dependency:
    """Adds a dependency of a lot that exists."""
    await _check(write, dependency)
    return await write.ledger.add(dependency)


async def change_dependency(write: Write, before: Dependency, values: Mapping[str, Any]) -> Dependency:
    """Changes a dependency; its lots must exist after the change too."""
    await _check(write, Dependency(**{**before.model_dump(), **values}))
    return await write.update_if_changed(before, values)


async def add_safeguard(write: Write, safeguard: Safeguard) -> Safeguard:
    """Adds a safeguard to a dependency; no two have the same position, and none is in place without evidence."""
    check_safeguard(status=safeguard.status, evidence=safeguard.evidence)
    await write.load(Dependency, safeguard.dependency_id)
    return await write.ledger.add(safeguard)


async def change_safeguard(write: Write, before: Safeguard, values: Mapping[str, Any]) -> Safeguard:
    """Changes a safeguard of a dependency that was not withdrawn; it is not in place without evidence."""
    await write.load(Dependency, before.dependency_id)
    after = Safeguard(**{**before.model_dump(), **values})
    check_safeguard(status=after.status, evidence=after.evidence)
    return await write.update_if_changed(before, values)


async def _check(write: Write, dependency: Dependency) -> None:
    check_alternative(lot_id=dependency.lot_id, alternative_id=dependency.alternative_id)
    await write.check_references(
        {
            "/source": (Source, "key", dependency.source),
            "/lotId": (Lot, "id", dependency.lot_id),
            "/alternativeId": (Lot, "id", dependency.alternative_id),
        }
    )
