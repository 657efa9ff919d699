"""Recording that a milestone was met (W4): the assessment, the change of the milestone, and the audit event."""

from collections.abc import Callable, Iterator

from bench.declared import in_bytes
from bench.portfolio_work import assessment_of, today
from bench.rounds import FLOOR, PEER, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server, milliseconds_each

MANY = 16


async def assessing(scene: Scene) -> list[Measured]:
    """One at a time and several at once; no milestone is assessed twice on one side."""
    body = in_bytes(
        {"outcome": "met", "assessedOn": f"{today()}", "achievedOn": f"{today()}", "narrative": "Aangetoond."}
    )
    ids = [str(row[0]) for row in scene.raw.read("SELECT id FROM milestones ORDER BY id")]
    ids_for_service, ids_for_bare = iter(ids), iter(ids)
    return [await _recorded(scene, body, ids_for_service, ids_for_bare, at_once) for at_once in (1, MANY)]


async def _recorded(scene: Scene, body: bytes, own: Iterator[str], bare: Iterator[str], at_once: int) -> Measured:
    kind = scene.place.kind

    def record(_number: int) -> None:
        scene.raw.run(assessment_of(body, next(bare), kind)[1])

    sides: dict[str, Side] = {
        SERVICE: _posts(scene, scene.as_office(), lambda: f"/v1/milestones/{next(own)}/assessments", body, at_once),
        PEER: _posts(scene, scene.plain(), lambda: f"/milestones/{next(bare)}/assessments", body, at_once),
        FLOOR: _posts(scene, scene.bare(), lambda: f"/milestones/{next(bare)}/assessments", body, at_once),
    }
    if at_once == 1:
        sides[RAW] = scene.in_process(record, scene.scale.writes)
    what = "POST /v1/milestones/{id}/assessments, committed; raw is one after another"
    return await measure(f"W4 achievement, {at_once} at once", scene.database, what, sides, scene.scale.rounds)


def _posts(scene: Scene, server: Server, path: Callable[[], str], body: bytes, at_once: int) -> Side:
    async def run(_number: int) -> float:
        requests = [server.request("POST", path(), body) for _ in range(scene.scale.writes)]
        return await milliseconds_each(server, requests, at_once, 201)

    return run
