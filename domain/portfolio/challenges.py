"""Challenges (industry challenges): a budgeted contest for an effect that nobody can deliver yet, and its entrants.

The status of a challenge has one fixed order, and it can be cancelled until it is closed. It becomes decided by a decision,
which needs the trial results, and not by a change of status. Lots that follow from a challenge belong to `lots`.
"""

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_REASON, MAX_TEXT, MAX_TITLE, Audited, Fact, Id, amount_checks, column, one_of
from domain.errors import BrokenRule, Conflict, Fault
from domain.portfolio.endings import StatusDates
from domain.portfolio.lots import Confidence
from domain.portfolio.programmes import Budgeted
from domain.withdrawals import Withdrawable, withdrawal_check


class ChallengeStatus(StrEnum):
    """The status of a challenge."""

    ANNOUNCED = "announced"
    OPEN = "open"
    RUNNING = "running"
    TRIAL = "trial"
    DECIDED = "decided"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EntrantStatus(StrEnum):
    """The status of an entrant of a challenge."""

    ENTERED = "entered"
    SELECTED = "selected"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    WINNER = "winner"


TRANSITIONS: dict[ChallengeStatus, tuple[ChallengeStatus, ...]] = {
    ChallengeStatus.ANNOUNCED: (ChallengeStatus.OPEN, ChallengeStatus.CANCELLED),
    ChallengeStatus.OPEN: (ChallengeStatus.RUNNING, ChallengeStatus.CANCELLED),
    ChallengeStatus.RUNNING: (ChallengeStatus.TRIAL, ChallengeStatus.CANCELLED),
    ChallengeStatus.TRIAL: (ChallengeStatus.CANCELLED,),
    ChallengeStatus.DECIDED: (ChallengeStatus.CLOSED, ChallengeStatus.CANCELLED),
    ChallengeStatus.CLOSED: (),
    ChallengeStatus.CANCELLED: (),
}
ENDINGS = frozenset({ChallengeStatus.CLOSED, ChallengeStatus.CANCELLED})
_REACHED_RUNNING = {ChallengeStatus.RUNNING, ChallengeStatus.TRIAL, ChallengeStatus.DECIDED, ChallengeStatus.CLOSED}


class Challenge(StatusDates, Confidence, Budgeted, Fact, table=True):
    """A contest within a programme; its budget is reserved from the programme's envelope.

    A cancellation has a reason and the authority that decided it.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        *amount_checks("budget"),
        sa.CheckConstraint("delivery_confidence_points BETWEEN 1 AND 5", name="delivery_confidence"),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancellation_reason IS NOT NULL)"
            " AND (status = 'cancelled') = (cancellation_authority IS NOT NULL)",
            name="cancellation",
        ),
    )

    programme_id: UUID = Field(sa_type=column(Id), foreign_key="programmes.id", index=True)
    code: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    effect: str | None = Field(default=None, max_length=MAX_TEXT)
    effect_published: str | None = Field(default=None, max_length=MAX_TEXT)
    status: ChallengeStatus = Field(
        default=ChallengeStatus.ANNOUNCED, sa_type=one_of(ChallengeStatus, "status"), index=True
    )
    cancellation_reason: str | None = Field(default=None, max_length=MAX_REASON)
    cancellation_authority: str | None = Field(default=None, max_length=MAX_TITLE)


class ChallengeEntrant(Withdrawable, Audited, table=True):
    """A supplier's part in a challenge. One that was entered in error never took part."""

    __tablename__ = "challenge_entrants"
    __table_args__ = (
        sa.Index(
            "uq_challenge_entrants_open",
            "challenge_id",
            "supplier_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_kind IS NULL"),
            postgresql_where=sa.text("withdrawn_kind IS NULL"),
        ),
        withdrawal_check(),
    )

    challenge_id: UUID = Field(sa_type=column(Id), foreign_key="challenges.id", index=True)
    supplier_id: UUID = Field(sa_type=column(Id), foreign_key="suppliers.id", index=True)
    status: EntrantStatus = Field(default=EntrantStatus.ENTERED, sa_type=one_of(EntrantStatus, "status"))


def reached_running(status: ChallengeStatus) -> bool:
    """Whether a challenge has reached running."""
    return status in _REACHED_RUNNING


def check_step(*, before: ChallengeStatus, after: ChallengeStatus) -> None:
    """Refuses a change of status that is not in `TRANSITIONS`, and names the allowed ones. The same status is fine."""
    if after is not before and after not in TRANSITIONS[before]:
        undecided = "; a decision needs the trial results" if before is ChallengeStatus.TRIAL else ""
        allowed = (", ".join(TRANSITIONS[before]) or "none") + undecided
        raise Conflict(
            f"a challenge cannot go from {before} to {after}; allowed from {before}: {allowed}",
            [Fault("/status", f"allowed from {before}: {allowed}")],
        )


def check_cancellation(*, status: ChallengeStatus, reason: str | None) -> None:
    """Refuses a cancelled challenge without a reason and an authority, and these for any other status."""
    if (status is ChallengeStatus.CANCELLED) != (reason is not None):
        instead = (
            "give the reason for cancelling it, and the authority that decided it"
            if reason is None
            else f"only a cancelled challenge has this; leave it out with {status}"
        )
        raise BrokenRule.at(Fault("/cancellation", instead))


def check_entrant(*, before: EntrantStatus, after: EntrantStatus) -> None:
    """Refuses to set the status winner directly: a decision, with the trial results, sets it."""
    if after is EntrantStatus.WINNER and before is not after:
        raise Conflict(
            "an entrant becomes the winner by the decision on the challenge, not by a change of status",
            [Fault("/status", "give entered, selected, rejected or withdrawn")],
        )
