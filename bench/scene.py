"""Everything that a workload is measured with, on one kind of database."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.cores import Cores
from bench.databases import Place
from bench.processes import Running
from bench.raw import Raw
from bench.scale import Scale
from bench.stage import Stage
from bench.wire import Server


@dataclass(frozen=True, slots=True)
class Scene:
    """The running servers, the database that the peer, the floor and the raw limit share, and what they contain."""

    place: Place
    cores: Cores
    scale: Scale
    stage: Stage
    service: Running
    peer: Running
    floor: Running
    raw: Raw

    @property
    def database(self) -> str:
        """The kind of database, as in the report."""
        return self.place.kind

    def as_supplier(self) -> Server:
        """The service, with the key of the first supplier."""
        return Server(self.service.port, self.stage.contests[0].key)

    def as_office(self) -> Server:
        """The service, with the key of the programme administrator."""
        return Server(self.service.port, self.stage.admin)

    def plain(self) -> Server:
        """The peer, with the key of the programme administrator, who exists in its database too."""
        return Server(self.peer.port, self.stage.admin)

    def bare(self) -> Server:
        """The floor, which needs no key."""
        return Server(self.floor.port)

    def in_process(self, work: Callable[[int], object], times: int = 1) -> Callable[[int], Awaitable[float]]:
        """A side that runs in this process on the server's core, while all servers are idle; the mean of `times` runs."""

        async def run(number: int) -> float:
            with self.cores.of_the_server():
                begun = time.perf_counter()
                for again in range(times):
                    work(number * times + again)
                return 1000 * (time.perf_counter() - begun) / times

        return run
