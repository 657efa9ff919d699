"""The bench still works: a quick run of it, on each kind of database, measures every workload on every side."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.http.negotiation import CSV, CYCLONEDX, JSON, XLSX
from tests.support.databases import Postgres, Sqlite

ROOT = Path(__file__).parents[2]
WORKLOADS = {
    "W1 one lot",
    "W2 page of lots",
    "W3 status",
    "status, unchanged",
    "W4 achievement, 1 at once",
    "W4 achievement, 16 at once",
    "GET one declaration",
    "list page of declarations",
    "list page of components",
    "W5 draft",
    "W6 components as CSV",
    "PUT components",
    "GET score",
    "score preview",
    "starting",
}
FIRST_READ = "first read after starting"
BESIDE_A_PEER = {name for name in WORKLOADS if name.startswith(("W", "status", "starting"))} | {FIRST_READ}
SECONDS = 240


@pytest.mark.gate_on("sqlite")
def test_a_quick_run_measures_the_service_and_its_floor_on_every_workload(
    server: Postgres | Sqlite, tmp_path: Path
) -> None:
    kind = "sqlite" if isinstance(server, Sqlite) else "postgresql"
    command = [sys.executable, "-m", "bench", "--quick", "--database", kind, "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    both = {one["workload"] for one in found["measured"] if {"service", "floor"} <= one["rounds"].keys()}
    assert both == WORKLOADS
    beside = {one["workload"]: one for one in found["measured"] if "peer" in one["rounds"]}
    assert beside.keys() == BESIDE_A_PEER
    for one in beside.values():
        assert one["timesThePeer"] == pytest.approx(one["medians"]["peer"] / one["medians"]["service"])
    assert {one["database"] for one in found["measured"]} == {kind, "none"}
    assert [one["beside"] for one in found["waited"]] == [
        "nothing", "POST of 100 components", "score preview of 100 components",
    ]  # fmt: skip
    uploads = [f"upload of 300 lines as {media}" for media in (JSON, CSV, XLSX, CYCLONEDX)]
    assert [one["what"] for one in found["held"]] == ["2 declarations of 300 components as CSV", *uploads]
    taken = [one["workload"] for one in found["measured"] if one["workload"].startswith("intake")]
    assert len(taken) == 2 * (1 + len(uploads))
    assert all(one["most"] >= one["idle"] > 0 for one in found["held"])
    assert all(f"times the {side}" in done.stdout for side in ("peer", "floor"))
