"""Writes of programmes and their settings: their envelopes hold what is reserved."""

from collections.abc import Mapping
from typing import Any

from api.actions.portfolio.envelopes import check_budget, check_settings
from api.actions.registers.facts import add_fact, change_fact
from api.store.ledger import Write
from domain.portfolio.envelopes import check_fund
from domain.portfolio.programmes import Programme, ProgrammeSettings, check_effect, fund_amount
from domain.registers import Source


async def add_programme(write: Write, programme: Programme) -> Programme:
    """Adds a programme, whose budget names its fund."""
    budget = fund_amount(programme.budget_cents, programme.budget_qualifier, programme.budget_fund)
    check_fund(envelope=budget, pointer="/budget/fund")
    return await add_fact(write, programme)


async def change_programme(write: Write, before: Programme, values: Mapping[str, Any]) -> Programme:
    """Changes a programme; its budget, where it is the envelope, holds what is reserved."""
    await check_budget(write, before, Programme(**{**before.model_dump(), **values}))
    return await change_fact(write, before, values)


async def add_settings(write: Write, settings: ProgrammeSettings) -> ProgrammeSettings:
    """Adds settings of a programme, which is locked meanwhile; their envelope names its fund and holds what is reserved."""
    programme = await write.load(Programme, settings.programme_id)
    check_effect(effective_on=settings.effective_on, today=write.today)
    await check_settings(write, programme, settings)
    await write.check_references({"/envelope/source": (Source, "key", settings.envelope_source)})
    return await write.ledger.add(settings)
