"""ETag, If-Match and If-None-Match: nobody overwrites a change that they have not seen.

The ETag is `"v{version}-{digest of the body}"`: If-Match compares only the version, If-None-Match the whole tag, because
computed colours change at midnight while the version does not. Suppliers and viewers get bodies without a version; their
ETag is the digest alone, so that a change they may not see does not show in it. Formats other than JSON have tags of their own.

A proxy that compresses answers may mark the tag as weak (`W/"..."`) or add the name of the compression to it (`"...-gzip"`).
Both headers are compared without these marks. For If-Match that is weaker than RFC 9110, 13.1.1, asks, and safe: the version
in the tag decides, and no proxy changes that.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from api.http.operation import Operation
from api.http.problems import HttpProblem
from domain.base import Audited
from domain.errors import Fault

Row = TypeVar("Row", bound=Audited)
_TAG = re.compile(r'(?:W/)?"v(?P<version>[0-9]{1,9})-[0-9a-f]{16}(?:-[a-z-]{1,40})?"')
"""An ETag with a version; after the digest follows the name of the format, for formats other than JSON."""
_UNQUOTED = re.compile(r"v[0-9]{1,9}-[0-9a-f]{16}")
_COMPRESSION = re.compile(r"(?:--?|[;:])(?:x-)?(?:gzip|br|deflate|zstd|compress)(?=\"?$)")
"""What proxies add to an ETag of an answer that they compressed, within the quotation marks or after them."""
_EXAMPLE = '"v1-0123456789abcdef"'


class Precondition:
    """The versions that a request's If-Match names; None means any (`*`)."""

    def __init__(self, versions: set[int] | None) -> None:
        self._versions = versions

    def check(self, row: Row) -> Row:
        """The row, if its version is one that the client has read. Raises 412 otherwise."""
        if self._versions is not None and row.version not in self._versions:
            fault = Fault(
                "/header/If-Match", f"is the ETag of another version; the stored one is version {row.version}"
            )
            raise HttpProblem(412, "the resource has changed since you read it; read it again", [fault])
        return row


class _IfMatchHeader:
    """Gives a route the precondition of a request. Raises 428 without the header If-Match."""

    async def __call__(self, request: Request) -> Precondition:
        header = ", ".join(request.headers.getlist("if-match"))
        if "if-match" not in request.headers:
            fault = Fault("/header/If-Match", "is required: read the resource and send its ETag")
            raise HttpProblem(428, "a change needs If-Match with the ETag that you read", [fault])
        if header.strip() == "*":
            return Precondition(None)
        tags = [_uncompressed(tag) for tag in header.split(",")]
        versions = {int(match["version"]) for match in map(_TAG.fullmatch, tags) if match}
        if not versions:
            fault = Fault("/header/If-Match", _unusable(tags))
            raise HttpProblem(412, "If-Match names no version of the resource", [fault], kind="no-version")
        return Precondition(versions)

    def declares(self, operation: Operation) -> Operation:
        """Marks that it requires If-Match."""
        return replace(operation, needs_if_match=True)


IfMatch = Annotated[Precondition, Depends(_IfMatchHeader())]


def _uncompressed(tag: str) -> str:
    """A tag as the service gave it, where a proxy added the compression to it."""
    return _COMPRESSION.sub("", tag.strip())


def _unusable(tags: Sequence[str]) -> str:
    """What is wrong with tags of which none names a version, and what to write instead."""
    if not any(tags):
        return f"is empty; write the ETag that you read, as in {_EXAMPLE}, or * for any version"
    if any(map(_UNQUOTED.fullmatch, tags)):
        return f"lacks its quotation marks; write them too, as in {_EXAMPLE}"
    return (
        f"is not an ETag of this resource with its version, as in {_EXAMPLE}; where a proxy on the way replaced the ETag, "
        "write one with the field `version` of the resource after the v and any 16 hexadecimal digits, or * for any version"
    )


def tag_of(view: object, body: bytes) -> str:
    """The ETag of a resource: its version, where the view shows one, and the digest of its body.

    A view with a digest of its own is tagged by that, so that the time at which it was generated does not change the tag.
    """
    digest: str = getattr(view, "digest", None) or hashlib.sha256(body).hexdigest()
    version: int | None = getattr(view, "version", None)
    return f'"{digest[:16]}"' if version is None else f'"v{version}-{digest[:16]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether If-None-Match names this tag, so that 304 can be answered; compared weakly."""
    header = ", ".join(request.headers.getlist("if-none-match"))
    return header.strip() == "*" or tag in [_uncompressed(each).removeprefix("W/") for each in header.split(",")]


def not_modified(tag: str, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """304 with the tag, and what the full answer says it depends on."""
    kept = {name: headers[name] for name in ("Content-Language", "Vary") if name in headers}
    return Response(status_code=304, headers={**kept, "ETag": tag})
