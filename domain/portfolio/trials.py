"""Trials (beproevingen): a test in a window at a site, for challenges and lots together.

Whether a milestone was met is recorded by its assessment, and what is decided on a challenge by its decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, Id, ListFilter, column, json_type, window_checks
from domain.dates import Window
from domain.errors import BrokenRule, Fault, repeated
from domain.withdrawals import Withdrawable, withdrawal_check


class Trial(Withdrawable, Fact, table=True):
    """A trial. Its site is null if no source names it."""

    LIST_FILTERS: ClassVar[Mapping[str, ListFilter]] = {
        "challenge_id": ListFilter("challenge_ids", list),
        "lot_id": ListFilter("lot_ids", list),
    }
    __tablename__ = "trials"
    __table_args__ = (*window_checks("window"), withdrawal_check())

    title: str = Field(max_length=MAX_TITLE, index=True)
    window_start: date | None = None
    window_end: date | None = Field(default=None, index=True)
    site_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="test_sites.id", index=True)
    challenge_ids: list[str] = Field(default_factory=list, sa_type=json_type())
    lot_ids: list[str] = Field(default_factory=list, sa_type=json_type())


@dataclass(frozen=True, slots=True)
class TrialTally:
    """How many trials are in their window today, have it ahead, have it in the past, or have no window."""

    in_window: int
    ahead: int
    past: int
    without_window: int


def tally(windows: Iterable[Window | None], *, today: date) -> TrialTally:
    """Counts trials by their windows, which include their first and last days."""
    listed = list(windows)
    known = [window for window in listed if window is not None]
    ahead = sum(today < window.start for window in known)
    past = sum(window.end < today for window in known)
    return TrialTally(
        in_window=len(known) - ahead - past, ahead=ahead, past=past, without_window=len(listed) - len(known)
    )


def check_subjects(*, challenge_ids: list[str], lot_ids: list[str]) -> None:
    """Refuses a trial without a challenge or lot, and one that lists any of them twice."""
    faults = (
        []
        if challenge_ids or lot_ids
        else [Fault("/challengeIds", "name at least one challenge or lot that the trial is for")]
    )
    faults += [*repeated("challengeIds", challenge_ids), *repeated("lotIds", lot_ids)]
    if faults:
        raise BrokenRule.at(*faults)
