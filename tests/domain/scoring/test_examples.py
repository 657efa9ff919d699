"""The worked examples of the specification, figure by figure."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest

from domain.scoring import bm1
from domain.scoring.inputs import System
from tests.domain.scoring.examples import (
    PROFILE,
    REFERENCE_DATE,
    SELF,
    a_waiver,
    bm_1_0,
    example_1,
    example_3,
    example_4,
    hong_kong_leaf,
)

CRITERIA = ("madeIn", "control", "licence", "exportRegime", "supply", "dimensions", "designAuthority")


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    system: System
    points: tuple[str, ...]
    score: str
    adjustment: str
    price_cents: int
    fictitious: str
    beside: dict[str, Any]


ROWS = {
    "example 1": Row(
        example_1(),
        ("20", "15", "10", "10", "15", "25", "5"),
        "100.0",
        "10.00",
        100_000_000,
        "900000.00",
        {"proven": "100.0000", "declared": "100.0000", "edip": "pass", "safe": "pass", "hhi": "5800.0000"},
    ),
    "example 2": Row(
        example_1(SELF),
        ("10", "7.5", "5", "5", "7.5", "12.5", "2.5"),
        "50.0",
        "0.00",
        100_000_000,
        "1000000.00",
        {"proven": "0.0000", "declared": "100.0000", "edip": "possible", "safe": "possible", "hhi": "5800.0000"},
    ),
    "example 3": Row(
        example_3(),
        ("11.6", "8.7", "8", "8", "7.8", "20", "4"),
        "68.1",
        "3.62",
        100_000_000,
        "963800.00",
        {"proven": "65.0000", "upper": "65.0000", "edip": "fail", "safe": "pass", "hhi": "5450.0000"},
    ),
    "example 4": Row(
        example_4(),
        ("16", "8.4", "4.8", "4.8", "4.5", "10", "0"),
        "48.5",
        "-0.30",
        125_000_000,
        "1253750.00",
        {"proven": "100.0000", "upper": "100.0000", "edip": "fail", "verdict": "licenceProduction"},
    ),
}


def shown(system: System, **options: Any) -> dict[str, Any]:
    """The body of a score under the profile of the examples."""
    return bm1.shown(bm1.score(bm_1_0(), PROFILE, system, reference_date=REFERENCE_DATE, **options))


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in ROWS.items()])
def test_points_score_adjustment_and_price_are_those_of_the_table(row: Row) -> None:
    exact = bm1.score(bm_1_0(), PROFILE, row.system, price_cents=row.price_cents, reference_date=REFERENCE_DATE)
    found = bm1.shown(exact)

    assert exact.points == dict(zip(CRITERIA, map(Fraction, row.points), strict=True))
    assert found["points"] == {name: f"{float(points):.4f}" for name, points in zip(CRITERIA, row.points, strict=True)}
    assert (found["score"], found["adjustmentPercent"]) == (row.score, row.adjustment)
    assert found["fictitiousPrice"] == {"amount": row.fictitious, "currency": "EUR", "qualifier": "exact"}
    assert found["knockOuts"] == []


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in ROWS.items()])
def test_what_stands_beside_the_score_is_that_of_the_table(row: Row) -> None:
    found = shown(row.system)
    edip, safe = found["originShares"]["edip"], found["originShares"]["safe"]
    beside = {
        "proven": edip["proven"],
        "declared": edip["declared"],
        "upper": edip["upperBound"],
        "edip": edip["verdict"],
        "safe": safe["verdict"],
        "hhi": found["concentration"]["hhi"],
        "verdict": found["europeanVerdict"],
    }
    assert beside == {**beside, "verdict": "european", **row.beside}


def test_example_1_is_european_and_wholly_proven() -> None:
    found = shown(example_1())
    assert found["europeanVerdict"] == "european"
    assert (found["completeness"], found["confidence"]) == ("100.0000", "100.0000")
    assert found["originShares"]["edip"]["decidedBy"] == []
    assert found["concentration"]["largestOutside"] is None


def test_example_3_exactly_65_percent_passes_safe_and_concern_outside_a_critical_group_knocks_nothing_out() -> None:
    found = shown(example_3())
    assert found["originShares"]["safe"]["verdict"] == "pass"
    assert found["originShares"]["edip"]["decidedBy"] == ["power"]
    assert found["concentration"]["largestOutside"] == {"country": "CN", "share": "35.0000"}
    assert found["europeanVerdict"] == "european"


def test_example_1_with_a_leaf_of_hong_kong_of_no_value_is_knocked_out_and_still_scored() -> None:
    system = replace(example_1(), components=(*example_1().components, hong_kong_leaf()))
    found = shown(system, price_cents=100_000_000)
    assert found["knockOuts"] == [{"code": "KO-1", "reason": "countryOfConcern", "componentKey": "chip"}]
    assert (found["score"], found["fictitiousPrice"]) == ("100.0", None)


def test_example_1_with_that_leaf_waived_has_its_price_again() -> None:
    system = replace(example_1(), components=(*example_1().components, hong_kong_leaf()))
    found = shown(system, price_cents=100_000_000, waivers=[a_waiver(component_key="chip")])
    assert found["knockOuts"][0]["waiver"] == {
        "authority": "Commandant Materieel en IT",
        "reason": "no other source before 2028",
        "expiresOn": "2027-06-30",
        "alternativeTrajectory": "second source qualified in 2027",
    }
    assert found["fictitiousPrice"]["amount"] == "900000.00"
