"""`python -m bench`: measures the service beside a peer and its floor, prints the ratios and writes them to `build/bench/`.

It starts its own servers on 127.0.0.1 and its own databases in temporary folders, and removes them afterwards.
"""

import argparse
import asyncio
import gc
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import uvloop

from bench.assessing import assessing
from bench.bystanders import waiting
from bench.cores import Cores
from bench.databases import Kind, Place, place_of, sync_milliseconds
from bench.exporting import exporting, exporting_memory
from bench.intake import intake, intake_memory
from bench.lots import overseeing
from bench.processes import FLOOR, PEER, ROOT, SERVICE, serving
from bench.raw import raw_on
from bench.reading import reading
from bench.report import Report
from bench.scale import FULL, QUICK
from bench.scene import Scene
from bench.scoring import previewing, scoring, scoring_in_process
from bench.stage import Stage, admin_key, set_stage
from bench.starting import starting
from bench.writing import drafting, replacing

WORKLOADS = (exporting, overseeing, assessing, reading, drafting, replacing, intake, scoring, starting)
WITHOUT_DATABASE = (previewing, scoring_in_process)
"""Workloads that are measured once, because the kind of database makes no difference."""
STARTED_AT = time.perf_counter()
LIMIT_SECONDS = 900
"""The bench is interrupted after this long; on a quiet machine with two cores it takes less than half of it."""
FULL_DATABASE, BARE_DATABASE = "apos", "bare"


def main(words: Sequence[str] | None = None) -> None:
    """Runs the bench."""
    arguments = _arguments(words)
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _interrupt)
    signal.alarm(LIMIT_SECONDS)
    cores = Cores()
    scale = QUICK if arguments.quick else FULL
    scale = replace(scale, lots=scale.lots * arguments.times_lots)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="apos-bench-") as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            report = Report(scale, cores.describe(), sync_milliseconds(Path(folder)))
            for kind in arguments.database or get_args(Kind):
                with place_of(kind, Path(folder), cores) as place:
                    _log(f"{place.settings}: filling it")
                    report.databases.append(place.settings)
                    _measure(place, Path(folder), report, cores, runner.run, only=arguments.only)
    finally:
        cores.release()
    report.seconds = time.perf_counter() - STARTED_AT
    report.write(arguments.out)
    print(report.as_text())
    _log(f"written to {arguments.out}")


def _measure(
    place: Place,
    folder: Path,
    report: Report,
    cores: Cores,
    run: Callable[[Coroutine[Any, Any, Any]], Any],
    *,
    only: Sequence[str] | None,
) -> None:
    """Measures every workload, or only those named in `only`, on one kind of database."""
    place.make(FULL_DATABASE)
    admin = run(admin_key(place.url(FULL_DATABASE)))
    settings = {"APOS_DATABASE_URL": place.url(FULL_DATABASE)}
    with serving(SERVICE, settings, folder, cores) as service:
        stage = run(set_stage(service.port, place.url(FULL_DATABASE), admin, report.scale))
    place.copy(FULL_DATABASE, BARE_DATABASE)
    with _scene(place, folder, stage, report, cores) as scene:
        # Frozen, so that garbage collection of what this process imported does not count in the raw limit.
        gc.collect()
        gc.freeze()
        if not only or exporting.__name__ in only:
            # First of all, while the service's process holds no memory of other work.
            report.held += run(exporting_memory(scene))
        if not only or intake.__name__ in only:
            report.held += run(intake_memory(scene))
        for workload in (*WORKLOADS, *(() if report.measured else WITHOUT_DATABASE)):
            if only and workload.__name__ not in only:
                continue
            _log(f"{place.kind}: {workload.__name__}")
            report.measured += run(workload(scene))
        if not only or waiting.__name__ in only:
            _log(f"{place.kind}: waiting")
            report.waited += run(waiting(scene))


@contextmanager
def _scene(place: Place, folder: Path, stage: Stage, report: Report, cores: Cores) -> Iterator[Scene]:
    """The service on its database, and the peer, the floor and the raw limit on the bare copy."""
    with ExitStack() as opened:
        settings = {"APOS_DATABASE_URL": place.url(FULL_DATABASE)}
        service = opened.enter_context(serving(SERVICE, settings, folder, cores))
        bare = {"BENCH_DATABASE_URL": place.url(BARE_DATABASE)}
        peer = opened.enter_context(serving(PEER, bare, folder, cores))
        floor = opened.enter_context(serving(FLOOR, bare, folder, cores))
        raw = opened.enter_context(raw_on(place, BARE_DATABASE))
        yield Scene(place, cores, report.scale, stage, service, peer, floor, raw)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one round of small sizes: shows that it works, not how fast"
    )
    parser.add_argument("--times-lots", type=int, default=1, metavar="N", help="N times as many lots and milestones")
    parser.add_argument("--database", action="append", choices=get_args(Kind), help="only this kind")
    names = [workload.__name__ for workload in (*WORKLOADS, *WITHOUT_DATABASE, waiting)]
    parser.add_argument("--only", action="append", choices=names, help="only these measurements")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench", help="folder for bench.json and bench.md")
    return parser.parse_args(words)


def _interrupt(_number: int, _frame: object) -> None:
    """Ends the bench as Ctrl-C does, so that the servers it started are stopped too."""
    raise KeyboardInterrupt


def _log(text: str) -> None:
    print(f"{time.perf_counter() - STARTED_AT:6.1f} s  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
