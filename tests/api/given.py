"""What a test is given, made over HTTP by the programme administrator; a test names only what matters to it."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from domain.permissions import Role
from tests.api.service import Apos

WINDOW = {"start": "2026-12-01", "end": "2026-12-31"}


@dataclass
class Given:
    """Makes rows through the contract, and clients that see them."""

    apos: Apos
    admin: httpx.AsyncClient
    numbers: Any = field(default_factory=lambda: count(1))

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Creates something and gives the answer."""
        answer = await self.admin.post(path, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def source(self, **fields: Any) -> dict[str, Any]:
        """A published source."""
        return await self.post("/sources", {"key": f"source-{next(self.numbers)}", "title": "Kamerbrief", **fields})

    async def programme(self, **fields: Any) -> dict[str, Any]:
        """A programme."""
        code = f"P{next(self.numbers)}"
        return await self.post("/programmes", {"code": code, "title": f"Programma {code}", **fields})

    async def lot(self, **fields: Any) -> dict[str, Any]:
        """A lot, in a programme of its own unless one is named."""
        if "programmeId" not in fields:
            fields["programmeId"] = (await self.programme())["id"]
        code = f"K{next(self.numbers)}"
        return await self.post("/lots", {"code": code, "title": f"Kavel {code}", **fields})

    async def challenge(self, **fields: Any) -> dict[str, Any]:
        """A challenge, in a programme of its own unless one is named."""
        if "programmeId" not in fields:
            fields["programmeId"] = (await self.programme())["id"]
        code = f"IC{next(self.numbers)}"
        return await self.post("/challenges", {"code": code, "title": f"Challenge {code}", **fields})

    async def milestone(self, parent: str = "", **fields: Any) -> dict[str, Any]:
        """A milestone of a parent (`/lots/ID`), of a running lot of its own unless one is named."""
        if not parent:
            parent = f"/lots/{(await self.lot(status='running'))['id']}"
        body = {"title": "Beproeving", "kind": "trial", "window": WINDOW, **fields}
        return await self.post(f"{parent}/milestones", body)

    async def supplier(self, **fields: Any) -> dict[str, Any]:
        """A supplier whose name is not public."""
        return await self.post("/suppliers", {"name": f"Bedrijf {next(self.numbers)}", **fields})

    async def partner(self, lot: dict[str, Any], supplier: dict[str, Any]) -> dict[str, Any]:
        """A supplier's part in a lot."""
        return await self.post(f"/lots/{lot['id']}/partners", {"supplierId": supplier["id"], "role": "partner"})

    async def assessor(self, path: str) -> httpx.AsyncClient:
        """A client of an assessor who is assigned to a lot or challenge, by its path."""
        key_id, secret = await self.apos.key(Role.ASSESSOR)
        parent = await self.admin.get(path)
        tag = {"If-Match": parent.headers["etag"]}
        answer = await self.admin.put(f"{path}/assessors", json={"keyIds": [key_id]}, headers=tag)
        assert answer.status_code == 200, answer.text
        return self.apos.client(secret)


def faults(answer: httpx.Response) -> dict[str, str]:
    """The faults of a problem, by pointer."""
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in answer.json().get("errors", [])}
