"""Simulations: how declarations under two schemes become a summary, ranks and results in order."""

import json
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import new_id
from domain.scoring import bm1
from domain.scoring.movements import MOST_KNOCK_OUTS, movement
from domain.scoring.simulations import (
    DETAILS,
    RESULT,
    ComparedDeclaration,
    ComparedSide,
    SimulationOutcome,
    details,
    outcome_of,
)
from tests.domain.scoring.examples import AUDITED, PROFILE, a_leaf, bm_1_0, example_1
from tests.factories.scoring.score_schemes import a_simulation
from tests.support.concern import concern
from tests.support.properties import holds

LOT, OTHER = new_id(), new_id()
NOTHING: dict[str, Any] = {**dict.fromkeys(DETAILS, "[]"), "added_count": 0, "removed_count": 0}


def a_comparison(difference: str | None, **named: Any) -> ComparedDeclaration:
    """A declaration of which only what is named matters."""
    moved = None if difference is None else Fraction(difference)
    prices = named.pop("prices", (None, None))
    outs = named.pop("outs", (False, False))
    before, after = (ComparedSide("50.0", "0.00", price, out) for price, out in zip(prices, outs, strict=True))
    least: dict[str, Any] = {
        "declaration_id": new_id(), "supplier_id": new_id(), "lot_id": LOT, "challenge_id": None,
        "reference_date": date(2026, 11, 21), "scheme_before": "BM-1.0", "before": before, "after": after,
        "score": moved, "exact": moved, "details": NOTHING,
    }  # fmt: skip
    return ComparedDeclaration(**{**least, **named})


def of(outcome: SimulationOutcome, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of every result, in order."""
    places = [2 + RESULT.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in outcome.rows]


def test_nothing_compared_is_a_row_of_nothing() -> None:
    outcome = outcome_of([], new_id())
    kept = a_simulation(**outcome.columns)
    assert (outcome.rows, kept.compared, kept.by_parent, kept.mean_difference) == ([], 0, [], None)


def test_moves_are_counted_and_the_largest_fall_is_first() -> None:
    compared = [a_comparison(each) for each in ("0.5", "-2", "0", None, "3", "-0.1")]
    outcome = outcome_of(compared, new_id())
    assert of(outcome, "difference") == [
        ("-2.0",),
        ("-0.1",),
        *sorted([("0.0",), (None,)], key=_as_placed(compared)),
        ("0.5",),
        ("3.0",),
    ]
    columns = outcome.columns
    assert (columns["compared"], columns["moved_up"], columns["moved_down"], columns["unchanged"]) == (6, 2, 2, 2)
    assert (columns["largest_rise"], columns["largest_fall"], columns["mean_difference"]) == ("3.0", "-2.0", "0.2800")
    assert [row[1] for row in outcome.rows] == [0, 1, 2, 3, 4, 5]


def _as_placed(compared: list[ComparedDeclaration]) -> Any:
    """Those that do not move stand in the order of their declarations."""
    ids = {None if each.score is None else "0.0": str(each.declaration_id) for each in compared if not each.moved}
    return lambda row: ids[row[0]]


def test_ranks_are_within_a_lot_and_those_that_change_are_counted() -> None:
    first, second, third = (
        a_comparison("0", prices=(100, 200)), a_comparison("0", prices=(150, 150)), a_comparison("0", prices=(100, None)),
    )  # fmt: skip
    elsewhere = a_comparison("1", lot_id=None, challenge_id=OTHER, prices=(5, 9))
    outcome = outcome_of([first, second, third, elsewhere], new_id())
    ranks = {row[0]: row[1:] for row in of(outcome, "declaration_id", "rank_before", "rank_after")}
    assert ranks == {
        str(first.declaration_id): (1, 2), str(second.declaration_id): (3, 1),
        str(third.declaration_id): (1, None), str(elsewhere.declaration_id): (1, 1),
    }  # fmt: skip
    assert outcome.columns["rank_changes"] == 3
    lines = {(line["lotId"], line["challengeId"]): line for line in outcome.columns["by_parent"]}
    assert lines[str(LOT), None]["rankChanges"] == 3
    assert (lines[None, str(OTHER)]["rankChanges"], lines[None, str(OTHER)]["movedUp"]) == (0, 1)


@pytest.mark.parametrize(
    ("outs", "expected"),
    [((False, False), (0, 0)), ((True, True), (0, 0)), ((False, True), (1, 0)), ((True, False), (0, 1))],
)
def test_who_is_knocked_out_or_relieved_is_counted(outs: tuple[bool, bool], expected: tuple[int, int]) -> None:
    columns = outcome_of([a_comparison("0", outs=outs)], new_id()).columns
    assert (columns["knocked_out"], columns["relieved"]) == expected


MOVES = st.none() | st.integers(-1000, 1000).map(lambda tenths: str(Fraction(tenths, 10)))


@holds
@given(st.lists(st.tuples(MOVES, st.sampled_from((LOT, OTHER))), max_size=12), st.randoms(use_true_random=False))
def test_lots_add_up_and_the_order_of_reading_matters_not(moves: list[tuple[str | None, UUID]], random: Any) -> None:
    compared = [a_comparison(difference, lot_id=lot) for difference, lot in moves]
    outcome = outcome_of(compared, new_id())
    for shown, name in (("compared",) * 2, ("movedUp", "moved_up"), ("movedDown", "moved_down"), ("unchanged",) * 2):
        assert sum(line[shown] for line in outcome.columns["by_parent"]) == outcome.columns[name]
    random.shuffle(compared)
    assert outcome_of(compared, new_id()).columns == outcome.columns


def test_the_first_knock_outs_are_listed_and_all_are_counted() -> None:
    leaves = [a_leaf(f"gps-{n:02}", 0, "US/US/-/-", "DE", function_group="control") for n in range(MOST_KNOCK_OUTS + 5)]
    system = example_1(AUDITED, *leaves)
    before, after = (
        bm1.score(scheme, PROFILE, system, reference_date=date(2026, 11, 21)) for scheme in (bm_1_0(), concern("US"))
    )
    found = details(movement(before, after))
    assert (found["added_count"], found["removed_count"], found["removed"]) == (25, 0, "[]")
    listed = json.loads(found["added"])
    assert [entry["componentKey"] for entry in listed] == [f"gps-{n:02}" for n in range(MOST_KNOCK_OUTS)]
    assert (listed[0]["code"], listed[0]["reason"]) == ("KO-1", "countryOfConcern")
