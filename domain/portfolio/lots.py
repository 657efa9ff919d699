"""Lots (kavels): an operational effect on which Defence works for years with several companies, and its partners.

Which status may follow which is fixed. Whether a lot has ever run is stored, because that fixes original baselines.
Products, contracts and challenges do not belong here.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import (
    MAX_TEXT,
    MAX_TITLE,
    Audited,
    Columns,
    Fact,
    Id,
    ListFilter,
    amount_checks,
    column,
    json_type,
    one_of,
    window_checks,
)
from domain.errors import BrokenRule, Conflict, Fault
from domain.portfolio.endings import StatusDates
from domain.portfolio.programmes import Budgeted
from domain.references import search_key, search_keys_of_all
from domain.registers import OperationalDomain
from domain.withdrawals import Withdrawable, withdrawal_check


class LotStatus(StrEnum):
    """The status of a lot."""

    EXPLORING = "exploring"
    MARKET_DIALOGUE = "marketDialogue"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    PHASING_OUT = "phasingOut"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class CooperationForm(StrEnum):
    """How Defence works with industry within a lot."""

    COMPETITION = "competition"
    LONG_TERM_COOPERATION = "longTermCooperation"
    STRATEGIC_PARTNERSHIP = "strategicPartnership"
    CHALLENGE_FOLLOW_ON = "challengeFollowOn"


class PartnerRole(StrEnum):
    """What a supplier is within a lot."""

    PRIME = "prime"
    STRATEGIC_PARTNER = "strategicPartner"
    PARTNER = "partner"
    INCUMBENT = "incumbent"


TRANSITIONS: dict[LotStatus, tuple[LotStatus, ...]] = {
    LotStatus.EXPLORING: (LotStatus.MARKET_DIALOGUE, LotStatus.TERMINATED),
    LotStatus.MARKET_DIALOGUE: (LotStatus.APPROVED, LotStatus.TERMINATED),
    LotStatus.APPROVED: (LotStatus.RUNNING, LotStatus.TERMINATED),
    LotStatus.RUNNING: (LotStatus.PAUSED, LotStatus.PHASING_OUT, LotStatus.TERMINATED),
    LotStatus.PAUSED: (LotStatus.RUNNING, LotStatus.TERMINATED),
    LotStatus.PHASING_OUT: (LotStatus.COMPLETED, LotStatus.TERMINATED),
    LotStatus.COMPLETED: (),
    LotStatus.TERMINATED: (),
}
ENDINGS = frozenset({LotStatus.COMPLETED, LotStatus.TERMINATED})
_REACHED_RUNNING = {LotStatus.RUNNING, LotStatus.PAUSED, LotStatus.PHASING_OUT, LotStatus.COMPLETED}


class Confidence(Columns):
    """An officer's own delivery confidence: 1 (unlikely) to 5 (highly likely), with a narrative. Never replaces a colour."""

    delivery_confidence_points: int | None = None
    delivery_confidence_narrative: str | None = Field(default=None, max_length=MAX_TEXT)


class Lot(StatusDates, Confidence, Budgeted, Fact, table=True):
    """A lot. `effect` is the office's summary; `effect_published` the words of its source. `has_run`: has reached running."""

    LIST_FILTERS: ClassVar[Mapping[str, ListFilter]] = {
        "reference": ListFilter("references", search_keys_of_all, search_key)
    }
    __tablename__ = "lots"
    __table_args__ = (
        *amount_checks("budget"),
        *window_checks("period"),
        sa.CheckConstraint("delivery_confidence_points BETWEEN 1 AND 5", name="delivery_confidence"),
    )

    programme_id: UUID = Field(sa_type=column(Id), foreign_key="programmes.id", index=True)
    code: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    effect: str | None = Field(default=None, max_length=MAX_TEXT)
    effect_published: str | None = Field(default=None, max_length=MAX_TEXT)
    domain: OperationalDomain | None = Field(default=None, sa_type=one_of(OperationalDomain, "domain"), index=True)
    owner_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="organisations.id", index=True)
    period_start: date | None = None
    period_end: date | None = None
    status: LotStatus = Field(default=LotStatus.EXPLORING, sa_type=one_of(LotStatus, "status"), index=True)
    has_run: bool = False
    cooperation_form: CooperationForm | None = Field(
        default=None, sa_type=one_of(CooperationForm, "cooperation_form"), index=True
    )
    contains_ai: bool | None = Field(default=None, index=True)
    principles: list[str] = Field(default_factory=list, sa_type=json_type())
    cooperation: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    references: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    replaced_by: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)


class LotPartner(Withdrawable, Audited, table=True):
    """A supplier's part in a lot, until it is closed with `ended_on`. One that was entered in error never took part."""

    __tablename__ = "lot_partners"
    __table_args__ = (
        sa.Index(
            "uq_lot_partners_open",
            "lot_id",
            "supplier_id",
            "role",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL AND withdrawn_kind IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL AND withdrawn_kind IS NULL"),
        ),
        withdrawal_check(),
    )

    lot_id: UUID = Field(sa_type=column(Id), foreign_key="lots.id", index=True)
    supplier_id: UUID = Field(sa_type=column(Id), foreign_key="suppliers.id", index=True)
    role: PartnerRole = Field(sa_type=one_of(PartnerRole, "role"))
    ended_on: date | None = None


def reached_running(status: LotStatus, *, has_run: bool) -> bool:
    """Whether a lot with this status has ever been running. A terminated lot keeps its `has_run`."""
    return has_run or status in _REACHED_RUNNING


def check_step(*, before: LotStatus, after: LotStatus) -> None:
    """Refuses a change of status that is not in `TRANSITIONS`, and names the allowed ones. The same status is fine."""
    if after is not before and after not in TRANSITIONS[before]:
        allowed = ", ".join(TRANSITIONS[before]) or "none"
        raise Conflict(
            f"a lot cannot go from {before} to {after}; allowed from {before}: {allowed}",
            [Fault("/status", f"allowed from {before}: {allowed}")],
        )


def check_replacement(*, lot_id: UUID, replaced_by: UUID | None) -> None:
    """Refuses a lot that would be replaced by itself."""
    if lot_id == replaced_by:
        raise BrokenRule.at(Fault("/replacedBy", "a lot cannot be replaced by itself; name another lot, or none"))
