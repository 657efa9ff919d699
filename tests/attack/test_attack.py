"""The short form of the attack holds, and what would not hold is seen. `make attack` is the whole of it."""

import asyncio
from pathlib import Path

import pytest

from tests.attack.__main__ import SHORT, attacked
from tests.attack.report import verdict
from tests.attack.running import Service
from tests.attack.scene import MOST_MEGABYTES, MOST_MILLISECONDS, Scene, Seen, made_scene
from tests.support.databases import Postgres, Sqlite


@pytest.mark.gate_on("sqlite")
def test_the_short_form_holds(server: Postgres | Sqlite, tmp_path: Path) -> None:
    scene = made_scene(server, tmp_path, seed=15, short=True)
    try:
        found = asyncio.run(attacked(scene, SHORT))
        events = scene.service.security_events()
    finally:
        scene.service.stop()
    assert {seen.attack: verdict(seen) for seen in found if verdict(seen) != "held"} == {}
    assert len(found) == len(SHORT)
    assert all(seen.requests > 1 for seen in found)
    assert {"signInFailed", "slowed", "confidentialRead"} <= events.keys()
    assert scene.service.failures() == []


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen("a", reads=[1, MOST_MILLISECONDS + 1]), "another supplier waited 3,001 ms"),
        (Seen("a", megabytes=MOST_MEGABYTES + 1), "it took 1,501 MB"),
    ],
)
def test_what_others_wait_and_what_it_takes_is_judged(seen: Seen, said: str) -> None:
    seen.judge()
    assert verdict(seen) == f"NOT HELD: {said}"


def test_a_failure_in_the_log_is_seen(tmp_path: Path) -> None:
    service = Service("", tmp_path)
    service.log.write_text('ready\nTraceback (most recent call last):\n  File "a"\n    b()\nValueError: no\nready\n')
    assert service.failures() == ["ValueError: no"]


def test_an_answer_that_is_not_allowed_does_not_hold() -> None:
    seen = Seen("a")
    for status in ("400", "500", "500"):
        seen.saw(status, {"400"}, "file 1")
    seen.judge()
    assert (verdict(seen), seen.requests) == ("NOT HELD: file 1: 500", 3)
    assert verdict(Seen("a")) == "held"


async def test_an_attack_that_breaks_does_not_hold() -> None:
    async def broken(scene: Scene) -> list[Seen]:
        raise OSError("no more files")

    [seen] = await attacked(Scene(None, Path(), True, 1, None), [broken])  # type: ignore[arg-type]
    assert verdict(seen).startswith("NOT HELD: it ended with OSError")
