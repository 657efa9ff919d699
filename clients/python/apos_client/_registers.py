"""Registers: what was read from published letters and papers, a line at a time, each with where it comes from.

Test sites, trials, targets, budget lines, dependencies, critical components and commitments are registers, alike in all:
they are listed, found by id or key, added once, and changed by the ETag of a read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypedDict, TypeVar
from uuid import UUID

from apos_client._answers import Resource
from apos_client._exchange import Exchange, sent
from apos_client._lists import Sorted, find, held


class Entry(Resource):
    """A line of a register: its key, its source, and which fields are our reading of that source."""

    key: str | None = None
    source: str | None = None
    note: str | None = None
    readings: tuple[str, ...] = ()


class EntryFilters(Sorted, total=False):
    """By what every register can be listed."""

    key: str
    source: str


class Conditions(TypedDict, total=False):
    """How a change is made.

    `etag` is that of the read you decided on: Stale is raised when somebody changed it since. Without it the line is read
    just before. The `reason` goes into the audit trail.
    """

    etag: str | None
    reason: str | None


class EntryChanges(Conditions, total=False):
    """What may change of every line."""

    source: str | None
    note: str | None
    readings: Sequence[str]


class NewEntry(TypedDict, total=False):
    """What every new line may have; the key stays as it is. With an idempotency key of yours it can be repeated later."""

    key: str | None
    source: str | None
    note: str | None
    readings: Sequence[str]
    idempotency_key: str | None


Line = TypeVar("Line", bound=Entry)


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

    def _add(self, given: Mapping[str, Any]) -> Line:
        fields = {**given}
        key = fields.pop("idempotency_key", None)
        return self._exchange.add(self._path, sent(fields), self._kind, key)

    def _change(self, name: UUID | str, given: Mapping[str, Any]) -> Line:
        changes = {**given}
        etag, reason = changes.pop("etag", None), changes.pop("reason", None)
        found, etag = held(self._exchange, self._path, self._kind, name, etag=etag)
        return self._exchange.change(f"{self._path}/{found}", sent(changes), self._kind, etag=etag, reason=reason)
