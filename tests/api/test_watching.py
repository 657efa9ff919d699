"""The security log, the log and the figures of a real service of several workers."""

import json
import stat
from pathlib import Path

import httpx

from tests.support.databases import Sqlite
from tests.support.workers import serving_workers, until

KEY = "apos_of nobody"
METRICS = {"Authorization": "Bearer watch"}


async def test_workers_write_one_security_log_and_add_up_their_figures(sqlite: Sqlite, tmp_path: Path) -> None:
    log = tmp_path / "security.log"
    settings = {"APOS_SECURITY_LOG": str(log), "APOS_METRICS_KEY": "watch", "APOS_FAILURE_LIMIT": "4"}
    url = sqlite.empty()
    with serving_workers(url, 2, **settings, APOS_LOG_FORMAT="json") as workers:
        async with workers.clients(KEY, connections=1) as clients:
            for client in clients:
                assert [(await client.get("/lots")).status_code for _ in range(5)] == [401] * 4 + [429]
            until(lambda: len(log.read_text().splitlines()) == 10)
            outside = f"http://127.0.0.1:{workers.port}/metrics"
            async with httpx.AsyncClient(trust_env=False) as watcher:
                seen = (await watcher.get(outside, headers=METRICS)).text.splitlines()
    sqlite.drop(url)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert sorted(event["event"] for event in events) == ["signInFailed"] * 8 + ["slowed"] * 2
    assert KEY not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert 'apos_requests_total{method="GET",route="/lots",status="401"} 8.0' in seen
    assert 'apos_security_events_total{event="slowed"} 2.0' in seen
