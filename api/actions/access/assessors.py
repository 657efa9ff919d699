"""The assessors of a lot or a challenge: who they are, and assigning them."""

from uuid import UUID

from api.queries.access import api_keys as queries
from api.store.ledger import Write
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.access.api_keys import AssessorAssignment, check_assessors
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot


async def assign(write: Write, parent: Lot | Challenge, key_ids: list[UUID]) -> list[UUID]:
    """Makes these keys, and no others, the assessors of a lot or challenge, and raises its version."""
    wanted = list(dict.fromkeys(key_ids))
    found = await write.session.execute(queries.assessors_among(write.context, wanted))
    check_assessors(wanted=wanted, assessors=set(found.scalars()))
    assigned = {row.key_id: row for row in await _assignments(write.session, write.context, parent)}
    lot_id, challenge_id = (parent.id, None) if isinstance(parent, Lot) else (None, parent.id)
    for key_id in wanted:
        if key_id not in assigned:
            await write.ledger.add(AssessorAssignment(key_id=key_id, lot_id=lot_id, challenge_id=challenge_id))
    for key_id, assignment in assigned.items():
        await write.update_if_changed(assignment, {"closed": key_id not in wanted})
    await write.ledger.change(parent, {})
    return wanted


async def assigned_keys(session: Session, context: ReadContext, parent: Lot | Challenge) -> list[UUID]:
    """The ids of the assessors' keys that are assigned to a lot or challenge now."""
    return [row.key_id for row in await _assignments(session, context, parent) if not row.closed]


async def _assignments(session: Session, context: ReadContext, parent: Lot | Challenge) -> list[AssessorAssignment]:
    rows = await session.execute(
        queries.assignments(context, "lot_id" if isinstance(parent, Lot) else "challenge_id", parent.id)
    )
    return [AssessorAssignment.of_row(row) for row in rows.mappings()]
