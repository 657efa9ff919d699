"""Since when a lot or challenge has its status, and the day on which it ended (beëindigd).

What has ended keeps the colours of that day. Which statuses are endings is said by `lots` and `challenges`.
"""

from datetime import date
from typing import Any

from domain.base import Columns
from domain.errors import BrokenRule, Conflict, Fault


class StatusDates(Columns):
    """The day of the last change of status, and the day on which it first ended, None while it has not."""

    status_since: date | None = None
    ended_on: date | None = None


def status_dates(
    *, before: StatusDates | None, changes: bool, ends: bool, given: date | None, today: date
) -> dict[str, Any]:
    """The columns of `StatusDates` after a write: the day of a change is today, or the earlier one that is given.

    `before` is None for a new row; `changes` says whether the status does, and `ends` whether the status is an ending.
    Refuses a day in the future, and another day for what has ended.
    """
    if given is not None and given > today:
        raise BrokenRule.at(Fault("/statusSince", f"cannot be after today, {today}; give today or an earlier day"))
    if before is not None and before.ended_on is not None:
        if given is not None and given != before.status_since:
            raise Conflict(
                f"this ended on {before.ended_on} and keeps the colours of that day, so that day stays as it is",
                [Fault("/statusSince", "is final and cannot be changed")],
            )
        return {"status_since": before.status_since, "ended_on": before.ended_on}
    unchanged = before.status_since if before is not None and not changes else None
    since = given or unchanged or today
    return {"status_since": since, "ended_on": since if ends else None}
