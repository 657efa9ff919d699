"""Simulations that go on after their answer: what is fixed, stored and shown, and who carries them out.

The service's own background task waits here, so that a test says when which process goes on. `test_simulations_going_on`
has it at work.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from api.actions.scoring import simulation_runs, simulations
from api.actions.scoring.simulation_runs import SimulationRunner
from api.settings import Settings
from domain.base import new_id
from domain.permissions import Role
from domain.scoring.simulation_runs import FAILURE, MAX_TRIES, MAX_UNFINISHED, SimulatedDeclaration, SimulationRun
from domain.scoring.simulations import Simulation, SimulationResult
from tests.support.declared import components, euros
from tests.support.given import Given
from tests.support.schemes import proposed
from tests.support.service import Apos, Clock, running
from tests.support.sides import waived
from tests.support.simulations import (
    Logged,
    a_portfolio,
    a_varied_portfolio,
    asked,
    at_once,
    each_compared,
    each_stored,
    path_of,
    read,
    results,
    runner_of,
    simulated,
    told,
)

FIGURES = (
    *("compared", "movedUp", "movedDown", "unchanged", "largestRise", "largestFall", "meanDifference", "knockedOut"),
    *("relieved", "rankChanges", "byParent", "resultsDigest"),
)
LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the service's own task wait, and store every declaration by itself."""

    async def wait(_runner: SimulationRunner) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(SimulationRunner, "run", wait)
    monkeypatch.setattr(simulation_runs, "BATCH_DECLARATIONS", 1)


def nothing(_declaration_id: str) -> None:
    """What happens before a declaration is compared, where nothing does."""


@asynccontextmanager
async def another_process(apos: Apos, clock: Clock) -> AsyncIterator[Apos]:
    """Another service on the same database."""
    async with running(apos.database_url, clock) as other:
        yield other


async def test_it_is_answered_at_once_and_gives_in_the_end_what_the_request_would_have(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    answer = await office.post(f"/score-schemes/{scheme['id']}/simulations", json={})
    simulation = answer.json()
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "5")
    assert answer.headers["location"] == f"/v1{path_of(simulation)}"
    assert (simulation["status"], simulation["progress"]) == ("running", {"done": 0, "total": len(made)})
    assert {simulation[name] for name in (*FIGURES, "failure")} == {None}
    assert await runner_of(apos).run_next()
    answer = await office.get(path_of(simulation))
    assert "retry-after" not in answer.headers
    whole = answer.json()
    assert (whole["status"], whole["progress"]) == ("complete", {"done": len(made), "total": len(made)})
    assert told(whole) == told(direct)
    assert (direct["knockedOut"], direct["movedDown"], direct["status"]) == (1, 4, "complete")
    assert await results(office, whole) == await results(office, direct)
    assert apos.rows(SimulatedDeclaration) == [], "its results are stored as such"
    assert not await runner_of(apos).run_next()


