"""Movements: what another scheme does to a score, and that every difference is accounted for."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.scoring import bm1
from domain.scoring.bm1 import BonusMalusScheme
from domain.scoring.exact import signed
from domain.scoring.movements import MOST_CAUSES, line_shifts, movement
from domain.scoring.results import KnockOutCode, Score
from tests.domain.scoring.examples import AUDITED, PROFILE, REFERENCE_DATE, a_leaf, a_waiver, bm_1_0, example_1
from tests.domain.scoring.systems import Case, cases
from tests.support.concern import concern
from tests.support.properties import holds

LISTED = ("G1", "G2", "G3", "D")


@st.composite
def schemes(draw: st.DrawFn) -> BonusMalusScheme:
    """Another scheme: weights that are together 100, other scores and factors, and countries in another group."""
    first = bm_1_0()
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=6, max_size=6)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    names = list(first.leaf_weights)
    moved = draw(st.sets(st.sampled_from(("NO", "UA", "US", "BR", "CN", "HK"))))
    to = draw(st.sampled_from(LISTED))
    groups = {
        name: members - moved | (moved if name == to else set()) for name, members in first.country_groups.items()
    }
    return replace(
        first,
        version="BM-T",
        leaf_weights={name: Fraction(weight) for name, weight in zip(names, weights, strict=False)},
        dimensions_weight=Fraction(weights[5]),
        authority_weight=Fraction(weights[6]),
        country_groups={name: frozenset(members) for name, members in groups.items()},
        value_part=draw(st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)))),
    )


def scored(scheme: BonusMalusScheme, case: Case) -> Score:
    """The score of a case under a scheme."""
    return bm1.score(scheme, case.profile, case.system, **case.options)


@holds
@given(cases(), schemes())
def test_every_difference_is_accounted_for(case: Case, scheme: BonusMalusScheme) -> None:
    """By criterion it adds up to the difference of S, by line to that of each criterion; exactly."""
    before, after = scored(bm_1_0(), case), scored(scheme, case)
    moved = movement(before, after)
    assume(moved.exact is not None)
    assert moved.exact is not None
    assert before.exact_score is not None
    assert after.exact_score is not None
    assert moved.exact == after.exact_score - before.exact_score
    assert sum((shift.difference for shift in moved.criteria.values()), Fraction(0)) == moved.exact
    by_line = dict.fromkeys(moved.criteria, Fraction(0))
    for shift in line_shifts(before.explanation, after.explanation):
        by_line[shift.line.criterion] += shift.difference
    assert by_line == {name: shift.difference for name, shift in moved.criteria.items()}


@holds
@given(cases(), schemes())
def test_there_and_back_is_the_opposite(case: Case, scheme: BonusMalusScheme) -> None:
    before, after = scored(bm_1_0(), case), scored(scheme, case)
    there, back = movement(before, after), movement(after, before)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert there.verdicts == {name: (old, new) for name, (new, old) in back.verdicts.items()}
    assert {name: -shift.difference for name, shift in there.criteria.items()} == {
        name: shift.difference for name, shift in back.criteria.items()
    }


@holds
@given(cases(), schemes())
def test_the_causes_are_the_largest_lines(case: Case, scheme: BonusMalusScheme) -> None:
    before, after = scored(bm_1_0(), case), scored(scheme, case)
    sizes = [abs(shift.difference) for shift in line_shifts(before.explanation, after.explanation) if shift.difference]
    found = [abs(cause.difference) for cause in movement(before, after).causes]
    assert found == sorted(sizes, reverse=True)[:MOST_CAUSES]


@holds
@given(cases())
def test_a_scheme_beside_itself_moves_nothing(case: Case) -> None:
    moved = movement(scored(bm_1_0(), case), scored(bm_1_0(), case))
    assert (moved.score or 0, moved.exact or 0) == (0, 0)
    assert {shift.difference for shift in moved.criteria.values()} <= {0}
    assert (moved.causes, moved.verdicts, moved.added, moved.removed) == ([], {}, [], [])


def test_a_country_that_becomes_one_of_concern_knocks_out_and_fails_the_share() -> None:
    system = example_1(AUDITED, a_leaf("gps", 0, "US/US/-/-", "DE", function_group="control"))
    before, after = (
        bm1.score(scheme, PROFILE, system, price_cents=100, reference_date=REFERENCE_DATE)
        for scheme in (bm_1_0(), concern("US"))
    )
    moved = movement(before, after)
    [added] = moved.added
    assert (added.code, added.component_key, moved.removed) == (KnockOutCode.CONCERN, "gps", [])
    assert moved.verdicts == {"edip": ("pass", "fail")}
    assert (moved.score, moved.causes) == (0, [])


def test_a_knock_out_that_is_waived_on_both_sides_does_not_move() -> None:
    system = example_1(AUDITED, a_leaf("gps", 0, "US/US/-/-", "DE", function_group="control"))
    waivers = (a_waiver(component_key="gps"),)
    before, after = (
        bm1.score(scheme, PROFILE, system, reference_date=REFERENCE_DATE, waivers=waivers)
        for scheme in (bm_1_0(), concern("US"))
    )
    assert movement(before, after).added == []


def test_what_cannot_be_assessed_has_no_difference() -> None:
    system = replace(example_1(), total_cents=None)
    before, after = (
        bm1.score(scheme, PROFILE, system, reference_date=REFERENCE_DATE) for scheme in (bm_1_0(), concern("US"))
    )
    moved = movement(before, after)
    assert (moved.score, moved.exact, moved.criteria, moved.causes) == (None, None, {}, [])


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [("0", 1, "0.0"), ("1.25", 1, "1.3"), ("-1.25", 1, "-1.3"), ("-0.04", 1, "0.0"), ("-0.05", 1, "-0.1")],
)
def test_a_difference_is_rounded_alike_both_ways(number: str, places: int, expected: str) -> None:
    assert signed(Fraction(number), places) == expected
