"""Reserving from the envelope of a programme; the programme is locked, so that nobody else can use what is left meanwhile."""

from api.queries.portfolio import envelopes as queries
from api.store.ledger import Write
from domain.portfolio.challenges import Challenge
from domain.portfolio.envelopes import (
    Reservation,
    check_envelope,
    check_fund,
    check_reservation,
    envelope_of,
    reserves_more,
)
from domain.portfolio.lots import Lot
from domain.portfolio.programmes import FundAmount, Programme, ProgrammeSettings, fund_amount

ENVELOPE = ("envelope_cents", "envelope_qualifier", "envelope_fund")


async def reserve(write: Write, before: Lot | Challenge | None, after: Lot | Challenge) -> None:
    """Checks that the budget of a new or changed lot or challenge fits in the envelope; `before` is None where it is new."""
    wanted = fund_amount(after.budget_cents, after.budget_qualifier, after.budget_fund)
    held = None
    if before is not None:
        held = fund_amount(before.budget_cents, before.budget_qualifier, before.budget_fund)
    if not reserves_more(held, wanted):
        return
    programme = await write.load(Programme, after.programme_id)
    found = (await write.session.execute(queries.reservations(write.context, programme.id))).mappings()
    others = [fund_amount(*(row[name] for name in queries.BUDGET)) for row in found if row["id"] != after.id]
    in_fund = [each.money for each in others if each is not None and wanted and each.fund == wanted.fund]
    check_reservation(envelope=await _envelope(write, programme), reserved=in_fund, wanted=wanted)


async def check_settings(write: Write, programme: Programme, settings: ProgrammeSettings) -> None:
    """Checks the envelope of new settings of a programme, which is locked; one of a later day must hold today's reservations."""
    own = settings.model_dump()
    check_fund(envelope=fund_amount(*(own[name] for name in ENVELOPE)), pointer="/envelope/fund")
    after = envelope_of(own, programme.model_dump())
    await _check(write, programme, await _envelope(write, programme), after, "envelope")


async def check_budget(write: Write, before: Programme, after: Programme) -> None:
    """Checks the changed budget of a programme, which is locked: it is the envelope where the settings in force have none."""
    budgets = [fund_amount(row.budget_cents, row.budget_qualifier, row.budget_fund) for row in (before, after)]
    if budgets[0] == budgets[1]:
        return
    check_fund(envelope=budgets[1], pointer="/budget/fund")
    await _check(write, before, await _envelope(write, before), await _envelope(write, after), "budget")


async def _check(
    write: Write, programme: Programme, before: FundAmount | None, after: FundAmount | None, field: str
) -> None:
    rows = (await write.session.execute(queries.reservations(write.context, programme.id))).mappings()
    published = [(row["code"], fund_amount(*(row[name] for name in queries.BUDGET))) for row in rows]
    reservations = [Reservation(code, budget) for code, budget in published if budget is not None]
    check_envelope(before=before, after=after, reservations=reservations, field=field)


async def _envelope(write: Write, programme: Programme) -> FundAmount | None:
    """The envelope of a programme today."""
    rows = await write.session.execute(queries.settings_in_force(write.context, programme.id))
    return envelope_of(rows.mappings().first(), programme.model_dump())
