"""Scoring profiles of lots and challenges; each is part of its lot or challenge and shares its ETag."""

from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter
from pydantic import Field

from api.actions.scoring.scoring_profiles import publish_profile
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.paths import ChallengeId, LotId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.queries.scoring import scoring_profiles as queries
from api.schemas.bodies import ExactAmount, View, columns_of
from api.schemas.declarations import FunctionGroupBody, ScoringProfileBody
from api.store.ledger import Write
from domain.errors import NotFound
from domain.permissions import Permission, Role
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.scoring.inputs import DimensionName

router = APIRouter(route_class=Route, tags=["scoring-profiles"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PROFILES)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


class ScoringProfileView(View):
    """What a lot or challenge scores declarations on; `version` is that of the lot or challenge."""

    OMITS: ClassVar = frozenset({"id", "lot_id", "challenge_id"})

    version: int
    function_groups: list[FunctionGroupBody]
    dimensions: list[DimensionName]
    cap_percent: str = Field(examples=["10"])
    require_eu_prime: bool
    reference_amount: ExactAmount | None
    scheme: str = Field(
        description="The version of the score scheme that declarations are scored with", examples=["BM-1.0"]
    )
    frozen_at: datetime | None = Field(description="The moment since which it cannot be changed")


class ScoringProfileForSupplier(View):
    """What a supplier is scored on. When it froze is not shown: that could reveal another supplier's declaration."""

    function_groups: list[FunctionGroupBody]
    dimensions: list[DimensionName]
    cap_percent: str
    require_eu_prime: bool
    reference_amount: ExactAmount | None
    scheme: str = Field(
        description="The version of the score scheme that declarations are scored with", examples=["BM-1.0"]
    )


ScoringProfileAny = ScoringProfileView | ScoringProfileForSupplier


@router.get("/lots/{lotId}/scoring-profile")
async def get_lot_scoring_profile(lot_id: LotId, read: Reads) -> ScoringProfileAny:
    """What declarations for a lot are scored on; `version`, and so its ETag, is the lot's."""
    return await _profile_of(read, await read.load(Lot, lot_id))


@router.put("/lots/{lotId}/scoring-profile")
async def publish_lot_scoring_profile(
    lot_id: LotId, body: ScoringProfileBody, write: Edits, match: IfMatch
) -> ScoringProfileView:
    """Publish what declarations for a lot are scored on. Takes the lot's ETag and raises its version.

    It names its scheme, the one in force today unless you name another that has taken effect. It freezes when the lot
    runs or the first declaration is submitted; a lot that runs already has it frozen at once.
    """
    lot = match.check(await write.load(Lot, lot_id))
    row = await publish_profile(write, lot, columns_of(body))
    return ScoringProfileView.of(row, version=lot.version + 1)


@router.get("/challenges/{challengeId}/scoring-profile")
async def get_challenge_scoring_profile(challenge_id: ChallengeId, read: Reads) -> ScoringProfileAny:
    """What declarations for a challenge are scored on; `version`, and so its ETag, is the challenge's."""
    return await _profile_of(read, await read.load(Challenge, challenge_id))


@router.put("/challenges/{challengeId}/scoring-profile")
async def publish_challenge_scoring_profile(
    challenge_id: ChallengeId, body: ScoringProfileBody, write: Edits, match: IfMatch
) -> ScoringProfileView:
    """Publish what declarations for a challenge are scored on. Takes the challenge's ETag and raises its version.

    It names its scheme, the one in force today unless you name another that has taken effect. It freezes when the
    challenge runs or the first declaration is submitted; one that runs already has it frozen at once.
    """
    challenge = match.check(await write.load(Challenge, challenge_id))
    row = await publish_profile(write, challenge, columns_of(body))
    return ScoringProfileView.of(row, version=challenge.version + 1)


async def _profile_of(read: Read, parent: Lot | Challenge) -> ScoringProfileAny:
    lot_id, challenge_id = (parent.id, None) if isinstance(parent, Lot) else (None, parent.id)
    result = await read.session.execute(queries.of_parent(read.context, lot_id, challenge_id))
    row = result.mappings().one_or_none()
    if row is None:
        raise NotFound("scoring profile not found: the programme office has not published one here yet")
    if read.context.actor.role is Role.SUPPLIER:
        return ScoringProfileForSupplier.of(row)
    return ScoringProfileView.of(row, version=parent.version)
