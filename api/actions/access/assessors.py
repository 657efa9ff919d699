"""Assigning assessors to a lot or a challenge."""

from uuid import UUID

from api.queries.access import api_keys as queries
from api.store.ledger import Write
from domain.access.api_keys import AssessorAssignment, check_assessors
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot


async def assign(write: Write, parent: Lot | Challenge, key_ids: list[UUID]) -> list[UUID]:
    """Makes these keys, and no others, the assessors of a lot or challenge, and raises its version."""
    wanted = list(dict.fromkeys(key_ids))
    found = await write.session.execute(queries.assessors_among(write.context, wanted))
    check_assessors(wanted=wanted, assessors=set(found.scalars()))
    lot_id, challenge_id = (parent.id, None) if isinstance(parent, Lot) else (None, parent.id)
    column = "lot_id" if lot_id else "challenge_id"
    rows = await write.session.execute(queries.assignments(write.context, column, parent.id))
    assigned = {row["key_id"]: AssessorAssignment(**row) for row in rows.mappings()}
    for key_id in wanted:
        if key_id not in assigned:
            await write.ledger.add(AssessorAssignment(key_id=key_id, lot_id=lot_id, challenge_id=challenge_id))
    for key_id, assignment in assigned.items():
        await write.update_if_changed(assignment, {"closed": key_id not in wanted})
    await write.ledger.change(parent, {})
    return wanted
