"""What stands beside the score: EDIP and SAFE, the European verdict, concentration, completeness, confidence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.scoring import bm1
from domain.scoring.inputs import ComponentInput, Dependence, DesignAuthority, Dimension, EvidenceInput, System
from tests.domain.scoring.examples import (
    AMMUNITION,
    AUDITED,
    BOTH,
    DECISIVE,
    DOCUMENT,
    NEITHER,
    NONE,
    ONE,
    PARTIAL,
    PROFILE,
    REFERENCE_DATE,
    SELF,
    USE,
    a_leaf,
    a_system,
    bm_1_0,
    dimensions,
    example_1,
    example_4,
)


def body(system: System) -> dict[str, Any]:
    """The body of a score under the profile of the examples."""
    return bm1.shown(bm1.score(bm_1_0(), PROFILE, system, reference_date=REFERENCE_DATE))


def of(total: int | None, *leaves: ComponentInput, **fields: Any) -> System:
    """A system of these leaves."""
    return a_system(total, leaves, **fields)


def inside(euros: str, **fields: Any) -> ComponentInput:
    """A leaf made inside."""
    return a_leaf("control", euros, **fields)


def share(system: System, name: str) -> tuple[str, str, str, str]:
    """An origin share as proven, declared, upper bound and verdict."""
    found = body(system)["originShares"][name]
    return found["proven"], found["declared"], found["upperBound"], found["verdict"]


YESTERDAY = EvidenceInput(AUDITED, date(2026, 11, 20))
TODAY = EvidenceInput(AUDITED, REFERENCE_DATE)


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        pytest.param(inside("100", level=AUDITED), ("100.0000",) * 3, id="audited is proven"),
        pytest.param(inside("100", level=DOCUMENT), ("100.0000",) * 3, id="a document is proven"),
        pytest.param(inside("100", level=SELF), ("0.0000", "100.0000", "100.0000"), id="self-declared is declared"),
        pytest.param(inside("100", level=NONE), ("0.0000", "0.0000", "100.0000"), id="no evidence: upper bound only"),
        pytest.param(inside("100", evidence=YESTERDAY), ("0.0000", "100.0000", "100.0000"), id="expired is declared"),
        pytest.param(inside("100", evidence=TODAY), ("100.0000",) * 3, id="on the last day it still counts"),
        pytest.param(a_leaf("x", 100, "?/NL/-/-", function_group=None), ("0.0000", "0.0000", "100.0000"), id="unknown"),
        pytest.param(a_leaf("x", 100, "US/NL/-/-", function_group=None), ("0.0000",) * 3, id="outside"),
        pytest.param(inside("60"), ("60.0000", "60.0000", "100.0000"), id="the residual is in the upper bound"),
        pytest.param(a_leaf("x", 100, "NO/US/US/US", function_group=None), ("100.0000",) * 3, id="made counts alone"),
    ],
)
def test_the_origin_share_is_an_interval_of_the_total(leaf: ComponentInput, expected: Sequence[str]) -> None:
    assert share(of(100, leaf), "edip")[:3] == tuple(expected)


def test_safe_counts_ukraine_as_inside_and_edip_does_not() -> None:
    system = of(100, inside("50"), a_leaf("power", 50, "UA/NL/-/-"))
    assert share(system, "edip")[0] == "50.0000"
    assert share(system, "safe")[0] == "100.0000"


def depending(dimension: Dimension) -> System:
    """A wholly proven system with one dimension declared otherwise."""
    others = tuple(d for d in dimensions(AUDITED) if d.dimension is not dimension.dimension)
    return of(100, inside("100"), dimensions=(*others, dimension))


def led_by(level: Any, country: str | None) -> System:
    """A wholly proven system with another design authority."""
    return of(100, inside("100"), design_authority=DesignAuthority(level, country, EvidenceInput(AUDITED)))


def other(origin: str, euros: str, **fields: Any) -> ComponentInput:
    """A leaf in a group that is not critical."""
    return a_leaf("power", euros, origin, **fields)


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        pytest.param(of(100, inside("65"), other("US/NL/-/-", "35")), "pass", id="exactly 65 % proven"),
        pytest.param(of(100, inside("64.99"), other("US/NL/-/-", "35.01")), "fail", id="upper bound under 65 %"),
        pytest.param(
            of(100, inside("64.99"), other("US/NL/-/-", "35")), "possible", id="upper bound of 65 % by residual"
        ),
        pytest.param(of(100, inside("65", level=SELF), other("US/NL/-/-", "35")), "possible", id="declared only"),
        pytest.param(of(100, inside("100"), other("CN/NL/-/-", "0")), "fail", id="group D: made"),
        pytest.param(of(100, inside("100"), other("NL/CN/-/-", "0")), "fail", id="group D: control"),
        pytest.param(of(100, inside("100"), other("NL/NL/CN/-", "0")), "fail", id="group D: licence"),
        pytest.param(of(100, inside("100"), other("NL/NL/-/CN", "0")), "fail", id="group D: export"),
        pytest.param(
            of(100, inside("100"), other("NL/NL/-/-", "0", second="CN")), "pass", id="group D: not second source"
        ),
        pytest.param(depending(Dimension(USE, PARTIAL, "CN")), "fail", id="group D: a partial dimension"),
        pytest.param(depending(Dimension(USE, DECISIVE, "CN")), "fail", id="group D: a decisive dimension"),
        pytest.param(depending(Dimension(USE, Dependence.NONE, "CN")), "pass", id="group D: not without dependence"),
        pytest.param(depending(Dimension(AMMUNITION, DECISIVE, "CN")), "pass", id="group D: not a dimension it lacks"),
        pytest.param(led_by(ONE, "NL"), "fail", id="level one"),
        pytest.param(led_by(NEITHER, "NL"), "fail", id="level neither"),
        pytest.param(led_by(None, "NL"), "possible", id="level unknown"),
        pytest.param(led_by(BOTH, "NO"), "fail", id="prime outside the EU27"),
        pytest.param(led_by(None, "US"), "fail", id="prime outside, level unknown"),
        pytest.param(led_by(BOTH, None), "possible", id="prime unknown"),
        pytest.param(of(100, inside("95"), other("?/NL/-/-", "5")), "possible", id="made unknown"),
        pytest.param(of(100, inside("100"), other("NL/?/-/-", "0")), "possible", id="control unknown"),
        pytest.param(of(100, inside("100"), other("NL/NL/?/-", "0")), "possible", id="licence unknown"),
        pytest.param(of(100, inside("100"), other("NL/NL/-/?", "0")), "possible", id="export unknown"),
        pytest.param(of(100, inside("100"), dimensions=()), "possible", id="dimensions not declared"),
        pytest.param(depending(Dimension(USE)), "possible", id="dependence unknown"),
        pytest.param(depending(Dimension(USE, PARTIAL)), "possible", id="dependence on unknown"),
        pytest.param(of(100, inside("95")), "pass", id="a residual of exactly 5 %"),
        pytest.param(of(100, inside("94.99")), "possible", id="a residual over 5 %"),
        pytest.param(of(100), "possible", id="no leaf at all"),
        pytest.param(example_4(), "fail", id="example 4"),
    ],
)
def test_the_edip_verdict(system: System, verdict: str) -> None:
    assert share(system, "edip")[3] == verdict


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        pytest.param(of(100, inside("65"), other("CN/CN/CN/CN", "35")), "pass", id="shares alone: group D"),
        pytest.param(led_by(NEITHER, "US"), "pass", id="shares alone: level and prime"),
        pytest.param(of(100, inside("65"), dimensions=()), "pass", id="shares alone: unknown, large residual"),
        pytest.param(of(100, inside("64.99"), other("US/NL/-/-", "35.01")), "fail", id="upper bound under 65 %"),
        pytest.param(of(100, inside("64.99"), other("?/NL/-/-", "35.01")), "possible", id="upper bound by unknown"),
    ],
)
def test_the_safe_verdict_is_by_the_shares_alone(system: System, verdict: str) -> None:
    assert share(system, "safe")[3] == verdict


def test_decided_by_names_what_is_not_proven_inside_costliest_first_and_the_residual_last() -> None:
    leaves = [
        a_leaf("b", 10, level=SELF, function_group=None),
        a_leaf("a", 10, level=SELF, function_group=None),
        a_leaf("c", 30, "US/NL/-/-", function_group=None),
        a_leaf("d", 20, function_group=None),
        a_leaf("e", None, "?/NL/-/-", function_group=None),
        a_leaf("u", 5, "UA/NL/-/-", function_group=None),
    ]
    shares = body(of(100, *leaves))["originShares"]
    assert shares["edip"]["decidedBy"] == ["c", "a", "b", "u", "e", "residual"]
    assert shares["safe"]["decidedBy"] == ["c", "a", "b", "e", "residual"]


def test_decided_by_names_at_most_ten_leaves_and_then_the_residual() -> None:
    leaves = [a_leaf(f"part-{n:02d}", 1, level=SELF, function_group=None) for n in range(12)]
    expected = [f"part-{n:02d}" for n in range(10)]
    assert body(of(12, *leaves))["originShares"]["edip"]["decidedBy"] == expected
    assert body(of(13, *leaves))["originShares"]["edip"]["decidedBy"] == [*expected, "residual"]


LICENSED = other("NL/NL/US/-", "36")
UNLICENSED = inside("64")


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        pytest.param(example_1(final_assembly_country=None), "undetermined", id="assembly unknown"),
        pytest.param(led_by(None, "NL"), "undetermined", id="level unknown"),
        pytest.param(of(100, other("NL/NL/?/-", "0")), "undetermined", id="a leaf's licence unknown"),
        pytest.param(example_1(dimensions=()), "undetermined", id="a dimension not declared"),
        pytest.param(depending(Dimension(USE)), "undetermined", id="dependence unknown"),
        pytest.param(depending(Dimension(USE, PARTIAL)), "undetermined", id="dependence on unknown"),
        pytest.param(
            example_1(final_assembly_country="US", dimensions=()), "undetermined", id="undetermined before outside"
        ),
        pytest.param(example_1(final_assembly_country="UA"), "assembledOutside", id="assembled in Ukraine"),
        pytest.param(example_1(final_assembly_country="NO"), "european", id="assembled in the EEA"),
        pytest.param(
            replace(example_4(), final_assembly_country="US"), "assembledOutside", id="outside before licence"
        ),
        pytest.param(example_4(), "licenceProduction", id="licence before decisive"),
        pytest.param(
            of(100, UNLICENSED, LICENSED, design_authority=DesignAuthority(ONE, "NL")),
            "licenceProduction",
            id="over 35 %",
        ),
        pytest.param(
            of(100, inside("65"), other("NL/NL/US/-", "35"), design_authority=DesignAuthority(ONE, "NL")),
            "european",
            id="exactly 35 %",
        ),
        pytest.param(of(100, UNLICENSED, LICENSED), "european", id="level both"),
        pytest.param(
            of(100, UNLICENSED, other("NL/NL/DE/-", "36"), design_authority=DesignAuthority(ONE, "NL")),
            "european",
            id="licensed inside",
        ),
        pytest.param(depending(Dimension(USE, DECISIVE, "US")), "decisiveDependency", id="decisive outside"),
        pytest.param(depending(Dimension(USE, DECISIVE, "UA")), "decisiveDependency", id="decisive on Ukraine"),
        pytest.param(depending(Dimension(USE, DECISIVE, "DE")), "european", id="decisive inside"),
        pytest.param(depending(Dimension(USE, PARTIAL, "US")), "european", id="partial outside"),
        pytest.param(depending(Dimension(AMMUNITION, DECISIVE, "US")), "european", id="a dimension the profile lacks"),
        pytest.param(
            of(None, LICENSED, design_authority=DesignAuthority(ONE, "NL")), "european", id="no total: skipped"
        ),
    ],
)
def test_the_european_verdict_is_the_first_that_holds(system: System, verdict: str) -> None:
    assert body(system)["europeanVerdict"] == verdict


def controlled(**euros: int) -> System:
    """A system whose leaves are controlled from these countries; `unknown` is one."""
    leaves = [
        a_leaf(f"x-{code}", value, f"NL/{'?' if code == 'unknown' else code}/-/-", function_group=None)
        for code, value in euros.items()
    ]
    return of(1000, *leaves)


@pytest.mark.parametrize(
    ("system", "hhi", "largest"),
    [
        pytest.param(controlled(NL=70, DE=30), "5800.0000", None, id="inside only"),
        pytest.param(
            controlled(NL=50, US=50), "5000.0000", {"country": "US", "share": "50.0000"}, id="of known values"
        ),
        pytest.param(controlled(US=50, GB=50), "5000.0000", {"country": "GB", "share": "50.0000"}, id="a tie: by code"),
        pytest.param(
            controlled(unknown=50, US=50), "5000.0000", {"country": "US", "share": "50.0000"}, id="a tie: unknown last"
        ),
        pytest.param(
            controlled(unknown=60, UA=40),
            "5200.0000",
            {"country": None, "share": "60.0000"},
            id="unknown is one holder",
        ),
        pytest.param(controlled(NL=1, US=2), "5555.5556", {"country": "US", "share": "66.6667"}, id="rounded half up"),
        pytest.param(controlled(NL=0, US=0), None, None, id="a sum of values of 0"),
        pytest.param(of(100), None, None, id="no leaf"),
    ],
)
def test_concentration_is_over_the_sum_of_values(system: System, hhi: str | None, largest: Any) -> None:
    assert body(system)["concentration"] == {"hhi": hhi, "largestOutside": largest}


@pytest.mark.parametrize(
    ("leaf", "completeness"),
    [
        pytest.param(inside("50"), "50.0000", id="complete: of the total"),
        pytest.param(inside("50", level=SELF), "50.0000", id="complete: self-declared"),
        pytest.param(inside("50", second=None), "50.0000", id="complete: a second source may be none"),
        pytest.param(inside("50", level=NONE), "0.0000", id="no evidence"),
        pytest.param(inside("50", function_group=None), "0.0000", id="no function group"),
        pytest.param(inside("50", weeks="?/12"), "0.0000", id="no stock"),
        pytest.param(inside("50", weeks="12/?"), "0.0000", id="no lead time"),
        pytest.param(inside("50", origin="?/NL/-/-"), "0.0000", id="no country of manufacture"),
        pytest.param(inside("50", origin="NL/?/-/-"), "0.0000", id="no country of control"),
        pytest.param(inside("50", origin="NL/NL/?/-"), "0.0000", id="no licence country"),
        pytest.param(inside("50", origin="NL/NL/-/?"), "0.0000", id="no export regime"),
    ],
)
def test_completeness_counts_leaves_that_answer_everything(leaf: ComponentInput, completeness: str) -> None:
    assert body(of(100, leaf))["completeness"] == completeness


def test_confidence_is_what_the_proof_of_each_leaf_counts_for() -> None:
    leaves = [
        a_leaf("a", 20, level=AUDITED, function_group=None),
        a_leaf("b", 20, level=DOCUMENT, function_group=None),
        a_leaf("c", 20, level=SELF, function_group=None),
        a_leaf("d", 20, level=NONE, function_group=None),
    ]
    assert body(of(100, *leaves))["confidence"] == "46.0000"
