"""Simulations in the background of a running service: begun when asked for and at a start, and after a real kill."""

import asyncio
import logging
import os
import signal
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.actions.scoring.simulation_runs import SimulationRunner
from domain.permissions import Role
from domain.scoring.simulation_runs import SimulatedDeclaration, SimulationRun
from domain.scoring.simulations import Simulation, SimulationResult
from tests.support.commands import SECONDS, serving
from tests.support.declared import euros
from tests.support.given import Given
from tests.support.schemes import proposed
from tests.support.service import Apos, Clock, events_of, ledger_matches_rows, rows_of, running
from tests.support.simulations import (
    PATIENCE,
    a_varied_portfolio,
    asked,
    at_once,
    each_compared,
    ended,
    path_of,
    read,
    results,
    runner_of,
    simulated,
    told,
)
from tests.support.workers import serving_workers, until

IN_BACKGROUND = {"APOS_SIMULATED_AT_ONCE": "0", "APOS_SIMULATION_LEASE_SECONDS": "1"}


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
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock, caplog: pytest.LogCaptureFixture
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

    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.ERROR, "apos.simulations"):
        patch.setattr(SimulationRunner, "_claim", claim)
        first, second = await asked(office, scheme), await asked(office, scheme)
        async with running(apos.database_url, clock, simulation_lease_seconds=1):
            assert [(await ended(office, each))["status"] for each in (first, second)] == ["complete"] * 2
    assert caplog.text.count("could not look for simulations to carry out") == 2


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


MANY = 120
"""Declarations of which three batches are made."""


async def a_wide_portfolio(apos: Apos, given: Given) -> dict[str, Any]:
    """A scheme that is not published, and many declarations."""
    lot, supplier, client = await given.contest()
    for number in range(MANY):
        declaration = await given.declaration(lot, supplier, client, price=euros(f"{1_000_000 + number}"))
        await given.submitted(declaration, client)
    return await proposed(given)


async def test_a_process_that_is_killed_amid_one_loses_nothing_and_the_next_goes_on(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        scheme = await a_wide_portfolio(apos, given)
        direct = await simulated(given, scheme)
        _, secret = await apos.key(Role.PROGRAMME_OFFICE)
    headers = {"Authorization": f"Bearer {secret}"}
    with serving(database_url, **IN_BACKGROUND) as (url, process):
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=SECONDS) as office:
            simulation = await asked(office, scheme)
            until(lambda: rows_of(database_url, SimulationRun)[0]["done"] > 0)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=SECONDS)
    [run] = rows_of(database_url, SimulationRun)
    stored = {row["declaration_id"]: row["compared"] for row in rows_of(database_url, SimulatedDeclaration)}
    before = {declaration_id: text for declaration_id, text in stored.items() if text is not None}
    assert 0 < run["done"] == len(before) < run["total"] == MANY
    with serving(database_url, **IN_BACKGROUND) as (url, _):
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=SECONDS) as office:
            whole = await ended(office, simulation)
            again = await results(office, whole)
            assert again == await results(office, direct)
    assert told(whole) == told(direct)
    [run] = rows_of(database_url, SimulationRun)
    assert (run["done"], run["total"]) == (MANY, MANY), "what was compared before is not compared again"
    ledger_matches_rows(database_url)


async def test_several_workers_carry_out_each_simulation_once(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        scheme = await a_wide_portfolio(apos, given)
        direct = await simulated(given, scheme)
        _, secret = await apos.key(Role.PROGRAMME_OFFICE)
    lease = {**IN_BACKGROUND, "APOS_SIMULATION_LEASE_SECONDS": "2"}
    with serving_workers(database_url, 2, **lease) as workers:
        async with workers.clients(secret, connections=1) as clients:
            simulations = [await asked(client, scheme) for client in (*clients, *clients)]
            killed = workers.serving[0]
            os.kill(killed, signal.SIGKILL)
            found = [await ended(clients[1], each) for each in simulations]
        said = workers.said
    assert [told(each) for each in found] == [told(direct)] * 4
    events = Counter(str(event["row_id"]) for event in events_of(database_url, Simulation))
    assert {events[each["id"]] for each in simulations} == {2}
    assert len(rows_of(database_url, SimulationResult)) == 5 * MANY
    assert rows_of(database_url, SimulatedDeclaration) == []
    assert {run["done"] for run in rows_of(database_url, SimulationRun)} == {MANY}
    assert "Traceback" not in said
    assert path_of(found[0]) == path_of(simulations[0])
    ledger_matches_rows(database_url)
