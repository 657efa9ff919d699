"""Writes of component statements: making, sharing and withdrawing them, and attaching them to declarations.

The verdict is computed first, on a snapshot, as scores are, so that it does not hold the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_in_force
from api.queries.declarations import component_statements as queries
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.component_columns import LINE, ROW, DeclaredComponent
from domain.declarations.component_statements import (
    ComponentStatement,
    StatementSignatory,
    StatementVerdict,
    check_change,
    new_statement_faults,
    origin_shares,
)
from domain.declarations.components import CheckedLines
from domain.errors import Fault, refuse
from domain.portfolio.suppliers import Supplier
from domain.scoring.algorithm import Algorithm
from domain.scoring.inputs import ComponentInput

NOT_SHARED = "is not a statement that its maker shares with this supplier; leave it out, or ask the maker to share it"
WITHDRAWN = "was withdrawn by its maker; leave it out, or ask for a new one"
_STATEMENT = LINE.index("statement_id")


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A new statement as sent, without the columns that follow from the scheme in force."""

    columns: Mapping[str, Any]
    lines: CheckedLines
    representative: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ComputedShares:
    """The origin shares of a new statement, and the scheme and date they were computed with."""

    scheme_version: str
    reference_date: date
    origin_shares: Mapping[str, Any]


async def work_out_shares(session: Session, context: ReadContext, new: NewStatement) -> ComputedShares | None:
    """The origin shares of a new statement; None where its lines have faults, which `make_statement` refuses."""
    if new.lines.faults:
        return None
    scheme = await scheme_in_force(session, context)
    components, total = new.lines.components(), new.columns["total_component_cost_cents"]
    await session.release()
    shares = await run_in_worker(_shares, scheme, components, total, context.today, lines=len(components))
    return ComputedShares(scheme.version, context.today, shares)


def _shares(scheme: Algorithm, components: Sequence[ComponentInput], total_cents: int, day: date) -> Mapping[str, Any]:
    return origin_shares(algorithm=scheme, components=components, total_cents=total_cents, reference_date=day)


async def make_statement(write: Write, new: NewStatement, shares: ComputedShares | None) -> ComponentStatement:
    """Makes a signed statement with its lines and its verdict; none of them changes afterwards."""
    columns, given = new.columns, new.lines
    maker = await load(write.session, Supplier, columns["supplier_id"], write.context, {})
    faults = new_statement_faults(
        components=given.rows,
        known_cents=given.cents,
        total_cents=columns["total_component_cost_cents"],
        valid_until=columns["valid_until"],
        shared_with=columns["shared_with"],
        today=write.today,
    )
    refuse(
        [*given.faults, *faults, *await attachment_faults(write.session, write.context, columns["supplier_id"], given)]
    )
    assert shares is not None
    lines = {name: given.columns[name] for name in ("component_set", "component_count", "components_digest")}
    scored_with: dict[str, Any] = {
        "scheme_version": shares.scheme_version,
        "reference_date": shares.reference_date,
        "signed_at": write.now,
    }
    await write.ledger.add_lines(DeclaredComponent, ROW, given.stored())
    row = await write.ledger.add(ComponentStatement(**columns, **lines, **scored_with))
    await write.ledger.add(StatementSignatory(statement_id=row.id, **new.representative))
    shown = {name: columns[name] for name in ("name", "part_number", "valid_until")}
    await write.ledger.add(
        StatementVerdict(id=row.id, maker=maker.name, origin_shares=dict(shares.origin_shares), **shown)
    )
    return row


async def change_statement(write: Write, before: ComponentStatement, values: Mapping[str, Any]) -> ComponentStatement:
    """Shares a statement with other suppliers, or withdraws it, which its verdict shows from then on."""
    withdrawn_on = values["withdrawn_on"]
    check_change(
        withdrawn_before=before.withdrawn_on,
        withdrawn_on=withdrawn_on,
        shared_with=values["shared_with"],
        today=write.today,
    )
    if withdrawn_on != before.withdrawn_on:
        verdict = await write.load(StatementVerdict, before.id)
        await write.ledger.change(verdict, {"withdrawn_on": withdrawn_on})
    return await write.update_if_changed(before, values)


async def attachment_faults(
    session: Session, context: ReadContext, supplier_id: UUID, given: CheckedLines
) -> list[Fault]:
    """Faults of lines that name a statement which does not exist, is not shared with the supplier, or was withdrawn."""
    attached = [(at, row[_STATEMENT]) for at, row in enumerate(given.rows) if row[_STATEMENT] is not None]
    if not attached:
        return []
    rows = await session.execute(queries.attachable(context, supplier_id))
    shared = {str(row.id): row.withdrawn_on for row in rows}
    faults = []
    for at, statement_id in attached:
        if statement_id not in shared:
            faults.append(Fault(f"/components/{at}/statementId", NOT_SHARED))
        elif shared[statement_id] is not None:
            faults.append(Fault(f"/components/{at}/statementId", WITHDRAWN))
    return faults
