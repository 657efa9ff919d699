"""All components of very large declarations as CSV (W6); the client reads them as a stream and keeps none."""

import time
from collections.abc import Sequence

from bench.data_work import statements_of
from bench.memory import Held, holding
from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured, Side, measure
from bench.scale import EXPORTS
from bench.scene import Scene
from bench.wire import Server


async def exporting(scene: Scene) -> list[Measured]:
    """W6: the declarations one after another, over one connection."""
    size, drafts = scene.scale.exported, scene.stage.exported
    sets = [str(scene.raw.read(statements_of(scene.place.kind).set_of, own)[0][0]) for own in drafts]

    def export(_number: int) -> None:
        for own in sets:
            scene.raw.export(own)

    sides: dict[str, Side] = {
        SERVICE: _reads(scene.as_supplier(), [f"/v1/origin-declarations/{own}/components" for own in drafts], size),
        PEER: _reads(scene.plain(), [f"/declarations/{own}/components.csv" for own in drafts], size),
        FLOOR: _reads(scene.bare(), [f"/components.csv?set={own}" for own in sets], size),
        RAW: scene.in_process(export),
    }
    what = f"{EXPORTS} declarations of {size:,} components; the rate is in rows; raw is the driver's cursor, or COPY"
    return [
        await measure("W6 components as CSV", scene.database, what, sides, scene.scale.rounds, units=EXPORTS * size)
    ]


async def exporting_memory(scene: Scene) -> list[Held]:
    """The memory of the service while it writes them."""
    paths = [f"/v1/origin-declarations/{own}/components" for own in scene.stage.exported]
    async with holding(scene, f"{EXPORTS} declarations of {scene.scale.exported:,} components as CSV") as held:
        await _reads(scene.as_supplier(), paths, scene.scale.exported)(0)
    return [held]


def _reads(server: Server, paths: Sequence[str], size: int) -> Side:
    async def run(_number: int) -> float:
        async with server.connected() as connection:
            begun = time.perf_counter()
            for path in paths:
                lines = await connection.lines(server.request("GET", path, Accept="text/csv"))
                assert lines == size + 1, f"{path}: {lines} lines instead of {size} and headers"
            return 1000 * (time.perf_counter() - begun)

    return run
