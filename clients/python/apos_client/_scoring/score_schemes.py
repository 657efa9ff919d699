"""Score schemes: the versions of the bonus-malus scheme, when each takes effect, and what a new one would change."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import ScoreSchemeFilters, SimulationResultFilters, Sorted
from apos_client._lists import ItemList
from apos_client._models import SchemePublication, ScoreScheme, Simulation, SimulationResult


class ScoreSchemes(ItemList[ScoreScheme]):
    """The versions of the scheme, named by id or version. The numbers are proposals, because the letters give none."""

    _path, _model, _key = "/score-schemes", ScoreScheme, "scheme_version"

    def each(self, **filters: Unpack[ScoreSchemeFilters]) -> Iterator[ScoreScheme]:
        """Every version, through all pages."""
        return self._each(filters)

    def propose(self, document: Mapping[str, Any], *, idempotency_key: str | None = None) -> ScoreScheme:
        """Propose the next scheme, once; for the administrator. Raises BadInput with all that is wrong in the document."""
        return self._add({"document": dict(document)}, idempotency_key)

    def publications(self, scheme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[SchemePublication]:
        """The publication of a scheme, if it was published."""
        return self._connection.each(self._path_to(scheme, "publications"), SchemePublication, paging)

    def publish(
        self,
        scheme: UUID | str,
        *,
        effective_on: date,
        authority: str,
        reason: str,
        idempotency_key: str | None = None,
    ) -> SchemePublication:
        """Put a scheme into force from a day, once and for good; for the administrator. Stored scores keep their scheme."""
        body = body_of({"effective_on": effective_on, "authority": authority, "reason": reason})
        return self._connection.add(self._path_to(scheme, "publications"), body, SchemePublication, idempotency_key)

    def simulate(self, scheme: UUID | str, *, idempotency_key: str | None = None) -> Simulation:
        """Simulate a scheme over every active declaration; for the programme office. No score changes."""
        return self._connection.add(self._path_to(scheme, "simulations"), {}, Simulation, idempotency_key)

    def simulations(self, scheme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Simulation]:
        """Every simulation of a scheme, in the order in which they were made."""
        return self._connection.each(self._path_to(scheme, "simulations"), Simulation, paging)

    def results(self, simulation: Simulation, **filters: Unpack[SimulationResultFilters]) -> Iterator[SimulationResult]:
        """How each declaration would score, through all pages; the largest fall comes first."""
        path = f"{self._path}/{simulation.scheme_id}/simulations/{simulation.id}/results"
        return self._connection.each(path, SimulationResult, filters)
