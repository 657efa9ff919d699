"""`python -m tests.attack`: attacks the service on both databases, and prints what was asked, what was answered, and what held.

It starts its own servers on 127.0.0.1 and its own databases in temporary folders, and ends and removes them. What is drawn
follows from `--seed`. It ends with 1 where something did not hold.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from tests.attack.connections import idle_connections, large_headers, slow_headers, stalled_bodies, unread_answers
from tests.attack.files import damaged_files, large_files
from tests.attack.kills import kills_of_workers, kills_under_load
from tests.attack.machine import full_disk, newer_schema
from tests.attack.odd_requests import odd_requests
from tests.attack.report import show
from tests.attack.roles import every_role
from tests.attack.scene import Scene, Seen, made_scene
from tests.attack.work import guessed_keys, scores_at_once
from tests.support.databases import Postgres, Sqlite, running_postgres, sqlite_files

Attack = Callable[[Scene], Awaitable[list[Seen]]]
SHORT: Sequence[Attack] = (odd_requests, large_files, damaged_files, kills_under_load, newer_schema, guessed_keys)
WHOLE: Sequence[Attack] = (
    *(odd_requests, large_files, damaged_files, scores_at_once, large_headers, slow_headers, idle_connections),
    *(stalled_bodies, unread_answers, kills_under_load, kills_of_workers, full_disk, newer_schema, guessed_keys),
    every_role,
)
"""In this order: guessed keys slow the address from which all is asked for a minute, so whoever has no key is answered 429."""
DATABASES: dict[str, Callable[[], AbstractContextManager[Postgres | Sqlite]]] = {
    "sqlite": sqlite_files,
    "postgresql": running_postgres,
}
LIMIT_SECONDS = 900
SEED = 15


async def attacked(scene: Scene, attacks: Sequence[Attack]) -> list[Seen]:
    """What was seen of each attack, one after the other."""
    found = []
    for attack in attacks:
        began = time.perf_counter()
        # Each draws for itself, so that it does the same when it is run alone.
        scene.draw = random.Random(f"{scene.seed} {attack.__name__}")
        try:
            found += await attack(scene)
        except (Exception, BaseExceptionGroup) as error:
            # The others are to be tried all the same.
            found.append(Seen(attack.__name__, faults=[f"it ended with {error!r}"[:500]]))
        print(f"{time.perf_counter() - began:6.1f} s  {attack.__name__}", file=sys.stderr, flush=True)
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Runs the attacks; 1 where something did not hold, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--short", action="store_true", help="what the gate runs")
    parser.add_argument("--seed", type=int, default=SEED, help="for what is drawn")
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this kind")
    names = {attack.__name__: attack for attack in WHOLE}
    parser.add_argument("--only", action="append", choices=names, help="only these attacks")
    given = parser.parse_args(words)
    chosen = [names[name] for name in given.only] if given.only else SHORT if given.short else WHOLE
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _interrupt)
    signal.alarm(LIMIT_SECONDS)
    held = True
    for kind in given.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="apos-attack-") as folder, DATABASES[kind]() as server:
            scene = made_scene(server, Path(folder), given.seed, short=given.short)
            try:
                found = asyncio.run(attacked(scene, chosen))
            finally:
                scene.service.stop()
            show(scene, found)
            held = held and not any(seen.faults for seen in found)
    print(f"seed {given.seed}: {'all of it held' if held else 'something did not hold'}")
    return 0 if held else 1


def _interrupt(_number: int, _frame: object) -> None:
    """Ends as Ctrl-C does, so that the servers that were started are ended too."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
