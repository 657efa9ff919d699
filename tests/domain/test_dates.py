"""Dates: windows, and which day it is for the programme."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Window, day_of, window_of
from tests.factories.dates import a_day, a_moment
from tests.support.properties import days, holds


def test_a_window_may_be_a_single_day() -> None:
    window = Window(a_day("2026-07-01"), a_day("2026-07-01"))
    assert window.start == window.end


@holds
@given(days, st.integers(1, 2000))
def test_a_window_never_ends_before_it_starts(start: date, early: int) -> None:
    with pytest.raises(ValueError, match=f"before it starts on {start}"):
        Window(start, start - timedelta(days=early))


def test_two_stored_days_make_a_window() -> None:
    assert window_of(a_day("2026-07-01"), a_day("2027-03-31")) == Window(a_day("2026-07-01"), a_day("2027-03-31"))


@pytest.mark.parametrize(("start", "end"), [(None, None), ("2026-07-01", None), (None, "2027-03-31")])
def test_there_is_no_window_without_both_days(start: str | None, end: str | None) -> None:
    assert window_of(a_day(start) if start else None, a_day(end) if end else None) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-11-21T22:59:59.999999+00:00", "2026-11-21", id="winter, just before midnight in Amsterdam"),
        pytest.param("2026-11-21T23:00:00+00:00", "2026-11-22", id="winter, midnight in Amsterdam"),
        pytest.param("2026-07-01T21:59:59+00:00", "2026-07-01", id="summer, just before midnight in Amsterdam"),
        pytest.param("2026-07-01T22:00:00+00:00", "2026-07-02", id="summer, midnight in Amsterdam"),
        pytest.param("2026-10-25T22:59:59+00:00", "2026-10-25", id="the day the clock goes back lasts 25 hours"),
        pytest.param("2026-03-28T23:00:00+00:00", "2026-03-29", id="the day the clock goes forward begins in winter"),
        pytest.param("2026-11-21T23:30:00-05:00", "2026-11-22", id="any offset in"),
        pytest.param("2026-11-22T08:00:00+09:00", "2026-11-22", id="today is not Tokyo's"),
    ],
)
def test_a_business_date_is_a_day_in_the_netherlands(moment: str, day: str) -> None:
    assert day_of(a_moment(moment)) == a_day(day)
