"""Simulations in the background of a running service: begun when asked for and at a start, and after a real kill."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.actions.scoring import simulation_runs
from api.actions.scoring.simulation_runs import SimulationRunner
from domain.permissions import Role
from domain.scoring.simulation_runs import SimulatedDeclaration, SimulationRun
from domain.scoring.simulations import Simulation, SimulationResult
from tests.support.commands import SECONDS, serving
from tests.support.databases import Postgres, Sqlite
from tests.support.declared import euros
from tests.support.given import Given
from tests.support.schemes import proposed
from tests.support.service import Apos, Clock, events_of, ledger_matches_rows, rows_of, running
from tests.support.simulations import (
    PATIENCE,
    Logged,
    a_varied_portfolio,
    asked,
    at_once,
    each_compared,
    ended,
    read,
    results,
    runner_of,
    simulated,
    told,
)
from tests.support.workers import serving_workers, until

IN_BACKGROUND = {"APOS_SIMULATED_AT_ONCE": "0", "APOS_SIMULATION_LEASE_SECONDS": "2"}


async def test_it_is_begun_as_soon_as_it_is_asked_for(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    scheme, _ = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    simulations = [await asked(office, scheme) for _ in range(3)]
    for simulation in simulations:
        whole = await ended(office, simulation)
        assert told(whole) == told(direct)
        assert await results(office, whole) == await results(office, direct)


async def test_it_is_begun_again_where_a_service_starts(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, _ = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apos.service.simulations_asked, "set", lambda: None)
        simulation = await asked(office, scheme)
    assert await runner_of(apos)._claim() is not None, "by a process that is gone by now"
    clock.now += timedelta(seconds=60)
    async with running(apos.database_url, clock):
        whole = await ended(office, simulation)
    assert told(whole) == told(direct)


async def test_what_another_process_left_is_found_by_looking_for_it(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, _ = await a_varied_portfolio(apos, given)
    at_once(apos, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apos.service.simulations_asked, "set", lambda: None)
        simulation = await asked(office, scheme)
    await runner_of(apos)._claim()
    async with running(apos.database_url, clock, simulation_lease_seconds=1):
        await asyncio.sleep(0.1)
        assert (await read(office, simulation))["status"] == "running"
        clock.now += timedelta(seconds=60)
        assert (await ended(office, simulation))["status"] == "complete"


async def test_a_database_that_does_not_answer_does_not_end_the_search(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme, _ = await a_varied_portfolio(apos, given)
    at_once(apos, 0)
    kept, failures = SimulationRunner._claim, 2

    async def claim(runner: SimulationRunner) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError("the database is gone")
        return await kept(runner)

    logged = Logged(simulation_runs, monkeypatch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimulationRunner, "_claim", claim)
        first, second = await asked(office, scheme), await asked(office, scheme)
        async with running(apos.database_url, clock, simulation_lease_seconds=1):
            assert [(await ended(office, each))["status"] for each in (first, second)] == ["complete"] * 2
    assert logged.text.count("could not look for simulations to carry out") == 2


async def test_a_service_that_stops_does_not_wait_until_it_is_complete(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    at_once(apos, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apos.service.simulations_asked, "set", lambda: None)
        simulation = await asked(office, scheme)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(_declaration_id: str) -> None:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.2)

    with each_compared(slowly) as compared:
        async with running(apos.database_url, clock):
            async with asyncio.timeout(PATIENCE):
                await begun.wait()
        assert len(compared) < len(made)
        [run] = apos.rows(SimulationRun)
        assert (run["lease"], run["done"]) == (None, 0)
    assert (await read(office, simulation))["status"] == "running"


MANY = 101
"""Declarations of which three batches are made."""


@dataclass(frozen=True)
class Wide:
    """A database with many declarations: a scheme that is not published, simulated within a request; and a key."""

    url: str
    secret: str
    scheme: dict[str, Any]
    direct: dict[str, Any]

    def runs(self, *simulations: dict[str, Any]) -> list[dict[str, Any]]:
        """The runs of these simulations, as they are stored."""
        ids = {each["id"] for each in simulations}
        return [row for row in rows_of(self.url, SimulationRun) if str(row["simulation_id"]) in ids]


@pytest.fixture(scope="module")
def wide(server: Postgres | Sqlite) -> Iterator[Wide]:
    """What the tests of whole processes share; afterwards the ledger must tell the state of every row."""
    url = server.empty()
    yield asyncio.run(_made_wide(url))
    ledger_matches_rows(url)
    assert rows_of(url, SimulatedDeclaration) == []
    server.drop(url)


async def _made_wide(url: str) -> Wide:
    async with running(url, Clock()) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        lot, supplier, client = await given.contest()
        for number in range(MANY):
            declaration = await given.declaration(lot, supplier, client, price=euros(f"{1_000_000 + number}"))
            await given.submitted(declaration, client)
        scheme = await proposed(given)
        _, secret = await apos.key(Role.PROGRAMME_OFFICE)
        return Wide(url, secret, scheme, await simulated(given, scheme))


@asynccontextmanager
async def office_at(url: str, wide: Wide) -> AsyncIterator[httpx.AsyncClient]:
    """The office, asking a server in a process of its own."""
    headers = {"Authorization": f"Bearer {wide.secret}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=SECONDS) as client:
        yield client


async def test_a_process_that_is_killed_amid_one_loses_nothing_and_the_next_goes_on(wide: Wide) -> None:
    with serving(wide.url, **IN_BACKGROUND) as (url, process):
        async with office_at(url, wide) as office:
            simulation = await asked(office, wide.scheme)
            until(lambda: wide.runs(simulation)[0]["done"] > 0)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=SECONDS)
    [run] = wide.runs(simulation)
    compared = [row["compared"] for row in rows_of(wide.url, SimulatedDeclaration) if row["compared"] is not None]
    assert 0 < run["done"] == len(compared) < run["total"] == MANY
    with serving(wide.url, **IN_BACKGROUND) as (url, _):
        async with office_at(url, wide) as office:
            whole = await ended(office, simulation)
            assert await results(office, whole) == await results(office, wide.direct)
    assert told(whole) == told(wide.direct)
    [run] = wide.runs(simulation)
    assert (run["done"], run["total"]) == (MANY, MANY), "what was compared before is not compared again"


async def test_several_workers_carry_out_each_simulation_once_though_one_is_killed(wide: Wide) -> None:
    with serving_workers(wide.url, 2, **IN_BACKGROUND) as workers:
        async with workers.clients(wide.secret, connections=1) as clients:
            simulations = [await asked(client, wide.scheme) for client in clients]
            os.kill(workers.serving[0], signal.SIGKILL)
            found = [await ended(clients[1], each) for each in simulations]
        said = workers.said
    assert [told(each) for each in found] == [told(wide.direct)] * 2
    events = Counter(str(event["row_id"]) for event in events_of(wide.url, Simulation))
    assert [events[each["id"]] for each in simulations] == [2, 2]
    stored = Counter(str(row["simulation_id"]) for row in rows_of(wide.url, SimulationResult))
    assert [stored[each["id"]] for each in simulations] == [MANY, MANY]
    assert [run["done"] for run in wide.runs(*simulations)] == [MANY, MANY]
    assert "Traceback" not in said
