"""Writes of challenges and their entrants."""

from collections.abc import Mapping
from typing import Any

from api.actions.portfolio.envelopes import reserve
from api.actions.portfolio.milestones import fix_baselines
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.store.ledger import Write
from domain.portfolio.challenges import Challenge, ChallengeEntrant, ChallengeStatus, check_step, reached_running
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.registers import Source


async def add_challenge(write: Write, challenge: Challenge) -> Challenge:
    """Adds a challenge in any status, and reserves its budget from the programme's envelope."""
    await _check_references(write, challenge)
    await reserve(write, None, challenge)
    return await write.ledger.add(challenge)


async def change_challenge(write: Write, before: Challenge, values: Mapping[str, Any]) -> Challenge:
    """Changes a challenge, its status by an allowed step only; a start to run fixes the baselines and freezes the profile."""
    check_step(before=before.status, after=ChallengeStatus(values["status"]))
    after = Challenge(**{**before.model_dump(), **values})
    await _check_references(write, after)
    await reserve(write, before, after)
    changed = await write.update_if_changed(before, values)
    if reached_running(after.status) and not reached_running(before.status):
        await fix_baselines(write, "challenge_id", before.id)
        await freeze_profile(write, await profile_of_parent(write, None, before.id))
    return changed


async def add_entrant(write: Write, entrant: ChallengeEntrant) -> ChallengeEntrant:
    """Adds a supplier to a challenge; from then on it sees the challenge."""
    await write.load(Challenge, entrant.challenge_id)
    await write.check_references({"/supplierId": (Supplier, "id", entrant.supplier_id)})
    return await write.ledger.add(entrant)


async def _check_references(write: Write, challenge: Challenge) -> None:
    await write.check_references(
        {
            "/programmeId": (Programme, "id", challenge.programme_id),
            "/source": (Source, "key", challenge.source),
            "/budget/source": (Source, "key", challenge.budget_source),
        }
    )
