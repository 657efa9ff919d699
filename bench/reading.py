"""Reads of one declaration, of a page of them, and of a page of components, at random places of the whole."""

import random
from collections.abc import Sequence
from typing import Any

from bench.data_work import PAGE, statements_of
from bench.rounds import FLOOR, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server, milliseconds_each

WALKED = 40
"""Declarations whose components are walked through beforehand, for the cursors of their pages."""
NOWHERE = "00000000-0000-0000-0000-000000000000"


async def reading(scene: Scene) -> list[Measured]:
    """All of the reads."""
    return [await _one(scene), await _page(scene), await _components(scene)]


async def _one(scene: Scene) -> Measured:
    declared, sought = scene.stage.declarations, statements_of(scene.place.kind).one
    return await _measured(
        scene,
        "GET one declaration",
        f"among {len(declared):,}, as the supplier whose it is",
        service=[Server(scene.service, key).request("GET", f"/v1/origin-declarations/{own}") for own, key in declared],
        bare=[scene.bare().request("GET", f"/declarations/{own}") for own, _ in declared],
        raw=[(sought, own) for own, _ in declared],
    )


async def _page(scene: Scene) -> Measured:
    server, sought = scene.as_office(), statements_of(scene.place.kind).page
    pages = await _walked(server, "/v1/origin-declarations")
    after = [NOWHERE, *(last["id"] for _, last in pages[:-1])]
    return await _measured(
        scene,
        "list page of declarations",
        f"{PAGE} among {len(scene.stage.declarations):,}, at a random cursor, as the programme office",
        service=[server.request("GET", path) for path, _ in pages],
        bare=[scene.bare().request("GET", f"/declarations?after={place}") for place in after],
        raw=[(sought, place) for place in after],
    )


async def _components(scene: Scene) -> Measured:
    statements = statements_of(scene.place.kind)
    service: list[bytes] = []
    places: list[tuple[str, int]] = []
    for own, key in random.Random(1).sample(scene.stage.declarations, WALKED):  # noqa: S311 - a sample, not a secret
        server = Server(scene.service, key)
        component_set = str(scene.raw.read(statements.set_of, own)[0][0])
        pages = await _walked(server, f"/v1/origin-declarations/{own}/components")
        service += [server.request("GET", path) for path, _ in pages]
        places += [(component_set, number * PAGE - 1) for number in range(len(pages))]
    return await _measured(
        scene,
        "list page of components",
        f"{PAGE} among {scene.scale.declarations * scene.scale.lines:,}, at a random cursor, as the supplier",
        service=service,
        bare=[scene.bare().request("GET", f"/components?set={own}&after={after}") for own, after in places],
        raw=[(statements.components, *place) for place in places],
    )


async def _measured(
    scene: Scene,
    workload: str,
    what: str,
    *,
    service: Sequence[bytes],
    bare: Sequence[bytes],
    raw: Sequence[tuple[Any, ...]],
) -> Measured:
    """Measures the same random choice of places on every side."""
    sides: dict[str, Side] = {
        SERVICE: _asks(scene, Server(scene.service), service),
        FLOOR: _asks(scene, scene.bare(), bare),
        RAW: scene.in_process(lambda number: scene.raw.read(*raw[_place(number, len(raw))]), scene.scale.raw_reads),
    }
    what = f"{what}; {scene.scale.at_once} at once"
    return await measure(workload, scene.database, what, sides, scene.scale.rounds)


def _asks(scene: Scene, server: Server, requests: Sequence[bytes]) -> Side:
    async def run(number: int) -> float:
        begin = number * scene.scale.reads
        chosen = [requests[_place(begin + again, len(requests))] for again in range(scene.scale.reads)]
        return await milliseconds_each(server, chosen, scene.scale.at_once)

    return run


def _place(number: int, places: int) -> int:
    """The place that is read as the so-manyeth, as random on every side and in every run."""
    return random.Random(number).randrange(places)  # noqa: S311 - a place in a list, not a secret


async def _walked(server: Server, path: str) -> list[tuple[str, dict[str, Any]]]:
    """The path of every page of a list, with the last of its items."""
    pages: list[tuple[str, dict[str, Any]]] = []
    cursor = ""
    async with server.connected() as connection:
        while True:
            at = f"{path}?cursor={cursor}" if cursor else path
            page = (await connection.ask(server.request("GET", at))).json
            pages.append((at, page["items"][-1]))
            if page["nextCursor"] is None:
                return pages
            cursor = page["nextCursor"]
