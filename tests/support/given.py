"""What a test is given, made over HTTP by the programme administrator; a test names only what matters to it."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from domain.permissions import Role
from tests.support.declared import PROFILE, SIGNED, euros, statement
from tests.support.service import Apos

WINDOW = {"start": "2026-12-01", "end": "2026-12-31"}


@dataclass
class Given:
    """Makes rows through the contract, and clients that see them."""

    apos: Apos
    admin: httpx.AsyncClient
    numbers: Any = field(default_factory=lambda: count(1))
    other: httpx.AsyncClient | None = None

    async def second(self) -> httpx.AsyncClient:
        """A client of another administrator, for what takes two actors."""
        if self.other is None:
            self.other = await self.apos.as_(Role.PROGRAMME_ADMIN)
        return self.other

    async def post(self, path: str, body: dict[str, Any], by: httpx.AsyncClient | None = None) -> dict[str, Any]:
        """Creates something and gives the answer."""
        answer = await (by or self.admin).post(path, json=body)
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

    async def consent(self, supplier: dict[str, Any], scope: str, **fields: Any) -> dict[str, Any]:
        """A supplier's consent to be named."""
        body = {"scope": scope, "givenOn": "2026-11-01", **fields}
        return await self.post(f"/suppliers/{supplier['id']}/consents", body)

    async def changed(self, path: str, patch: dict[str, Any]) -> dict[str, Any]:
        """Changes something, whatever its version, and gives the answer."""
        answer = await self.admin.patch(path, json=patch, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def put(
        self, path: str, part: str, body: dict[str, Any], client: httpx.AsyncClient | None = None
    ) -> dict[str, Any]:
        """Replaces a part of something with the ETag of the whole, and gives the answer."""
        asking = client or self.admin
        tag = {"If-Match": (await asking.get(path)).headers["etag"]}
        answer = await asking.put(f"{path}/{part}", json=body, headers=tag)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def contest(self, **profile: Any) -> tuple[dict[str, Any], dict[str, Any], httpx.AsyncClient]:
        """A running lot with a scoring profile, a supplier that takes part in it, and a client of that supplier."""
        lot, supplier = await self.lot(status="running"), await self.supplier()
        await self.partner(lot, supplier)
        await self.put(f"/lots/{lot['id']}", "scoring-profile", {**PROFILE, **profile})
        return lot, supplier, await self.apos.as_(Role.SUPPLIER, supplier["id"])

    async def declaration(
        self, lot: dict[str, Any], supplier: dict[str, Any], client: httpx.AsyncClient, **fields: Any
    ) -> dict[str, Any]:
        """A draft of worked example 1 for a lot."""
        body = {"supplierId": supplier["id"], "lotId": lot["id"], **statement(price=euros("1000000")), **fields}
        answer = await client.post("/origin-declarations", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def submitted(self, declaration: dict[str, Any], client: httpx.AsyncClient) -> dict[str, Any]:
        """Submits a draft."""
        answer = await client.post(f"/origin-declarations/{declaration['id']}/submissions", json=SIGNED)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def reviewed(self, declaration: dict[str, Any], verdict: str) -> dict[str, Any]:
        """Reviews a submitted declaration, as another than who may have submitted it."""
        body = {"verdict": verdict, "narrative": "Bekeken."}
        return await self.post(f"/origin-declarations/{declaration['id']}/reviews", body, await self.second())

    async def waived(self, declaration: dict[str, Any], waiver: dict[str, Any]) -> dict[str, Any]:
        """Proposes a waiver of a knock-out, and confirms it as another."""
        made = await self.post(f"/origin-declarations/{declaration['id']}/waivers", waiver)
        return {**made, "confirmation": await self.confirmed(made)}

    async def confirmed(self, waiver: dict[str, Any]) -> dict[str, Any]:
        """Confirms a proposed waiver."""
        return await self.post(f"/waivers/{waiver['id']}/confirmations", {}, await self.second())

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
