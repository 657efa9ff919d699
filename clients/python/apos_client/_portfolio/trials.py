"""Trials (beproevingen): tests in a window at a site, for challenges and lots together."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._keywords import NewTrial, TrialChanges, TrialFilters
from apos_client._lists import WithdrawableList
from apos_client._models import Trial


class Trials(WithdrawableList[Trial]):
    """The trials; every role sees them."""

    _path, _model = "/trials", Trial

    def each(self, **filters: Unpack[TrialFilters]) -> Iterator[Trial]:
        """Every trial you may see, through all pages."""
        return self._each(filters)

    def add(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTrial]) -> Trial:
        """Add a trial, once, even if the answer is lost on the way."""
        return self._add(fields, idempotency_key)

    def change(
        self, name: UUID | str, /, *, etag: str | None = None, reason: str | None = None, **fields: Unpack[TrialChanges]
    ) -> Trial:
        """Change fields of a trial. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)
