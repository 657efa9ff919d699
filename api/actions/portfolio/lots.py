"""Writes of lots and their partners."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.actions.portfolio.envelopes import reserve
from api.actions.portfolio.milestones import fix_baselines, lock_milestones
from api.actions.scoring.scoring_profiles import freeze_profile, profile_of_parent
from api.store.ledger import Write
from domain.portfolio.endings import status_dates
from domain.portfolio.lots import ENDINGS, Lot, LotPartner, LotStatus, check_replacement, check_step, reached_running
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.registers import Organisation, Source


async def add_lot(write: Write, lot: Lot) -> Lot:
    """Adds a lot in any status, and reserves its budget from the programme's envelope."""
    await _check_references(write, lot)
    dates = _dates(write, None, lot.status, lot.status_since)
    await reserve(write, None, lot)
    has_run = reached_running(lot.status, has_run=False)
    return await write.ledger.add(Lot(**{**lot.model_dump(), **dates, "has_run": has_run}))


async def change_lot(write: Write, before: Lot, values: Mapping[str, Any]) -> Lot:
    """Changes a lot, its status by an allowed step only; its first start to run fixes the baselines and freezes the profile.

    `status_since` is the day of the change, None for today. A lot that ends keeps the colours of that day.
    """
    check_step(before=before.status, after=LotStatus(values["status"]))
    dates = _dates(write, before, LotStatus(values["status"]), values["status_since"])
    has_run = reached_running(values["status"], has_run=before.has_run)
    after = Lot(**{**before.model_dump(), **values})
    check_replacement(lot_id=before.id, replaced_by=after.replaced_by)
    await _check_references(write, after)
    await reserve(write, before, after)
    if dates["ended_on"] != before.ended_on:
        await lock_milestones(write, "lot_id", before.id)
    changed = await write.update_if_changed(before, {**values, **dates, "has_run": has_run})
    if has_run and not before.has_run:
        await fix_baselines(write, "lot_id", before.id)
        await freeze_profile(write, await profile_of_parent(write, before.id, None))
    return changed


async def add_partner(write: Write, partner: LotPartner) -> LotPartner:
    """Adds a supplier to a lot; from then on it sees the lot."""
    await write.load(Lot, partner.lot_id)
    await write.check_references({"/supplierId": (Supplier, "id", partner.supplier_id)})
    return await write.ledger.add(partner)


def _dates(write: Write, before: Lot | None, status: LotStatus, given: date | None) -> dict[str, Any]:
    changes = before is None or before.status is not status
    return status_dates(before=before, changes=changes, ends=status in ENDINGS, given=given, today=write.today)


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
