"""Scoring a system of many components: in process, over HTTP for a stored declaration, and as a preview."""

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bench.data_work import (
    DAY,
    PARSE_DECLARATION,
    PRICE_CENTS,
    rows_of,
    scored_columns,
    the_profile,
    the_scheme,
)
from bench.declared import PRICE, PROFILE, declaration, in_bytes
from bench.rounds import FLOOR, RAW, SERVICE, Measured, Side, measure
from bench.scene import Scene
from bench.wire import Server
from domain.declarations.components import components_of
from domain.declarations.origin_declarations import system_of
from domain.scoring import bm1

SEED = 5000


async def scoring(scene: Scene) -> list[Measured]:
    """The score of a stored declaration, worked out again with its explanation."""
    own, size = scene.stage.scored, scene.scale.components
    sides: dict[str, Side] = {
        SERVICE: _gets(scene.as_supplier(), f"/v1/origin-declarations/{own}/score"),
        FLOOR: _gets(scene.bare(), f"/declarations/{own}/score"),
    }
    what = f"of a submitted declaration of {size:,} components, with its explanation"
    return [await measure("GET score", scene.database, what, sides, scene.scale.rounds)]


async def previewing(scene: Scene) -> list[Measured]:
    """The score of a declaration sent as a preview; the database is hardly used."""
    size, rounds = scene.scale.components, scene.scale.rounds
    bodies = [
        in_bytes({"profile": PROFILE, "declaration": declaration(size, SEED + number), "price": PRICE})
        for number in range(rounds + 1)
    ]
    sides: dict[str, Side] = {
        SERVICE: _posts(scene.as_supplier(), "/v1/score-previews", bodies),
        FLOOR: _posts(scene.bare(), "/previews", bodies),
    }
    what = f"POST /v1/score-previews, {size:,} components, {len(bodies[0]) / 1e6:.1f} MB of JSON"
    return [await measure("score preview", scene.database, what, sides, rounds)]


async def scoring_in_process(scene: Scene) -> list[Measured]:
    """The time of each step of scoring in this process; no database is used."""
    size, rounds = scene.scale.components, scene.scale.rounds
    declared = PARSE_DECLARATION.validate_json(in_bytes(declaration(size, SEED)))
    lines = [row[2:] for row in rows_of(declared["components"])]
    by_step: dict[str, list[float]] = {}
    with scene.cores.of_the_server():
        for number in range(rounds + 1):
            for step, milliseconds in _steps(lines, scored_columns(declared)).items():
                by_step.setdefault(step, []).extend([milliseconds] if number else [])
    what = f"{size:,} components of storage form, from tuples to the bytes of the answer"
    return [Measured(f"scoring in process: {step}", "none", what, {RAW: each}) for step, each in by_step.items()]


def _steps(lines: Sequence[Sequence[Any]], declared: Mapping[str, Any]) -> dict[str, float]:
    """The milliseconds of each step of a score, and of all."""
    moments = [time.perf_counter()]
    system = system_of(declared, components_of(lines))
    moments.append(time.perf_counter())
    score = bm1.score(the_scheme(), the_profile(), system, price_cents=PRICE_CENTS, reference_date=DAY)
    moments.append(time.perf_counter())
    shown = bm1.shown(score)
    moments.append(time.perf_counter())
    in_bytes(shown)
    moments.append(time.perf_counter())
    steps = [1000 * (end - begin) for begin, end in pairwise(moments)]
    return {**dict(zip(("components", "score", "shown", "JSON"), steps, strict=True)), "all": sum(steps)}


def _gets(server: Server, path: str) -> Side:
    async def run(_number: int) -> float:
        async with server.connected() as connection:
            return (await connection.timed(server.request("GET", path)))[0]

    return run


def _posts(server: Server, path: str, bodies: list[bytes]) -> Side:
    async def run(number: int) -> float:
        async with server.connected() as connection:
            return (await connection.timed(server.request("POST", path, bodies[number])))[0]

    return run
