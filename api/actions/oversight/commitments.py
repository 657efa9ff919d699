"""Writes of commitments: the rows they name must exist, and their days must be in order."""

from collections.abc import Mapping
from typing import Any

from api.actions.registers.facts import references_of
from api.store.ledger import Write
from domain.oversight.commitments import Commitment, check_commitment
from domain.portfolio.lots import Lot
from domain.registers import Source


async def add_commitment(write: Write, commitment: Commitment) -> Commitment:
    """Adds a commitment that names lots and letters that exist."""
    await _check(write, commitment)
    return await write.ledger.add(commitment)


async def change_commitment(write: Write, before: Commitment, values: Mapping[str, Any]) -> Commitment:
    """Changes a commitment; the lots and letters it names must exist after the change too."""
    await _check(write, Commitment(**{**before.model_dump(), **values}))
    return await write.update_if_changed(before, values)


async def _check(write: Write, commitment: Commitment) -> None:
    check_commitment(
        status=commitment.status,
        made=commitment.made,
        due=commitment.due,
        fulfilled_on=commitment.fulfilled_on,
        evidence=commitment.evidence,
        lot_ids=commitment.lot_ids,
        today=write.today,
    )
    await write.check_references(
        {
            "/source": (Source, "key", commitment.source),
            "/evidence": (Source, "key", commitment.evidence),
            **references_of("lotIds", Lot, commitment.lot_ids),
        }
    )
