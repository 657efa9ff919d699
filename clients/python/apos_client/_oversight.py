"""Oversight: what parliament was promised, what the portfolio depends on, and the components that are critical.

Commitments (toezeggingen en moties), dependencies (afhankelijkheden) with safeguards, critical components (kritieke componenten).
"""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._connection import body_of
from apos_client._keywords import (
    CommitmentChanges,
    CommitmentFilters,
    CriticalComponentChanges,
    CriticalComponentFilters,
    DependencyChanges,
    DependencyFilters,
    NewCommitment,
    NewCriticalComponent,
    NewDependency,
    NewSafeguard,
    SafeguardChanges,
    SafeguardFilters,
)
from apos_client._lists import WithdrawableList
from apos_client._models import Commitment, CriticalComponent, Dependency, Safeguard


class Commitments(WithdrawableList[Commitment]):
    """What parliament was promised or asked for, by when, and which letter fulfils it; every role sees them."""

    _path, _model = "/commitments", Commitment

    def each(self, **filters: Unpack[CommitmentFilters]) -> Iterator[Commitment]:
        """Every commitment you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewCommitment]) -> Commitment:
        """Add a commitment, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[CommitmentChanges],
    ) -> Commitment:
        """Change fields of a commitment. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)


class Dependencies(WithdrawableList[Dependency]):
    """Dependencies on a product, a maker or a country, and what safeguards against each; not for suppliers and viewers."""

    _path, _model = "/dependencies", Dependency

    def each(self, **filters: Unpack[DependencyFilters]) -> Iterator[Dependency]:
        """Every dependency you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewDependency]) -> Dependency:
        """Add a dependency, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[DependencyChanges],
    ) -> Dependency:
        """Change fields of a dependency. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def safeguards(self, dependency: UUID | str, **filters: Unpack[SafeguardFilters]) -> Iterator[Safeguard]:
        """Every safeguard against a dependency, in the order of recording; `position` is its place in the letter."""
        return self._connection.each(self._path_to(dependency, "safeguards"), Safeguard, filters)

    def find_safeguard(self, dependency: UUID | str, safeguard: UUID | str) -> Safeguard:
        """A safeguard against a dependency, by its id. Raises NotFound."""
        return self._find_part(dependency, "safeguards", Safeguard, safeguard)

    def add_safeguard(
        self, dependency: UUID | str, *, idempotency_key: str | None = None, **fields: Unpack[NewSafeguard]
    ) -> Safeguard:
        """Add a safeguard against a dependency, once, even if the answer is lost on the way."""
        path = self._path_to(dependency, "safeguards")
        return self._connection.add(path, body_of(fields), Safeguard, idempotency_key)

    def change_safeguard(
        self,
        dependency: UUID | str,
        safeguard: UUID | str,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[SafeguardChanges],
    ) -> Safeguard:
        """Change a safeguard, named by its id. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change_part(dependency, "safeguards", Safeguard, safeguard, fields, etag=etag, reason=reason)


class CriticalComponents(WithdrawableList[CriticalComponent]):
    """Functions that decide staying power, and the Dutch position in each; not for suppliers and viewers."""

    _path, _model = "/critical-components", CriticalComponent

    def each(self, **filters: Unpack[CriticalComponentFilters]) -> Iterator[CriticalComponent]:
        """Every critical component you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewCriticalComponent]) -> CriticalComponent:
        """Add a critical component, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[CriticalComponentChanges],
    ) -> CriticalComponent:
        """Change fields of a critical component. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)
