"""Milestones (mijlpalen), agreed beforehand, with their assessments (beoordelingen) and rebaselines (herijkingen).

Two baselines: the original is fixed once and never changes, the current one then changes only by a rebaseline. Progress
comes from assessments. Assessments and rebaselines are added, never changed. How slip becomes a colour is in `colours`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import (
    MAX_REASON,
    MAX_TEXT,
    MAX_TITLE,
    Audited,
    EuroCents,
    Fact,
    Id,
    UtcDateTime,
    amount_checks,
    column,
    json_type,
    one_of,
    window_checks,
)
from domain.dates import Window
from domain.errors import BrokenRule, Conflict, Fault
from domain.money import Qualifier
from domain.portfolio.colours import MilestoneStatus
from domain.withdrawals import Withdrawable, withdrawal_check


class MilestoneKind(StrEnum):
    """What a milestone marks."""

    MARKET_DIALOGUE = "marketDialogue"
    RESEARCH = "research"
    START = "start"
    TRIAL = "trial"
    DELIVERY = "delivery"
    ARTICLE_36_REVIEW = "article36Review"
    VERIFICATION_VALIDATION = "verificationValidation"
    OPERATIONAL_USE = "operationalUse"
    PHASE_OUT = "phaseOut"
    COMPLETION = "completion"


class Outcome(StrEnum):
    """What an assessment concludes."""

    MET = "met"
    PARTIALLY_MET = "partiallyMet"
    NOT_MET = "notMet"


_ONE_PARENT = (
    "(CASE WHEN lot_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN challenge_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END) = 1"
)


class Basis(StrEnum):
    """What an assessment rests on: what was agreed, and what proves it."""

    CRITERION = "criterion"
    EVIDENCE = "evidence"


class Milestone(Withdrawable, Fact, table=True):
    """A milestone of a lot, a challenge or a programme. `window` is the current baseline, `original` the first agreed one.

    `status`, `achieved_on`, `assessed_on` and `assessed_without` repeat the assessment that counts, so that lists can filter
    by them and colours follow from one row.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        sa.CheckConstraint(_ONE_PARENT, name="one_parent"),
        *window_checks("window", "original", "forecast"),
        *amount_checks("payment"),
        withdrawal_check(can_be_dropped=True),
    )

    lot_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)
    challenge_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="challenges.id", index=True)
    programme_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="programmes.id", index=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    kind: MilestoneKind = Field(sa_type=one_of(MilestoneKind, "kind"), index=True)
    critical: bool | None = Field(default=None, index=True)
    acceptance_criterion: str | None = Field(default=None, max_length=MAX_TEXT)
    window_start: date | None = None
    window_end: date | None = Field(default=None, index=True)
    original_start: date | None = None
    original_end: date | None = None
    forecast_start: date | None = None
    forecast_end: date | None = None
    payment_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    payment_qualifier: Qualifier | None = Field(default=None, sa_type=one_of(Qualifier, "payment_qualifier"))
    after: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="milestones.id", index=True)
    ai_version: str | None = Field(default=None, max_length=80)
    status: MilestoneStatus = Field(
        default=MilestoneStatus.SCHEDULED, sa_type=one_of(MilestoneStatus, "status"), index=True
    )
    achieved_on: date | None = None
    assessed_on: date | None = None
    assessed_without: list[str] | None = Field(default=None, sa_type=json_type())


