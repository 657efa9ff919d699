"""Submitting a declaration: its score is computed first, on a snapshot, and stored if nothing has changed meanwhile.

Computing it within the write would hold the database, and other suppliers could tell from the wait that somebody submits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.declarations.origin_declarations import takes_part
from api.actions.scoring.score_schemes import scheme_for
from api.actions.scoring.scores import figures_on, in_turn, stored_input
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.origin_declarations import (
    DeclarationStatus,
    OriginDeclaration,
    check_submission,
    check_unchanged,
)
from domain.declarations.submissions import Signatory, Submission
from domain.scoring.inputs import Profile
from domain.scoring.scores import StoredScore
from domain.scoring.scoring_profiles import ScoringProfile, profile_of


@dataclass(frozen=True, slots=True)
class DraftScore:
    """The score of a draft, ready to be stored, and what it was computed from: a row version, a profile and a day."""

    version: int
    profile: Profile
    day: date
    figures: Mapping[str, Any]

    def is_of(self, row: OriginDeclaration, profile: ScoringProfile, today: date) -> bool:
        """Whether it is the score of this version of the draft on this profile, with the scheme that it names, today."""
        same = (row.version, profile_of(profile.model_dump()), profile.scheme, today)
        return same == (self.version, self.profile, self.figures["scheme_version"], self.day)


async def score_draft(session: Session, context: ReadContext, declaration_id: UUID) -> DraftScore | None:
    """The score of a draft today; None where it is not a draft or has no scoring profile, which submitting refuses."""
    found = await load(session, OriginDeclaration, declaration_id, context, {})
    async with in_turn(session, context, found) as row:
        if row.status is not DeclarationStatus.DRAFT:
            return None
        scheme = await scheme_for(session, context, row.lot_id, row.challenge_id)
        scoring_input = await stored_input(session, context, row, scheme)
        if scoring_input is None:
            return None
        await session.release()
        figures = await run_in_worker(figures_on, scoring_input, context.today, lines=scoring_input.lines)
        return DraftScore(row.version, scoring_input.profile, context.today, figures)


async def submit(
    write: Write, declaration_id: UUID, representative: Mapping[str, Any], scored: DraftScore | None
) -> Submission:
    """Submits a draft: stores who signed it and its score of today, and makes it immutable.

    Freezes the profile it is scored on, and supersedes the returned declaration that it revises.
    """
    row = await write.load(OriginDeclaration, declaration_id)
    before = None if row.revises is None else await write.load(OriginDeclaration, row.revises)
    profile = await profile_of_parent(write, row.lot_id, row.challenge_id)
    check_submission(status=row.status, has_profile=profile is not None, takes_part=await takes_part(write, row))
    assert profile is not None, "submitting without one was refused"
    check_unchanged(is_same=scored is not None and scored.is_of(row, profile, write.today))
    assert scored is not None
    submission = await write.ledger.add(Submission(declaration_id=row.id, submitted_at=write.now))
    await write.ledger.add(Signatory(submission_id=submission.id, **representative))
    await write.ledger.add(StoredScore(declaration_id=row.id, **scored.figures))
    await freeze_profile(write, profile)
    await write.ledger.change(row, {"status": DeclarationStatus.SUBMITTED})
    if before is not None and before.status is DeclarationStatus.RETURNED:
        await write.ledger.change(before, {"status": DeclarationStatus.SUPERSEDED})
    return submission
