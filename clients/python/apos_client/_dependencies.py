"""Dependencies (afhankelijkheden): on a product, a maker or a country, what safeguards against it, and what ends it."""

from collections.abc import Iterator, Sequence
from typing import Literal, NotRequired, TypedDict, Unpack
from uuid import UUID

from apos_client._answers import Resource
from apos_client._exchange import sent
from apos_client._lists import Sorted, held, id_of
from apos_client._milestones import Evidence
from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register
from apos_client._suppliers import NameBasis

SafeguardStatus = Literal["planned", "inPlace", "notInPlace"]


class Dependency(Entry):
    """What is depended on, who controls it, for which lot, and the lot that is the alternative, by their ids."""

    subject: str
    controlling_country: str | None = None
    name_basis: str | None = None
    lot_id: UUID | None = None
    alternative_id: UUID | None = None


class Safeguard(Resource):
    """A measure against a dependency, at its place in the list; the status is None while nobody said."""

    dependency_id: UUID
    position: int
    text: str
    status: str | None = None
    evidence: tuple[Evidence, ...] = ()


class SafeguardFilters(Sorted, total=False):
    """By what the safeguards of a dependency can be listed."""

    status: SafeguardStatus


class NewSafeguard(TypedDict):
    """What a new safeguard is made of."""

    text: str
    position: int
    status: NotRequired[SafeguardStatus | None]
    evidence: NotRequired[Sequence[Evidence]]


class SafeguardChanges(TypedDict, total=False):
    """What may change of a safeguard."""

    text: str
    status: SafeguardStatus | None
    evidence: Sequence[Evidence]


class DependencyFilters(EntryFilters, total=False):
    """By what dependencies can be listed."""

    lot_id: UUID | str
    alternative_id: UUID | str
    controlling_country: str


class NewDependency(NewEntry):
    """What a new dependency is made of."""

    subject: str
    controlling_country: NotRequired[str | None]
    name_basis: NotRequired[NameBasis | None]
    lot_id: NotRequired[UUID | str | None]
    alternative_id: NotRequired[UUID | str | None]


class DependencyChanges(EntryChanges, total=False):
    """What may change of a dependency."""

    subject: str
    controlling_country: str | None
    name_basis: NameBasis | None
    lot_id: UUID | str | None
    alternative_id: UUID | str | None


class Dependencies(Register[Dependency]):
    """The dependencies, for the programme office, the administrator and the auditor."""

    _path, _kind = "/dependencies", Dependency

    def each(self, **filters: Unpack[DependencyFilters]) -> Iterator[Dependency]:
        """Every dependency you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewDependency]) -> Dependency:
        """Record a dependency, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[DependencyChanges]) -> Dependency:
        """Change fields of a dependency. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)

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
