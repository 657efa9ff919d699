"""One lot (W1), a page of lots (W2), and the status of all lots (W3), with both colours computed on every request."""

from typing import Any
from uuid import uuid4

from bench.data_work import PAGE
from bench.declared import in_bytes
from bench.places import LOWEST_ID, all_pages, measure_reads
from bench.portfolio_work import portfolio_statements, today
from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server, milliseconds_each

SHARED = ("colours", "slipDays")


async def overseeing(scene: Scene) -> list[Measured]:
    """W1, W2 and W3, as the programme office."""
    await _agree(scene)
    return [await _one(scene), await _page(scene), await _status(scene), await _status_unchanged(scene)]


async def _agree(scene: Scene) -> None:
    """Checks that every side gives the same colours, so that all do the same work, and that the peer checks keys."""
    expected = _colours(await _get(scene.as_office(), "/v1/portfolio-status"), "lots")
    for side, server in ((PEER, scene.plain()), (FLOOR, scene.bare())):
        found = _colours(await _get(server, "/status"), "lots")
        assert found == expected, f"the {side} and the service give different colours or slip for the lots"
    page = _colours(await _get(scene.plain(), f"/lots?after={LOWEST_ID}&limit={PAGE}"), "items")
    assert page, "the peer's first page of lots has none with milestones"
    assert page == {code: expected[code] for code in page}, (
        "the peer and the service give different colours for a page of lots"
    )
    async with scene.plain().connected() as connection:
        await connection.ask(Server(scene.peer.port).request("GET", "/status"), 401)


async def _get(server: Server, path: str) -> Any:
    async with server.connected() as connection:
        return (await connection.ask(server.request("GET", path))).json


def _colours(answer: Any, among: str) -> dict[str, list[Any]]:
    """The colours and slip of lots with milestones, by code."""
    lots = [lot for lot in answer[among] if lot["slipDays"]["original"] is not None]
    return {lot["code"]: [lot[name] for name in SHARED] for lot in lots}


async def _one(scene: Scene) -> Measured:
    statements, day = portfolio_statements(scene.place.kind), today().isoformat()
    ids = [str(row[0]) for row in scene.raw.read("SELECT DISTINCT lot_id FROM milestones ORDER BY lot_id")]
    server = scene.as_office()
    return await measure_reads(
        scene,
        "W1 one lot",
        f"GET /v1/lots/{{id}} among {len(ids):,}, with the colours of its milestones",
        service=[server.request("GET", f"/v1/lots/{own}") for own in ids],
        plain=[scene.plain().request("GET", f"/lots/{own}") for own in ids],
        bare=[scene.bare().request("GET", f"/lots/{own}") for own in ids],
        raw=[(statements.lot, own, day, day, own) for own in ids],
    )


async def _page(scene: Scene) -> Measured:
    statements, day, server = portfolio_statements(scene.place.kind), today().isoformat(), scene.as_office()
    pages = await all_pages(server, f"/v1/lots?limit={PAGE}")
    after = [LOWEST_ID, *(last["id"] for _, last in pages[:-1])]
    return await measure_reads(
        scene,
        "W2 page of lots",
        f"{PAGE} among {scene.scale.lots:,}, at a random cursor",
        service=[server.request("GET", path) for path, _ in pages],
        plain=[scene.plain().request("GET", f"/lots?after={place}&limit={PAGE}") for place in after],
        bare=[scene.bare().request("GET", f"/lots?after={place}") for place in after],
        raw=[(statements.lots, place, day, day, place) for place in after],
    )


async def _status(scene: Scene) -> Measured:
    times, day = scene.scale.statuses, today().isoformat()
    statement = portfolio_statements(scene.place.kind).status
    sides: dict[str, Side] = {
        SERVICE: _asks_after_changes(scene.as_office(), "/v1/portfolio-status", times),
        PEER: _asks(scene.plain(), "/status", times),
        FLOOR: _asks(scene.bare(), "/status", times),
        RAW: scene.in_process(lambda _number: scene.raw.read(statement, day, day), times),
    }
    what = f"{scene.scale.lots:,} lots with their milestones, as JSON, one after another; the service's each after a change"
    return await measure("W3 status", scene.database, what, sides, scene.scale.rounds)


async def _status_unchanged(scene: Scene) -> Measured:
    """The service tells a status again for as long as nobody changes anything; the others make it every time."""
    times = scene.scale.statuses
    sides = {
        SERVICE: _asks(scene.as_office(), "/v1/portfolio-status", times),
        PEER: _asks(scene.plain(), "/status", times),
        FLOOR: _asks(scene.bare(), "/status", times),
    }
    what = "the same while nobody changes anything"
    return await measure("status, unchanged", scene.database, what, sides, scene.scale.rounds)


def _asks_after_changes(server: Server, path: str, times: int) -> Side:
    """The same, where something is changed before each request; the change is not measured."""

    async def run(_number: int) -> float:
        milliseconds = 0.0
        for _ in range(times):
            source = in_bytes({"key": f"changed-{uuid4()}", "title": "Changed before the status"})
            await milliseconds_each(server, [server.request("POST", "/v1/sources", source)], 1, 201)
            milliseconds += await milliseconds_each(server, [server.request("GET", path)], at_once=1)
        return milliseconds / times

    return run


def _asks(server: Server, path: str, times: int) -> Side:
    async def run(_number: int) -> float:
        return await milliseconds_each(server, [server.request("GET", path)] * times, at_once=1)

    return run
