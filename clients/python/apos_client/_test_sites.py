"""Test sites (testlocaties): where trials may be held, and what each site may host."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import NewTestSite, TestSiteChanges, TestSiteFilters
from apos_client._models import TestSite
from apos_client._registers import Register


class TestSites(Register[TestSite]):
    """The test sites; every role reads them."""

    _path, _kind = "/test-sites", TestSite

    def each(self, **filters: Unpack[TestSiteFilters]) -> Iterator[TestSite]:
        """Every test site you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTestSite]) -> TestSite:
        """Record a test site, once, also when the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **changes: Unpack[TestSiteChanges],
    ) -> TestSite:
        """Change fields of a test site. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes, etag, reason)
