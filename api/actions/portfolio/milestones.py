"""Writes of milestones: adding, changing, assessing, rebaselining, and fixing baselines when a lot starts to run."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from api.queries.portfolio import milestones as queries
from api.store.ledger import Write
from api.store.loading import load
from domain.base import Audited
from domain.dates import Window, window_of
from domain.portfolio import challenges, lots
from domain.portfolio.challenges import Challenge
from domain.portfolio.colours import MilestoneStatus
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import (
    Assessment,
    Milestone,
    Rebaseline,
    assessed_without,
    check_assessment,
    check_basis_of_met,
    check_correction,
    check_drop,
    check_order,
    check_parent_has_not_ended,
    check_rebaseline,
    check_window_edit,
    current_assessment,
    fix_original,
)
from domain.portfolio.parent_progress import DECIDING
from domain.portfolio.programmes import Programme
from domain.registers import Source

TICK = timedelta(microseconds=1)
KEPT_AFTER_THE_END = DECIDING | {"window_start", "forecast_start"}
"""The columns of a milestone that stay once its lot or challenge has ended: whole windows, not only their last days."""


async def add_milestone(write: Write, milestone: Milestone) -> Milestone:
    """Adds a milestone to its lot, challenge or programme, and fixes its original baseline where the rules say so.

    Locks the parent's row, so that it cannot start to run at the same moment without fixing this milestone's baseline.
    """
    await _lock_parent(write, milestone)
    await _check_references(write, milestone, order_changes=milestone.after is not None)
    fixed = await _original(write, milestone, original=None)
    return await write.ledger.add(Milestone(**{**milestone.model_dump(), **fixed}))


async def agree_milestone(write: Write, milestone: Milestone) -> Milestone:
    """Adds a milestone to a lot or challenge that has not ended, which a file that records an ended one may still do."""
    added = await add_milestone(write, milestone)
    await _check_parent_has_not_ended(write, added)
    return added


async def lock_milestone(write: Write, milestone_id: UUID) -> Milestone:
    """A milestone, locked for a change. Its parent is locked first, always in that order, which prevents deadlocks."""
    await _lock_parent(write, await load(write.session, Milestone, milestone_id, write.context, {}))
    return await write.load(Milestone, milestone_id)


async def change_milestone(write: Write, before: Milestone, values: Mapping[str, Any]) -> Milestone:
    """Changes the fields of a milestone that may still change; records nothing where nothing differs."""
    changes = {name: value for name, value in values.items() if getattr(before, name) != value}
    if not changes:
        return before
    after = Milestone(**{**before.model_dump(), **changes})
    original = window_of(before.original_start, before.original_end)
    check_window_edit(
        original=original,
        before=window_of(before.window_start, before.window_end),
        after=window_of(after.window_start, after.window_end),
    )
    check_basis_of_met(
        critical=after.critical,
        status=after.status,
        criterion=after.acceptance_criterion,
        without=after.assessed_without,
    )
    if not KEPT_AFTER_THE_END.isdisjoint(changes):
        await _check_parent_has_not_ended(write, before)
    await _check_references(write, after, order_changes=after.after != before.after)
    return await write.ledger.change(before, {**changes, **await _original(write, after, original=original)})


async def record_assessment(write: Write, milestone_id: UUID, assessment: Assessment) -> Assessment:
    """Appends an assessment, and gives the milestone the status and date of the one that counts now.

    Its time of recording is later than that of every other one, even where two waited for the milestone at once.
    """
    milestone = await write.load(Milestone, milestone_id)
    check_assessment(
        outcome=assessment.outcome,
        assessed_on=assessment.assessed_on,
        achieved_on=assessment.achieved_on,
        today=write.today,
    )
    ended_on, recorded = await _recorded(write, milestone)
    check_parent_has_not_ended(ended_on=ended_on)
    assessment.assessed_without = list(
        assessed_without(criterion=milestone.acceptance_criterion, evidence=assessment.evidence)
    )
    check_correction(corrects=assessment.corrects, recorded=recorded)
    assessment.recorded_at = max(write.now, *(a.recorded_at + TICK for a in recorded)) if recorded else write.now
    current = current_assessment([*recorded, assessment])
    assert current is not None
    for judged in (assessment, current):
        check_basis_of_met(
            critical=milestone.critical,
            status=judged.outcome,
            criterion=milestone.acceptance_criterion,
            without=judged.assessed_without,
        )
    await write.ledger.add_and_change(assessment, milestone, _columns_of_assessment(current))
    return assessment


async def _recorded(write: Write, milestone: Milestone) -> tuple[date | None, list[Assessment]]:
    """The day on which the parent of a milestone ended, and the assessments of the milestone.

    They are read together, and after the milestone was locked: who waited for it sees what was recorded meanwhile, and that
    the parent ended, for who ends it locks its milestones.
    """
    kind = Lot if milestone.lot_id is not None else Challenge if milestone.challenge_id is not None else None
    ids = {"milestone_id": milestone.id, "parent_id": milestone.lot_id or milestone.challenge_id}
    found = await write.session.execute(queries.assessments_with_end(write.context, kind), ids)
    rows = found.mappings().all()
    return rows[0]["parent_ended_on"], [Assessment.of_row(row) for row in rows if row["id"] is not None]


def _columns_of_assessment(current: Assessment) -> dict[str, Any]:
    """The columns in which a milestone repeats the assessment that counts."""
    repeated = ("achieved_on", "assessed_on", "assessed_without")
    return {"status": MilestoneStatus(current.outcome.value), **{name: getattr(current, name) for name in repeated}}


async def rebaseline(write: Write, milestone_id: UUID, window: Window, reason: str, authority: str) -> Rebaseline:
    """Gives a milestone a new current window, with reason and authority; its original baseline stays."""
    milestone = await write.load(Milestone, milestone_id)
    await _check_parent_has_not_ended(write, milestone)
    previous = window_of(milestone.window_start, milestone.window_end)
    original = window_of(milestone.original_start, milestone.original_end)
    check_rebaseline(original=original, before=previous, after=window, status=milestone.status)
    assert previous is not None
    row = Rebaseline(
        milestone_id=milestone_id,
        window_start=window.start,
        window_end=window.end,
        previous_start=previous.start,
        previous_end=previous.end,
        reason=reason,
        authority=authority,
        recorded_at=write.now,
    )
    await write.ledger.add_and_change(
        row, milestone, {"window_start": window.start, "window_end": window.end}, reason=reason
    )
    return row


async def check_drop_of(write: Write, milestone: Milestone) -> None:
    """Refuses to drop a milestone that was met or not agreed yet, and one whose lot or challenge has ended."""
    check_drop(status=milestone.status, original=window_of(milestone.original_start, milestone.original_end))
    await _check_parent_has_not_ended(write, milestone)


async def fix_baselines(write: Write, parent: str, parent_id: UUID) -> None:
    """Fixes the original baselines of a lot or challenge that starts to run, at its milestones' current windows."""
    rows = await write.session.execute(queries.without_original(write.context, parent, parent_id))
    for row in rows.mappings().all():
        milestone = Milestone.of_row(row)
        window = {"original_start": milestone.window_start, "original_end": milestone.window_end}
        await write.ledger.change(milestone, window)


