"""Access: the key in use, the keys of others, and the audit trail of who did what."""

from collections.abc import Iterator
from typing import Unpack
from uuid import UUID

from apos_client._connection import Connection
from apos_client._keywords import ApiKeyChanges, ApiKeyFilters, AuditEventFilters, NewApiKey
from apos_client._lists import ItemList
from apos_client._models import ApiKey, AuditEvent


class ApiKeys(ItemList[ApiKey]):
    """The keys without their secrets, for the administrator and the auditor. A key is named by its id."""

    _path, _model, _key = "/api-keys", ApiKey, None

    def each(self, **filters: Unpack[ApiKeyFilters]) -> Iterator[ApiKey]:
        """Every key, revoked ones included, through all pages."""
        return self._each(filters)

    def create(self, *, idempotency_key: str | None = None, **fields: Unpack[NewApiKey]) -> ApiKey:
        """Make a key, once; for the administrator. `secret` is shown only now.

        It is None where the first answer was lost and the request was sent again: revoke that key then, and make another.
        """
        return self._add(fields, idempotency_key)

    def change(
        self,
        name: UUID | str,
        /,
        *,
        etag: str | None = None,
        reason: str | None = None,
        **fields: Unpack[ApiKeyChanges],
    ) -> ApiKey:
        """Change the label of a key, or revoke it. Without the `etag` of your own read it is read first. Raises Stale."""
        return self._change(name, fields, etag, reason)

    def confirm(self, name: UUID | str, *, idempotency_key: str | None = None) -> ApiKey:
        """Confirm an administrator's key that another administrator made; it opens nothing before. Raises Conflict."""
        return self._connection.add(self._path_to(name, "confirmations"), {}, ApiKey, idempotency_key)

    def revoke(self, name: UUID | str, *, etag: str | None = None, reason: str | None = None) -> ApiKey:
        """Revoke a key at once and for good."""
        return self._change(name, {"revoked": True}, etag, reason)


class AuditEvents:
    """Who changed what, when and why, for the administrator and the auditor, in the order of recording."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def each(self, **filters: Unpack[AuditEventFilters]) -> Iterator[AuditEvent]:
        """Every event, through all pages."""
        return self._connection.each("/audit-events", AuditEvent, filters)

    def find(self, seq: int) -> AuditEvent:
        """One event, by its number. Raises NotFound."""
        return self._connection.get(f"/audit-events/{seq:d}", AuditEvent)
