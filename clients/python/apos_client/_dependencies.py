"""Dependencies (afhankelijkheden): on a product, a maker or a country, what safeguards against it, and what ends it."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._exchange import sent
from apos_client._keywords import (
    DependencyChanges,
    DependencyFilters,
    NewDependency,
    NewSafeguard,
    SafeguardChanges,
    SafeguardFilters,
)
from apos_client._lists import held, id_of
from apos_client._models import Dependency, Safeguard
from apos_client._registers import Register


class Dependencies(Register[Dependency]):
    """The dependencies, for the programme office, the administrator and the auditor."""

    _path, _kind = "/dependencies", Dependency

    def each(self, **filters: Unpack[DependencyFilters]) -> Iterator[Dependency]:
        """Every dependency you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewDependency]) -> Dependency:
        """Record a dependency, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[DependencyChanges],
    ) -> Dependency:
        """Change fields of a dependency. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)

    def safeguards(self, dependency: UUID | str, **filters: Unpack[SafeguardFilters]) -> Iterator[Safeguard]:
        """Every safeguard against a dependency, in the order of recording; `position` is their place in the letter."""
        return self._exchange.each(self._safeguards(dependency), Safeguard, filters)

    def add_safeguard(
        self, dependency: UUID | str, *, idempotency_key: str | None = None, **fields: Unpack[NewSafeguard]
    ) -> Safeguard:
        """Record a safeguard against a dependency, once, also when the answer is lost on the way."""
        return self._exchange.add(self._safeguards(dependency), sent(fields), Safeguard, idempotency_key)

    def change_safeguard(
        self,
        dependency: UUID | str,
        safeguard: UUID | str,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[SafeguardChanges],
    ) -> Safeguard:
        """Change a safeguard, named by its id. Without the `etag` of your own read it is read just before. Raises Stale."""
        path = self._safeguards(dependency)
        found, etag = held(self._exchange, path, Safeguard, safeguard, etag=etag, by=None)
        return self._exchange.change(f"{path}/{found}", sent(changes), Safeguard, etag=etag, reason=reason)

    def _safeguards(self, dependency: UUID | str) -> str:
        return f"{self._path}/{id_of(self._exchange, self._path, Dependency, dependency)}/safeguards"
