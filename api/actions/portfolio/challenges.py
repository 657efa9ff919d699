"""Writes of challenges and their entrants."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.actions.portfolio.milestones import fix_baselines, lock_milestones
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.queries.portfolio import challenges as queries
from api.queries.portfolio.programmes import in_force
from api.store.ledger import Write
from domain.money import Money
from domain.portfolio.challenges import (
    ENDINGS,
    Challenge,
    ChallengeEntrant,
    ChallengeStatus,
    check_cancellation,
    check_step,
    reached_running,
)
from domain.portfolio.endings import status_dates
from domain.portfolio.programmes import FundAmount, Programme, check_reservation, fund_amount
from domain.portfolio.suppliers import Supplier
from domain.registers import Source


async def add_challenge(write: Write, challenge: Challenge) -> Challenge:
    """Adds a challenge in any status, and reserves its budget from the programme's envelope."""
    check_cancellation(status=challenge.status, reason=challenge.cancellation_reason)
    dates = _dates(write, None, challenge.status, challenge.status_since)
    await _check_references(write, challenge)
    await _reserve(write, challenge)
    return await write.ledger.add(Challenge(**{**challenge.model_dump(), **dates}))


async def change_challenge(write: Write, before: Challenge, values: Mapping[str, Any]) -> Challenge:
    """Changes a challenge, its status by an allowed step only; a start to run fixes the baselines and freezes the profile.

    `status_since` is the day of the change, None for today. A challenge that ends keeps the colours of that day.
    """
    after = Challenge(**{**before.model_dump(), **values})
    check_step(before=before.status, after=after.status)
    check_cancellation(status=after.status, reason=after.cancellation_reason)
    dates = _dates(write, before, after.status, after.status_since)
    await _check_references(write, after)
    if _reserves_more(before, after):
        await _reserve(write, after)
    if dates["ended_on"] != before.ended_on:
        await lock_milestones(write, "challenge_id", before.id)
    changed = await write.update_if_changed(before, {**values, **dates})
    if reached_running(after.status) and not reached_running(before.status):
        await fix_baselines(write, "challenge_id", before.id)
        await freeze_profile(write, await profile_of_parent(write, None, before.id))
    return changed


async def add_entrant(write: Write, entrant: ChallengeEntrant) -> ChallengeEntrant:
    """Adds a supplier to a challenge; from then on it sees the challenge."""
    await write.load(Challenge, entrant.challenge_id)
    await write.check_references({"/supplierId": (Supplier, "id", entrant.supplier_id)})
    return await write.ledger.add(entrant)


def _dates(write: Write, before: Challenge | None, status: ChallengeStatus, given: date | None) -> dict[str, Any]:
    changes = before is None or before.status is not status
    return status_dates(before=before, changes=changes, ends=status in ENDINGS, given=given, today=write.today)


async def _check_references(write: Write, challenge: Challenge) -> None:
    await write.check_references(
        {
            "/programmeId": (Programme, "id", challenge.programme_id),
            "/source": (Source, "key", challenge.source),
            "/budget/source": (Source, "key", challenge.budget_source),
        }
    )


def _reserves_more(before: Challenge, after: Challenge) -> bool:
    """Whether a change reserves more than before; one that does not is allowed, even where the envelope has shrunk."""
    moved = (before.programme_id, before.budget_fund) != (after.programme_id, after.budget_fund)
    return moved or (after.budget_cents or 0) > (before.budget_cents or 0)


async def _reserve(write: Write, challenge: Challenge) -> None:
    """Checks the reservation, and locks the programme so that two at once cannot both use the last of the envelope."""
    wanted = fund_amount(challenge.budget_cents, challenge.budget_qualifier, challenge.budget_fund)
    programme = await write.load(Programme, challenge.programme_id)
    rows = await write.session.execute(queries.other_budgets(write.context, challenge))
    reserved = [Money(row.budget_cents, row.budget_qualifier) for row in rows]
    check_reservation(envelope=await _envelope(write, programme), reserved=reserved, wanted=wanted)


async def _envelope(write: Write, programme: Programme) -> FundAmount | None:
    """What challenges may reserve: the envelope in force, or else the programme's budget."""
    settings = (await write.session.execute(in_force(write.context))).mappings().all()
    of_programme = [row for row in settings if row["programme_id"] == programme.id]
    envelope = None
    if of_programme:
        envelope = fund_amount(*(of_programme[-1][f"envelope_{part}"] for part in ("cents", "qualifier", "fund")))
    return envelope or fund_amount(programme.budget_cents, programme.budget_qualifier, programme.budget_fund)