async def _check_references(write: Write, milestone: Milestone, *, order_changes: bool) -> None:
    await write.check_references({"/source": (Source, "key", milestone.source)})
    if not order_changes:
        return
    await write.check_references({"/after": (Milestone, "id", milestone.after)})
    await write.advisory_lock("the order of milestones")
    chain, step = [], milestone.after
    while step is not None and step not in chain:
        chain.append(step)
        step = (await write.session.execute(queries.predecessor_of(write.context, step))).scalar_one_or_none()
    check_order(milestone_id=milestone.id, chain=chain)


async def _original(write: Write, milestone: Milestone, *, original: Window | None) -> dict[str, Any]:
    """The columns of the original baseline, if this change fixes it; otherwise none."""
    fixed = fix_original(
        original=original,
        window=window_of(milestone.window_start, milestone.window_end),
        published=milestone.source is not None,
        of_programme=milestone.programme_id is not None,
        parent_runs=await _parent_runs(write, milestone),
    )
    return {} if fixed is None or fixed == original else {"original_start": fixed.start, "original_end": fixed.end}


async def _check_parent_has_not_ended(write: Write, milestone: Milestone) -> None:
    """Refuses a change of what the colours of an ended lot or challenge rest on.

    The caller has locked the milestone, or its parent. Who ends the parent locks both, so the answer cannot change.
    """
    ended = queries.parent_end(write.context, milestone)
    if ended is not None:
        check_parent_has_not_ended(ended_on=(await write.session.execute(ended)).scalar_one_or_none())


async def lock_milestones(write: Write, parent: str, parent_id: UUID) -> None:
    """Locks the milestones of a lot or challenge that ends; its own row is locked already."""
    await write.session.execute(queries.of_parent(write.context, parent, parent_id))


async def _lock_parent(write: Write, milestone: Milestone) -> None:
    kinds: dict[type[Audited], UUID | None] = {
        Lot: milestone.lot_id,
        Challenge: milestone.challenge_id,
        Programme: milestone.programme_id,
    }
    for kind, parent_id in kinds.items():
        if parent_id is not None:
            await write.load(kind, parent_id)


async def _parent_runs(write: Write, milestone: Milestone) -> bool:
    """Whether the parent runs; the caller has locked the parent, so the answer cannot change."""
    if milestone.lot_id is not None:
        lot = await load(write.session, Lot, milestone.lot_id, write.context, {})
        return lots.reached_running(lot.status, has_run=lot.has_run)
    if milestone.challenge_id is not None:
        challenge = await load(write.session, Challenge, milestone.challenge_id, write.context, {})
        return challenges.reached_running(challenge.status)
    return False
