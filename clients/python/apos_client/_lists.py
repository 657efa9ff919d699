"""What every list of the service has in common: filters, and finding one thing by its id or its key."""

import re
from typing import TypedDict, TypeVar
from uuid import UUID

from apos_client._answers import Resource
from apos_client._exchange import Exchange
from apos_client.errors import NotFound, Problem

Found = TypeVar("Found", bound=Resource)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class Sorted(TypedDict, total=False):
    """What every list takes: `sort` names a field, with `-` before it for descending; `page_size` is 1 to 200."""

    sort: str
    page_size: int


def find(exchange: Exchange, path: str, kind: type[Found], name: UUID | str) -> Found:
    """The thing with this id or key, with its ETag. Raises NotFound."""
    return exchange.read(f"{path}/{id_of(exchange, path, kind, name)}", kind)


def id_of(exchange: Exchange, path: str, kind: type[Found], name: UUID | str) -> UUID:
    """The id of the thing with this id or key; an id is not looked up. Raises NotFound for a key."""
    if isinstance(name, UUID) or _ID.fullmatch(name):
        return UUID(str(name))
    found = next(exchange.each(path, kind, {"key": name}), None)
    if found is None:
        detail = f"there is no {kind.__name__.lower()} with key {name!r}, or you may not see it"
        raise NotFound(Problem(404, "There is no such thing", detail))
    return found.id
