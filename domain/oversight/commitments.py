"""Commitments to parliament: promises (toezeggingen), motions (moties), aims and announcements.

Each was made on a day, may have a day on which it is due, and is fulfilled by a letter. The kinds toezegging and motie are
parliament's own terms. The spelling of references to papers is handled in `references`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_KEY, MAX_TEXT, MAX_TITLE, Fact, ListFilter, json_type, one_of
from domain.errors import BrokenRule, Fault, repeated
from domain.references import search_key, search_keys_of_all
from domain.withdrawals import Withdrawable, withdrawal_check


class CommitmentKind(StrEnum):
    """The kind of commitment: a promise (toezegging), a motion (motie), an aim or an announcement."""

    TOEZEGGING = "toezegging"
    MOTIE = "motie"
    AIM = "aim"
    ANNOUNCEMENT = "announcement"


class CommitmentStatus(StrEnum):
    """Whether a commitment is open, fulfilled or withdrawn."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


class Commitment(Withdrawable, Fact, table=True):
    """A commitment. `evidence` is the key of the letter that fulfils it, `due_note` what the source says about the due day."""

    LIST_FILTERS: ClassVar[Mapping[str, ListFilter]] = {
        "lot_id": ListFilter("lot_ids", list),
        "reference": ListFilter("references", search_keys_of_all, search_key),
    }
    __tablename__ = "commitments"
    __table_args__ = (
        sa.CheckConstraint(
            "(status = 'fulfilled') = (fulfilled_on IS NOT NULL) AND (status = 'fulfilled') = (evidence IS NOT NULL)",
            name="fulfilled_by_a_letter",
        ),
        sa.CheckConstraint("fulfilled_on >= made", name="fulfilled_after_made"),
        withdrawal_check(),
    )

    kind: CommitmentKind = Field(sa_type=one_of(CommitmentKind, "kind"), index=True)
    text: str = Field(max_length=MAX_TEXT)
    made: date | None = Field(default=None, index=True)
    due: date | None = Field(default=None, index=True)
    due_note: str | None = Field(default=None, max_length=MAX_TITLE)
    status: CommitmentStatus = Field(
        default=CommitmentStatus.OPEN, sa_type=one_of(CommitmentStatus, "status"), index=True
    )
    fulfilled_on: date | None = None
    evidence: str | None = Field(default=None, max_length=MAX_KEY, foreign_key="sources.key", index=True)
    lot_ids: list[str] = Field(default_factory=list, sa_type=json_type())
    references: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())


@dataclass(frozen=True, slots=True)
class CommitmentTally:
    """Commitments by status. Open ones are due (their day has not passed), overdue, or have no due day."""

    open: int
    due: int
    overdue: int
    without_due: int
    fulfilled: int
    withdrawn: int


def check_commitment(
    *,
    status: CommitmentStatus,
    made: date | None,
    due: date | None,
    fulfilled_on: date | None,
    evidence: str | None,
    lot_ids: Sequence[str],
    today: date,
) -> None:
    """Refuses an impossible commitment.

    Refused are days out of order or in the future, fulfilled without a day and a letter, a day or letter without fulfilled,
    and a lot that is listed twice.
    """
    faults = repeated("lotIds", lot_ids)
    if made is not None and made > today:
        faults.append(Fault("/made", f"cannot be after today, {today}; give today or an earlier day"))
    if made is not None and due is not None and due < made:
        faults.append(Fault("/due", f"is before the commitment was made, on {made}; give that day or a later one"))
    if status is CommitmentStatus.FULFILLED:
        faults += _fulfilment_faults(made, fulfilled_on, evidence, today)
    else:
        fulfilment = (("fulfilledOn", fulfilled_on), ("evidence", evidence))
        faults += [
            Fault(f"/{name}", f"only a fulfilled commitment has this; leave it out with {status}")
            for name, value in fulfilment
            if value is not None
        ]
    if faults:
        raise BrokenRule.at(*faults)


def _fulfilment_faults(
    made: date | None, fulfilled_on: date | None, evidence: str | None, today: date
) -> Iterable[Fault]:
    if fulfilled_on is None:
        yield Fault("/fulfilledOn", "give the day on which it was fulfilled")
    elif fulfilled_on > today:
        yield Fault("/fulfilledOn", f"cannot be after today, {today}; give today or an earlier day")
    elif made is not None and fulfilled_on < made:
        yield Fault("/fulfilledOn", f"is before the commitment was made, on {made}; give that day or a later one")
    if evidence is None:
        yield Fault("/evidence", "name the letter that fulfils it, by the key of its source")


def tally(commitments: Iterable[tuple[CommitmentStatus, date | None]], *, today: date) -> CommitmentTally:
    """Counts commitments, each given as its status and the day on which it is due."""
    listed = list(commitments)
    days = [due for status, due in listed if status is CommitmentStatus.OPEN]
    overdue = sum(due is not None and due < today for due in days)
    without = days.count(None)
    return CommitmentTally(
        open=len(days),
        due=len(days) - overdue - without,
        overdue=overdue,
        without_due=without,
        fulfilled=sum(status is CommitmentStatus.FULFILLED for status, _ in listed),
        withdrawn=sum(status is CommitmentStatus.WITHDRAWN for status, _ in listed),
    )