class Assessment(Audited, table=True):
    """What was concluded about a milestone on a day, with evidence. Append-only; `corrects` is the one it corrects.

    `assessed_without` says what it does not rest on (see `Basis`), None if it was recorded before that was noted.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.CheckConstraint("(outcome = 'met') = (achieved_on IS NOT NULL)", name="achieved_when_met"),
        sa.CheckConstraint("achieved_on <= assessed_on", name="achieved_before_assessed"),
    )

    milestone_id: UUID = Field(sa_type=column(Id), foreign_key="milestones.id", index=True)
    outcome: Outcome = Field(sa_type=one_of(Outcome, "outcome"))
    assessed_on: date
    achieved_on: date | None = None
    narrative: str = Field(max_length=MAX_TEXT)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    assessed_without: list[str] | None = Field(default=None, sa_type=json_type())
    corrects: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="assessments.id", unique=True)
    recorded_at: datetime = Field(sa_type=column(UtcDateTime))


class Rebaseline(Audited, table=True):
    """A new current window, with the previous one, the reason and the authority. Append-only."""

    __tablename__ = "rebaselines"
    __table_args__ = tuple(window_checks("window", "previous"))

    milestone_id: UUID = Field(sa_type=column(Id), foreign_key="milestones.id", index=True)
    window_start: date
    window_end: date
    previous_start: date
    previous_end: date
    reason: str = Field(max_length=MAX_REASON)
    authority: str = Field(max_length=MAX_TITLE)
    recorded_at: datetime = Field(sa_type=column(UtcDateTime))


def fix_original(
    *, original: Window | None, window: Window | None, published: bool, of_programme: bool, parent_runs: bool
) -> Window | None:
    """The original baseline after a change: unchanged once it is fixed, else the window as soon as it must be fixed.

    The baseline of a milestone from a published source, of a programme, or of a running lot or challenge is fixed at once.
    """
    fixed = published or of_programme or parent_runs
    return original if original is not None else (window if fixed else None)


def check_window_edit(*, original: Window | None, before: Window | None, after: Window | None) -> None:
    """Refuses to edit the window of a milestone whose original baseline is fixed; it needs a rebaseline."""
    if original is not None and after != before:
        raise Conflict(
            "the baseline of this milestone is fixed; its window changes only by a rebaseline, with reason and authority",
            [Fault("/window", "record a rebaseline instead, or change the forecast")],
        )


def check_rebaseline(*, original: Window | None, before: Window | None, after: Window, status: MilestoneStatus) -> None:
    """Refuses to rebaseline a milestone without an original baseline, one that was met, and to the window it has already."""
    if original is None:
        raise Conflict(
            "this milestone has no original baseline yet, so there is nothing to rebaseline; edit its window instead"
        )
    if status is MilestoneStatus.MET:
        raise Conflict(
            "this milestone was met, so its baseline stays as it was; if it was not met after all, correct the assessment"
        )
    if after == before:
        raise BrokenRule.at(
            Fault("/window", f"is the current window already, {after.start} to {after.end}; give another one")
        )


def check_assessment(*, outcome: Outcome, assessed_on: date, achieved_on: date | None, today: date) -> None:
    """Refuses an assessment dated in the future, met without a day of achievement, or such a day with another outcome.

    Refuses a day of achievement after the assessment, too.
    """
    faults = []
    if assessed_on > today:
        faults.append(
            Fault("/assessedOn", f"an assessment cannot be dated after today, {today}; give today or an earlier day")
        )
    if outcome is Outcome.MET and achieved_on is None:
        faults.append(Fault("/achievedOn", "outcome met needs the day on which the milestone was achieved"))
    if outcome is not Outcome.MET and achieved_on is not None:
        faults.append(Fault("/achievedOn", f"only met has a day of achievement; leave it out with {outcome}"))
    if achieved_on is not None and achieved_on > assessed_on:
        faults.append(
            Fault(
                "/achievedOn",
                f"cannot be after the day of the assessment, {assessed_on}; give that day or an earlier one",
            )
        )
    if faults:
        raise BrokenRule.at(*faults)


def assessed_without(*, criterion: str | None, evidence: Sequence[object]) -> list[Basis]:
    """What an assessment of a milestone does not rest on: its acceptance criterion, evidence, neither or both."""
    missing = {Basis.CRITERION: criterion is None, Basis.EVIDENCE: not evidence}
    return [basis for basis, is_missing in missing.items() if is_missing]


def check_basis_of_met(
    *, critical: bool | None, status: MilestoneStatus | Outcome, criterion: str | None, without: Sequence[str] | None
) -> None:
    """Refuses a critical milestone that is met with neither an acceptance criterion nor evidence.

    `without` is what the assessment does not rest on, None if that was not noted; `criterion` the one that the milestone has.
    """
    missing = set(without or ()) | ({Basis.CRITERION} if criterion is None else set())
    if critical and status == MilestoneStatus.MET and without is not None and missing >= set(Basis):
        raise Conflict(
            "a critical milestone is met by its acceptance criterion or by evidence, and this one has neither",
            [Fault("/evidence", "give the evidence that it was met, or add an acceptance criterion to it first")],
        )


def check_drop(*, status: MilestoneStatus, original: Window | None) -> None:
    """Refuses to drop a milestone that was met, and one that was not agreed yet."""
    if status is MilestoneStatus.MET:
        raise Conflict("this milestone was met, so it cannot be dropped; if it was not, correct the assessment")
    if original is None:
        raise Conflict(
            "this milestone has no original baseline, so it was not agreed yet; withdraw it as entered in error instead",
            [Fault("/kind", "give enteredInError, or wait until its baseline is fixed")],
        )


def check_parent_has_not_ended(*, ended_on: date | None) -> None:
    """Refuses a change that shows in the colours of a lot or challenge that has ended, which keeps those of that day."""
    if ended_on is not None:
        raise Conflict(
            f"the lot or challenge of this milestone ended on {ended_on} and keeps the colours of that day, so its"
            " milestones are no longer assessed, forecast, rebaselined, dropped or moved"
        )


def check_correction(*, corrects: UUID | None, recorded: Sequence[Assessment]) -> None:
    """Refuses to correct an assessment of another milestone, or one that was already corrected."""
    if corrects is None:
        return
    if all(a.id != corrects for a in recorded):
        raise BrokenRule.at(
            Fault("/corrects", "this milestone has no assessment with this id; give the id of one that it has")
        )
    later = next((a for a in recorded if a.corrects == corrects), None)
    if later is not None:
        raise Conflict(
            f"that assessment has already been corrected, by {later.id}",
            [Fault("/corrects", f"correct {later.id} instead")],
        )


def current_assessment(recorded: Iterable[Assessment]) -> Assessment | None:
    """The assessment that counts: the latest uncorrected one, by its date and then by when it was recorded."""
    listed = list(recorded)
    corrected = {a.corrects for a in listed}
    return max(
        (a for a in listed if a.id not in corrected),
        key=lambda a: (a.assessed_on, a.recorded_at, a.id),
        default=None,
    )


def check_order(*, milestone_id: UUID, chain: Sequence[UUID]) -> None:
    """Refuses a milestone that would come after itself. `chain` lists the milestones it would come after, nearest first."""
    if milestone_id in chain:
        raise BrokenRule.at(Fault("/after", "a milestone cannot come after itself, directly or through others"))


def overrun_days(
    *,
    forecast_end: date | None,
    status: MilestoneStatus,
    dependent_end: date | None,
    dependent_status: MilestoneStatus,
    is_dropped: bool = False,
) -> int | None:
    """Days by which a milestone's forecast ends after the current window of a later milestone; None without a conflict.

    There is no conflict if either is met, or dropped. A conflict is only reported: it never reschedules the other milestone.
    """
    is_over = is_dropped or MilestoneStatus.MET in (status, dependent_status)
    if forecast_end is None or dependent_end is None or is_over or forecast_end <= dependent_end:
        return None
    return (forecast_end - dependent_end).days
