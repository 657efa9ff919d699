"""Test sites (testlocaties): where trials may be held, and what each site may host."""

from collections.abc import Iterator, Sequence
from typing import Literal, NotRequired, Unpack
from uuid import UUID

from apos_client._lots import OperationalDomain
from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register

SiteHost = Literal["explosives", "gpsDisruption", "indoor"]


class TestSite(Entry):
    """A site for trials: what it may host, and the organisations it is shared with, by their ids."""

    name: str
    country: str | None = None
    domain: str | None = None
    hosts: tuple[str, ...] = ()
    partner_ids: tuple[UUID, ...] = ()


class TestSiteFilters(EntryFilters, total=False):
    """By what test sites can be listed."""

    country: str
    domain: OperationalDomain


class NewTestSite(NewEntry):
    """What a new test site is made of."""

    name: str
    country: NotRequired[str | None]
    domain: NotRequired[OperationalDomain | None]
    hosts: NotRequired[Sequence[SiteHost]]
    partner_ids: NotRequired[Sequence[UUID | str]]


class TestSiteChanges(EntryChanges, total=False):
    """What may change of a test site."""

    name: str
    country: str | None
    domain: OperationalDomain | None
    hosts: Sequence[SiteHost]
    partner_ids: Sequence[UUID | str]


class TestSites(Register[TestSite]):
    """The test sites; every role reads them."""

    _path, _kind = "/test-sites", TestSite

    def each(self, **filters: Unpack[TestSiteFilters]) -> Iterator[TestSite]:
        """Every test site you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewTestSite]) -> TestSite:
        """Record a test site, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[TestSiteChanges]) -> TestSite:
        """Change fields of a test site. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
