"""Queries for simulations: with their progress; and for their runs, which the service keeps for itself."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    FromClause,
    Insert,
    Select,
    Update,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from api.store.select_cache import cached_per_context
from api.store.visibility import ReadContext, visible
from domain.ledger import table_of
from domain.scoring.simulation_runs import SimulatedDeclaration, SimulationRun
from domain.scoring.simulations import Simulation, SimulationStatus


@cached_per_context
def simulations(context: ReadContext) -> FromClause:
    """The simulations that the reader may see, each with how many declarations are compared (`done`) of how many (`total`)."""
    seen, run = visible(Simulation, context), table_of(SimulationRun).alias()
    done = func.coalesce(run.c.done, seen.c.compared).label("done")
    total = func.coalesce(run.c.total, seen.c.compared).label("total")
    return select(seen, done, total).select_from(seen.outerjoin(run, run.c.simulation_id == seen.c.id)).subquery()


def unfinished(context: ReadContext) -> Select[Any]:
    """The ids of the simulations that are running, the oldest first."""
    seen = visible(Simulation, context)
    return select(seen.c.id).where(seen.c.status == SimulationStatus.RUNNING).order_by(seen.c.id)


def unclaimed(context: ReadContext) -> Select[Any]:
    """The run of the oldest running simulation that no process has at `now`, with its scheme and when it was asked for."""
    seen, run = visible(Simulation, context), table_of(SimulationRun)
    columns = select(run, seen.c.scheme_id, seen.c.simulated_at).join(seen, seen.c.id == run.c.simulation_id)
    is_running = seen.c.status == SimulationStatus.RUNNING
    return columns.where(is_running, _is_free(run)).order_by(run.c.simulation_id).limit(1)


def add_run(run: SimulationRun) -> Insert:
    """Stores a run."""
    return insert(table_of(SimulationRun)).values(run.model_dump())


def claim() -> ReturningUpdate[Any]:
    """Takes the lease of the run `run_id` until `until`, unless a process has it at `now`; gives how often it was begun."""
    t = table_of(SimulationRun)
    values = {"lease": bindparam("own"), "leased_until": bindparam("until"), "tries": t.c.tries + 1}
    return update(t).where(t.c.simulation_id == bindparam("run_id"), _is_free(t)).values(values).returning(t.c.tries)


def renew() -> Update:
    """Prolongs the lease `own` of the run `run_id` until `until`, having compared `more` declarations; no row if it is lost."""
    t = table_of(SimulationRun)
    is_own = (t.c.simulation_id == bindparam("run_id"), t.c.lease == bindparam("own"))
    return update(t).where(*is_own).values(leased_until=bindparam("until"), done=t.c.done + bindparam("more"), tries=0)


def release() -> Update:
    """Ends the lease `own` of the run `run_id` before its time."""
    t = table_of(SimulationRun)
    is_own = (t.c.simulation_id == bindparam("run_id"), t.c.lease == bindparam("own"))
    return update(t).where(*is_own).values(lease=None, leased_until=None, tries=0)


def to_compare(simulation_id: UUID, after: UUID | None, limit: int) -> Select[Any]:
    """The next declarations of a simulation that are not compared yet, in the order of their ids, after one of these."""
    t = table_of(SimulatedDeclaration)
    columns = (t.c.declaration_id, t.c.scheme_before, t.c.reference_date, t.c.waiver_ids)
    remaining = select(*columns).where(t.c.simulation_id == simulation_id, t.c.compared.is_(None))
    later = remaining if after is None else remaining.where(t.c.declaration_id > after)
    return later.order_by(t.c.declaration_id).limit(limit)


def store_compared() -> Update:
    """Stores `text`, the result of the declaration `of_declaration` in the simulation `of_simulation`."""
    t = table_of(SimulatedDeclaration)
    is_of = (t.c.simulation_id == bindparam("of_simulation"), t.c.declaration_id == bindparam("of_declaration"))
    return update(t).where(*is_of).values(compared=bindparam("text"))


def compared(simulation_id: UUID) -> Select[Any]:
    """The stored results of a simulation, in the order of the ids of their declarations."""
    t = table_of(SimulatedDeclaration)
    return select(t.c.compared).where(t.c.simulation_id == simulation_id).order_by(t.c.declaration_id)


def delete_declarations(simulation_id: UUID) -> Delete:
    """Deletes the declarations of a simulation that has ended, whose results are stored as such."""
    t = table_of(SimulatedDeclaration)
    return delete(t).where(t.c.simulation_id == simulation_id)


def _is_free(run: FromClause) -> ColumnElement[bool]:
    """Whether no process has the lease of a run at `now`."""
    until = run.c.leased_until
    return or_(until.is_(None), until <= bindparam("now", type_=until.type))
