"""The made-up supplier and its made-up drone, from data/demo-drone.yaml."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from apos_client import Amount, Component, Dimension, Remark, Representative, ScoringProfile, Statement, System
from local_service import PORTFOLIO, Failed

FILE = PORTFOLIO.with_name("demo-drone.yaml")


@dataclass(frozen=True, slots=True)
class Finding:
    """The text and remarks of the office's review of a declaration."""

    narrative: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What the supplier changes: of the system as a whole, and fields of components by their key."""

    price: Amount
    system: System
    total_component_cost: Amount
    dimensions: tuple[Dimension, ...]
    fields: dict[str, dict[str, Any]]

    def applied_to(self, components: Iterable[Component]) -> list[Component]:
        """The components with these changes made. Raises Failed where a changed component does not exist."""
        before = list(components)
        unknown = sorted(set(self.fields) - {component.key for component in before})
        if unknown:
            raise Failed(f"{FILE.name}: the revision changes components that are not there: {', '.join(unknown)}")
        return [
            Component.model_validate({**component.document(), **self.fields.get(component.key, {})})
            for component in before
        ]


@dataclass(frozen=True, slots=True)
class Drone:
    """All that is made up: a supplier, its drone, and the profile that it is scored on."""

    supplier: dict[str, str]
    representative: Representative
    challenge: str
    profile: ScoringProfile
    price: Amount
    statement: Statement
    review: Finding
    acceptance: Finding
    revision: Revision

    @property
    def names(self) -> dict[str, str]:
        """The names of the components by their key."""
        return {component.key: component.name for component in self.statement.components}


def made_up_drone(file: Path = FILE) -> Drone:
    """The content of the file. Raises Failed where the file does not say that it is made up."""
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    if given["madeUp"] is not True:
        raise Failed(f"{file.name} should say that it is made up")
    return Drone(
        supplier=given["supplier"],
        representative=Representative.model_validate(given["representative"]),
        challenge=given["challenge"],
        profile=ScoringProfile.model_validate(given["profile"]),
        price=Amount.model_validate(given["price"]),
        statement=Statement.model_validate(given["declaration"]),
        review=_finding(given["review"]),
        acceptance=_finding(given["acceptance"]),
        revision=_revision(given["revision"]),
    )


def _finding(given: dict[str, Any]) -> Finding:
    return Finding(given["narrative"], tuple(Remark.model_validate(remark) for remark in given.get("remarks", ())))


def _revision(given: dict[str, Any]) -> Revision:
    return Revision(
        price=Amount.model_validate(given["price"]),
        system=System.model_validate(given["system"]),
        total_component_cost=Amount.model_validate(given["totalComponentCost"]),
        dimensions=tuple(Dimension.model_validate(dimension) for dimension in given["dimensions"]),
        fields=given["components"],
    )
