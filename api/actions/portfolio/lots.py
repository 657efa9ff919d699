"""Writes of lots and their partners."""

from collections.abc import Mapping
from typing import Any

from api.actions.portfolio.envelopes import reserve
from api.actions.portfolio.milestones import fix_baselines
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.store.ledger import Write
from domain.portfolio.lots import Lot, LotPartner, LotStatus, check_replacement, check_step, reached_running
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.registers import Organisation, Source


async def add_lot(write: Write, lot: Lot) -> Lot:
    """Adds a lot in any status, and reserves its budget from the programme's envelope."""
    await _check_references(write, lot)
    await reserve(write, None, lot)
    return await write.ledger.add(Lot(**{**lot.model_dump(), "has_run": reached_running(lot.status, has_run=False)}))


async def change_lot(write: Write, before: Lot, values: Mapping[str, Any]) -> Lot:
    """Changes a lot, its status by an allowed step only; its first start to run fixes the baselines and freezes the profile."""
    check_step(before=before.status, after=LotStatus(values["status"]))
    has_run = reached_running(values["status"], has_run=before.has_run)
    after = Lot(**{**before.model_dump(), **values})
    check_replacement(lot_id=before.id, replaced_by=after.replaced_by)
    await _check_references(write, after)
    await reserve(write, before, after)
    changed = await write.update_if_changed(before, {**values, "has_run": has_run})
    if has_run and not before.has_run:
        await fix_baselines(write, "lot_id", before.id)
        await freeze_profile(write, await profile_of_parent(write, before.id, None))
    return changed


async def add_partner(write: Write, partner: LotPartner) -> LotPartner:
    """Adds a supplier to a lot; from then on it sees the lot."""
    await write.load(Lot, partner.lot_id)
    await write.check_references({"/supplierId": (Supplier, "id", partner.supplier_id)})
    return await write.ledger.add(partner)


async def _check_references(write: Write, lot: Lot) -> None:
    await write.check_references(
        {
            "/programmeId": (Programme, "id", lot.programme_id),
            "/ownerId": (Organisation, "id", lot.owner_id),
            "/replacedBy": (Lot, "id", lot.replaced_by),
            "/source": (Source, "key", lot.source),
            "/budget/source": (Source, "key", lot.budget_source),
        }
    )
