"""The contract as the service serves it."""

import asyncio
from functools import cache
from typing import Any

from domain.permissions import Role
from tests.architecture.stand_in import client, stand_in


@cache
def contract() -> dict[str, Any]:
    """The document at /v1/openapi.json, with the settings as they are by default."""
    return asyncio.run(_served())


async def _served() -> dict[str, Any]:
    async with client(stand_in(Role.VIEWER)) as asking:
        answer = await asking.get("/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document
