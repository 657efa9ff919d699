"""Score schemes: the versions of the bonus-malus scheme, when each takes effect, and what one would do to what stands."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._keywords import ScoreSchemeFilters, SimulationResultFilters, Sorted
from apos_client._lists import find, id_of
from apos_client._models import SchemePublication, ScoreScheme, Simulation, SimulationResult


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
