"""The write path: the only insert and update of an audited row, each with its event in the same transaction.

A Write is one request's (or one command's) transaction with who, when and why. It never commits: the session that it was
given does. Nothing is ever deleted.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from api.store.database import Session
from api.store.loading import load, missing_references, noun
from api.store.visibility import ReadContext
from domain.base import Audited
from domain.dates import day_of
from domain.errors import BrokenRule, Conflict, Fault
from domain.ledger import AuditEvent, difference, state_of, table_of
from domain.listed_values import ListedValue
from domain.permissions import Actor

Row = TypeVar("Row", bound=Audited)
AT_ONCE = 5000
"""Lines that are handed to SQLite at once."""
BREATH = 200
"""Lines after which others are let in between."""
_UNIQUE = re.compile(r"uq_(?P<pg>\w+)|UNIQUE constraint failed: \w+\.(?P<sqlite>\w+)$")


class Ledger:
    """Appends: every change of an audited row goes through `add` or `change`."""

    def __init__(self, session: Session, actor: Actor, now: datetime, reason: str | None, request_id: str) -> None:
        self._session = session
        self._actor = actor
        self._now = now
        self._reason = reason
        self._request_id = request_id

    async def add(self, row: Row, *, reason: str | None = None) -> Row:
        """Inserts a row and its first event. Raises Conflict where a unique value is taken."""
        table = table_of(type(row))
        values = {c.name: getattr(row, c.name) for c in table.columns}
        await self._execute(sa.insert(table), values, type(row))
        await self._append(row, {}, reason)
        await self._list(row, values, new=True)
        return row

    async def add_lines(self, kind: type[SQLModel], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Inserts many lines that belong to an audited row, whose event tells their digest and count.

        `rows` hold the columns `names` in storage form: they go to the driver as they are, because making statements and
        converting values for each would cost several times the insert.
        """
        table = table_of(kind).name
        if self._session.dialect.name == "sqlite":
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names are our own
            remaining = iter(rows)
            while some := list(islice(remaining, AT_ONCE)):
                await self._session.exec_driver_sql(statement, some)
            return
        raw = await self._session.get_raw_connection()
        connection: Any = raw.driver_connection
        async with connection.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for number, row in enumerate(rows):
                await copy.write_row(row)
                if number % BREATH == 0:
                    await asyncio.sleep(0)

    async def change(self, row: Row, values: Mapping[str, Any], *, reason: str | None = None) -> Row:
        """Updates a row if it still has the version that was read, and appends the event; gives the new row.

        With no values it raises the version alone, for a parent whose sub-resource changed. Raises Conflict where
        somebody else was first.
        """
        table = table_of(type(row))
        after = type(row)(**{**row.model_dump(), **values, "version": row.version + 1})
        changed = {name: getattr(after, name) for name in (*values, "version")}
        was = {"was_id": row.id, "was_version": row.version}
        if (await self._execute(_update_at_version(table), {**changed, **was}, type(row))).rowcount != 1:
            raise Conflict("somebody else changed this at the same moment; read it again and repeat your change")
        await self._append(after, state_of(row), reason)
        await self._list(after, changed)
        return after

    async def _append(self, row: Audited, before: dict[str, Any], reason: str | None) -> None:
        state = state_of(row)
        event = {
            "recorded_at": self._now,
            "actor": self._actor.name,
            "role": self._actor.role.value,
            "request_id": self._request_id,
            "reason": reason or self._reason,
            "row_kind": table_of(type(row)).name,
            "row_id": row.id,
            "version": row.version,
            "changed": difference(before, state),
            "state": state,
        }
        await self._session.execute(sa.insert(table_of(AuditEvent)), event)

    async def _list(self, row: Audited, written: Mapping[str, Any], *, new: bool = False) -> None:
        """Writes anew what a row is found by, from the lists that were written."""
        listed = {name: one for name, one in type(row).LISTED.items() if one.column in written}
        if not listed:
            return
        table, kind = table_of(ListedValue), table_of(type(row)).name
        if not new:
            await self._session.execute(sa.delete(table).where(table.c.row_id == row.id, table.c.name.in_(listed)))
        lines = [
            {"row_kind": kind, "name": name, "value": value, "row_id": row.id}
            for name, one in listed.items()
            for value in sorted(set(one.values(getattr(row, one.column) or ())))
        ]
        if lines:
            await self._session.execute(sa.insert(table), lines)

    async def _execute(self, statement: Any, values: Mapping[str, Any], kind: type[Audited]) -> Any:
        """Values go beside the statement: within it each would be made into an expression of its own, again every time."""
        try:
            return await self._session.execute(statement, values)
        except IntegrityError as error:
            raise _unique_conflict(error, kind) from error


@cache
def _update_at_version(table: sa.Table) -> sa.Update:
    """Updates the columns that are given, of a row that is still of the version that was read."""
    return sa.update(table).where(table.c.id == sa.bindparam("was_id"), table.c.version == sa.bindparam("was_version"))


def _unique_conflict(error: IntegrityError, kind: type[Audited]) -> Exception:
    """The refusal for a unique value that is taken; any other integrity error is our own mistake."""
    if "unique" not in str(error.orig).lower():
        return error
    found = _UNIQUE.search(str(error.orig))
    table = table_of(kind)
    name = (found["sqlite"] or found["pg"].removeprefix(f"{table.name}_")) if found else ""
    if name not in table.columns:
        return Conflict(f"this {noun(kind)} already exists")
    pointer = "/" + re.sub(r"_(\w)", lambda m: m[1].upper(), name)
    return Conflict(
        f"another {noun(kind)} already has this {name}", [Fault(pointer, "is already in use; choose another")]
    )


@dataclass(frozen=True, slots=True)
class Write:
    """One transaction of one actor: what it may see, when it is, why it writes, and the ledger it writes through."""

    session: Session
    context: ReadContext
    now: datetime
    ledger: Ledger

    @classmethod
    def begin(cls, session: Session, actor: Actor, now: datetime, reason: str | None, request_id: str) -> "Write":
        """A Write in a session whose transaction has begun."""
        return cls(session, ReadContext(actor, day_of(now)), now, Ledger(session, actor, now, reason, request_id))

    @property
    def today(self) -> date:
        """The day in Europe/Amsterdam."""
        return self.context.today

    async def advisory_lock(self, what: str) -> None:
        """Waits until no other transaction is at this; on SQLite every writer is alone anyway."""
        if self.session.dialect.name == "postgresql":
            number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
            await self.session.execute(sa.func.pg_advisory_xact_lock(number).select())

    async def load(self, kind: type[Row], row_id: UUID, **within: object) -> Row:
        """The row as the actor may see it, locked until the transaction ends. Raises NotFound."""
        return await load(self.session, kind, row_id, self.context, within, lock=True)

    async def update_if_changed(self, row: Row, values: Mapping[str, Any]) -> Row:
        """Changes what differs, through the ledger; where nothing does, the row as it is."""
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        return await self.ledger.change(row, changes) if changes else row

    async def check_references(self, wanted: dict[str, tuple[type[Audited], str, object]]) -> None:
        """Refuses references to what the actor cannot see, all at once, by pointer."""
        faults = await missing_references(self.session, self.context, wanted)
        if faults:
            raise BrokenRule.at(*faults)
