"""Writes of scoring profiles: publishing and freezing them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_to_name
from api.queries.scoring import scoring_profiles as queries
from api.store.ledger import Write
from domain.portfolio import challenges, lots
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.scoring.scoring_profiles import ScoringProfile, check_open, check_profile, profile_of


async def publish_profile(write: Write, parent: Lot | Challenge, values: Mapping[str, Any]) -> ScoringProfile:
    """Gives a lot or challenge its profile, or replaces one that is not frozen yet; raises the parent's version.

    It names the scheme in force where `values` name none. Where the lot or challenge already runs, it is frozen at once.
    """
    check_profile(profile=profile_of(values))
    lot_id, challenge_id = (parent.id, None) if isinstance(parent, Lot) else (None, parent.id)
    frozen_at = write.now if _runs(parent) else None
    before = await profile_of_parent(write, lot_id, challenge_id)
    if before is not None:
        check_open(frozen_at=before.frozen_at)
    values = {**values, "scheme": await scheme_to_name(write.session, write.context, values["scheme"])}
    if before is None:
        row = ScoringProfile(lot_id=lot_id, challenge_id=challenge_id, frozen_at=frozen_at, **values)
        profile = await write.ledger.add(row)
    else:
        profile = await write.update_if_changed(before, values)
    await write.ledger.change(parent, {})
    return profile


async def profile_of_parent(write: Write, lot_id: UUID | None, challenge_id: UUID | None) -> ScoringProfile | None:
    """The profile of a lot or challenge, None where it has none; locked until the transaction ends if it can still change.

    A frozen one is not locked: it never changes, and suppliers who submit would wait for each other.
    """
    statement = queries.of_parent(write.context, lot_id, challenge_id)
    row = (await write.session.execute(statement)).mappings().one_or_none()
    if row is not None and row["frozen_at"] is None:
        row = (await write.session.execute(statement.with_for_update(key_share=True))).mappings().one_or_none()
    return None if row is None else ScoringProfile.of_row(row)


async def freeze_profile(write: Write, profile: ScoringProfile | None) -> None:
    """Freezes a profile, if there is one and it is not frozen yet."""
    if profile is not None and profile.frozen_at is None:
        await write.ledger.change(profile, {"frozen_at": write.now})


def _runs(parent: Lot | Challenge) -> bool:
    if isinstance(parent, Lot):
        return lots.reached_running(parent.status, has_run=parent.has_run)
    return challenges.reached_running(parent.status)
