"""The worked examples of the specification, in its own notation, and what builds variations of them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from domain.scoring.bm1 import BonusMalus, BonusMalusScheme, scheme_of
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    FunctionGroup,
    Profile,
    System,
    WaiverInput,
)

SCHEME_FILE = Path(__file__).parents[3] / "migrations" / "schemes" / "bm-1.0.yaml"
REFERENCE_DATE = date(2026, 11, 21)
NONE, SELF = EvidenceLevel.NONE, EvidenceLevel.SELF_DECLARED
DOCUMENT, AUDITED = EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED
USE, SOFTWARE = DimensionName.OPERATIONAL_USE, DimensionName.SOFTWARE_UPDATES
SPARES, CLOUD, AMMUNITION = DimensionName.SPARE_PARTS, DimensionName.CLOUD_ACCESS, DimensionName.AMMUNITION_SUPPLY
BOTH, ONE, NEITHER = AuthorityLevel.BOTH, AuthorityLevel.ONE, AuthorityLevel.NEITHER
PARTIAL, DECISIVE = Dependence.PARTIAL, Dependence.DECISIVE

PROFILE = Profile(
    function_groups=(
        FunctionGroup("control", Fraction(3), critical=True),
        FunctionGroup("power", Fraction(1)),
        FunctionGroup("airframe", Fraction(1)),
    ),
    dimensions=(USE, SOFTWARE, SPARES, CLOUD),
)


def scheme_document() -> dict[str, Any]:
    """The document of BM-1.0, fresh from its file."""
    document: dict[str, Any] = yaml.safe_load(SCHEME_FILE.read_text(encoding="utf-8"))
    return document


@cache
def bm_1_0() -> BonusMalusScheme:
    """The scheme BM-1.0."""
    return scheme_of(scheme_document())


def bonus_malus() -> BonusMalus:
    """The algorithm with the scheme BM-1.0, as everything outside it has it."""
    return BonusMalus(bm_1_0())


def a_leaf(
    key: str,
    euros: int | str | None,
    origin: str = "NL/NL/-/-",
    second: str | None = None,
    weeks: str = "12/12",
    level: EvidenceLevel = AUDITED,
    **fields: Any,
) -> ComponentInput:
    """A leaf in the notation of the specification: `made/control/licence/export`, `-` = NONE, `?` = unknown; `stock/lead`.

    Its function group is its key unless another is given.
    """
    countries = [{"-": "NONE", "?": None}.get(code, code) for code in origin.split("/")]
    stock, lead = (None if week == "?" else Fraction(week) for week in weeks.split("/"))
    values: dict[str, Any] = {
        "key": key,
        "name": key.capitalize(),
        "quantity": Fraction(1),
        "unit_value": None if euros is None else Fraction(euros),
        "function_group": key,
        "country_of_manufacture": countries[0],
        "country_of_control": countries[1],
        "licence_country": countries[2],
        "export_regime": countries[3],
        "second_source_country": second,
        "stock_weeks": stock,
        "lead_time_weeks": lead,
        "evidence": EvidenceInput(level),
    }
    return ComponentInput(**{**values, **fields})


def dimensions(level: EvidenceLevel, *declared: tuple[DimensionName, Dependence, str | None]) -> tuple[Dimension, ...]:
    """The four dimensions of the examples: those named so, the others none."""
    named = {name: (dependence, country) for name, dependence, country in declared}
    return tuple(
        Dimension(name, *named.get(name, (Dependence.NONE, None)), evidence=EvidenceInput(level))
        for name in PROFILE.dimensions
    )


def a_system(total_euros: int | None, components: Sequence[ComponentInput], **fields: Any) -> System:
    """A system assembled in NL, with no dependence, whose prime in NL holds the design authority, all audited."""
    values: dict[str, Any] = {
        "total_cents": None if total_euros is None else 100 * total_euros,
        "components": tuple(components),
        "dimensions": dimensions(AUDITED),
        "design_authority": DesignAuthority(BOTH, "NL", EvidenceInput(AUDITED)),
        "final_assembly_country": "NL",
    }
    return System(**{**values, **fields})


def a_waiver(**fields: Any) -> WaiverInput:
    """A waiver of KO-1 that is in force on the reference date."""
    values: dict[str, Any] = {
        "code": "KO-1",
        "authority": "Commandant Materieel en IT",
        "reason": "no other source before 2028",
        "expires_on": date(2027, 6, 30),
        "alternative_trajectory": "second source qualified in 2027",
    }
    return WaiverInput(**{**values, **fields})


def example_1(level: EvidenceLevel = AUDITED, *more: ComponentInput, **fields: Any) -> System:
    """Everything European and proven; example 2 is the same, self-declared."""
    leaves = [
        a_leaf("control", 200_000, second="DE", level=level),
        a_leaf("power", 120_000, "DE/DE/-/-", "FR", level=level),
        a_leaf("airframe", 80_000, second="BE", level=level),
        *more,
    ]
    return a_system(
        400_000,
        leaves,
        **{
            "dimensions": dimensions(level),
            "design_authority": DesignAuthority(BOTH, "NL", EvidenceInput(level)),
            **fields,
        },
    )


def example_3() -> System:
    """A battery of a country of concern in a group that is not critical."""
    leaves = [
        a_leaf("control", 180_000, second="DE", weeks="8/16", level=DOCUMENT),
        a_leaf("power", 140_000, "CN/CN/-/-", "KR", "26/13", DOCUMENT),
        a_leaf("airframe", 80_000, weeks="4/8", level=DOCUMENT),
    ]
    authority = DesignAuthority(BOTH, "NL", EvidenceInput(DOCUMENT))
    return a_system(400_000, leaves, dimensions=dimensions(DOCUMENT), design_authority=authority)


def example_4() -> System:
    """European production under an American licence, dependent on the United States."""
    leaves = [
        a_leaf("control", 300_000, "NL/US/US/US", weeks="10/40", level=DOCUMENT),
        a_leaf("power", 100_000, second="DE", level=DOCUMENT),
        a_leaf("airframe", 100_000, "NL/NL/US/US", level=DOCUMENT),
    ]
    declared = dimensions(DOCUMENT, (USE, PARTIAL, "US"), (SOFTWARE, DECISIVE, "US"), (SPARES, DECISIVE, "US"))
    authority = DesignAuthority(NEITHER, "NL", EvidenceInput(DOCUMENT))
    return a_system(500_000, leaves, dimensions=declared, design_authority=authority)


def hong_kong_leaf() -> ComponentInput:
    """The leaf of value 0 in `control` that knocks example 1 out."""
    return a_leaf("chip", 0, "HK/HK/HK/-", "DE", function_group="control")
