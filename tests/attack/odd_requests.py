"""Requests that no client would send: each is refused with what it is, and none is a failure of the service."""

import base64
import json

from tests.attack.scene import Scene, Seen
from tests.attack.sending import CLOSED, HOST, request

REFUSED, BAD = {"400"}, {"400", CLOSED}


def cursor(*place: object) -> str:
    """A cursor as a list gives it, for this place."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def raw(head: str, *headers: str, key: str = "", body: bytes = b"") -> bytes:
    """A request of exactly these lines."""
    own = [f"Host: {HOST}", f"Authorization: Bearer {key}"]
    return "\r\n".join([head, *own, *headers, "", ""]).encode("latin-1") + body


def odd_requests_of(scene: Scene) -> dict[str, tuple[bytes, set[str]]]:
    """By name: a request, and what it may be answered with."""
    key, admin = scene.attacker, scene.keys["programmeAdmin"]
    components = f"/v1/origin-declarations/{scene.declared}/components"
    beyond, post = "999999999999999999", "POST /v1/origin-declarations HTTP/1.1"
    lists = {
        "cursor at a position beyond all": f"{components}?cursor={cursor('position', None, beyond)}",
        "cursor at a longer position": f"{components}?cursor={cursor('position', None, '9' * 500)}",
        "cursor of nested lists": f"{components}?cursor={base64.urlsafe_b64encode(b'[' * 1400).decode()}",
        "cursor that is no text": f"{components}?cursor=%00%ff",
        "limit beyond all": f"/v1/lots?limit={'9' * 4000}",
        "limit that is no number": "/v1/lots?limit=NaN",
        "sort by what is hidden": "/v1/lots?sort=revision%27--",
    }
    return {
        **{name: (request("GET", path, key), {"400", "422"}) for name, path in lists.items()},
        "events beyond all": (request("GET", f"/v1/audit-events?cursor={cursor('id', None, '9' * 19)}", admin), REFUSED),
        "event of a number beyond all": (request("GET", f"/v1/audit-events/{'9' * 30}", admin), {"400", "404"}),
        "length of 4,300 digits": (raw(post, f"Content-Length: {'9' * 4300}", key=key), {"400", "413", CLOSED}),
        "length of 30 digits": (raw(post, f"Content-Length: {'9' * 30}", key=key), {"400", "413", CLOSED}),
        "length below nothing": (raw(post, "Content-Length: -1", key=key), BAD),
        "two lengths": (raw(post, "Content-Length: 2", "Content-Length: 3", key=key, body=b"{}{"), BAD),
        "length beside pieces": (
            raw(post, "Content-Length: 3", "Transfer-Encoding: chunked", key=key, body=b"0\r\n\r\nGET /smuggled"), BAD,
        ),
        "piece without length": (raw(post, "Transfer-Encoding: chunked", key=key, body=b"zz\r\n{}\r\n"), BAD),
        "slash that is encoded": (request("GET", f"/v1/lots%2f{scene.lot}", key), REFUSED),
        "slash that is encoded, in an id": (request("GET", f"/v1/lots/{scene.lot}%2Fpartners", key), REFUSED),
        "NUL in a path": (request("GET", "/v1/lots/%00", key), {"400", "404"}),
        "path that climbs": (request("GET", "/v1/../../etc/passwd", key), {"400", "404"}),
        "bytes that are no text in a path": (request("GET", "/v1/lots/%ff%fe", key), {"400", "404"}),
        "8,000 parameters": (request("GET", "/v1/lots?" + "&".join(["limit=1"] * 8_000), key), {"400", "431", CLOSED}),
        "key that is no text": (raw("GET /v1/lots HTTP/1.1", key="\xff\xfe\x80"), {"401", "429"}),
        "key of 60,000 characters": (request("GET", "/v1/lots", "x" * 60_000), {"401", "429", "431", CLOSED}),
        "method that is none": (request("BREW", "/v1/lots", key), {"400", "405", CLOSED}),
        "TRACE": (request("TRACE", "/v1/lots", key), {"400", "405"}),
        "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100 + b"\r\n\r\n", BAD),
        "JSON that is no text": (
            request("POST", "/v1/origin-declarations", key, b'{"a":"\xff"}', Content_Type="application/json"), {"400"},
        ),
        "JSON of numbers without end": (
            request("POST", "/v1/score-previews", key, b'{"a":' + b"9" * 900_000 + b"}", Content_Type="application/json"),
            {"400", "422"},
        ),
        "JSON of levels without end": (
            request("POST", "/v1/score-previews", key, b"[" * 900_000, Content_Type="application/json"), {"400", "422"},
        ),
    }  # fmt: skip


async def odd_requests(scene: Scene) -> list[Seen]:
    """Each of them once, in an order that is drawn."""
    seen = Seen("requests that no client sends")
    asked = list(odd_requests_of(scene).items())
    scene.draw.shuffle(asked)
    async with scene.watching(seen):
        for name, (sent, allowed) in asked:
            seen.saw(await scene.send(sent, 15), allowed, name)
    return [seen]
