"""What one key or supplier may have waiting at once, so that nobody waits for it: large work, and bodies on their way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from api import workers
from api.http.unfinished_bodies import NoRoom, UnfinishedBodies
from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos, Clock, running

CSV = {"Content-Type": "text/csv"}
LINES = b"key,name,quantity\nradio,Radio,1\n"


async def declared(apos: Apos) -> tuple[str, httpx.AsyncClient, httpx.AsyncClient]:
    """The path of a submitted declaration, its supplier, and another supplier."""
    given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client)
    await given.submitted(declaration, client)
    other = await apos.as_(Role.SUPPLIER, (await given.supplier())["id"])
    return f"/origin-declarations/{declaration['id']}", client, other


@pytest.fixture
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on a single line is large."""
    monkeypatch.setattr(workers, "LARGE_FROM_LINES", 1)


@asynccontextmanager
async def occupied(apos: Apos) -> AsyncIterator[None]:
    """Somebody else has the turn for large work."""
    queue = apos.service.turns.queue_for(1)
    assert queue is not None
    async with queue.turn("somebody"):
        yield


async def when(holds: Callable[[], bool]) -> None:
    """Returns when something holds."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.005)


async def waiting(apos: Apos, count: int) -> None:
    """Returns when so many pieces of large work wait."""
    queue = apos.service.turns.queue_for(1)
    assert queue is not None
    await when(lambda: queue.waiting >= count)


@pytest.mark.usefixtures("all_is_large")
async def test_who_waits_for_a_turn_holds_no_connection(apos: Apos) -> None:
    path, client, other = await declared(apos)
    score = f"{path}/score"
    preview = {"declarationId": path.rpartition("/")[2]}
    async with asyncio.TaskGroup() as tasks, occupied(apos):
        asked = [tasks.create_task(client.get(score)) for _ in range(8)]
        asked += [tasks.create_task(client.post("/score-previews", json=preview)) for _ in range(4)]
        await waiting(apos, 12)
        async with asyncio.timeout(5):
            assert (await other.get("/suppliers")).status_code == 200
            assert (await client.get(path)).status_code == 200
    assert {task.result().status_code for task in asked} == {200}


@pytest.mark.usefixtures("all_is_large")
async def test_a_supplier_may_have_so_much_large_work_waiting_with_all_its_keys(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, waiting_per_key=2) as apos:
        path, client, other = await declared(apos)
        [supplier] = [row["id"] for row in (await client.get("/suppliers")).json()["items"]]
        second = await apos.as_(Role.SUPPLIER, supplier)
        async with asyncio.TaskGroup() as tasks, occupied(apos):
            asked = [tasks.create_task(each.get(f"{path}/score")) for each in (client, second)]
            await waiting(apos, 2)
            refused = await second.get(f"{path}/score")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
            assert refused.json()["type"] == "/problems/waiting"
            assert "let some of your requests be answered first" in refused.json()["detail"]
            others = tasks.create_task(other.post("/intake-previews", content=LINES * 20, headers=CSV))
        assert [task.result().status_code for task in (*asked, others)] == [200, 200, 200]


def stalling(first: bytes, until: asyncio.Event) -> AsyncIterator[bytes]:
    """A body of which the rest does not come until something happens."""

    async def body() -> AsyncIterator[bytes]:
        yield first
        await until.wait()

    return body()


async def test_a_supplier_may_have_so_many_bytes_on_their_way(database_url: str, clock: Clock) -> None:
    async with running(database_url, clock, unfinished_bytes_per_key=4000, unfinished_bytes=6000) as apos:
        _, client, other = await declared(apos)
        end, headers = asyncio.Event(), {**CSV, "Transfer-Encoding": "chunked"}

        async def sent(by: httpx.AsyncClient, size: int) -> httpx.Response:
            return await by.post("/intake-previews", content=stalling(LINES.ljust(size), end), headers=headers)

        async with asyncio.TaskGroup() as tasks:
            stalled = tasks.create_task(sent(client, 3000))
            await when(lambda: bool(apos.service.bodies._bytes))
            refused = await client.post("/intake-previews", content=LINES.ljust(1001), headers=CSV)
            assert (refused.status_code, refused.json()["type"]) == (429, "/problems/waiting")
            as_it_comes = await sent(client, 1001)
            assert (as_it_comes.status_code, as_it_comes.headers["retry-after"]) == (429, "5")
            crowded = await other.post("/intake-previews", content=LINES.ljust(3001), headers=CSV)
            assert (crowded.status_code, crowded.json()["type"]) == (503, "/problems/crowded")
            assert (await other.post("/intake-previews", content=LINES, headers=CSV)).status_code == 200
            end.set()
        assert stalled.result().status_code == 200
        assert not apos.service.bodies._bytes, "what is answered no longer counts"
        assert (await client.post("/intake-previews", content=LINES.ljust(3000), headers=CSV)).status_code == 200


@pytest.mark.parametrize("path", ["/sources", "/intake-previews"])
async def test_a_body_that_does_not_arrive_is_408_and_ends_the_connection(
    database_url: str, clock: Clock, path: str
) -> None:
    async with running(database_url, clock, body_seconds=0.05) as apos:
        admin, never = await apos.as_(Role.PROGRAMME_ADMIN), asyncio.Event()
        kind: dict[str, Any] = {"Content-Type": "application/json"}
        async with asyncio.timeout(5):
            answer = await admin.post(path, content=stalling(b'{"key":', never), headers=kind)
        assert (answer.status_code, answer.json()["type"]) == (408, "/problems/slow")
        assert answer.headers["connection"] == "close"
        assert (await admin.get("/sources")).json()["items"] == []


def test_what_is_refused_is_not_counted() -> None:
    bodies = UnfinishedBodies(per_key=10, in_all=15)
    with bodies.body_of("a") as first, bodies.body_of("a") as second, bodies.body_of("b") as third:
        first.grow_to(7)
        first.grow_to(5)
        with pytest.raises(NoRoom) as of_key:
            second.grow_to(4)
        second.grow_to(3)
        with pytest.raises(NoRoom) as in_all:
            third.grow_to(6)
        third.grow_to(5)
        assert (of_key.value.of_key, in_all.value.of_key) == (True, False)
    assert not bodies._bytes
