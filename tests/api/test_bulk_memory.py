"""What a declaration of very many lines takes of a server's memory, from its upload to its export."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.permissions import Role
from tests.support.commands import SECONDS
from tests.support.declared import a_leaf
from tests.support.given import Given
from tests.support.service import Apos
from tests.support.workers import serving_workers

MANY, FEWER = 100_000, 20_000
LIMITS = {MANY: 100, FEWER: 40}
"""Megabytes over idle, by the number of lines; read whole, the bodies of either took one and a half times as much or more."""
MEDIA = {"json": "application/json", "cyclonedx": "application/vnd.cyclonedx+json"}
DECLARATIONS = "/origin-declarations"


def megabytes(pid: int, name: str) -> float:
    """What a process takes of memory."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


async def steady(pid: int) -> None:
    """Waits until a process takes no more than half a second ago: until it has imported what only some requests need."""
    before = 0.0
    async with asyncio.timeout(SECONDS):
        while (now := megabytes(pid, "VmRSS")) != before:
            before = now
            await asyncio.sleep(0.5)


@contextmanager
def within(pid: int, limit: int) -> Iterator[None]:
    """Work during which a process may take this much more than it has before."""
    idle = megabytes(pid, "VmRSS")
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    yield
    taken = megabytes(pid, "VmHWM") - idle
    assert taken < limit, f"{taken:.0f} MB over idle"


def lines(count: int) -> Iterator[dict[str, Any]]:
    """Lines in which nearly everything is different."""
    for number in range(count):
        proof = {
            "level": "document",
            "uri": f"https://example.org/certificates/{number}.pdf",
            "sha256": f"{number:064}",
        }
        fields = {"partNumber": f"KE-{number}", "manufacturer": f"Maker {number % 50} B.V.", "evidence": proof}
        yield a_leaf(f"SA-{number // 9:05}-{number:06}", f"{number % 2500}.25", "power", **fields)


def as_json(ids: dict[str, str], count: int) -> bytes:
    """A declaration as JSON."""
    return json.dumps({**ids, "system": {"name": "Kestrel"}, "components": list(lines(count))}).encode()


def as_cyclonedx(ids: dict[str, str], count: int) -> bytes:
    """The same as CycloneDX."""
    parts = [
        {
            "type": "device", "bom-ref": line["key"], "name": line["name"], "manufacturer": {"name": line["manufacturer"]},
            "properties": [
                {"name": "cdx:device:quantity", "value": "1"},
                *({"name": f"apos:{name}", "value": str(line[name])} for name in ("partNumber", "functionGroup")),
                *({"name": f"apos:evidence.{name}", "value": value} for name, value in line["evidence"].items()),
                *({"name": f"apos:{name}", "value": "NL"} for name in ("countryOfManufacture", "countryOfControl")),
            ],
        }
        for line in lines(count)
    ]  # fmt: skip
    own = [{"name": f"apos:{name}", "value": value} for name, value in ids.items()]
    system = {"type": "device", "name": "Kestrel", "properties": own}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": system}, "components": parts}
    return json.dumps(bom).encode()


WRITERS = {"json": as_json, "cyclonedx": as_cyclonedx}


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize("form", WRITERS)
async def test_a_large_declaration_takes_little_memory(apos: Apos, given: Given, full: bool, form: str) -> None:
    count = MANY if full else FEWER
    limit = LIMITS[count]
    lot, supplier, _ = await given.contest()
    _, secret = await apos.key(Role.SUPPLIER, supplier["id"])
    body = WRITERS[form]({"supplierId": supplier["id"], "lotId": lot["id"]}, count)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": MEDIA[form]}
    with serving_workers(apos.database_url, 1) as workers:
        pid = workers.process.pid
        address = f"http://127.0.0.1:{workers.port}/v1"
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=300, trust_env=False) as client:
            assert (await client.get(DECLARATIONS)).status_code == 200
            await steady(pid)
            with within(pid, limit):
                answer = await client.post(DECLARATIONS, content=body)
                assert (answer.status_code, answer.json().get("componentCount")) == (201, count), answer.text[:500]
            path = f"{DECLARATIONS}/{answer.json()['id']}"
            for exported, media in ((path, MEDIA["cyclonedx"]), (f"{path}/components", "text/csv")):
                with within(pid, limit):
                    async with client.stream("GET", exported, headers={"Accept": media}) as export:
                        assert sum([len(piece) async for piece in export.aiter_bytes()]) > 100 * count
