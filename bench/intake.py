"""Files of components: uploaded to a draft, compared with only inserting the same rows and only validating the lines."""

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from api.http.uploads import READERS
from api.schemas.declarations import Component
from bench.data_work import PARSE_COMPONENTS, Rows, rows_of
from bench.declared import components, in_bytes
from bench.files import FILES
from bench.memory import Held, holding
from bench.rounds import RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene

SEED = 3000
CHECKS: TypeAdapter[list[Component]] = TypeAdapter(list[Component])
FEW = 2
"""Rounds with the large file, the same file each time: an upload takes seconds, and making a file takes longer."""


async def intake(scene: Scene) -> list[Measured]:
    """PUT of the components of a draft in every format, at both sizes."""
    measured = []
    scale = scene.scale
    for size, rounds, systems in (
        (scale.components, scale.rounds, scale.rounds + 1),
        (scale.exported, min(FEW, scale.rounds), 1),
    ):
        lines = [components(size, SEED + number)[0] for number in range(systems)]
        stored = [rows_of(PARSE_COMPONENTS.validate_python(given)) for given in lines]
        raw = scene.in_process(_inserts(scene, stored))
        checked = scene.in_process(_checks(lines))
        measured.append(
            await measure(
                f"intake of {size:,}: schema alone",
                scene.database,
                "the same lines checked as components",
                {RAW: checked},
                rounds,
            )
        )
        for media in READERS:
            if media not in FILES:
                continue
            files = [FILES[media](given) for given in lines]
            megabytes = len(files[0]) / 1e6
            what = f"PUT of {size:,} lines as {media}, {megabytes:.1f} MB; raw is the insert of the same rows"
            sides: dict[str, Side] = {SERVICE: await _uploads(scene, media, files), RAW: raw}
            name = f"intake of {size:,} as {media.rpartition('/')[2].rpartition('.')[2]}"
            measured.append(await measure(name, scene.database, what, sides, rounds, units=size))
    return measured


async def intake_memory(scene: Scene) -> list[Held]:
    """The memory of the service during the upload of the large file in each format."""
    held = []
    lines = components(scene.scale.exported, SEED)[0]
    for media in READERS:
        if media in FILES:
            upload = await _uploads(scene, media, [FILES[media](lines)])
            async with holding(scene, f"upload of {scene.scale.exported:,} lines as {media}") as one:
                await upload(0)
            held.append(one)
    return held


def _inserts(scene: Scene, stored: list[Rows]) -> Callable[[int], None]:
    """Inserts the rows of a round, after deleting those of an earlier round with the same set."""
    delete = f"DELETE FROM components WHERE component_set = {'?' if scene.place.kind == 'sqlite' else '%s'}"

    def insert(number: int) -> None:
        rows = stored[number % len(stored)]
        scene.raw.run([(delete, (rows[0][0],))], rows)

    return insert


def _checks(lines: list[list[dict[str, Any]]]) -> Callable[[int], object]:
    return lambda number: CHECKS.validate_python(lines[number % len(lines)])


async def _uploads(scene: Scene, media: str, files: list[bytes]) -> Side:
    server, contest = scene.as_supplier(), scene.stage.contests[0]
    body = in_bytes({"supplierId": contest.supplier_id, "lotId": contest.lot_id, "system": {"name": "Kestrel"}})
    async with server.connected() as connection:
        made = await connection.ask(server.request("POST", "/v1/origin-declarations", body), 201)
    path = f"/v1/origin-declarations/{made.json['id']}/components"

    async def run(number: int) -> float:
        file = files[number % len(files)]
        request = server.request("PUT", path, file, If_Match="*", Content_Type=media)
        async with server.connected() as connection:
            return (await connection.timed(request))[0]

    return run
