"""Reading answers: all pages of a list, and a refusal but for the request that it names."""

import re
from typing import Any

import httpx


async def walk(client: httpx.AsyncClient, path: str) -> list[dict[str, object]]:
    """All items of a list, page by page, by its links."""
    found: list[dict[str, object]] = []
    while path:
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        link = re.fullmatch(r'</v1(.+)>; rel="next"', answer.headers.get("link", ""))
        assert (link is None) == (answer.json()["nextCursor"] is None)
        path = link[1] if link else ""
    return found


def without_instance(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """An answer but for what names the request."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "content-length")}
    return answer.status_code, body, headers
