"""Writes of challenges and their entrants."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.actions.portfolio.envelopes import reserve
from api.actions.portfolio.milestones import fix_baselines, lock_milestones
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.store.ledger import Write
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
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.registers import Source


async def add_challenge(write: Write, challenge: Challenge) -> Challenge:
    """Adds a challenge in any status, and reserves its budget from the programme's envelope."""
    check_cancellation(status=challenge.status, reason=challenge.cancellation_reason)
    dates = _dates(write, None, challenge.status, challenge.status_since)
    await _check_references(write, challenge)
    await reserve(write, None, challenge)
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
    await reserve(write, before, after)
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
