"""What an attack meets: the service on a filled database, keys of every role, and another supplier who reads meanwhile."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.declared import PRICE, PROFILE, declaration
from domain.permissions import Role
from tests.attack.running import Service
from tests.attack.sending import answer_to, request
from tests.support.commands import command
from tests.support.databases import Postgres, Sqlite
from tests.support.portfolio import PORTFOLIO

MOST_MILLISECONDS = 3000
"""The longest that another supplier's read may take during an attack."""
MOST_MEGABYTES = 1500
"""The most memory that the service may use: itself, and two processes that read files with their limits."""
TOO_MANY_MEGABYTES = 5000
"""Beyond this the service is killed, so that the machine goes on."""
READ_SECONDS = 15
PAUSE = 0.03
"""Seconds between two reads of the other supplier."""
LINES, FEW_LINES = 20_000, 500
"""Components of the declaration that is scored, and in the short form."""


@dataclass
class Seen:
    """What was seen of an attack; it held where there is no fault. `megabytes` and `reads` are empty where nobody watched."""

    attack: str
    statuses: Counter[str] = field(default_factory=Counter)
    reads: list[float] = field(default_factory=list)
    megabytes: float = 0
    faults: list[str] = field(default_factory=list)
    left_out: str = ""

    @property
    def requests(self) -> int:
        """How many requests were sent; a connection that sends none counts as one."""
        return self.statuses.total()

    @property
    def worst(self) -> float | None:
        """The milliseconds of the other supplier's slowest read; None where nobody read."""
        return max(self.reads, default=None)

    def saw(self, status: str, allowed: Collection[str], what: str = "") -> None:
        """Counts what became of a request, and notes it where that is not among what is allowed."""
        self.statuses[status] += 1
        self.must(status in allowed, f"{what + ': ' if what else ''}{status}")

    def must(self, holds: bool, otherwise: str) -> None:
        """Notes what is wrong, once, where something does not hold."""
        if not holds and otherwise not in self.faults:
            self.faults.append(otherwise)

    def judge(self) -> None:
        """Notes where others waited too long, or the service took too much memory."""
        self.must((self.worst or 0) <= MOST_MILLISECONDS, f"another supplier waited {self.worst or 0:,.0f} ms")
        self.must(self.megabytes <= MOST_MEGABYTES, f"it took {self.megabytes:,.0f} MB")


@dataclass
class Scene:
    """One kind of database, the service on it, and who asks; what is drawn follows from `seed`."""

    server: Postgres | Sqlite
    folder: Path
    short: bool
    seed: int
    service: Service
    keys: dict[str, str] = field(default_factory=dict)
    draw: random.Random = field(default_factory=random.Random)
    attacker: str = ""
    bystander: str = ""
    declared: str = ""
    lot: str = ""
    supplier: str = ""

    @property
    def kind(self) -> str:
        """The kind of database."""
        return "sqlite" if isinstance(self.server, Sqlite) else "postgresql"

    async def send(self, sent: bytes, seconds: float = 25) -> str:
        """What became of a request to the service."""
        return await answer_to(self.service.port, sent, seconds)

    @asynccontextmanager
    async def watching(self, seen: Seen, service: Service | None = None) -> AsyncIterator[None]:
        """Within the block the other supplier reads, and the memory is watched; afterwards the service must answer."""
        watched = service or self.service
        failures = watched.failures()
        async with asyncio.TaskGroup() as tasks:
            both = [tasks.create_task(self._read(seen, watched)), tasks.create_task(_weigh(seen, watched))]
            try:
                yield
            finally:
                for task in both:
                    task.cancel()
        ready = await answer_to(watched.port, request("GET", "/readyz"), 10)
        seen.must(ready == "200", f"/readyz afterwards: {ready}")
        for failure in watched.failures()[len(failures) :]:
            seen.must(False, f"logged: {failure[:200]}")
        seen.judge()
        if ready != "200":
            watched.stop()
            watched.start()

    async def _read(self, seen: Seen, service: Service) -> None:
        asked = request("GET", "/v1/origin-declarations?limit=5", self.bystander)
        while True:
            began = time.perf_counter()
            try:
                status = await answer_to(service.port, asked, READ_SECONDS)
            finally:
                # One that is under way when the attack ends has waited too.
                seen.reads.append(1000 * (time.perf_counter() - began))
            seen.must(status == "200", f"another supplier's read: {status}")
            await asyncio.sleep(PAUSE)


async def _weigh(seen: Seen, service: Service) -> None:
    while True:
        seen.megabytes = max(seen.megabytes, service.megabytes())
        if seen.megabytes > TOO_MANY_MEGABYTES and service.lives:
            seen.must(False, f"killed at {seen.megabytes:,.0f} MB")
            service.kill()
        await asyncio.sleep(0.1)


def made_scene(server: Postgres | Sqlite, folder: Path, seed: int, *, short: bool) -> Scene:
    """A service on a database with the real portfolio, two suppliers who each declared something, and a key of every role."""
    url = server.empty()
    assert command(url, "import", str(PORTFOLIO)).exit_code == 0
    admin = command(url, "keys", "create", "--role", "programmeAdmin").stdout.strip()
    scene = Scene(server, folder, short, seed, Service(url, folder / "service"), {Role.PROGRAMME_ADMIN.value: admin})
    scene.service.start()
    with succeeding(scene.service, admin) as client:
        _fill(scene, client)
    return scene


def succeeding(service: Service, key: str) -> httpx.Client:
    """A client of the service that fails where an answer is no success."""

    def must_succeed(answer: httpx.Response) -> None:
        if answer.status_code >= 400:
            answer.read()
            raise RuntimeError(
                f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}"
            )

    return httpx.Client(
        base_url=f"http://127.0.0.1:{service.port}/v1",
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
        trust_env=False,
        event_hooks={"response": [must_succeed]},
    )


def _fill(scene: Scene, client: httpx.Client) -> None:
    def post(path: str, body: dict[str, Any], key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        made: dict[str, Any] = client.post(path, json=body, headers=headers).json()
        return made

    for role in Role:
        if role not in (Role.PROGRAMME_ADMIN, Role.SUPPLIER):
            scene.keys[role.value] = post("/api-keys", {"role": role.value, "label": role.value})["secret"]
    lines = FEW_LINES if scene.short else LINES
    for number, size in enumerate((lines, 20)):
        programme = post("/programmes", {"code": f"AT{number}", "title": f"Programma {number}"})
        body = {"programmeId": programme["id"], "code": f"AT{number}", "title": "Kavel", "status": "running"}
        lot, supplier = post("/lots", body)["id"], post("/suppliers", {"name": f"Bedrijf {number}"})["id"]
        post(f"/lots/{lot}/partners", {"supplierId": supplier, "role": "partner"})
        client.put(f"/lots/{lot}/scoring-profile", json=PROFILE, headers={"If-Match": "*"})
        keys = [
            post("/api-keys", {"role": "supplier", "supplierId": supplier, "label": f"{number}-{n}"})["secret"]
            for n in range(2)
        ]
        ids = {"supplierId": supplier, "lotId": lot, "price": PRICE}
        made = post("/origin-declarations", {**ids, **declaration(size, number)}, keys[0])["id"]
        if number == 0:
            scene.attacker, scene.keys[Role.SUPPLIER.value] = keys
            scene.declared, scene.lot, scene.supplier = made, lot, supplier
        else:
            scene.bystander = keys[0]
