"""Processes that are killed while they write: what was answered is there, whole and once, and the service goes on."""

import asyncio
import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.declared import PRICE, declaration
from tests.attack.running import Service
from tests.attack.scene import Scene, Seen, succeeding
from tests.attack.sending import CLOSED
from tests.support.commands import command
from tests.support.service import ledger_matches_rows
from tests.support.workers import Workers

WRITERS, LINES = 4, 60
SECONDS = 20


@dataclass
class Writing:
    """What one writer sends: rows of their own, each with a key under which it may be sent again."""

    service: Service
    admin: str
    ids: dict[str, str]
    number: int
    answered: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def next(self, count: int) -> tuple[str, dict[str, Any], str]:
        """A path, a body, and the key of the request."""
        key = f"kill-{self.number}-{count}"
        if count % 3:
            return "/sources", {"key": key, "title": "Kamerbrief " + "x" * 200}, key
        return "/origin-declarations", {**self.ids, "price": PRICE, **declaration(LINES, count)}, key

    async def write(self, until: asyncio.Event) -> None:
        """Writes until told; what was not answered is remembered."""
        count = 0
        async with self.client() as client:
            while not until.is_set():
                count += 1
                await self.send(client, self.next(count))

    def client(self) -> httpx.AsyncClient:
        """A client of the administrator."""
        headers = {"Authorization": f"Bearer {self.admin}"}
        address = f"http://127.0.0.1:{self.service.port}/v1"
        return httpx.AsyncClient(base_url=address, headers=headers, timeout=SECONDS, trust_env=False)

    async def send(self, client: httpx.AsyncClient, asked: tuple[str, dict[str, Any], str]) -> None:
        """Sends one, and notes its id, or that it was not answered."""
        path, body, key = asked
        try:
            answer = await client.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self.statuses[CLOSED] += 1
            self.lost.append(asked)
            await asyncio.sleep(0.02)
            return
        self.statuses[str(answer.status_code)] += 1
        if answer.status_code == 201:
            self.answered[f"{path}/{answer.json()['id']}"] = key

    async def send_again(self) -> None:
        """Sends again what was not answered."""
        lost, self.lost = self.lost, []
        async with self.client() as client:
            for asked in lost:
                await self.send(client, asked)


async def kills_under_load(scene: Scene) -> list[Seen]:
    """The only process, killed at random moments while four clients write."""
    seen = Seen("kill -9 under writes")
    service, writers = await asyncio.to_thread(_own_service, scene, "killed", 1)
    try:
        for _ in range(1 if scene.short else 3):
            until = asyncio.Event()
            writing = [asyncio.create_task(each.write(until)) for each in writers]
            await asyncio.sleep(scene.draw.uniform(0.4, 1.2))
            service.kill()
            until.set()
            await asyncio.gather(*writing)
            await asyncio.to_thread(service.start)
            for each in writers:
                each.number += len(writers)
        await _check(seen, service, writers)
    finally:
        service.stop()
    return [seen]


async def kills_of_workers(scene: Scene) -> list[Seen]:
    """One of two processes, killed at random moments: the other answers, and a new one takes its place."""
    seen = Seen("kill -9 of one of two processes")
    service, writers = await asyncio.to_thread(_own_service, scene, "workers", 2)
    assert service.process is not None
    workers = Workers(service.process, service.log, service.port)
    try:
        until = asyncio.Event()
        writing = [asyncio.create_task(each.write(until)) for each in writers]
        for _ in range(3):
            await asyncio.sleep(scene.draw.uniform(0.5, 1.5))
            os.kill(scene.draw.choice(workers.serving), signal.SIGKILL)
            replaced = await asyncio.to_thread(_are_two, workers)
            seen.must(replaced, "no process took the place of the one that was killed")
        until.set()
        await asyncio.gather(*writing)
        await _check(seen, service, writers)
    finally:
        service.stop()
    return [seen]


def _own_service(scene: Scene, name: str, workers: int) -> tuple[Service, list[Writing]]:
    """A service on an empty database of its own, and its writers."""
    url = scene.server.empty()
    admin = command(url, "keys", "create", "--role", "programmeAdmin").stdout.strip()
    service = Service(url, scene.folder / name, {"APOS_POOL_SIZE": "5"}, workers)
    service.start()
    with succeeding(service, admin) as client:
        programme = client.post("/programmes", json={"code": "P", "title": "Programma"}).json()["id"]
        lot = {"programmeId": programme, "code": "K", "title": "Kavel", "status": "running"}
        lot_id = client.post("/lots", json=lot).json()["id"]
        supplier = client.post("/suppliers", json={"name": "Bedrijf"}).json()["id"]
        client.post(f"/lots/{lot_id}/partners", json={"supplierId": supplier, "role": "partner"})
    ids = {"supplierId": supplier, "lotId": lot_id}
    return service, [Writing(service, admin, ids, number) for number in range(WRITERS)]


def _are_two(workers: Workers) -> bool:
    """Whether two processes have the service's socket, once that is so or in time."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        # The one that was killed no longer has it.
        if len(workers.serving) == 2:
            return True
        time.sleep(0.1)
    return False


async def _check(seen: Seen, service: Service, writers: list[Writing]) -> None:
    """All that was answered is there, whole; what was not is there once when it is sent again; the database is sound."""
    for each in writers:
        await each.send_again()
        seen.statuses += each.statuses
    allowed = {"201", CLOSED}
    seen.must(set(seen.statuses) <= allowed, f"answered {sorted(set(seen.statuses) - allowed)}")
    answered = {path for each in writers for path in each.answered}
    seen.must(len(answered) == sum(len(each.answered) for each in writers), "one row was answered for two requests")
    await asyncio.to_thread(_check_stored, seen, service, writers[0].admin, answered)
    service.stop()
    _check_database(seen, service.url)


def _check_stored(seen: Seen, service: Service, admin: str, answered: set[str]) -> None:
    with httpx.Client(
        base_url=f"http://127.0.0.1:{service.port}/v1",
        headers={"Authorization": f"Bearer {admin}", "Accept": "text/csv"},
        timeout=SECONDS,
        trust_env=False,
    ) as client:
        for path in answered:
            drafted = path.startswith("/origin-declarations")
            read = client.get(f"{path}/components" if drafted else path, headers={} if drafted else {"Accept": "*/*"})
            seen.must(read.status_code == 200, f"an answered write is not there: {read.status_code}")
            seen.must(not drafted or read.text.count("\n") == LINES + 1, "a declaration has not all its lines")
        stored = sum(_count(client, kind) for kind in ("/sources", "/origin-declarations"))
    seen.must(stored == len(answered), f"{stored} rows are stored, {len(answered)} were answered")


def _check_database(seen: Seen, url: str) -> None:
    try:
        ledger_matches_rows(url)
    except AssertionError as error:
        seen.must(False, f"ledger and rows differ: {str(error)[:200]}")
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            checked = database.execute("PRAGMA integrity_check").fetchall()
            broken = database.execute("PRAGMA foreign_key_check").fetchall()
        seen.must(checked == [("ok",)] and not broken, f"the database is not sound: {checked[:3]} {broken[:3]}")


def _count(client: httpx.Client, path: str) -> int:
    count, cursor = 0, None
    while True:
        asked = {"limit": "200", **({"cursor": cursor} if cursor else {})}
        page = client.get(path, params=asked, headers={"Accept": "application/json"}).json()
        count, cursor = count + len(page["items"]), page["nextCursor"]
        if cursor is None:
            return count
