"""What the lists of the service have in common: filters, and finding one item by its id or key."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from apos_client._base import Answer, Resource
from apos_client._connection import Connection, body_of
from apos_client._keywords import WithdrawalKind
from apos_client._models import Withdrawal
from apos_client.errors import NotFound, NotUnderstood, Problem

Item = TypeVar("Item", bound=Resource)
Part = TypeVar("Part", bound=Resource)
Model = TypeVar("Model", bound=Answer)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def find(connection: Connection, path: str, model: type[Item], name: UUID | str, by: str | None = "key") -> Item:
    """The item with this id or key, with its ETag. Raises NotFound."""
    return connection.get(f"{path}/{id_of(connection, path, model, name, by)}", model)


def id_of(connection: Connection, path: str, model: type[Item], name: UUID | str, by: str | None = "key") -> UUID:
    """The id of the item with this id or key; an id is not looked up. Raises NotFound for a key.

    `by` is the filter for a key of such items; None where they have no key.
    """
    if isinstance(name, UUID) or _ID.fullmatch(name):
        return UUID(str(name))
    item = None if by is None else next(connection.each(path, model, {by: name}), None)
    if item is None:
        noun = _CAPITAL.sub(" ", model.__name__).lower()
        article = "an" if noun[0] in "aeiou" else "a"
        detail = (
            f"{article} {noun} with the {(by or 'id').replace('_', ' ')} {name!r} does not exist, or you may not see it"
        )
        raise NotFound(Problem(404, "Not found", detail))
    return item.id


def id_and_etag(
    connection: Connection, path: str, model: type[Item], name: UUID | str, *, etag: str | None, by: str | None = "key"
) -> tuple[UUID, str]:
    """The id of an item, and the ETag to change it with: `etag`, or else that of a read of this moment."""
    if etag is not None:
        return id_of(connection, path, model, name, by), etag
    item = find(connection, path, model, name, by)
    if item.etag is None:
        raise NotUnderstood(f"the service gave no ETag with {path}/{item.id}, so it cannot be changed safely")
    return item.id, item.etag


class ItemList(Generic[Item]):
    """A list of the service. Each one says for itself what it can be filtered by, and what an item is made of."""

    _path: str
    _model: type[Item]
    _key: str | None = "key"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: UUID | str) -> Item:
        """The item with this id, or key if it has one, with its ETag. Raises NotFound, also if you may not see it."""
        return find(self._connection, self._path, self._model, name, self._key)

    def _each(self, filters: Mapping[str, Any]) -> Iterator[Item]:
        return self._connection.each(self._path, self._model, filters)

    def _add(self, fields: Mapping[str, Any], idempotency_key: str | None) -> Item:
        return self._connection.add(self._path, body_of(fields), self._model, idempotency_key)

    def _change(self, name: UUID | str, fields: Mapping[str, Any], etag: str | None, reason: str | None) -> Item:
        item, etag = self._id_and_etag(name, etag)
        path = f"{self._path}/{item}"
        return self._connection.change(path, body_of(fields), self._model, etag=etag, reason=reason)

    def _find_part(self, name: UUID | str, part: str, model: type[Model], part_id: UUID | str) -> Model:
        """A part of an item, by the id of the part."""
        return self._connection.get(f"{self._path_to(name, part)}/{UUID(str(part_id))}", model)

    def _change_part(
        self,
        name: UUID | str,
        part: str,
        model: type[Part],
        part_id: UUID | str,
        fields: Mapping[str, Any],
        *,
        etag: str | None,
        reason: str | None,
    ) -> Part:
        """Changes fields of a part, named by its id; without the `etag` of a read it is read first."""
        path = self._path_to(name, part)
        item, etag = id_and_etag(self._connection, path, model, part_id, etag=etag, by=None)
        return self._connection.change(f"{path}/{item}", body_of(fields), model, etag=etag, reason=reason)

    def _withdraw_part(
        self,
        name: UUID | str,
        part: str,
        part_id: UUID | str,
        *,
        on: date,
        reason: str,
        authority: str,
        idempotency_key: str | None,
    ) -> Withdrawal:
        """Withdraws a part that was entered in error, named by its id."""
        body = body_of({"kind": "enteredInError", "on": on, "reason": reason, "authority": authority})
        path = f"{self._path_to(name, part)}/{UUID(str(part_id))}/withdrawals"
        return self._connection.add(path, body, Withdrawal, idempotency_key)

    def _path_to(self, name: UUID | str, part: str) -> str:
        """The path to a part of an item."""
        return f"{self._path}/{id_of(self._connection, self._path, self._model, name, self._key)}/{part}"

    def _id_and_etag(self, name: UUID | str, etag: str | None) -> tuple[UUID, str]:
        return id_and_etag(self._connection, self._path, self._model, name, etag=etag, by=self._key)


class WithdrawableList(ItemList[Item]):
    """A list whose items can be withdrawn. Those that were entered in error are listed only with `withdrawn=True`."""

    def withdraw(
        self,
        name: UUID | str,
        *,
        on: date,
        reason: str,
        authority: str,
        kind: WithdrawalKind = "enteredInError",
        idempotency_key: str | None = None,
    ) -> Withdrawal:
        """Withdraw what was entered in error, for good and once; it is still found by its id.

        Only what has no published source was entered in error. A milestone that was agreed and is given up has the kind
        `dropped`. Raises Conflict for what cannot be withdrawn.
        """
        body = body_of({"kind": kind, "on": on, "reason": reason, "authority": authority})
        return self._connection.add(self._path_to(name, "withdrawals"), body, Withdrawal, idempotency_key)
