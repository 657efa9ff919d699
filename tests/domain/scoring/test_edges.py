"""Edge cases of the formula: no total, no values, the minimum rule, evidence dates, supply, both price modes."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from domain.scoring import bm1
from domain.scoring.exact import decimals, exact_decimal
from domain.scoring.inputs import ComponentInput, Dependence, DesignAuthority, Dimension, EvidenceInput, Profile, System
from domain.scoring.results import Score
from tests.domain.scoring.examples import (
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
    SOFTWARE,
    USE,
    a_leaf,
    a_system,
    bm_1_0,
    dimensions,
    example_1,
    example_4,
)


def scored(system: System, profile: Profile = PROFILE, **options: Any) -> Score:
    """The score under the profile of the examples."""
    return bm1.score(bm_1_0(), profile, system, **{"reference_date": REFERENCE_DATE, **options})


def points(system: System, criterion: str) -> Fraction:
    """The points of one criterion."""
    found = scored(system).points
    assert found is not None
    return found[criterion]


@pytest.mark.parametrize("total", [None, 0], ids=["T missing", "T is 0"])
def test_without_a_total_nothing_can_be_assessed(total: int | None) -> None:
    body = bm1.shown(scored(replace(example_1(), total_cents=total), price_cents=100_00))
    assert (body["score"], body["points"], body["completeness"], body["confidence"]) == (None, None, None, None)
    assert (body["explanation"], body["adjustmentPercent"], body["fictitiousPrice"]) == ([], "-10.00", None)
    assert body["knockOuts"] == [{"code": "KO-2", "reason": "totalMissing"}]
    nothing = {"proven": None, "declared": None, "upperBound": None, "verdict": "possible", "decidedBy": []}
    assert body["originShares"] == {"edip": nothing, "safe": nothing}
    assert body["concentration"]["hhi"] == "5800.0000"
    assert body["europeanVerdict"] == "european"


def test_without_a_total_other_knock_outs_hold_beside_it() -> None:
    system = a_system(None, [a_leaf("control", 5, "CN/?/-/-")], design_authority=DesignAuthority())
    found = scored(system, replace(PROFILE, require_eu_prime=True)).knock_outs
    assert [(entry.code.value, entry.reason.value) for entry in found] == [
        ("KO-1", "countryOfConcern"),
        ("KO-2", "unknownOrigin"),
        ("KO-2", "totalMissing"),
        ("KO-3", "primeNotEu"),
    ]


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        pytest.param(a_system(None, [a_leaf("power", 5, "NL/CN/-/-")]), "fail", id="group D"),
        pytest.param(example_1(total_cents=None, design_authority=DesignAuthority(ONE, "NL")), "fail", id="level"),
        pytest.param(example_1(total_cents=None, design_authority=DesignAuthority(BOTH, "US")), "fail", id="prime"),
        pytest.param(a_system(None, [a_leaf("power", 5, "US/US/-/-")]), "possible", id="else"),
    ],
)
def test_without_a_total_edip_fails_by_its_other_clauses_only(system: System, verdict: str) -> None:
    assert [share.verdict for share in scored(system).origin_shares.values()] == [verdict, "possible"]


def test_values_of_0_leave_the_value_half_to_the_residual_and_the_groups_to_their_lowest_leaf() -> None:
    leaves = [
        a_leaf("a", 0, "NL/NL/-/-", function_group="control"),
        a_leaf("b", 0, "US/NL/-/-", function_group="control"),
        a_leaf("power", 0),
        a_leaf("airframe", 0),
    ]
    # Half of 20 times (3 x 50 + 100 + 100) / 5.
    assert points(a_system(100, leaves), "madeIn") == 7


def two(euros: int | None, other_euros: int | None, country: str) -> list[ComponentInput]:
    """Two leaves of one group: one made in NL, the other elsewhere."""
    made_in_nl = a_leaf("a", euros, function_group="control")
    return [made_in_nl, a_leaf("b", other_euros, f"{country}/NL/-/-", function_group="control")]


@pytest.mark.parametrize(
    ("control", "made_in"),
    [
        pytest.param(two(75, 25, "US"), "17.5", id="the mean by value"),
        pytest.param(two(100, 0, "CN"), "20", id="a leaf of value 0 does not count"),
        pytest.param(two(100, None, "US"), "15", id="a missing value: the minimum"),
        pytest.param(two(None, 100, "US"), "10", id="a missing value: the minimum is a known one"),
        pytest.param([a_leaf("a", 100, function_group=None)], "10", id="an empty group is 0"),
    ],
)
def test_a_group_goes_by_value_or_by_its_lowest_leaf(control: list[ComponentInput], made_in: str) -> None:
    profile = replace(PROFILE, function_groups=PROFILE.function_groups[:1])
    found = scored(a_system(100, control), profile).points
    assert found is not None
    assert found["madeIn"] == Fraction(made_in)


@pytest.mark.parametrize(
    ("evidence", "part"),
    [
        pytest.param(EvidenceInput(NONE), "0", id="none"),
        pytest.param(EvidenceInput(SELF), "1/2", id="self-declared"),
        pytest.param(EvidenceInput(DOCUMENT), "4/5", id="document"),
        pytest.param(EvidenceInput(AUDITED), "1", id="audited"),
        pytest.param(EvidenceInput(DOCUMENT, REFERENCE_DATE), "4/5", id="document on its last day"),
        pytest.param(EvidenceInput(DOCUMENT, date(2026, 11, 20)), "1/2", id="document expired"),
        pytest.param(EvidenceInput(AUDITED, date(2026, 11, 20)), "1/2", id="audit expired"),
        pytest.param(EvidenceInput(SELF, date(2026, 11, 20)), "1/2", id="a declaration does not expire"),
        pytest.param(EvidenceInput(NONE, date(2026, 11, 20)), "0", id="none stays 0"),
    ],
)
def test_evidence_counts_for_its_factor_everywhere(evidence: EvidenceInput, part: str) -> None:
    names = ("control", "power", "airframe")
    declared = tuple(Dimension(name, Dependence.NONE, None, evidence) for name in PROFILE.dimensions)
    system = a_system(
        300,
        [a_leaf(name, 100, second="DE", evidence=evidence) for name in names],
        dimensions=declared,
        design_authority=DesignAuthority(BOTH, "NL", evidence),
    )
    assert scored(system).exact_score == 100 * Fraction(part)


@pytest.mark.parametrize(
    ("country", "base"),
    [("NL", 100), ("IS", 100), ("UA", 80), ("US", 50), ("KR", 50), ("BR", 25), ("AQ", 25), ("CN", 0), ("?", 0)],
)
def test_a_country_scores_its_group(country: str, base: int) -> None:
    assert points(alone(a_leaf("control", 100, f"{country}/NL/-/-")), "madeIn") == Fraction(base, 5)


def alone(leaf: ComponentInput) -> System:
    """A leaf that is all of its system, the same in every group of the profile by being all there is in each."""
    leaves = [replace(leaf, key=name, function_group=name) for name in ("control", "power", "airframe")]
    return a_system(300, leaves)


@pytest.mark.parametrize(
    ("second", "weeks", "base"),
    [
        pytest.param("NL", "12/12", 100, id="stock for the whole lead time"),
        pytest.param("NL", "24/12", 100, id="more stock than lead time"),
        pytest.param("NL", "3/12", "62.5", id="stock for a quarter"),
        pytest.param(None, "12/12", 50, id="no second source"),
        pytest.param("US", "0/12", 25, id="no stock"),
        pytest.param("CN", "12/12", 50, id="a second source of concern"),
        pytest.param(None, "0/0", 50, id="lead time 0, no stock"),
        pytest.param(None, "?/0", 50, id="lead time 0, stock unknown"),
        pytest.param(None, "?/12", 0, id="stock unknown"),
        pytest.param(None, "12/?", 0, id="lead time unknown"),
        pytest.param(None, "0/?", 0, id="lead time unknown, no stock"),
    ],
)
def test_supply_is_half_second_source_and_half_stock(second: str | None, weeks: str, base: Any) -> None:
    assert points(alone(a_leaf("control", 100, second=second, weeks=weeks)), "supply") == 15 * Fraction(base) / 100


@pytest.mark.parametrize(
    ("dependence", "country", "base"),
    [
        *[(PARTIAL, *row) for row in (("NL", 100), ("UA", 80), ("US", 60), ("BR", 40), ("CN", 0), (None, 0))],
        *[(DECISIVE, *row) for row in (("NL", 100), ("UA", 40), ("US", 20), ("BR", 10), ("CN", 0), (None, 0))],
        (Dependence.NONE, "CN", 100),
        (None, "NL", 0),
    ],
)
def test_a_dimension_scores_by_dependence_and_country(dependence: Any, country: str | None, base: int) -> None:
    others = dimensions(AUDITED)[1:]
    system = example_1(dimensions=(Dimension(USE, dependence, country, EvidenceInput(AUDITED)), *others))
    assert points(system, "dimensions") == Fraction(25, 4) * (3 + Fraction(base, 100))


def test_a_dimension_that_is_not_declared_scores_0_and_one_that_the_profile_lacks_counts_nowhere() -> None:
    profile = replace(PROFILE, dimensions=(USE, SOFTWARE))
    found = scored(example_1(dimensions=dimensions(AUDITED)[1:]), profile).points
    assert found is not None
    assert found["dimensions"] == Fraction(25, 2)


@pytest.mark.parametrize(
    ("level", "country", "expected"),
    [
        pytest.param(BOTH, "NL", "5", id="both"),
        pytest.param(ONE, "NL", "2.5", id="one"),
        pytest.param(NEITHER, "NL", "0", id="neither"),
        pytest.param(None, "NL", "0", id="unknown"),
        pytest.param(BOTH, "NO", "0", id="in the EEA"),
        pytest.param(BOTH, None, "0", id="no country"),
    ],
)
def test_design_authority_earns_points_in_the_eu_only(level: Any, country: str | None, expected: str) -> None:
    system = example_1(design_authority=DesignAuthority(level, country, EvidenceInput(AUDITED)))
    assert points(system, "designAuthority") == Fraction(expected)


@pytest.mark.parametrize(
    ("reference", "amount"),
    [
        pytest.param(None, 125_375_000, id="of the price"),
        pytest.param(100_000_000, 125_300_000, id="of a reference amount"),
        pytest.param(0, 125_000_000, id="of a reference amount of 0"),
    ],
)
def test_the_adjustment_is_of_the_price_or_of_a_reference_amount(reference: int | None, amount: int) -> None:
    profile = replace(PROFILE, reference_amount_cents=reference)
    assert scored(example_4(), profile, price_cents=125_000_000).fictitious_price_cents == amount


@pytest.mark.parametrize(
    ("price", "amount"), [(5, 5), (500, 502), (499, 500), (167, 168), (166, 166)], ids=str
)  # +0.30 %: 5.015, 501.5, 500.497, 167.501, 166.498
def test_the_fictitious_price_is_rounded_half_up_to_the_cent(price: int, amount: int) -> None:
    assert scored(example_4(), price_cents=price).fictitious_price_cents == amount


def test_without_a_price_there_is_no_fictitious_price() -> None:
    assert scored(example_1()).fictitious_price_cents is None


def test_the_cap_bounds_the_adjustment() -> None:
    assert scored(example_1(), replace(PROFILE, cap_percent=Fraction("7.5"))).adjustment_percent == Fraction("7.5")


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("0.00005", 4, "0.0001"),
        ("0.00004999", 4, "0.0000"),
        ("-0.05", 1, "0.0"),
        ("-12.345", 2, "-12.34"),
        ("2.5", 0, "3"),
    ],
)
def test_decimals_are_rounded_half_up(number: str, places: int, expected: str) -> None:
    assert decimals(Fraction(number), places) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("3.62", "3.62"), ("-0.3", "-0.30"), ("0", "0.00"), ("10", "10.00"), ("0.0362", "0.0362")]
)
def test_an_adjustment_is_shown_exactly(number: str, expected: str) -> None:
    assert exact_decimal(Fraction(number), at_least=2) == expected


def test_what_has_no_finite_decimal_form_is_not_shown_as_if_it_had() -> None:
    with pytest.raises(ValueError, match="1/3 has no finite decimal form"):
        exact_decimal(Fraction(1, 3), at_least=2)
