"""Simulations of score schemes: what a scheme would do to the active declarations, for those who decide on it."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.actions.scoring import simulations as actions
from api.http.auth import Read, ReadBeforeWrite, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import SchemeId, SimulationId
from api.http.route import Route
from api.schemas.bodies import Body, Day, View
from api.store.ledger import Write
from api.store.visibility import visible
from domain.permissions import Permission
from domain.scoring.inputs import DimensionName
from domain.scoring.results import KnockOutCode, Reason
from domain.scoring.score_schemes import ScoreScheme
from domain.scoring.simulations import Simulation, SimulationOutcome, SimulationResult

router = APIRouter(route_class=Route, tags=["score-schemes"])
Reads = Annotated[Read, RequiresRead(Permission.READ_SIMULATIONS)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_SIMULATIONS, once=True)]
Simulates = Annotated[Write, RequiresWrite(Permission.SIMULATE_SCHEMES)]
PATH = "/score-schemes/{schemeId}/simulations"
FIGURE = Field(examples=["87.5000"])
MOVE = Field(examples=["-2.1"])


class SimulationCreate(Body):
    """A simulation has no input: it covers all declarations that are active now."""


class ParentMoves(View):
    """How the declarations of one lot or challenge move; `rankChanges` counts those whose rank changes."""

    lot_id: UUID | None
    challenge_id: UUID | None
    compared: int
    moved_up: int
    moved_down: int
    unchanged: int
    largest_rise: str | None = MOVE
    largest_fall: str | None = MOVE
    mean_difference: str | None = FIGURE
    rank_changes: int


class SimulationView(View):
    """What a scheme would do to the declarations that were active when it was simulated. Evidence: it never changes.

    Each is compared with the scheme of its stored score, on the day of that score. `knockedOut` counts declarations that
    have no knock-out and would get one, `relieved` those that have one and would lose it.
    """

    id: UUID
    version: int
    scheme_id: UUID
    simulated_at: datetime
    compared: int
    moved_up: int
    moved_down: int
    unchanged: int = Field(description="Those that cannot be assessed under either scheme included")
    largest_rise: str | None = MOVE
    largest_fall: str | None = MOVE
    mean_difference: str | None = FIGURE
    knocked_out: int
    relieved: int
    rank_changes: int
    by_parent: list[ParentMoves]
    results_digest: str = Field(description="SHA-256 of all results, as they are stored", examples=["0" * 64])


class SimulationPage(Page[SimulationView]):
    """One page of simulations."""


class SimulationQuery(ListQuery):
    """Paging of simulations."""

    sort: Literal["id", "-id"] = "id"


class CriterionMove(View):
    """Points of one criterion under both schemes; over all criteria they add up to `pointsDifference`."""

    criterion: str = Field(examples=["madeIn"])
    before: str = FIGURE
    after: str = FIGURE
    difference: str = FIGURE


class MoveCause(View):
    """A line of the explanation that moved: a component, dimension or group under one criterion, with its cause codes."""

    criterion: str = Field(examples=["madeIn"])
    component_key: str | None
    dimension: DimensionName | None
    function_group: str | None
    before: str = FIGURE
    after: str = FIGURE
    difference: str = FIGURE
    cause_before: str | None = Field(examples=["country"])
    cause_after: str | None = Field(examples=["country"])


class VerdictMove(View):
    """A verdict that would change: edip, safe or european."""

    verdict: str = Field(examples=["edip"])
    before: str = Field(examples=["pass"])
    after: str = Field(examples=["possible"])


class MovedKnockOut(View):
    """A knock-out that would be added or removed."""

    code: KnockOutCode
    reason: Reason
    component_key: str | None
    dimension: DimensionName | None
    function_group: str | None


class SimulationResultView(View):
    """One declaration under both schemes; `causes` are the five lines that account for most of it.

    A difference is null where the declaration cannot be assessed; a rank where it has a knock-out or no price.
    """

    OMITS: ClassVar = frozenset({"simulation_id"})

    position: int
    declaration_id: UUID
    supplier_id: UUID
    lot_id: UUID | None
    challenge_id: UUID | None
    reference_date: Day
    scheme_before: str = Field(examples=["BM-1.0"])
    score_before: str | None = Field(examples=["68.1"])
    score_after: str | None = Field(examples=["66.0"])
    difference: str | None = MOVE
    points_difference: str | None = Field(examples=["-2.1034"])
    adjustment_before: str = Field(examples=["3.62"])
    adjustment_after: str = Field(examples=["3.20"])
    rank_before: int | None
    rank_after: int | None
    criteria: list[CriterionMove]
    causes: list[MoveCause]
    verdicts: list[VerdictMove]
    added_count: int = Field(description="How many knock-outs would be added")
    removed_count: int = Field(description="How many knock-outs would be removed")
    added: list[MovedKnockOut] = Field(description="The first twenty that would be added")
    removed: list[MovedKnockOut] = Field(description="The first twenty that would be removed")


class SimulationResultPage(Page[SimulationResultView]):
    """One page of results."""


class SimulationResultQuery(ListQuery):
    """Filters of the results of one simulation; by difference, the largest fall is first."""

    lot_id: UUID | None = None
    challenge_id: UUID | None = None
    supplier_id: UUID | None = None
    sort: Literal["difference", "-difference"] = "difference"


async def _work_out(scheme_id: SchemeId, read: ReadBeforeWrite) -> tuple[UUID, SimulationOutcome]:
    return await actions.simulate(read.session, read.context, scheme_id)


@router.get(PATH)
async def list_simulations(
    scheme_id: SchemeId, query: Annotated[SimulationQuery, Query()], read: Reads
) -> SimulationPage:
    """The simulations of a scheme."""
    await read.load(ScoreScheme, scheme_id)
    seen = visible(Simulation, read.context)
    rows, cursor = await read.page(seen, query, seen.c.scheme_id == scheme_id)
    return SimulationPage(items=[SimulationView.of(row) for row in rows], next_cursor=cursor)


@router.post(PATH, status_code=201)
async def simulate_score_scheme(
    scheme_id: SchemeId,
    body: SimulationCreate,
    worked_out: Annotated[tuple[UUID, SimulationOutcome], Depends(_work_out)],
    write: Simulates,
) -> SimulationView:
    """Simulate a scheme over every active declaration: submitted or accepted, the newest of each series.

    Who moves, by how much and why is stored as evidence for the decision; no score changes.
    """
    return SimulationView.of(await actions.store_simulation(write, scheme_id, worked_out))


@router.get(f"{PATH}/{{simulationId}}")
async def get_simulation(scheme_id: SchemeId, simulation_id: SimulationId, read: ReadsOnce) -> SimulationView:
    """One simulation, in summary."""
    return SimulationView.of(await read.load(Simulation, simulation_id, scheme_id=scheme_id))


@router.get(f"{PATH}/{{simulationId}}/results")
async def list_simulation_results(
    scheme_id: SchemeId, simulation_id: SimulationId, query: Annotated[SimulationResultQuery, Query()], read: Reads
) -> SimulationResultPage:
    """What each declaration would score, and why."""
    await read.load(Simulation, simulation_id, scheme_id=scheme_id)
    seen = visible(SimulationResult, read.context)
    # Results are stored in the order of their differences, so `position` sorts them the same way.
    by_position = query.model_copy(update={"sort": query.sort.replace("difference", "position")})
    rows, cursor = await read.page(seen, by_position, seen.c.simulation_id == simulation_id)
    return SimulationResultPage(items=[SimulationResultView.of(row) for row in rows], next_cursor=cursor)
