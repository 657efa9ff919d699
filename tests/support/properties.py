"""What property tests of the domain share: the values they try, as often as the profile in `tests/conftest` says."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.base import new_id
from domain.dates import Window
from domain.money import MAX_CENTS, Money, Qualifier
from domain.portfolio.colours import MilestoneStatus, Progress

holds = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
"""Marks a property, which prints what reproduces a failure."""

days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
windows = st.tuples(days, days).map(lambda both: Window(min(both), max(both)))
amounts = st.builds(Money, st.integers(0, 10**12), st.sampled_from(Qualifier))
cents = st.integers(0, MAX_CENTS)


@st.composite
def progresses(draw: st.DrawFn, /, **fixed: st.SearchStrategy[Any]) -> Progress:
    """The progress of a milestone; it has a day of achievement when it is met, and only then.

    One that was agreed and not met is dropped now and then, unless `dropped_on` says otherwise.
    """
    status = draw(fixed.get("status", st.sampled_from(MilestoneStatus)))
    values: dict[str, Any] = {
        "critical": draw(fixed.get("critical", st.none() | st.booleans())),
        "original_end": draw(fixed.get("original_end", st.none() | days)),
        "current_end": draw(fixed.get("current_end", st.none() | days)),
        "forecast_end": draw(fixed.get("forecast_end", st.none() | days)),
    }
    can_be_dropped = status is not MilestoneStatus.MET and values["original_end"] is not None
    dropped_on = draw(fixed.get("dropped_on", st.none() | st.none() | days)) if can_be_dropped else None
    return Progress(
        id=new_id(),
        status=status,
        achieved_on=draw(days) if status is MilestoneStatus.MET else None,
        assessed_on=None if status is MilestoneStatus.SCHEDULED else draw(st.none() | days),
        dropped_on=dropped_on,
        **values,
    )


unmet = st.sampled_from([status for status in MilestoneStatus if status is not MilestoneStatus.MET])
