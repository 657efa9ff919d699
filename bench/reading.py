"""Reads of one declaration, of a page of them, and of a page of components, chosen at random."""

import random

from bench.data_work import PAGE, statements_of
from bench.places import LOWEST_ID, all_pages, measure_reads
from bench.rounds import Measured
from bench.scene import Scene
from bench.wire import Server

WALKED = 40
"""Declarations whose components are all_pages through beforehand, for the cursors of their pages."""


async def reading(scene: Scene) -> list[Measured]:
    """All of the reads."""
    return [await _one(scene), await _page(scene), await _components(scene)]


async def _one(scene: Scene) -> Measured:
    declared, sought = scene.stage.declarations, statements_of(scene.place.kind).one
    return await measure_reads(
        scene,
        "GET one declaration",
        f"among {len(declared):,}, as the supplier whose it is",
        service=[
            Server(scene.service.port, key).request("GET", f"/v1/origin-declarations/{own}") for own, key in declared
        ],
        bare=[scene.bare().request("GET", f"/declarations/{own}") for own, _ in declared],
        raw=[(sought, own) for own, _ in declared],
    )


async def _page(scene: Scene) -> Measured:
    server, sought = scene.as_office(), statements_of(scene.place.kind).page
    pages = await all_pages(server, "/v1/origin-declarations")
    after = [LOWEST_ID, *(last["id"] for _, last in pages[:-1])]
    return await measure_reads(
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
        server = Server(scene.service.port, key)
        component_set = str(scene.raw.read(statements.set_of, own)[0][0])
        pages = await all_pages(server, f"/v1/origin-declarations/{own}/components")
        service += [server.request("GET", path) for path, _ in pages]
        places += [(component_set, number * PAGE - 1) for number in range(len(pages))]
    return await measure_reads(
        scene,
        "list page of components",
        f"{PAGE} among {scene.scale.declarations * scene.scale.lines:,}, at a random cursor, as the supplier",
        service=service,
        bare=[scene.bare().request("GET", f"/components?set={own}&after={after}") for own, after in places],
        raw=[(statements.components, *place) for place in places],
    )
