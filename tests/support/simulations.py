"""Simulations in tests: what is asked and read over HTTP, and portfolios to simulate on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import httpx
import pytest

from api.actions.scoring import simulation_runs
from api.actions.scoring.simulation_runs import SimulationRunner
from domain.permissions import Role
from tests.support.declared import a_leaf, components, euros
from tests.support.given import Given
from tests.support.schemes import the_next
from tests.support.service import Apos
from tests.support.sides import waived

PATIENCE = 30
"""Seconds in which a simulation of a test must end."""
OUT_OF_COURSE = ("id", "version", "simulatedAt")
"""What two simulations of the same never have alike."""


async def simulated(given: Given, scheme: dict[str, Any]) -> dict[str, Any]:
    """A simulation of a scheme, computed within its request."""
    return await given.post(f"/score-schemes/{scheme['id']}/simulations", {})


async def results(client: httpx.AsyncClient, simulation: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """The results of a simulation, through all pages."""
    path = f"{path_of(simulation)}/results"
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = await client.get(f"{path}?{query}&cursor={cursor}" if cursor else f"{path}?{query}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["nextCursor"] is None:
            return found
        cursor = page["nextCursor"]


def path_of(simulation: dict[str, Any]) -> str:
    """Where a simulation is read."""
    return f"/score-schemes/{simulation['schemeId']}/simulations/{simulation['id']}"


def at_once(apos: Apos, most: int) -> None:
    """Has the service compute simulations of at most this many declarations within their requests."""
    apos.service.settings = apos.service.settings.model_copy(update={"simulated_at_once": most})


async def asked(client: httpx.AsyncClient, scheme: dict[str, Any], **headers: str) -> dict[str, Any]:
    """A simulation that goes on after its answer."""
    answer = await client.post(f"/score-schemes/{scheme['id']}/simulations", json={}, headers=headers)
    assert answer.status_code == 202, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read(client: httpx.AsyncClient, simulation: dict[str, Any]) -> dict[str, Any]:
    """A simulation as it is now."""
    answer = await client.get(path_of(simulation))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ended(client: httpx.AsyncClient, simulation: dict[str, Any]) -> dict[str, Any]:
    """A simulation once it is running no longer."""
    pause = 0.02
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await read(client, simulation)
            if found["status"] != "running":
                return found
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.3)  # what is asked all the time takes the time of what is waited for


def runner_of(apos: Apos, lease_seconds: float = 60) -> SimulationRunner:
    """What carries out the simulations of a service, as another process would."""
    return SimulationRunner(apos.service.database, apos.service.clock, asyncio.Event(), lease_seconds)


async def a_portfolio(apos: Apos, given: Given) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A lot for which three declared: all Dutch, German power with a lower price, and one that cannot be assessed."""
    lot, one, client = await given.contest()
    dutch = [
        {**leaf, "countryOfManufacture": "NL", "countryOfControl": "NL", "secondSourceCountry": "BE"}
        for leaf in components()
    ]
    made = [await given.declaration(lot, one, client, components=dutch)]
    await given.submitted(made[0], client)
    fields: list[dict[str, Any]] = [{"price": euros("995000")}, {"totalComponentCost": None}]
    for each in fields:
        other = await given.supplier()
        await given.partner(lot, other)
        rival = await apos.as_(Role.SUPPLIER, other["id"])
        made.append(await given.declaration(lot, other, rival, **each))
        await given.submitted(made[-1], rival)
    await given.reviewed(made[1], "accepted")
    return lot, made


async def a_varied_portfolio(apos: Apos, given: Given) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A scheme that moves much, and what it moves: as above, and three declarations of another supplier.

    The first of these gets a knock-out, the second has one, and that of the third is waived.
    """
    _, made = await a_portfolio(apos, given)
    lot, supplier, client = await given.contest()
    lines = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
    american = a_leaf("gps", "0", "control", countryOfManufacture="US")
    for each in ([*components(), american], lines, lines):
        made.append(await given.declaration(lot, supplier, client, components=each))
        await given.submitted(made[-1], client)
    await given.waived(made[-1], waived("radio"))
    document = the_next()
    lists = document["countryLists"]["lists"]
    lists["nato"]["countries"].remove("US")
    lists["concern"]["countries"].append("US")
    return await given.post("/score-schemes", {"document": document}), made


def told(simulation: dict[str, Any]) -> dict[str, Any]:
    """What a simulation says that another one of the same must say too."""
    return {name: value for name, value in simulation.items() if name not in OUT_OF_COURSE}


@contextmanager
def each_compared(before: Callable[[str], object]) -> Iterator[list[str]]:
    """The ids of the declarations that runs compare, in order; `before` is called with each, in the thread that compares."""
    compared: list[str] = []
    kept = simulation_runs._text

    def noting(comparison: Any, scheme: Any) -> str:
        declaration_id = str(comparison.declaration.id)
        before(declaration_id)
        compared.append(declaration_id)
        return kept(comparison, scheme)

    simulation_runs._text = noting
    try:
        yield compared
    finally:
        simulation_runs._text = kept


@contextmanager
def each_stored(after: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """Calls `after` once a run has stored a batch."""
    kept = SimulationRunner._store

    async def storing(self: SimulationRunner, *arguments: Any) -> None:
        await kept(self, *arguments)
        await after()

    SimulationRunner._store = storing  # type: ignore[method-assign]
    try:
        yield
    finally:
        SimulationRunner._store = kept  # type: ignore[method-assign]


class Logged(logging.Handler):
    """Keeps what a module logs, whatever other tests of this process have made of the loggers' settings."""

    def __init__(self, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.text = ""
        own = logging.Logger(module.log.name)
        own.addHandler(self)
        monkeypatch.setattr(module, "log", own)

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{self.format(record)}\n"
