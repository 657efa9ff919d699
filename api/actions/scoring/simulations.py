"""Simulates a score scheme: the outcome is computed first, on a snapshot, and then stored as evidence.

Declarations are read and scored one at a time, in a thread, and of each only the changes are kept. So a portfolio of any
size takes the memory of its largest declaration, and the database is not locked meanwhile.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_of_version
from api.actions.scoring.scores import ScoringInput, stored_input
from api.queries.declarations import origin_declarations as queries
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.base import new_id
from domain.declarations.origin_declarations import OriginDeclaration
from domain.scoring.algorithm import Algorithm
from domain.scoring.exact import decimals, exact_decimal
from domain.scoring.movements import movement
from domain.scoring.results import Score
from domain.scoring.score_schemes import ScoreScheme, algorithm_of_row
from domain.scoring.simulations import (
    ROW,
    ComparedDeclaration,
    ComparedSide,
    Simulation,
    SimulationOutcome,
    SimulationResult,
    details,
    outcome_of,
)


async def simulate(session: Session, context: ReadContext, scheme_id: UUID) -> tuple[UUID, SimulationOutcome]:
    """What a scheme would do to every active declaration, with the id that the simulation will have."""
    scheme = algorithm_of_row(await load(session, ScoreScheme, scheme_id, context, {}))
    rows = (await session.execute(queries.active(context))).mappings().all()
    schemes: dict[str, Algorithm] = {}
    compared = []
    for row in rows:
        version = row["scheme_version"]
        if version not in schemes:
            schemes[version] = await scheme_of_version(session, context, version)
        declaration = _declaration(row)
        scoring_input = await stored_input(session, context, declaration, schemes[version])
        assert scoring_input is not None, "what was submitted has a profile, for good"
        compared.append(
            await run_in_worker(
                _compared, declaration, scoring_input, scheme, row["reference_date"], lines=2 * scoring_input.lines
            )
        )
    simulation_id = new_id()
    return simulation_id, await run_in_worker(outcome_of, compared, simulation_id, lines=len(compared))


async def store_simulation(write: Write, scheme_id: UUID, simulated: tuple[UUID, SimulationOutcome]) -> Simulation:
    """Stores a simulation with all its results, which never change afterwards."""
    simulation_id, outcome = simulated
    if outcome.rows:
        await write.ledger.add_lines(SimulationResult, ROW, outcome.rows)
    columns: Mapping[str, Any] = outcome.columns
    return await write.ledger.add(Simulation(id=simulation_id, scheme_id=scheme_id, simulated_at=write.now, **columns))


def _declaration(row: Mapping[str, Any]) -> OriginDeclaration:
    return OriginDeclaration(**{name: row[name] for name in OriginDeclaration.model_fields})


def _compared(
    declaration: OriginDeclaration, scoring_input: ScoringInput, scheme: Algorithm, day: date
) -> ComparedDeclaration:
    """The scores of one declaration on one day, with the scheme that applies to it and with another."""
    before = scoring_input.score_on(day)
    after = scoring_input.with_scheme(scheme).score_on(day)
    moved = movement(before, after)
    return ComparedDeclaration(
        declaration_id=declaration.id,
        supplier_id=declaration.supplier_id,
        lot_id=declaration.lot_id,
        challenge_id=declaration.challenge_id,
        reference_date=day,
        scheme_before=before.scheme_version,
        before=_side(before),
        after=_side(after),
        score=moved.score,
        exact=moved.exact,
        details=details(moved),
    )


def _side(score: Score) -> ComparedSide:
    return ComparedSide(
        score=None if score.score is None else decimals(score.score, 1),
        adjustment=exact_decimal(score.adjustment_percent, at_least=2),
        price_cents=score.fictitious_price_cents,
        is_knocked_out=any(entry.waiver is None for entry in score.knock_outs),
    )
