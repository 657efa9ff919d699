"""Dates and windows (termijn): inclusive first and last days, and which day it is for the programme.

Moments are recorded in UTC; a business date is a day in the Netherlands. Callers pass in the current time or day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Window:
    """An inclusive period of days; `end` is never before `start`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the window ends on {self.end}, before it starts on {self.start}")


def window_of(start: date | None, end: date | None) -> Window | None:
    """The window between two stored days, None if no window was recorded."""
    return Window(start, end) if start is not None and end is not None else None


def day_of(moment: datetime) -> date:
    """The day in Europe/Amsterdam on which a moment with a time zone falls."""
    return moment.astimezone(AMSTERDAM).date()
