"""Two scores compared: every figure and every difference is rounded once, from its exact value."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring.comparison import ChangedFigure, ComparedScores, rendered_comparison

FRACTIONS = st.fractions(min_value=0, max_value=100, max_denominator=10**9)


def points(before: Fraction | None, after: Fraction | None) -> dict[str, str | None]:
    figure = ChangedFigure(before, after)
    rest = ChangedFigure(Fraction(0), Fraction(0))
    compared = ComparedScores(score=rest, points=figure, adjustment_percent=rest, origin_shares={})
    shown: dict[str, str | None] = rendered_comparison(compared)["points"]
    return shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param("0.00004", "0.32744", ("0.0000", "0.3274", "0.3274"), id="a rise"),
        pytest.param("0.00006", "0.32746", ("0.0001", "0.3275", "0.3274"), id="figures that round up together"),
        pytest.param("0.00006", "0.32742", ("0.0001", "0.3274", "0.3274"), id="not the difference of rounded figures"),
        pytest.param("0.32735", "0", ("0.3274", "0.0000", "-0.3274"), id="a fall is rounded as a rise"),
        pytest.param("0", "0.32735", ("0.0000", "0.3274", "0.3274"), id="and a rise as a fall"),
        pytest.param("0.00004", "0", ("0.0000", "0.0000", "0.0000"), id="no minus before nothing"),
    ],
)
def test_a_difference_is_rounded_once_from_its_exact_value(
    before: str, after: str, shown: tuple[str, str, str]
) -> None:
    assert tuple(points(Fraction(before), Fraction(after)).values()) == shown


def test_what_cannot_be_assessed_has_no_difference() -> None:
    assert points(None, Fraction(1)) == {"before": None, "after": "1.0000", "difference": None}


@given(before=FRACTIONS, after=FRACTIONS)
def test_a_rise_and_the_same_fall_have_the_same_digits(before: Fraction, after: Fraction) -> None:
    there, back = points(before, after)["difference"], points(after, before)["difference"]
    assert there is not None
    assert back is not None
    assert there.lstrip("-") == back.lstrip("-")
    assert abs(Fraction(there) - (after - before)) <= Fraction(1, 20_000)
