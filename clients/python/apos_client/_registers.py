"""Registers: what was read from published letters and papers, a line at a time, each with where it comes from.

Test sites, trials, targets, budget lines, dependencies, critical components and commitments are registers, alike in all:
they are listed, found by id or key, added once, and changed by the ETag of a read.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

from apos_client._base import Resource
from apos_client._exchange import Exchange, sent
from apos_client._lists import find, held

Line = TypeVar("Line", bound=Resource)


class Register(Generic[Line]):
    """A register on the service. Each one says for itself by what it is listed and what a line is made of."""

    _path: str
    _kind: type[Line]

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def find(self, name: UUID | str) -> Line:
        """The line with this id or key, with its ETag. Raises NotFound, also for one that you may not see."""
        return find(self._exchange, self._path, self._kind, name)

    def _each(self, filters: Mapping[str, Any]) -> Iterator[Line]:
        return self._exchange.each(self._path, self._kind, filters)

    def _add(self, fields: Mapping[str, Any], idempotency_key: str | None) -> Line:
        return self._exchange.add(self._path, sent(fields), self._kind, idempotency_key)

    def _change(self, name: UUID | str, changes: Mapping[str, Any], etag: str | None, reason: str | None) -> Line:
        found, etag = held(self._exchange, self._path, self._kind, name, etag=etag)
        return self._exchange.change(f"{self._path}/{found}", sent(changes), self._kind, etag=etag, reason=reason)
