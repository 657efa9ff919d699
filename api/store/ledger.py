"""The write path: the only code that inserts and updates audited rows, each with its event in the same transaction.

A Write is the transaction of one request or command, with who writes, when and why. It never commits: the session that it
was given does. Audited rows are never deleted.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from api.store.engines import errors_without_rows
from api.store.listed_values import lines_of
from api.store.loading import load, missing_references, noun
from api.store.parent_progress import Parent, Stale, keep, read_with_change, stale_after
from api.store.postgresql import PostgresqlSession
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.base import Audited
from domain.dates import day_of
from domain.errors import BrokenRule, Conflict, Fault
from domain.ledger import AuditEvent, difference, state_of, table_of
from domain.listed_values import ListedValue
from domain.permissions import Actor
from domain.portfolio.milestones import Milestone
from domain.withdrawals import check_not_withdrawn

Row = TypeVar("Row", bound=Audited)
INSERT_BATCH = 1000
"""Lines per statement on SQLite; more of them at a time take more memory, and no less time."""
EVENT_BATCH = 100
"""Events that are held back on SQLite, where a transaction writes very many."""
YIELD_INTERVAL = 200
"""Lines on PostgreSQL after which other tasks of the event loop get a turn."""
CHANGED_MEANWHILE = "somebody else changed this at the same moment; read it again and repeat your change"
_UNIQUE = re.compile(r"uq_(?P<pg>\w+)|UNIQUE constraint failed: \w+\.(?P<sqlite>\w+)$")


class Ledger:
    """The append-only ledger: every change of an audited row goes through `add` or `change`, which append its event."""

    def __init__(self, session: Session, actor: Actor, now: datetime, reason: str | None, request_id: str) -> None:
        self._session = session
        self._actor = actor
        self._now = now
        self._reason = reason
        self._request_id = request_id
        self._events: list[dict[str, Any]] = []

    async def add(self, row: Row, *, reason: str | None = None, within: Audited | None = None) -> Row:
        """Inserts a row and its first event. Raises Conflict where a unique value is already in use.

        `within` is the row that tells the lot or challenge to which it belongs, where it does not name that itself.
        """
        table = table_of(type(row))
        values = {c.name: getattr(row, c.name) for c in table.columns}
        await self._write(_insert(table), values, row, {}, reason)
        await self._write_listed_values(row, values, is_new=True)
        self._keep_progress(stale_after(row, None, {}) if within is None else stale_after(within, (), {}))
        return row

    async def add_lines(self, kind: type[SQLModel], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Inserts many lines that belong to an audited row; the event of that row records their digest and count.

        `rows` hold the columns `names` in storage form and go to the driver unconverted, because building statements and
        converting values per row would cost several times the insert.
        """
        table = table_of(kind).name
        if self._session.kind == "sqlite":
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names are our own
            remaining = iter(rows)
            while batch := list(islice(remaining, INSERT_BATCH)):
                await self._session.exec_driver_sql(statement, batch)
            return
        assert isinstance(self._session, PostgresqlSession)
        connection = await self._session.driver_connection()
        copying = f"COPY {table} ({', '.join(names)}) FROM STDIN".encode()
        with errors_without_rows():
            async with connection.cursor().copy(copying) as copy:
                for number, row in enumerate(rows):
                    await copy.write_row(row)
                    if number % YIELD_INTERVAL == 0:
                        await asyncio.sleep(0)

    async def change(self, row: Row, values: Mapping[str, Any], *, reason: str | None = None) -> Row:
        """Updates a row if it still has the version that was read, appends the event, and returns the new row.

        Without values it only increments the version, for a parent whose sub-resource changed. Raises Conflict where
        somebody else changed the row first.
        """
        after, changed, expected = _changed(row, values)
        before = state_of(row)
        update = _update_at_version(table_of(type(row)), tuple(changed))
        if (await self._write(update, {**changed, **expected}, after, before, reason)).rowcount != 1:
            raise Conflict(CHANGED_MEANWHILE)
        await self._write_listed_values(after, changed)
        self._keep_progress(stale_after(after, values, before))
        return after

    async def add_and_change(
        self, row: Audited, milestone: Milestone, values: Mapping[str, Any], *, reason: str | None = None
    ) -> None:
        """Adds a row and changes the milestone that it is about, as `add` and `change` would do one after the other.

        On PostgreSQL both, their events, and what the progress of the lot or challenge is made of take one round trip.
        """
        after, changed, expected = _changed(milestone, values)
        before = state_of(milestone)
        stale = stale_after(after, values, before)
        if self._session.kind == "sqlite" or stale is None:
            await self.add(row, reason=reason)
            await self.change(milestone, values, reason=reason)
            return
        added = {column.name: getattr(row, column.name) for column in table_of(type(row)).columns}
        parts = {"added_": added, "first_": self._event(row, {}, reason), "event_": self._event(after, before, reason)}
        named = {f"{prefix}{name}": value for prefix, part in parts.items() for name, value in part.items()}
        statement = _added_and_changed(table_of(type(row)), tuple(changed), stale.parent)
        found = await self._execute(
            statement, {**changed, **expected, **named, "parent_id": stale.parent_id}, type(row)
        )
        rows = found.mappings().all()
        if all(each["id"] != milestone.id for each in rows):
            raise Conflict(CHANGED_MEANWHILE)
        self._keep_progress(stale, rows)

    def _keep_progress(self, stale: Stale | None, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
        if stale is not None:
            self._session.defer(stale, partial(keep, self._session, stale, day_of(self._now), rows))

    async def _write(
        self, statement: Any, values: Mapping[str, Any], row: Audited, before: dict[str, Any], reason: str | None
    ) -> Any:
        """Writes a row and its event. Raises Conflict where a unique value is in use.

        On PostgreSQL both take one round trip. On SQLite, where a statement costs more than its round trip, the events of a
        transaction are appended together before it commits.
        """
        event = self._event(row, before, reason)
        if self._session.kind == "postgresql":
            named = {f"event_{name}": value for name, value in event.items()}
            return await self._execute(_with_event(statement), {**values, **named}, type(row))
        result = await self._execute(statement, values, type(row))
        self._events.append(event)
        self._session.defer(("events", id(self)), self._append_events)
        if len(self._events) == EVENT_BATCH:
            await self._append_events()
        return result

    async def _append_events(self) -> None:
        events, self._events = self._events, []
        if events:
            await self._session.execute(sa.insert(table_of(AuditEvent)), events)

    def _event(self, row: Audited, before: dict[str, Any], reason: str | None) -> dict[str, Any]:
        state = state_of(row)
        return {
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

    async def _write_listed_values(
        self, row: Audited, changed_columns: Mapping[str, Any], *, is_new: bool = False
    ) -> None:
        """Replaces the values by which a row is found, for each of its list columns that changed."""
        filters = type(row).LIST_FILTERS
        concerned = [name for name, listed in filters.items() if listed.column in changed_columns]
        if not concerned:
            return
        table = table_of(ListedValue)
        if not is_new:
            await self._session.execute(sa.delete(table).where(table.c.row_id == row.id, table.c.name.in_(concerned)))
        lines = lines_of(type(row), row.id, row.model_dump(), concerned)
        if lines:
            await self._session.execute(sa.insert(table), lines)

    async def _execute(self, statement: Any, values: Mapping[str, Any], kind: type[Audited]) -> Any:
        """Runs a statement with separate values, because values within it would be compiled as expressions every time.

        Raises Conflict where a unique value is already in use.
        """
        try:
            return await self._session.execute(statement, values)
        except IntegrityError as error:
            raise _unique_conflict(error, kind) from error


@cache
def _insert(table: sa.Table) -> sa.Insert:
    """An insert of all columns of a row."""
    return sa.insert(table).values(_parameters(table.columns, ""))


@cache
def _update_at_version(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    """An update of these columns of a row that still has the version that was read."""
    given = {name: sa.bindparam(name, type_=table.c[name].type) for name in names}
    return (
        sa.update(table)
        .values(given)
        .where(table.c.id == sa.bindparam("expected_id"), table.c.version == sa.bindparam("expected_version"))
    )


def _changed(row: Row, values: Mapping[str, Any]) -> tuple[Row, dict[str, Any], dict[str, Any]]:
    """A row once it is changed, the columns that this writes, and what the update expects of the row that it finds."""
    after = type(row).of_row({**row.model_dump(), **values, "version": row.version + 1})
    changed = {name: getattr(after, name) for name in (*values, "version")}
    return after, changed, {"expected_id": row.id, "expected_version": row.version}


@cache
def _added_and_changed(added: sa.Table, names: tuple[str, ...], parent: Parent) -> sa.Select[Any]:
    """A statement that inserts a row, changes a milestone and inserts their events, and reads with the change.

    The parameters of the row begin with `added_`, those of its event with `first_`, of the other with `event_`.
    """
    insert = sa.insert(added).values(_parameters(added.columns, "added_"))
    columns = _event_columns()
    # Not VALUES with two rows: SQLAlchemy would compile that anew every time.
    both = sa.union_all(
        *(
            sa.select(*(sa.bindparam(f"{event}_{column.name}", type_=column.type) for column in columns))
            for event in ("first", "event")
        )
    )
    events = sa.insert(table_of(AuditEvent)).from_select([column.name for column in columns], both)
    update = _update_at_version(table_of(Milestone), names)
    return read_with_change(update, parent).add_cte(insert.cte("added")).add_cte(events.cte("events"))


def _parameters(columns: Iterable[sa.Column[Any]], prefix: str) -> dict[str, Any]:
    return {c.name: sa.bindparam(f"{prefix}{c.name}", type_=c.type) for c in columns}


def _event_columns() -> list[sa.Column[Any]]:
    return [column for column in table_of(AuditEvent).columns if column.name != "seq"]


@cache
def _with_event(statement: Any) -> Any:
    """A statement that also inserts an event, of the parameters that begin with `event_`.

    The event is inserted even where the statement finds no row; then the whole transaction is rolled back.
    """
    event = sa.insert(table_of(AuditEvent)).values(_parameters(_event_columns(), "event_"))
    return statement.add_cte(event.cte("event"))


def _unique_conflict(error: IntegrityError, kind: type[Audited]) -> Exception:
    """A Conflict where a unique value is already in use; any other integrity error, a mistake of ours, is returned as it is."""
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
    """One transaction of one actor: the session, who writes and on which day, the time, and the ledger to write through."""

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
        """Today's date in Europe/Amsterdam."""
        return self.context.today

    async def advisory_lock(self, lock_name: str) -> None:
        """Waits until no other transaction holds the lock of this name; SQLite has only one writer at a time anyway."""
        if self.session.kind == "postgresql":
            number = int.from_bytes(hashlib.sha256(lock_name.encode()).digest()[:8], "big", signed=True)
            await self.session.execute(sa.func.pg_advisory_xact_lock(number).select())

    async def load(self, kind: type[Row], row_id: UUID, **within: object) -> Row:
        """The row as the actor may see it, locked until the transaction ends.

        Raises NotFound, and Conflict for a row that was withdrawn, because no write of it is allowed any more.
        """
        row = await load(self.session, kind, row_id, self.context, within, lock=True)
        check_not_withdrawn(row=row, noun=noun(kind))
        return row

    async def update_if_changed(self, row: Row, values: Mapping[str, Any]) -> Row:
        """Changes the values that differ, through the ledger; without any, returns the row unchanged and writes no event."""
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        return await self.ledger.change(row, changes) if changes else row

    async def check_references(self, references: dict[str, tuple[type[Audited], str, object]]) -> None:
        """Raises BrokenRule with a fault for each reference to a row that the actor cannot see.

        `references` is as in `missing_references`.
        """
        faults = await missing_references(self.session, self.context, references)
        if faults:
            raise BrokenRule.at(*faults)
