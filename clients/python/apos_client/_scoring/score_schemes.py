"""Score schemes: the versions of the bonus-malus scheme, when each takes effect, and what a new one would change."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import ScoreSchemeFilters, SimulationResultFilters, Sorted
from apos_client._lists import ItemList
from apos_client._models import SchemePublication, ScoreScheme, Simulation, SimulationResult
from apos_client.errors import Failed, StillRunning

SECONDS_TO_WAIT = 3600.0
SECONDS_BETWEEN = 5.0
"""How long to wait before asking again, where the service does not say."""
ShowProgress = Callable[[int, int], None]
"""Called with how many declarations are compared, and how many there are."""


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

    def find_publication(self, scheme: UUID | str, publication: UUID | str) -> SchemePublication:
        """The publication of a scheme, by its id. Raises NotFound."""
        return self._find_part(scheme, "publications", SchemePublication, publication)

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

    def simulate(
        self,
        scheme: UUID | str,
        *,
        wait: bool = True,
        timeout: float = SECONDS_TO_WAIT,
        on_progress: ShowProgress | None = None,
        idempotency_key: str | None = None,
    ) -> Simulation:
        """Simulate a scheme over every active declaration; for the programme office. No score changes.

        A large one goes on in the service, and is waited for; without `wait` it is given as it is, perhaps running.
        Raises as `finished` does.
        """
        simulation = self._connection.add(self._path_to(scheme, "simulations"), {}, Simulation, idempotency_key)
        return self.finished(simulation, timeout=timeout, on_progress=on_progress) if wait else simulation

    def finished(
        self, simulation: Simulation, *, timeout: float = SECONDS_TO_WAIT, on_progress: ShowProgress | None = None
    ) -> Simulation:
        """A simulation once it is complete, asked for as seldom as the service wants.

        Raises StillRunning after so many seconds of waiting, and Failed where the service gave it up.
        """
        left, seconds = timeout, SECONDS_BETWEEN
        while simulation.status == "running":
            if on_progress is not None:
                on_progress(simulation.progress.done, simulation.progress.total)
            if left <= 0:
                raise StillRunning(simulation)
            self._connection.pause(min(seconds, left))
            left -= seconds
            simulation, asked = self._connection.poll(self._path_of(simulation), Simulation)
            seconds = asked or SECONDS_BETWEEN
        if simulation.status == "failed":
            raise Failed(simulation)
        return simulation

    def find_simulation(self, scheme: UUID | str, simulation: UUID | str) -> Simulation:
        """A simulation of a scheme, as far as it is; by its id. Raises NotFound."""
        return self._connection.get(f"{self._path_to(scheme, 'simulations')}/{UUID(str(simulation))}", Simulation)

    def simulations(self, scheme: UUID | str, **paging: Unpack[Sorted]) -> Iterator[Simulation]:
        """Every simulation of a scheme, in the order in which they were made."""
        return self._connection.each(self._path_to(scheme, "simulations"), Simulation, paging)

    def results(self, simulation: Simulation, **filters: Unpack[SimulationResultFilters]) -> Iterator[SimulationResult]:
        """How each declaration would score, through all pages; the largest fall comes first. Raises Conflict while it runs."""
        return self._connection.each(f"{self._path_of(simulation)}/results", SimulationResult, filters)

    def _path_of(self, simulation: Simulation) -> str:
        return f"{self._path}/{simulation.scheme_id}/simulations/{simulation.id}"