async def test_progress_is_shown_with_each_batch_and_an_unchanged_one_is_not_sent_again(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    _, made = await a_portfolio(apos, given)
    scheme = await proposed(given)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    seen = []

    async def look() -> None:
        answer = await office.get(path_of(simulation))
        again = await office.get(path_of(simulation), headers={"If-None-Match": answer.headers["etag"]})
        [listed] = (await office.get(f"/score-schemes/{scheme['id']}/simulations")).json()["items"]
        assert (again.status_code, answer.headers["retry-after"], listed) == (304, "5", answer.json())
        seen.append(answer.json()["progress"])

    with each_stored(look):
        await runner_of(apos).run_next()
    assert seen == [{"done": done, "total": 3} for done in (1, 2, 3)]
    assert len(made) == 3


async def test_it_asks_and_ends_in_the_audit_trail(apos: Apos, given: Given, clock: Clock) -> None:
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    at_once(apos, 0)
    key_id, secret = await apos.key(Role.PROGRAMME_OFFICE)
    simulation = await asked(apos.client(secret), scheme, **{"Change-Reason": "For the board", "X-Request-Id": "r-1"})
    clock.now += timedelta(minutes=2)
    await runner_of(apos).run_next()
    one, two = apos.events(Simulation)
    assert (one["actor"], one["reason"], one["request_id"], one["state"]["status"]) == (
        f"key:{key_id}", "For the board", "r-1", "running",
    )  # fmt: skip
    assert (two["actor"], two["request_id"], two["version"]) == (
        "system:apos-server", f"simulation-{simulation['id']}", 2,
    )  # fmt: skip
    assert two["changed"]["status"] == ["running", "complete"]
    assert two["recorded_at"] - one["recorded_at"] == timedelta(minutes=2)


async def test_a_simulation_is_computed_at_once_up_to_the_number_that_is_set(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    for most, status in ((3, 201), (2, 202)):
        at_once(apos, most)
        answer = await office.post(f"/score-schemes/{scheme['id']}/simulations", json={})
        assert answer.status_code == status


@pytest.mark.parametrize(("active", "status"), [(1000, 201), (1001, 202)])
async def test_that_number_is_a_thousand_unless_another_is_set(
    apos: Apos, given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, active: int, status: int
) -> None:
    assert Settings.model_fields["simulated_at_once"].default == 1000
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    kept, comparison = (simulations._to_compare, simulations.comparison_of), None

    async def as_many(session: Any, context: Any) -> list[Any]:
        [first, *_rest] = await kept[0](session, context)
        return [first, *(replace(first, declaration_id=new_id()) for _ in range(active - 1))]

    @asynccontextmanager
    async def always_the_first(session: Any, context: Any, each: Any, schemes: Any) -> Any:
        nonlocal comparison
        if comparison is None:
            async with kept[1](session, context, each, schemes) as comparison:
                pass
        yield comparison

    monkeypatch.setattr(simulations, "_to_compare", as_many)
    monkeypatch.setattr(simulations, "comparison_of", always_the_first)
    answer = await office.post(f"/score-schemes/{scheme['id']}/simulations", json={})
    assert (answer.status_code, answer.json()["progress"]["total"]) == (status, active)


async def test_what_happens_to_declarations_meanwhile_makes_no_difference(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    clock.move_to("2027-03-01")
    lot = {"id": made[1]["lotId"]}
    supplier = {"id": made[1]["supplierId"]}
    whole_of_two = {"components": components()[:2], "totalComponentCost": euros("320000")}
    revision = await given.declaration(lot, supplier, given.admin, revises=made[1]["id"], **whole_of_two)
    await given.submitted(revision, given.admin)
    await given.reviewed(revision, "accepted")
    await given.reviewed(made[0], "returned")
    await given.waived(made[4], waived("radio"))
    assert (await office.get(f"/origin-declarations/{made[1]['id']}")).json()["status"] == "superseded"
    await runner_of(apos).run_next()
    whole = await read(office, simulation)
    assert told(whole) == told(direct)
    assert await results(office, whole) == await results(office, direct)
    at_once(apos, 1000)
    assert told(await simulated(given, scheme)) != told(direct), "what is active now is something else"


async def test_it_reads_with_the_rights_of_who_asked_on_the_day_of_asking(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    await asked(office, await proposed(given))
    clock.move_to("2026-12-24")
    contexts = set()
    kept = simulation_runs.comparison_of

    def noting(session: Any, context: Any, *others: Any) -> Any:
        contexts.add((context.actor.role, context.actor.name.partition(":")[0], context.today.isoformat()))
        return kept(session, context, *others)

    monkeypatch.setattr(simulation_runs, "comparison_of", noting)
    await runner_of(apos).run_next()
    assert contexts == {(Role.PROGRAMME_OFFICE, "key", "2026-11-21")}


async def test_results_are_refused_until_they_are_complete_and_where_there_will_be_none(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given))
    answer = await office.get(f"{path_of(simulation)}/results")
    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "this simulation is running, and has no results before it is complete: 0 of 3 declarations are compared; read the"
        " simulation until its status is complete"
    )
    await failed(apos, clock)
    answer = await office.get(f"{path_of(simulation)}/results")
    assert (answer.status_code, answer.json()["detail"]) == (
        409, f"this simulation failed and has no results: {FAILURE}",
    )  # fmt: skip
    elsewhere = path_of({**simulation, "schemeId": new_id()})
    assert (await office.get(f"{elsewhere}/results")).status_code == 404


async def test_a_request_sent_again_with_its_key_gives_the_same_simulation(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    await a_portfolio(apos, given)
    path = f"/score-schemes/{(await proposed(given))['id']}/simulations"
    at_once(apos, 0)
    once = {"Idempotency-Key": "once"}
    first = await office.post(path, json={}, headers=once)
    for _ in range(MAX_UNFINISHED - 1):
        assert (await office.post(path, json={})).status_code == 202
    again = await office.post(path, json={}, headers=once)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    for name in ("location", "retry-after", "etag"):
        assert again.headers[name] == first.headers[name]
    assert len(apos.rows(Simulation)) == MAX_UNFINISHED


async def test_no_more_than_a_few_may_be_unfinished(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    path = f"/score-schemes/{scheme['id']}/simulations"
    at_once(apos, 0)
    unfinished = [await asked(office, scheme) for _ in range(MAX_UNFINISHED)]
    refused = await office.post(path, json={})
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "5 simulations are still running, which is the most at a time; wait until one of them has ended, and ask again: "
        + ", ".join(each["id"] for each in unfinished)
    )
    assert len(apos.rows(Simulation)) == len(apos.rows(SimulationRun)) == MAX_UNFINISHED
    at_once(apos, 3)
    assert (await office.post(path, json={})).status_code == 201, "one that needs no run is not refused"
    at_once(apos, 0)
    await runner_of(apos).run_next()
    assert [(await read(office, each))["status"] for each in unfinished[:2]] == ["complete", "running"]
    await asked(office, scheme)


async def test_of_requests_at_the_same_moment_no_more_are_taken(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    await a_portfolio(apos, given)
    path = f"/score-schemes/{(await proposed(given))['id']}/simulations"
    at_once(apos, 0)
    answers = await asyncio.gather(*(office.post(path, json={}) for _ in range(MAX_UNFINISHED + 3)))
    assert sorted(answer.status_code for answer in answers) == [202] * MAX_UNFINISHED + [409] * 3


async def test_a_process_that_stops_leaves_it_to_the_next_at_once(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    with each_compared(nothing) as compared:
        await stopped_after(2, apos)
        [run] = apos.rows(SimulationRun)
        assert (run["lease"], run["leased_until"], run["tries"], run["done"]) == (None, None, 0, 2)
        assert (await read(office, simulation))["progress"] == {"done": 2, "total": len(made)}
        async with another_process(apos, clock) as other:
            assert await runner_of(other).run_next()
    assert sorted(compared) == sorted(each["id"] for each in made), "none is compared twice, and none is lost"
    assert told(await read(office, simulation)) == told(direct)


async def stopped_after(batches: int, apos: Apos, *, killed: bool = False) -> None:
    """Carries a simulation out until so many batches are stored; a process that is killed has no time to say so."""
    stored = 0

    async def stop() -> None:
        nonlocal stored
        stored += 1
        if stored == batches:
            raise asyncio.CancelledError

    async def say_nothing(_runner: SimulationRunner, _run: Any) -> None: ...

    with pytest.MonkeyPatch.context() as patch, each_stored(stop):
        if killed:
            patch.setattr(SimulationRunner, "_release", say_nothing)
        with pytest.raises(asyncio.CancelledError):
            await runner_of(apos).run_next()


async def test_what_a_killed_process_had_is_taken_once_its_lease_ends(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    with each_compared(nothing) as compared:
        await stopped_after(3, apos, killed=True)
        async with another_process(apos, clock) as other:
            clock.now += LEASE - timedelta(microseconds=1)
            assert not await runner_of(other).run_next()
            clock.now += timedelta(microseconds=1)
            assert await runner_of(other).run_next()
    assert sorted(compared) == sorted(each["id"] for each in made), "none is compared twice, and none is lost"
    assert told(await read(office, simulation)) == told(direct)


async def test_of_two_that_claim_it_at_the_same_moment_one_carries_it_out(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    _, made = await a_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given))
    both = asyncio.Barrier(2)
    async with another_process(apos, clock) as other:
        with pytest.MonkeyPatch.context() as patch, each_compared(nothing) as compared:
            for each in (apos, other):
                # Both have read that it is free before either claims it.
                patch.setattr(each.service.database, "writing", _after(both, each.service.database.writing))
            taken = await asyncio.gather(runner_of(apos).run_next(), runner_of(other).run_next())
    assert sorted(taken) == [False, True]
    assert sorted(compared) == sorted(each["id"] for each in made)
    assert (await read(office, simulation))["status"] == "complete"
    assert len(apos.events(Simulation)) == 2


def _after(both: asyncio.Barrier, writing: Any) -> Any:
    """Writing, the first time not before both are about to."""
    first = True

    @asynccontextmanager
    async def together() -> AsyncIterator[Any]:
        nonlocal first
        if first:
            first = False
            await both.wait()
        async with writing() as session:
            yield session

    return together


async def test_one_that_was_read_as_free_and_is_taken_meanwhile_is_not_claimed(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    await asked(office, await proposed(given))
    async with another_process(apos, clock) as other:
        writing = other.service.database.writing

        @asynccontextmanager
        async def after_another() -> AsyncIterator[Any]:
            assert await runner_of(apos)._claim() is not None
            async with writing() as session:
                yield session

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(other.service.database, "writing", after_another)
            assert await runner_of(other)._claim() is None


async def test_a_process_that_was_too_slow_stores_nothing_more(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = Logged(simulation_runs, monkeypatch)
    scheme, made = await a_varied_portfolio(apos, given)
    direct = await simulated(given, scheme)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    begun, go_on = threading.Event(), threading.Event()
    slow = None

    def wait(declaration_id: str) -> None:
        nonlocal slow
        if slow is None:
            slow = declaration_id
            begun.set()
            assert go_on.wait(timeout=30)

    async with another_process(apos, clock) as other:
        with each_compared(wait):
            first = asyncio.create_task(runner_of(apos).run_next())
            await asyncio.to_thread(begun.wait, 30)
            clock.now += LEASE
            second = asyncio.create_task(runner_of(other).run_next())
            assert await second
            whole = await read(office, simulation)
            go_on.set()
            assert await first
    assert "another process goes on with it" in logged.text
    assert told(whole) == told(direct)
    assert await read(office, simulation) == whole
    assert len(apos.events(Simulation)) == 3
    assert len(apos.rows(SimulationResult)) == 2 * len(made)


async def failed(apos: Apos, clock: Clock, times: int = MAX_TRIES + 1) -> None:
    """Has every comparison of a simulation fail, as often as it is tried."""

    def fail(_declaration_id: str) -> None:
        raise ValueError("no such list of countries")

    with each_compared(fail):
        for _ in range(times):
            assert await runner_of(apos).run_next()
            assert not await runner_of(apos).run_next(), "it is not tried again before the lease has ended"
            clock.now += LEASE


async def test_one_that_always_fails_is_given_up_with_a_reason_and_another_may_be_asked_for(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    logged = Logged(simulation_runs, monkeypatch)
    await failed(apos, clock, MAX_TRIES)
    assert (await read(office, simulation))["status"] == "running"
    await runner_of(apos).run_next()
    assert logged.text.count("ValueError: no such list of countries") == MAX_TRIES
    given_up = await read(office, simulation)
    assert (given_up["status"], given_up["failure"]) == ("failed", FAILURE)
    assert {given_up[name] for name in FIGURES} == {None}
    assert "no such list" not in given_up["failure"]
    event = apos.events(Simulation)[-1]
    assert (event["actor"], event["changed"]["status"]) == ("system:apos-server", ["running", "failed"])
    assert apos.rows(SimulatedDeclaration) == [] == apos.rows(SimulationResult)
    clock.now += LEASE
    assert not await runner_of(apos).run_next(), "it is never tried again"
    another = await asked(office, scheme)
    await runner_of(apos).run_next()
    assert (await read(office, another))["status"] == "complete"


async def test_one_that_gets_further_each_time_is_not_given_up(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    await a_varied_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given, "BM-1.2"))
    for _ in range(4):
        await failed(apos, clock, MAX_TRIES - 1)
        await stopped_after(1, apos, killed=True)
        clock.now += LEASE
    assert (await read(office, simulation))["progress"] == {"done": 4, "total": 6}
    await runner_of(apos).run_next()
    assert (await read(office, simulation))["status"] == "complete"


async def test_one_that_kills_its_process_every_time_is_given_up(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given))
    for _ in range(MAX_TRIES):
        assert await runner_of(apos)._claim() is not None, "and then the process is gone"
        clock.now += LEASE
    assert await runner_of(apos).run_next()
    assert (await read(office, simulation))["status"] == "failed"


async def test_no_connection_is_held_while_it_computes(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    await asked(office, await proposed(given))
    store: Any = apos.service.database._store
    pools = [_pool(store.readers), _pool(store.writers)]
    held = []
    with each_compared(lambda _: held.append([pool.checkedout() for pool in pools])):
        await runner_of(apos).run_next()
    assert held == [[0, 0]] * 3


def _pool(engine: Engine | AsyncEngine) -> Any:
    return engine.pool


async def test_large_declarations_are_stored_a_few_at_a_time(
    apos: Apos, given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = await a_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given))
    monkeypatch.setattr(simulation_runs, "BATCH_DECLARATIONS", 50)
    monkeypatch.setattr(simulation_runs, "BATCH_LINES", 7)  # more than the six of one declaration under two schemes
    stored = []

    async def look() -> None:
        stored.append((await read(office, simulation))["progress"]["done"])

    with each_stored(look):
        await runner_of(apos).run_next()
    assert (stored, len(made)) == ([2, 3], 3)


@pytest.mark.parametrize(
    "role", [Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN, Role.AUDITOR, Role.SUPPLIER, Role.ASSESSOR]
)
async def test_who_may_not_simulate_neither_asks_nor_learns_that_one_is_running(
    apos: Apos, given: Given, office: httpx.AsyncClient, role: Role
) -> None:
    _, made = await a_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, await proposed(given))
    client = await apos.as_(role, made[0]["supplierId"] if role is Role.SUPPLIER else None)
    path = path_of(simulation)
    asking = (await client.post(path.rpartition("/")[0], json={})).status_code
    reading = [(await client.get(each)).status_code for each in (path, f"{path}/results", path.rpartition("/")[0])]
    may_ask = role in (Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN)
    may_read = may_ask or role is Role.AUDITOR
    assert (asking, reading) == (202 if may_ask else 403, [200, 409, 200] if may_read else [403] * 3)


async def test_a_key_that_is_revoked_meanwhile_does_not_stop_it(
    apos: Apos, given: Given, admin: httpx.AsyncClient
) -> None:
    await a_portfolio(apos, given)
    at_once(apos, 0)
    key_id, secret = await apos.key(Role.PROGRAMME_OFFICE)
    simulation = await asked(apos.client(secret), await proposed(given))
    await given.changed(f"/api-keys/{key_id}", {"revoked": True})
    await runner_of(apos).run_next()
    assert (await read(admin, simulation))["status"] == "complete"


async def test_the_declarations_to_compare_are_stored_with_what_they_are_compared_by(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    scheme, made = await a_varied_portfolio(apos, given)
    at_once(apos, 0)
    simulation = await asked(office, scheme)
    [waiver] = (await office.get(f"/origin-declarations/{made[-1]['id']}/waivers")).json()["items"]
    stored = apos.rows(SimulatedDeclaration)
    assert [row["declaration_id"] for row in stored] == sorted(UUID(each["id"]) for each in made)
    assert {str(row["simulation_id"]) for row in stored} == {simulation["id"]}
    by_id = {str(row["declaration_id"]): row["waiver_ids"] for row in stored}
    assert by_id == {each["id"]: [waiver["id"]] if each is made[-1] else [] for each in made}
    assert {(row["scheme_before"], row["reference_date"].isoformat(), row["compared"]) for row in stored} == {
        ("BM-1.0", "2026-11-21", None)
    }
