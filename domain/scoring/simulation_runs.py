"""Runs of long simulations: what is to be compared, what has been, and which process is at it.

A simulation of more declarations than a request should wait for is stored as running, with a run and the declarations to
compare. Results are kept in batches, so that another process can go on from there. Runs are the service's own bookkeeping and
leave no event; that a simulation was asked for, and how it ended, does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import Columns, Id, UtcDateTime, column, json_type
from domain.errors import Conflict
from domain.permissions import Role
from domain.scoring.score_schemes import MAX_VERSION
from domain.scoring.simulations import ComparedDeclaration, ComparedSide, SimulationStatus

MAX_UNFINISHED = 5
"""How many simulations may be unfinished at a time, so that nobody fills the queue."""
MAX_TRIES = 3
"""How often a run is begun without storing anything before its simulation has failed."""
FAILURE = (
    f"it was begun {MAX_TRIES} times without getting any further; ask for a new simulation, and if that fails too, the"
    " service's log has the cause"
)


class SimulationRun(Columns, table=True):
    """How far a simulation is. `actor` and `role` are of who asked for it, whose rights it reads with.

    A process works on it as long as it holds `lease`, a number of its own, which others respect until `leased_until`.
    `tries` counts how often it was begun since it last got any further.
    """

    __tablename__ = "simulation_runs"

    simulation_id: UUID = Field(primary_key=True, sa_type=column(Id), foreign_key="simulations.id")
    actor: str = Field(max_length=400)
    role: Role = Field(max_length=40, sa_type=column(sa.String(40)))
    total: int
    done: int = 0
    tries: int = 0
    lease: UUID | None = Field(default=None, sa_type=column(Id))
    leased_until: datetime | None = Field(default=None, sa_type=column(UtcDateTime))


class SimulatedDeclaration(Columns, table=True):
    """A declaration to compare, fixed when the simulation was asked for; deleted when the simulation ends.

    `scheme_before` and `reference_date` are of its stored score, `waiver_ids` those recorded by then; the declaration itself
    cannot change any more. `compared` is its result, as `text_of` writes it.
    """

    __tablename__ = "simulated_declarations"
    __table_args__ = (sa.PrimaryKeyConstraint("simulation_id", "declaration_id"),)

    simulation_id: UUID = Field(primary_key=True, sa_type=column(Id), foreign_key="simulations.id")
    declaration_id: UUID = Field(primary_key=True, sa_type=column(Id))
    scheme_before: str = Field(max_length=MAX_VERSION)
    reference_date: date
    waiver_ids: list[str] = Field(default_factory=list, sa_type=json_type())
    compared: str | None = Field(default=None, sa_type=column(sa.Text()))


ROW = ("simulation_id", "declaration_id", "scheme_before", "reference_date", "waiver_ids")
"""The columns of a declaration to compare when it is stored."""


@dataclass(frozen=True, slots=True)
class ToCompare:
    """A declaration to compare: with which scheme, on which day, and with which waivers."""

    declaration_id: UUID
    scheme_before: str
    reference_date: date
    waiver_ids: frozenset[UUID]

    def row(self, simulation_id: UUID) -> tuple[Any, ...]:
        """The columns in `ROW`, in storage form."""
        ids = json.dumps(sorted(map(str, self.waiver_ids)))
        day = self.reference_date.isoformat()
        return str(simulation_id), str(self.declaration_id), self.scheme_before, day, ids


def to_compare_of(row: Mapping[str, Any]) -> ToCompare:
    """What a stored row says is to be compared."""
    waivers = frozenset(map(UUID, row["waiver_ids"]))
    return ToCompare(row["declaration_id"], row["scheme_before"], row["reference_date"], waivers)


def check_room(unfinished: Sequence[UUID]) -> None:
    """Refuses another long simulation where as many as allowed are unfinished."""
    if len(unfinished) >= MAX_UNFINISHED:
        raise Conflict(
            f"{len(unfinished)} simulations are still running, which is the most at a time; wait until one of them has"
            f" ended, and ask again: {', '.join(map(str, unfinished))}"
        )


def check_has_results(*, status: SimulationStatus, done: int, total: int, failure: str | None) -> None:
    """Refuses to show the results of a simulation that is running or has failed."""
    if status is SimulationStatus.RUNNING:
        raise Conflict(
            f"this simulation is running, and has no results before it is complete: {done} of {total} declarations are"
            " compared; read the simulation until its status is complete"
        )
    if status is SimulationStatus.FAILED:
        raise Conflict(f"this simulation failed and has no results: {failure}")


def text_of(compared: ComparedDeclaration) -> str:
    """A compared declaration as text, from which `compared_of` makes the same again."""
    return json.dumps(asdict(compared), default=str, separators=(",", ":"), ensure_ascii=False)


def compared_of(text: str) -> ComparedDeclaration:
    """The compared declaration that `text_of` wrote."""
    stored = json.loads(text)
    ids = {
        name: stored[name] and UUID(stored[name])
        for name in ("declaration_id", "supplier_id", "lot_id", "challenge_id")
    }
    fractions = {name: None if stored[name] is None else Fraction(stored[name]) for name in ("score", "exact")}
    sides = {name: ComparedSide(**stored[name]) for name in ("before", "after")}
    day = date.fromisoformat(stored["reference_date"])
    return ComparedDeclaration(**{**stored, **ids, **fractions, **sides, "reference_date": day})
