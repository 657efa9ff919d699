"""What every list of the service has in common: filters, and finding one thing by its id or its key."""

import re
from typing import TypeVar
from uuid import UUID

from apos_client._base import Resource
from apos_client._exchange import Exchange
from apos_client.errors import NotFound, NotUnderstood, Problem

Found = TypeVar("Found", bound=Resource)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def find(exchange: Exchange, path: str, kind: type[Found], name: UUID | str, by: str | None = "key") -> Found:
    """The thing with this id or key, with its ETag. Raises NotFound."""
    return exchange.read(f"{path}/{id_of(exchange, path, kind, name, by)}", kind)


def id_of(exchange: Exchange, path: str, kind: type[Found], name: UUID | str, by: str | None = "key") -> UUID:
    """The id of the thing with this id or key; an id is not looked up. Raises NotFound for a key.

    `by` is the filter that takes a key of this kind; None for what has none.
    """
    if isinstance(name, UUID) or _ID.fullmatch(name):
        return UUID(str(name))
    found = None if by is None else next(exchange.each(path, kind, {by: name}), None)
    if found is None:
        noun = _CAPITAL.sub(" ", kind.__name__).lower()
        detail = f"there is no {noun} with {(by or 'id').replace('_', ' ')} {name!r}, or you may not see it"
        raise NotFound(Problem(404, "There is no such thing", detail))
    return found.id


def held(
    exchange: Exchange, path: str, kind: type[Found], name: UUID | str, *, etag: str | None, by: str | None = "key"
) -> tuple[UUID, str]:
    """The id of a thing and the ETag to change it with: `etag`, or else that of a read of this moment."""
    if etag is not None:
        return id_of(exchange, path, kind, name, by), etag
    seen = find(exchange, path, kind, name, by)
    if seen.etag is None:
        raise NotUnderstood(f"the service gave no ETag with {path}/{seen.id}, so it cannot be changed safely")
    return seen.id, seen.etag
