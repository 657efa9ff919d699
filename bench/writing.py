"""Declarations of many components: one JSON document that is stored (W5), and a replacement of a draft's components."""

from bench.data_work import PARSE_DECLARATION, declaration_of, statements_of
from bench.declared import components, in_bytes
from bench.raw import add_declaration, replace_components
from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server
from domain.base import new_id

FIRST_SEED = 1000


async def drafting(scene: Scene) -> list[Measured]:
    """W5, and how much of the raw limit is parsing and how much storing."""
    size, rounds = scene.scale.components, scene.scale.rounds
    bodies = [scene.stage.contests[0].declares(size, FIRST_SEED + number) for number in range(rounds + 1)]
    parsed = [declaration_of(body) for body in bodies]
    add = statements_of(scene.place.kind).add
    what = f"POST /v1/origin-declarations, {size:,} components, {len(bodies[0]) / 1e6:.1f} MB of JSON, stored"
    sides: dict[str, Side] = {
        SERVICE: _drafts(scene, bodies),
        PEER: _adds(scene, scene.plain(), bodies),
        FLOOR: _adds(scene, scene.bare(), bodies),
        RAW: scene.in_process(lambda number: add_declaration(scene.raw, scene.place, bodies[number])),
    }
    reads = {RAW: scene.in_process(lambda number: PARSE_DECLARATION.validate_json(bodies[number]))}
    stores = {RAW: scene.in_process(lambda number: scene.raw.run([(add, parsed[number][0])], parsed[number][1]))}
    return [
        await measure("W5 draft", scene.database, what, sides, rounds),
        await measure("W5 raw: parsing alone", scene.database, "the same bytes, types alone", reads, rounds),
        await measure("W5 raw: storing alone", scene.database, "the same rows, committed", stores, rounds),
    ]


async def replacing(scene: Scene) -> list[Measured]:
    """PUT of the components of a draft."""
    size, rounds = scene.scale.components, scene.scale.rounds
    contest = scene.stage.contests[0]
    bodies = [_components_alone(scene, FIRST_SEED + 100 + number) for number in range(rounds + 1)]
    draft = await _draft(scene)
    bare_draft = next(found for found, key in scene.stage.declarations if key == contest.key)
    what = f"PUT /components, {size:,} lines, {len(bodies[0]) / 1e6:.1f} MB of JSON"
    sides: dict[str, Side] = {
        SERVICE: _replaces(scene, draft, bodies),
        FLOOR: _puts(scene, bare_draft, bodies),
        RAW: scene.in_process(lambda number: replace_components(scene.raw, scene.place, bare_draft, bodies[number])),
    }
    return [await measure("PUT components", scene.database, what, sides, rounds)]


def _drafts(scene: Scene, bodies: list[bytes]) -> Side:
    server = scene.as_supplier()

    async def run(number: int) -> float:
        key = {"Idempotency_Key": str(new_id())}
        request = server.request("POST", "/v1/origin-declarations", bodies[number], **key)
        async with server.connected() as connection:
            milliseconds, answer = await connection.timed(request, 201)
        assert answer.json["componentCount"] == scene.scale.components
        return milliseconds

    return run


def _adds(scene: Scene, server: Server, bodies: list[bytes]) -> Side:
    async def run(number: int) -> float:
        async with server.connected() as connection:
            milliseconds, answer = await connection.timed(server.request("POST", "/declarations", bodies[number]), 201)
        assert answer.json["componentCount"] == scene.scale.components
        return milliseconds

    return run


def _replaces(scene: Scene, draft: str, bodies: list[bytes]) -> Side:
    server, path = scene.as_supplier(), f"/v1/origin-declarations/{draft}"

    async def run(number: int) -> float:
        async with server.connected() as connection:
            tag = (await connection.ask(server.request("GET", path))).headers["etag"]
            request = server.request("PUT", f"{path}/components", bodies[number], If_Match=tag)
            return (await connection.timed(request))[0]

    return run


def _puts(scene: Scene, draft: str, bodies: list[bytes]) -> Side:
    server = scene.bare()

    async def run(number: int) -> float:
        request = server.request("PUT", f"/declarations/{draft}/components", bodies[number])
        async with server.connected() as connection:
            return (await connection.timed(request))[0]

    return run


async def _draft(scene: Scene) -> str:
    """A draft without a total cost, in which lines of any value fit."""
    server, contest = scene.as_supplier(), scene.stage.contests[0]
    ids = {"supplierId": contest.supplier_id, "lotId": contest.lot_id}
    async with server.connected() as connection:
        body = in_bytes({**ids, "system": {"name": "Kestrel"}})
        made = await connection.ask(server.request("POST", "/v1/origin-declarations", body), 201)
    return str(made.json["id"])


def _components_alone(scene: Scene, seed: int) -> bytes:
    return in_bytes({"components": components(scene.scale.components, seed)[0]})
