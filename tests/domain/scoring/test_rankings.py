"""Rankings: the order of fictitious prices, in both modes, and who has no rank."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import bm1
from domain.scoring.rankings import FictitiousPrices, Mode, Unranked, mode_of, prices_of, ranks, unranked
from tests.domain.scoring.examples import PROFILE, bm_1_0, bonus_malus, example_1
from tests.domain.scoring.systems import REFERENCE_DATE, Case, cases, profiles
from tests.support.properties import holds

CENTS = st.integers(0, 10**12)
TENTHS = st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10))


@pytest.mark.parametrize(
    ("deciding", "expected"),
    [
        ([], []),
        ([300, 100, 200], [3, 1, 2]),
        ([100, 100, 300], [1, 1, 3]),
        ([None, 200, None, 100], [None, 2, None, 1]),
        ([None], [None]),
        ([0, -5], [2, 1]),
    ],
)
def test_the_lowest_price_is_first_and_equal_ones_share(deciding: list[int | None], expected: list[int | None]) -> None:
    assert ranks(deciding) == expected


@holds
@given(st.lists(st.none() | st.integers(-5, 5), max_size=12))
def test_a_rank_is_one_more_than_how_many_are_cheaper(deciding: list[int | None]) -> None:
    for price, rank in zip(deciding, ranks(deciding), strict=True):
        cheaper = None if price is None else sum(other is not None and other < price for other in deciding)
        assert rank == (None if cheaper is None else cheaper + 1)


@pytest.mark.parametrize(
    ("is_knocked_out", "price_cents", "expected"),
    [
        (False, 0, None),
        (True, 5, Unranked.KNOCK_OUT),
        (False, None, Unranked.NO_PRICE),
        (True, None, Unranked.KNOCK_OUT),
    ],
)
def test_who_has_no_rank_is_told_why(is_knocked_out: bool, price_cents: int | None, expected: Unranked | None) -> None:
    assert unranked(is_knocked_out=is_knocked_out, price_cents=price_cents) is expected


def test_the_reference_amount_decides_where_there_is_one() -> None:
    assert (mode_of(None), mode_of(0)) == (Mode.OWN_PRICE, Mode.REFERENCE_AMOUNT)
    assert FictitiousPrices(5, None).deciding() == 5
    assert FictitiousPrices(5, 0).deciding() == 0


@holds
@given(cases())
def test_the_deciding_price_is_that_of_the_score(case: Case) -> None:
    """Whatever is declared and asked for: the ranking has no rule of prices of its own."""
    score = bm1.score(bm_1_0(), case.profile, case.system, **case.options)
    if score.fictitious_price_cents is not None:
        assert case.price_cents is not None
        found = prices_of(
            algorithm=bonus_malus(),
            profile=case.profile,
            price_cents=case.price_cents,
            adjustment=score.adjustment_percent,
        )
        assert found.deciding() == score.fictitious_price_cents


@holds
@given(profiles(), CENTS, TENTHS, TENTHS)
def test_a_better_score_never_ranks_lower_at_an_equal_price(profile, price_cents, one, other) -> None:  # type: ignore[no-untyped-def]
    better, worse = (
        prices_of(
            algorithm=bonus_malus(),
            profile=profile,
            price_cents=price_cents,
            adjustment=(score - 50) * profile.cap_percent / 50,
        )
        for score in (max(one, other), min(one, other))
    )
    first, second = ranks([better.deciding(), worse.deciding()])
    assert first is not None
    assert second is not None
    assert first <= second
    assert better.own_price_cents <= worse.own_price_cents


@holds
@given(profiles(), CENTS, CENTS, TENTHS)
def test_a_lower_price_never_ranks_lower_at_an_equal_score(profile, one, other, score) -> None:  # type: ignore[no-untyped-def]
    cheaper, dearer = (
        prices_of(
            algorithm=bonus_malus(),
            profile=profile,
            price_cents=cents,
            adjustment=(score - 50) * profile.cap_percent / 50,
        ).deciding()
        for cents in (min(one, other), max(one, other))
    )
    assert cheaper <= dearer


def test_both_modes_of_the_first_worked_example() -> None:
    found = prices_of(algorithm=bonus_malus(), profile=PROFILE, price_cents=100_000_000, adjustment=Fraction(10))
    assert found == FictitiousPrices(90_000_000, None)
    score = bm1.score(bm_1_0(), PROFILE, example_1(), price_cents=100_000_000, reference_date=date(2026, 11, 21))
    assert score.fictitious_price_cents == found.deciding()
    assert date(2026, 11, 21) == REFERENCE_DATE
