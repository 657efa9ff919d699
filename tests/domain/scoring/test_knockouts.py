"""Knock-outs: every clause, its edges, the order of the entries, and what a waiver does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from domain.scoring import bm1
from domain.scoring.inputs import (
    Dependence,
    DesignAuthority,
    Dimension,
    EvidenceInput,
    FunctionGroup,
    Profile,
    System,
    WaiverInput,
)
from tests.domain.scoring.examples import (
    AMMUNITION,
    AUDITED,
    BOTH,
    CLOUD,
    DECISIVE,
    NEITHER,
    ONE,
    PARTIAL,
    PROFILE,
    REFERENCE_DATE,
    SELF,
    SOFTWARE,
    SPARES,
    USE,
    a_leaf,
    a_system,
    a_waiver,
    bm_1_0,
    dimensions,
    example_1,
)

EU_PRIME = replace(PROFILE, require_eu_prime=True)
NOTHING_CRITICAL = replace(
    PROFILE, function_groups=tuple(replace(group, critical=False) for group in PROFILE.function_groups)
)


def body(system: System, profile: Profile = PROFILE, **options: Any) -> dict[str, Any]:
    """The body of a score."""
    return bm1.shown(bm1.score(bm_1_0(), profile, system, **{"reference_date": REFERENCE_DATE, **options}))


def found(system: System, profile: Profile = PROFILE, **options: Any) -> list[tuple[str, str, str | None]]:
    """The knock-outs as code, reason and where."""
    entries = body(system, profile, **options)["knockOuts"]
    return [
        (e["code"], e["reason"], e.get("componentKey") or e.get("dimension") or e.get("functionGroup")) for e in entries
    ]


def more(*leaves: Any, **fields: Any) -> System:
    """Example 1 with more leaves."""
    return example_1(AUDITED, *leaves, **fields)


def depending(*declared: Dimension) -> System:
    """Example 1 with some dimensions declared otherwise."""
    others = {d.dimension: d for d in dimensions(AUDITED)} | {d.dimension: d for d in declared}
    return example_1(dimensions=tuple(others.values()))


def authority(level: Any, country: str | None) -> System:
    """Example 1 with another design authority."""
    return example_1(design_authority=DesignAuthority(level, country, EvidenceInput(AUDITED)))


CONCERN = ("KO-1", "countryOfConcern", "chip")
UNKNOWN = ("KO-2", "unknownOrigin", "chip")
NO_GROUP = ("KO-2", "noFunctionGroup", "chip")
PRIME = ("KO-3", "primeNotEu", None)


def chip(origin: str, group: str | None = "control", euros: int | None = 0, **fields: Any) -> System:
    """Example 1 with one more leaf."""
    return more(a_leaf("chip", euros, origin, "DE", function_group=group, **fields))


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        pytest.param(chip("CN/NL/-/-"), [CONCERN], id="KO-1: made"),
        pytest.param(chip("NL/RU/-/-"), [CONCERN], id="KO-1: control"),
        pytest.param(chip("NL/NL/HK/-"), [CONCERN], id="KO-1: licence"),
        pytest.param(chip("NL/NL/-/IR"), [CONCERN], id="KO-1: export"),
        pytest.param(chip("KP/BY/MO/CN"), [CONCERN], id="KO-1: one entry per component"),
        pytest.param(chip("CN/NL/-/-", euros=None), [CONCERN], id="KO-1: without a value"),
        pytest.param(chip("NL/NL/-/-"), [], id="KO-1: none"),
        pytest.param(more(a_leaf("chip", 0, second="CN", function_group="control")), [], id="KO-1: not second source"),
        pytest.param(chip("CN/CN/CN/CN", "power"), [], id="KO-1: not in a group that is not critical"),
        pytest.param(chip("CN/CN/CN/CN", None), [NO_GROUP], id="KO-1: not without a group"),
        pytest.param(
            depending(Dimension(USE, DECISIVE, "CN")),
            [("KO-1", "decisiveOnConcern", "operationalUse")],
            id="KO-1: decisive",
        ),
        pytest.param(depending(Dimension(USE, PARTIAL, "CN")), [], id="KO-1: partial does not count"),
        pytest.param(depending(Dimension(USE, Dependence.NONE, "CN")), [], id="KO-1: a country without dependence"),
        pytest.param(
            depending(Dimension(AMMUNITION, DECISIVE, "CN")), [], id="KO-1: not a dimension the profile lacks"
        ),
        pytest.param(chip("?/NL/-/-"), [UNKNOWN], id="KO-2: made unknown"),
        pytest.param(chip("NL/?/-/-"), [UNKNOWN], id="KO-2: control unknown"),
        pytest.param(chip("NL/NL/?/-"), [UNKNOWN], id="KO-2: licence unknown"),
        pytest.param(chip("NL/NL/-/?"), [UNKNOWN], id="KO-2: export unknown"),
        pytest.param(chip("?/?/?/?"), [UNKNOWN], id="KO-2: one entry per component"),
        pytest.param(chip("CN/?/-/-"), [CONCERN, UNKNOWN], id="KO-1 and KO-2 of one component"),
        pytest.param(chip("?/?/?/?", "power"), [], id="KO-2: unknown in a group that is not critical"),
        pytest.param(chip("NL/NL/-/-", None), [NO_GROUP], id="KO-2: a leaf without a group"),
        pytest.param(
            example_1(dimensions=dimensions(AUDITED)[1:]),
            [("KO-2", "dimensionUnknown", "operationalUse")],
            id="KO-2: a dimension not declared",
        ),
        pytest.param(
            depending(Dimension(USE)), [("KO-2", "dimensionUnknown", "operationalUse")], id="KO-2: dependence unknown"
        ),
        pytest.param(
            depending(Dimension(USE, PARTIAL)),
            [("KO-2", "dimensionUnknown", "operationalUse")],
            id="KO-2: partial on unknown",
        ),
        pytest.param(
            depending(Dimension(USE, DECISIVE)),
            [("KO-2", "dimensionUnknown", "operationalUse")],
            id="KO-2: decisive on unknown",
        ),
        pytest.param(depending(Dimension(USE, Dependence.NONE)), [], id="KO-2: none needs no country"),
        pytest.param(
            a_system(1, [a_leaf("power", 1)]),
            [("KO-2", "emptyCriticalGroup", "control")],
            id="KO-2: an empty critical group",
        ),
        pytest.param(a_system(1, [a_leaf("control", 1)]), [], id="KO-2: an empty group that is not critical"),
        pytest.param(a_system(100, [a_leaf("control", 95)]), [], id="KO-2: a residual of exactly 5 %"),
        pytest.param(
            a_system(100, [a_leaf("control", "94.99")]), [("KO-2", "residual", None)], id="KO-2: a residual over 5 %"
        ),
        pytest.param(
            a_system(100, [a_leaf("control", None)]),
            [("KO-2", "residual", None)],
            id="KO-2: a missing value is residual",
        ),
        pytest.param(
            a_system(None, [a_leaf("control", 95)]), [("KO-2", "totalMissing", None)], id="KO-2: the total is missing"
        ),
        pytest.param(a_system(0, [a_leaf("control", 0)]), [("KO-2", "totalMissing", None)], id="KO-2: the total is 0"),
    ],
)
def test_concern_and_incompleteness_knock_out(system: System, expected: Sequence[Any]) -> None:
    assert found(system) == expected


def test_a_leaf_without_a_group_is_no_knock_out_where_the_profile_has_no_critical_group() -> None:
    assert found(chip("?/?/?/?", None), NOTHING_CRITICAL) == []


def test_a_dimension_that_the_profile_lacks_need_not_be_declared() -> None:
    assert found(example_1(dimensions=dimensions(AUDITED)[:1]), replace(PROFILE, dimensions=(USE,))) == []


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        pytest.param(authority(BOTH, "NL"), [], id="KO-3: both, in the EU"),
        pytest.param(authority(ONE, "NL"), [PRIME], id="KO-3: one"),
        pytest.param(authority(NEITHER, "NL"), [PRIME], id="KO-3: neither"),
        pytest.param(authority(None, "NL"), [PRIME], id="KO-3: level unknown"),
        pytest.param(authority(BOTH, None), [PRIME], id="KO-3: country unknown"),
        pytest.param(authority(BOTH, "NO"), [PRIME], id="KO-3: in the EEA, not in the EU"),
        pytest.param(authority(BOTH, "UA"), [PRIME], id="KO-3: in Ukraine"),
    ],
)
def test_an_eu_prime_is_required_where_the_profile_says_so(system: System, expected: Sequence[Any]) -> None:
    assert found(system, EU_PRIME) == expected
    assert found(system) == []


def test_entries_stand_in_the_order_of_the_codes_then_of_the_keys() -> None:
    groups = (*PROFILE.function_groups, FunctionGroup("zeal", Fraction(1), critical=True))
    profile = replace(EU_PRIME, function_groups=(*groups, FunctionGroup("arms", Fraction(1), critical=True)))
    leaves = [
        a_leaf("z", 0, "CN/?/-/-", function_group="control"),
        a_leaf("m", 0, function_group=None),
        a_leaf("b", 0, "CN/?/-/-", function_group="control"),
    ]
    declared = (Dimension(SPARES, DECISIVE, "CN"), Dimension(CLOUD, DECISIVE, "RU"))
    system = a_system(100, leaves, dimensions=declared, design_authority=DesignAuthority())
    assert found(system, profile) == [
        ("KO-1", "countryOfConcern", "b"),
        ("KO-1", "countryOfConcern", "z"),
        ("KO-1", "decisiveOnConcern", "cloudAccess"),
        ("KO-1", "decisiveOnConcern", "spareParts"),
        ("KO-2", "unknownOrigin", "b"),
        ("KO-2", "noFunctionGroup", "m"),
        ("KO-2", "unknownOrigin", "z"),
        ("KO-2", "dimensionUnknown", "operationalUse"),
        ("KO-2", "dimensionUnknown", "softwareUpdates"),
        ("KO-2", "emptyCriticalGroup", "arms"),
        ("KO-2", "emptyCriticalGroup", "zeal"),
        ("KO-2", "residual", None),
        ("KO-3", "primeNotEu", None),
    ]


@pytest.mark.parametrize(
    ("waiver", "is_waived"),
    [
        pytest.param(a_waiver(component_key="chip"), True, id="for the component"),
        pytest.param(a_waiver(component_key="chip", expires_on=REFERENCE_DATE), True, id="on its last day"),
        pytest.param(
            a_waiver(component_key="chip", expires_on=REFERENCE_DATE - timedelta(days=1)), False, id="the day after"
        ),
        pytest.param(a_waiver(component_key="power"), False, id="for another component"),
        pytest.param(a_waiver(), False, id="for nothing in particular"),
        pytest.param(a_waiver(component_key="chip", code="KO-2"), False, id="for another code"),
        pytest.param(a_waiver(component_key="chip", dimension=USE), False, id="for a component and a dimension"),
    ],
)
def test_a_waiver_in_force_gives_the_price_back(waiver: WaiverInput, is_waived: bool) -> None:
    shown = body(chip("CN/NL/-/-"), price_cents=100, waivers=[waiver])
    assert ("waiver" in shown["knockOuts"][0], shown["fictitiousPrice"] is not None) == (is_waived, is_waived)


def test_every_entry_needs_its_own_waiver() -> None:
    system = depending(Dimension(USE, DECISIVE, "CN"), Dimension(SOFTWARE, DECISIVE, "CN"))
    one = body(system, price_cents=100, waivers=[a_waiver(dimension=USE)])
    both = body(system, price_cents=100, waivers=[a_waiver(dimension=USE), a_waiver(dimension=SOFTWARE)])
    assert ["waiver" in entry for entry in one["knockOuts"]] == [True, False]
    assert (one["fictitiousPrice"], both["fictitiousPrice"] is None) == (None, False)


def test_the_first_waiver_in_force_is_the_one_shown() -> None:
    expired = a_waiver(component_key="chip", expires_on=date(2020, 1, 1), authority="first")
    waivers = [expired, *(a_waiver(component_key="chip", authority=name) for name in ("second", "third"))]
    assert body(chip("CN/NL/-/-"), waivers=waivers)["knockOuts"][0]["waiver"]["authority"] == "second"


@pytest.mark.parametrize(
    ("system", "profile", "waiver"),
    [
        pytest.param(chip("?/NL/-/-"), PROFILE, a_waiver(code="KO-2", component_key="chip"), id="KO-2"),
        pytest.param(authority(ONE, "NL"), EU_PRIME, a_waiver(code="KO-3"), id="KO-3"),
    ],
)
def test_only_concern_can_be_waived(system: System, profile: Profile, waiver: WaiverInput) -> None:
    shown = body(system, profile, price_cents=100, waivers=[waiver])
    assert "waiver" not in shown["knockOuts"][0]
    assert shown["fictitiousPrice"] is None


def test_a_knock_out_leaves_the_score_as_it_is() -> None:
    with_concern = body(example_1(SELF, a_leaf("chip", 0, "CN/NL/-/-", "DE", function_group="control", level=SELF)))
    assert (with_concern["score"], with_concern["adjustmentPercent"]) == ("50.0", "0.00")
