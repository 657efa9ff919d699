"""What colours rest on."""

from datetime import date
from typing import Any

from domain.base import new_id
from domain.portfolio.colours import MilestoneStatus, Progress
from tests.factories.dates import a_day


def a_progress(
    *,
    status: MilestoneStatus = MilestoneStatus.SCHEDULED,
    critical: bool | None = None,
    original_end: date | str | None = None,
    current_end: date | str | None = None,
    forecast_end: date | str | None = None,
    achieved_on: date | str | None = None,
    assessed_on: date | str | None = None,
    dropped_on: date | str | None = None,
) -> Progress:
    """The progress of a milestone: scheduled, not known to be critical and without any baseline, unless said."""
    return Progress(
        id=new_id(),
        status=status,
        critical=critical,
        original_end=_day(original_end),
        current_end=_day(current_end),
        forecast_end=_day(forecast_end),
        achieved_on=_day(achieved_on),
        assessed_on=_day(assessed_on),
        dropped_on=_day(dropped_on),
    )


def a_progress_with_one_baseline(end: date | str | None, **named: Any) -> Progress:
    """The progress of a milestone whose baselines are still the same."""
    return a_progress(original_end=end, current_end=end, **named)


def _day(value: date | str | None) -> date | None:
    return a_day(value) if isinstance(value, str) else value
