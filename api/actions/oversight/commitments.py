"""Writes about commitments: what they name exists, and their days follow one another."""

from collections.abc import Mapping
from typing import Any

from api.actions.registers.facts import each
from api.store.ledger import Write
from domain.oversight.commitments import Commitment, check_commitment
from domain.portfolio.lots import Lot
from domain.registers import Source


async def add_commitment(write: Write, commitment: Commitment) -> Commitment:
    """Adds a commitment that names lots and letters that exist."""
    await _check(write, commitment)
    return await write.ledger.add(commitment)


async def change_commitment(write: Write, before: Commitment, values: Mapping[str, Any]) -> Commitment:
    """Changes a commitment; what it names exists afterwards too."""
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
            **each("lotIds", Lot, commitment.lot_ids),
        }
    )
