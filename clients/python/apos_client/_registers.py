"""Registers: lines that were read from published letters and papers, each with its source.

Sources (bronnen) and organisations; test sites (testlocaties), targets (streefcijfers) and budget lines (begrotingsregels): what
belongs to no lot or challenge.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Unpack
from uuid import UUID

from apos_client._keywords import (
    BudgetLineChanges,
    BudgetLineFilters,
    NewBudgetLine,
    NewOrganisation,
    NewSource,
    NewTarget,
    NewTestSite,
    OrganisationChanges,
    OrganisationFilters,
    SourceChanges,
    SourceFilters,
    TargetChanges,
    TargetFilters,
    TestSiteChanges,
    TestSiteFilters,
)
from apos_client._lists import ItemList, WithdrawableList
from apos_client._models import BudgetLine, Organisation, Source, Target, TestSite


class TestSites(WithdrawableList[TestSite]):
    """Where trials may be held, and what each site may host; every role sees them."""

    _path, _model = "/test-sites", TestSite

    def each(self, **filters: Unpack[TestSiteFilters]) -> Iterator[TestSite]:
        """Every test site you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTestSite]) -> TestSite:
        """Add a test site, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[TestSiteChanges],
    ) -> TestSite:
        """Change fields of a test site. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)


class Targets(WithdrawableList[Target]):
    """What government aims at, with the version of the definition behind it; every role sees them."""

    _path, _model = "/targets", Target

    def each(self, **filters: Unpack[TargetFilters]) -> Iterator[Target]:
        """Every target you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTarget]) -> Target:
        """Add a target, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[TargetChanges],
    ) -> Target:
        """Change fields of a target. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)


class BudgetLines(WithdrawableList[BudgetLine]):
    """Amounts of the letters that belong to no lot or challenge; every role sees them."""

    _path, _model = "/budget-lines", BudgetLine

    def each(self, **filters: Unpack[BudgetLineFilters]) -> Iterator[BudgetLine]:
        """Every budget line you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewBudgetLine]) -> BudgetLine:
        """Add a budget line, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[BudgetLineChanges],
    ) -> BudgetLine:
        """Change fields of a budget line. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)


class Organisations(ItemList[Organisation]):
    """Parts of the ministry, knowledge institutes and others that are no suppliers; every role sees them."""

    _path, _model = "/organisations", Organisation

    def each(self, **filters: Unpack[OrganisationFilters]) -> Iterator[Organisation]:
        """Every organisation, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewOrganisation]) -> Organisation:
        """Add an organisation, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[OrganisationChanges],
    ) -> Organisation:
        """Change fields of an organisation. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)


class Sources(ItemList[Source]):
    """The published letters, replies and reports that facts rest on; every role sees them."""

    _path, _model = "/sources", Source

    def each(self, **filters: Unpack[SourceFilters]) -> Iterator[Source]:
        """Every source, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewSource]) -> Source:
        """Add a source, once, even if the answer is lost on the way."""
        return self._add(_sent(fields), idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[SourceChanges],
    ) -> Source:
        """Change fields of a source. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, _sent(fields), etag, reason)


def _sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a source as they are sent: its date is `dated` here, because `date` is a type."""
    return {"date" if name == "dated" else name: value for name, value in fields.items()}
