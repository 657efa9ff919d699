"""Simulates a score scheme: what is to be compared is read on a snapshot, compared, and stored as evidence.

Declarations are read and scored one at a time, in a thread, and of each only the changes are kept. Few are compared within
the request, outside its write; many are stored as a run, which `simulation_runs` carries out with the same functions.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_of_version
from api.actions.scoring.scores import ScoringInput, in_turn, stored_input
from api.queries.declarations import origin_declarations, waivers
from api.queries.scoring import simulations as queries
from api.store.ledger import Write
from api.store.loading import load, one
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
from domain.scoring.simulation_runs import ROW as TO_COMPARE_ROW
from domain.scoring.simulation_runs import (
    SimulatedDeclaration,
    SimulationRun,
    ToCompare,
    check_has_results,
    check_room,
)
from domain.scoring.simulations import (
    ROW,
    ComparedDeclaration,
    ComparedSide,
    Simulation,
    SimulationOutcome,
    SimulationResult,
    SimulationStatus,
    details,
    outcome_of,
)

RUNS_LOCK = "simulation runs"
"""The advisory lock of storing a run, so that no more of them are unfinished than may be."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation to store: its outcome, or None where it has too much to compare for a request to wait for it."""

    simulation_id: UUID
    to_compare: Sequence[ToCompare]
    outcome: SimulationOutcome | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A declaration with all that its score is computed from, to be compared without a database."""

    declaration: OriginDeclaration
    scoring_input: ScoringInput
    day: date

    @property
    def lines(self) -> int:
        """How much work it is: the lines that are scored."""
        return 2 * self.scoring_input.lines

    def under(self, scheme: Algorithm) -> ComparedDeclaration:
        """The declaration under its own scheme and under another, on one day."""
        before = self.scoring_input.score_on(self.day)
        after = self.scoring_input.with_scheme(scheme).score_on(self.day)
        moved = movement(before, after)
        return ComparedDeclaration(
            declaration_id=self.declaration.id,
            supplier_id=self.declaration.supplier_id,
            lot_id=self.declaration.lot_id,
            challenge_id=self.declaration.challenge_id,
            reference_date=self.day,
            scheme_before=before.scheme_version,
            before=_side(before),
            after=_side(after),
            score=moved.score,
            exact=moved.exact,
            details=details(moved),
        )


async def simulate(session: Session, context: ReadContext, scheme_id: UUID, *, at_once: int) -> Simulated:
    """What a scheme would do to every active declaration, where they are at most `at_once`."""
    scheme = await simulated_scheme(session, context, scheme_id)
    to_compare = await _to_compare(session, context)
    simulation_id = new_id()
    if len(to_compare) > at_once:
        return Simulated(simulation_id, to_compare, None)
    schemes: dict[str, Algorithm] = {}
    compared = []
    for each in to_compare:
        async with comparison_of(session, context, each, schemes) as comparison:
            compared.append(await run_in_worker(comparison.under, scheme, lines=comparison.lines))
    outcome = await run_in_worker(outcome_of, compared, simulation_id, lines=len(compared))
    return Simulated(simulation_id, to_compare, outcome)


async def simulated_scheme(session: Session, context: ReadContext, scheme_id: UUID) -> Algorithm:
    """The algorithm of the scheme to simulate. Raises NotFound."""
    return algorithm_of_row(await load(session, ScoreScheme, scheme_id, context, {}))


async def _to_compare(session: Session, context: ReadContext) -> list[ToCompare]:
    recorded: dict[UUID, set[UUID]] = defaultdict(set)
    for row in (await session.execute(waivers.ids(context))).mappings():
        recorded[row["declaration_id"]].add(row["id"])
    rows = (await session.execute(origin_declarations.active(context))).mappings()
    return [
        ToCompare(row["id"], row["scheme_version"], row["reference_date"], frozenset(recorded.get(row["id"], ())))
        for row in rows
    ]


@asynccontextmanager
async def comparison_of(
    session: Session, context: ReadContext, to_compare: ToCompare, schemes: dict[str, Algorithm]
) -> AsyncIterator[Comparison]:
    """A declaration with all that it is scored from, in turn where it is large; `schemes` keeps what was read, by version."""
    version = to_compare.scheme_before
    if version not in schemes:
        schemes[version] = await scheme_of_version(session, context, version)
    found = await load(session, OriginDeclaration, to_compare.declaration_id, context, {})
    async with in_turn(session, context, found) as declaration:
        scoring_input = await stored_input(session, context, declaration, schemes[version], to_compare.waiver_ids)
        assert scoring_input is not None, "what was submitted has a profile, for good"
        await session.release()
        yield Comparison(declaration, scoring_input, to_compare.reference_date)


async def store_simulation(write: Write, scheme_id: UUID, simulated: Simulated) -> Mapping[str, Any]:
    """Stores a simulation with all its results, or as one that is running; gives it with its progress.

    Raises Conflict where another one must end before it can run.
    """
    simulation = Simulation(
        id=simulated.simulation_id,
        scheme_id=scheme_id,
        simulated_at=write.now,
        **({"status": SimulationStatus.RUNNING} if simulated.outcome is None else simulated.outcome.columns),
    )
    if simulated.outcome is None:
        await write.advisory_lock(RUNS_LOCK)
        check_room(list((await write.session.execute(queries.unfinished(write.context))).scalars()))
        await write.ledger.add(simulation)
        await _add_run(write, simulated)
    else:
        await _add_results(write, simulated.outcome)
        await write.ledger.add(simulation)
    return await one(write.session, queries.simulations(write.context), simulation.id, Simulation)


async def _add_run(write: Write, simulated: Simulated) -> None:
    actor = write.context.actor
    total, simulation_id = len(simulated.to_compare), simulated.simulation_id
    run = SimulationRun(simulation_id=simulation_id, actor=actor.name, role=actor.role, total=total)
    await write.session.execute(queries.add_run(run))
    rows = (each.row(simulation_id) for each in simulated.to_compare)
    await write.ledger.add_lines(SimulatedDeclaration, TO_COMPARE_ROW, rows)


async def _add_results(write: Write, outcome: SimulationOutcome) -> None:
    if outcome.rows:
        await write.ledger.add_lines(SimulationResult, ROW, outcome.rows)


async def complete_simulation(write: Write, simulation_id: UUID, outcome: SimulationOutcome) -> None:
    """Completes a running simulation with all its results, which never change afterwards."""
    simulation = await write.load(Simulation, simulation_id)
    await _add_results(write, outcome)
    await write.ledger.change(simulation, outcome.columns)
    await write.session.execute(queries.delete_declarations(simulation_id))


async def fail_simulation(write: Write, simulation_id: UUID, failure: str) -> None:
    """Gives a running simulation up, for a reason in plain words."""
    simulation = await write.load(Simulation, simulation_id)
    await write.ledger.change(simulation, {"status": SimulationStatus.FAILED, "failure": failure})
    await write.session.execute(queries.delete_declarations(simulation_id))


async def require_results(session: Session, context: ReadContext, simulation_id: UUID, scheme_id: UUID) -> None:
    """Raises NotFound where there is no such simulation of the scheme, and Conflict where it has no results."""
    found = await one(session, queries.simulations(context), simulation_id, Simulation, scheme_id=scheme_id)
    check_has_results(status=found["status"], done=found["done"], total=found["total"], failure=found["failure"])


def _side(score: Score) -> ComparedSide:
    return ComparedSide(
        score=None if score.score is None else decimals(score.score, 1),
        adjustment=exact_decimal(score.adjustment_percent, at_least=2),
        price_cents=score.fictitious_price_cents,
        is_knocked_out=any(entry.waiver is None for entry in score.knock_outs),
    )
