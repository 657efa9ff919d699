"""Proposing and confirming the waiver of a knock-out.

The knock-outs of today's score are computed first, on a snapshot, so that nobody waits for them. A submitted declaration and
its profile never change, so the snapshot is still right within the write.
"""

from collections.abc import Sequence
from uuid import UUID

from api.actions.scoring.scores import in_turn, submitted_input
from api.queries.access.audit_events import author_of
from api.queries.declarations import waivers as queries
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.waivers import (
    Waiver,
    WaiverConfirmation,
    check_confirmation,
    check_knock_out,
    check_waiver,
)
from domain.permissions import check_second_actor
from domain.scoring.results import ScoreKnockOut


async def knock_outs_today(
    session: Session, context: ReadContext, declaration_id: UUID
) -> Sequence[ScoreKnockOut] | None:
    """The knock-outs of today's score, waived ones included; None for a draft, which has no score."""
    found = await load(session, OriginDeclaration, declaration_id, context, {})
    async with in_turn(session, context, found) as row:
        submitted = None if row.status is DeclarationStatus.DRAFT else await submitted_input(session, context, row)
        if submitted is None:
            return None
        _, scoring_input = submitted
        await session.release()
        score = await run_in_worker(scoring_input.score_on, context.today, lines=scoring_input.lines)
        return score.knock_outs


async def waive(write: Write, row: Waiver, knock_outs: Sequence[ScoreKnockOut] | None, *, four_eyes: bool) -> Waiver:
    """Proposes a waiver; without `four_eyes` it is confirmed at once.

    From its confirmation on every score that is shown counts it, for days up to its expiry.
    """
    declaration = await load(write.session, OriginDeclaration, row.declaration_id, write.context, {})
    check_waiver(
        code=row.code,
        component_key=row.component_key,
        dimension=row.dimension,
        expires_on=row.expires_on,
        today=write.today,
    )
    check_knock_out(code=row.code, component_key=row.component_key, dimension=row.dimension, knock_outs=knock_outs)
    waiver = await write.ledger.add(row, reason=row.reason, within=declaration)
    if not four_eyes:
        confirmation = WaiverConfirmation(waiver_id=waiver.id, confirmed_at=write.now)
        await write.ledger.add(confirmation, reason=row.reason, within=declaration)
    return waiver


async def confirm(write: Write, waiver_id: UUID, *, four_eyes: bool) -> WaiverConfirmation:
    """Confirms a proposed waiver, with `four_eyes` as another actor than the one that proposed it."""
    waiver = await write.load(Waiver, waiver_id)
    declaration = await load(write.session, OriginDeclaration, waiver.declaration_id, write.context, {})
    known = await write.session.execute(queries.confirmation_of(write.context, waiver_id))
    check_confirmation(is_confirmed=known.first() is not None, expires_on=waiver.expires_on, today=write.today)
    if four_eyes:
        author = (await write.session.execute(author_of(write.context, waiver_id))).scalar_one()
        check_second_actor(
            first=author, second=write.context.actor.name, done="proposed this waiver", needed="confirm it"
        )
    row = WaiverConfirmation(waiver_id=waiver_id, confirmed_at=write.now)
    return await write.ledger.add(row, reason=waiver.reason, within=declaration)
