"""Simulations of score schemes: what a scheme would do to the active declarations, for those who decide on it."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from api.actions.scoring import simulations as actions
from api.http.auth import Read, ReadBeforeWrite, RequiresRead, RequiresWrite
from api.http.operation import may_answer
from api.http.pagination import ListQuery, Page
from api.http.paths import SchemeId, SimulationId
from api.http.route import Route
from api.http.running import MayBeRunning
from api.http.service import service_of
from api.queries.scoring import simulations as queries
from api.schemas.bodies import Body, Day, View
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import visible
from domain.permissions import Permission
from domain.scoring.inputs import DimensionName
from domain.scoring.results import KnockOutCode, Reason
from domain.scoring.score_schemes import ScoreScheme
from domain.scoring.simulations import Simulation, SimulationResult, SimulationStatus

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


class SimulationProgress(View):
    """How many declarations of a simulation are compared, and how many it compares in all."""

    done: int
    total: int


class SimulationView(View):
    """What a scheme would do to the declarations that were active when it was asked for. Once complete it never changes.

    Its figures are null while it is running, and where it has failed. Each declaration is compared with the scheme of its
    stored score, on the day of that score. `knockedOut` counts declarations that have no knock-out and would get one,
    `relieved` those that have one and would lose it.
    """

    id: UUID
    version: int
    scheme_id: UUID
    simulated_at: datetime = Field(description="When it was asked for")
    status: SimulationStatus = Field(
        description="`running` until all declarations are compared, then `complete`; `failed`: it was given up",
        examples=["complete"],
    )
    progress: SimulationProgress
    failure: str | None = Field(description="Why it was given up", examples=[None])
    compared: int | None
    moved_up: int | None
    moved_down: int | None
    unchanged: int | None = Field(description="Those that cannot be assessed under either scheme included")
    largest_rise: str | None = MOVE
    largest_fall: str | None = MOVE
    mean_difference: str | None = FIGURE
    knocked_out: int | None
    relieved: int | None
    rank_changes: int | None
    by_parent: list[ParentMoves] | None
    results_digest: str | None = Field(description="SHA-256 of all results, as they are stored", examples=["0" * 64])


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


async def _carries_out(request: Request) -> AsyncIterator[None]:
    """Has this process look for simulations to carry out once the transaction of the write has ended."""
    yield
    service_of(request).simulations_asked.set()


async def _work_out(scheme_id: SchemeId, read: ReadBeforeWrite) -> actions.Simulated:
    at_once = service_of(read.request).settings.simulated_at_once
    return await actions.simulate(read.session, read.context, scheme_id, at_once=at_once)


def _shown(row: Mapping[str, Any]) -> SimulationView:
    return SimulationView.of(row, progress=SimulationProgress.of(row))


@router.get(PATH)
async def list_simulations(
    scheme_id: SchemeId, query: Annotated[SimulationQuery, Query()], read: Reads
) -> SimulationPage:
    """The simulations of a scheme."""
    await read.load(ScoreScheme, scheme_id)
    seen = queries.simulations(read.context)
    rows, cursor = await read.page(seen, query, seen.c.scheme_id == scheme_id)
    return SimulationPage(items=[_shown(row) for row in rows], next_cursor=cursor)


@router.post(PATH, status_code=201, dependencies=[Depends(_carries_out, scope="function")])
async def simulate_score_scheme(
    scheme_id: SchemeId,
    body: SimulationCreate,
    answering: MayBeRunning,
    worked_out: Annotated[actions.Simulated, Depends(_work_out)],
    write: Simulates,
) -> SimulationView:
    """Simulate a scheme over every active declaration: submitted or accepted, the newest of each series.

    Who moves, by how much and why is stored as evidence for the decision; no score changes. Over a thousand declarations
    (the service may set another number) are compared after the answer, which is then 202: read the simulation at Location
    until its status is complete. It compares the declarations that are active now, whatever happens to them meanwhile.
    """
    simulation = await actions.store_simulation(write, scheme_id, worked_out)
    answering.note(is_running=simulation["status"] == SimulationStatus.RUNNING)
    return _shown(simulation)


@router.get(f"{PATH}/{{simulationId}}")
async def get_simulation(
    scheme_id: SchemeId, simulation_id: SimulationId, answering: MayBeRunning, read: ReadsOnce
) -> SimulationView:
    """One simulation, in summary; while it is running, Retry-After says when to read it again."""
    seen = queries.simulations(read.context)
    simulation = await one(read.session, seen, simulation_id, Simulation, scheme_id=scheme_id)
    answering.note(is_running=simulation["status"] == SimulationStatus.RUNNING)
    return _shown(simulation)


@router.get(f"{PATH}/{{simulationId}}/results", responses=may_answer(409))
async def list_simulation_results(
    scheme_id: SchemeId, simulation_id: SimulationId, query: Annotated[SimulationResultQuery, Query()], read: Reads
) -> SimulationResultPage:
    """What each declaration would score, and why; 409 until the simulation is complete."""
    await actions.require_results(read.session, read.context, simulation_id, scheme_id)
    seen = visible(SimulationResult, read.context)
    # Results are stored in the order of their differences, so `position` sorts them the same way.
    by_position = query.model_copy(update={"sort": query.sort.replace("difference", "position")})
    rows, cursor = await read.page(seen, by_position, seen.c.simulation_id == simulation_id)
    return SimulationResultPage(items=[SimulationResultView.of(row) for row in rows], next_cursor=cursor)
