"""Score schemes: the versions of the bonus-malus scheme, when each takes effect, and what one would do to what stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Unpack
from uuid import UUID

from pydantic import Field

from apos_client._answers import Answer, Resource
from apos_client._exchange import Exchange
from apos_client._lists import Sorted, find, id_of


class ScoreScheme(Resource):
    """A version of the scheme. `content` is the whole of it, as data: weights, country groups and lists, limits.

    `effective_on` is None for one that is not published, and counts for nothing.
    """

    scheme_version: str
    country_list_version: str
    algorithm: str
    status: str
    digest: str
    content: dict[str, Any] = Field(alias="document")
    effective_on: date | None


class SchemePublication(Resource):
    """A scheme is in force from a day, on somebody's authority, until a later one is."""

    scheme_id: UUID
    effective_on: date
    authority: str
    reason: str
    published_at: datetime


class ParentMoves(Answer):
    """How the declarations of one lot or challenge move under another scheme."""

    lot_id: UUID | None
    challenge_id: UUID | None
    compared: int
    moved_up: int
    moved_down: int
    unchanged: int
    largest_rise: str | None
    largest_fall: str | None
    mean_difference: str | None
    rank_changes: int


class Simulation(Resource):
    """What a scheme would do to the declarations that stood when it was simulated; it never changes."""

    scheme_id: UUID
    simulated_at: datetime
    compared: int
    moved_up: int
    moved_down: int
    unchanged: int
    largest_rise: str | None
    largest_fall: str | None
    mean_difference: str | None
    knocked_out: int
    relieved: int
    rank_changes: int
    by_parent: tuple[ParentMoves, ...]
    results_digest: str


class CriterionMove(Answer):
    """Points of one criterion under both schemes."""

    criterion: str
    before: str
    after: str
    difference: str


class MoveCause(Answer):
    """A line of the explanation that moved, with its cause codes; None where a scheme has no such line."""

    criterion: str
    component_key: str | None
    dimension: str | None
    function_group: str | None
    before: str
    after: str
    difference: str
    cause_before: str | None
    cause_after: str | None


class VerdictMove(Answer):
    """A verdict that would be another: edip, safe or european."""

    verdict: str
    before: str
    after: str


class MovedKnockOut(Answer):
    """A knock-out that would come or go."""

    code: str
    reason: str
    component_key: str | None
    dimension: str | None
    function_group: str | None


class SimulationResult(Answer):
    """One declaration under both schemes. A difference is None where it cannot be assessed, a rank where it has none."""

    position: int
    declaration_id: UUID
    supplier_id: UUID
    lot_id: UUID | None
    challenge_id: UUID | None
    reference_date: date
    scheme_before: str
    score_before: str | None
    score_after: str | None
    difference: str | None
    points_difference: str | None
    adjustment_before: str
    adjustment_after: str
    rank_before: int | None
    rank_after: int | None
    criteria: tuple[CriterionMove, ...]
    causes: tuple[MoveCause, ...]
    verdicts: tuple[VerdictMove, ...]
    added_count: int
    removed_count: int
    added: tuple[MovedKnockOut, ...]
    removed: tuple[MovedKnockOut, ...]


class ScoreSchemeFilters(Sorted, total=False):
    """By what schemes can be listed."""

    scheme_version: str


class SimulationResultFilters(Sorted, total=False):
    """By what the results of a simulation can be listed; `sort` is difference, the largest fall first, or -difference."""

    lot_id: UUID | str
    challenge_id: UUID | str
    supplier_id: UUID | str


class ScoreSchemes:
    """The versions of the scheme; their numbers are proposals, because the letters give none."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def each(self, **filters: Unpack[ScoreSchemeFilters]) -> Iterator[ScoreScheme]:
        """Every version, through all pages."""
        return self._exchange.each("/score-schemes", ScoreScheme, filters)

    def find(self, name: UUID | str) -> ScoreScheme:
        """The scheme with this id or version, such as BM-1.0. Raises NotFound."""
        return find(self._exchange, "/score-schemes", ScoreScheme, name, "scheme_version")

    def propose(self, document: Mapping[str, Any], *, idempotency_key: str | None = None) -> ScoreScheme:
        """Propose the next scheme, once; for the administrator. Raises BadInput with all that is wrong in the document."""
        return self._exchange.add("/score-schemes", {"document": dict(document)}, ScoreScheme, idempotency_key)

    def publications(self, scheme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[SchemePublication]:
        """The publication of a scheme, if it was published."""
        return self._exchange.each(f"{self._path(scheme)}/publications", SchemePublication, paging)

    def publish(
        self,
        scheme: UUID | str,
        *,
        effective_on: date,
        authority: str,
        reason: str,
        idempotency_key: str | None = None,
    ) -> SchemePublication:
        """Put a scheme in force from a day, once, for good; for the administrator. What was scored keeps its scheme."""
        body = {"effectiveOn": effective_on.isoformat(), "authority": authority, "reason": reason}
        return self._exchange.add(f"{self._path(scheme)}/publications", body, SchemePublication, idempotency_key)

    def simulate(self, scheme: UUID | str, *, idempotency_key: str | None = None) -> Simulation:
        """Simulate a scheme over every declaration that stands; for the office. No score changes."""
        return self._exchange.add(f"{self._path(scheme)}/simulations", {}, Simulation, idempotency_key)

    def simulations(self, scheme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Simulation]:
        """Every simulation of a scheme, in the order in which they were made."""
        return self._exchange.each(f"{self._path(scheme)}/simulations", Simulation, paging)

    def results(self, simulation: Simulation, **filters: Unpack[SimulationResultFilters]) -> Iterator[SimulationResult]:
        """What each declaration would come to, through all pages; the largest fall is first."""
        path = f"/score-schemes/{simulation.scheme_id}/simulations/{simulation.id}/results"
        return self._exchange.each(path, SimulationResult, filters)

    def _path(self, scheme: UUID | str) -> str:
        return f"/score-schemes/{id_of(self._exchange, '/score-schemes', ScoreScheme, scheme, 'scheme_version')}"
