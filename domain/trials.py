"""Trials (beproevingen): a test in a window at a site, for challenges and lots together.

Whether something was met is said by the assessment of a milestone; what is decided on a challenge is the decision's.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, Id, column, json_type, window_checks
from domain.errors import BrokenRule, Fault


class Trial(Fact, table=True):
    """A trial; the site is null where no source says which."""

    __tablename__ = "trials"
    __table_args__ = tuple(window_checks("window"))

    title: str = Field(max_length=MAX_TITLE, index=True)
    window_start: date | None = None
    window_end: date | None = Field(default=None, index=True)
    site_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="test_sites.id", index=True)
    challenge_ids: list[str] = Field(default_factory=list, sa_type=json_type())
    lot_ids: list[str] = Field(default_factory=list, sa_type=json_type())


def check_subjects(*, challenge_ids: list[str], lot_ids: list[str]) -> None:
    """Refuses a trial of nothing, and one that names something twice."""
    faults = [] if challenge_ids or lot_ids else [Fault("/challengeIds", "name a challenge or a lot that is tried")]
    for name, ids in (("challengeIds", challenge_ids), ("lotIds", lot_ids)):
        faults += [Fault(f"/{name}/{at}", "stands there already") for at, own in enumerate(ids) if own in ids[:at]]
    if faults:
        raise BrokenRule.at(*faults)
