"""Keeps `ParentProgress`: the ledger says which lots and challenges a write concerns; their rows follow before the commit.

Writers of two milestones of one lot do not wait for each other until the end of their transactions. There a row is replaced
only at the revision that was read with its milestones; where somebody was quicker, all of it is read again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from api.store.postgresql import LEDGER_LOCK
from api.store.sessions import Session
from domain.base import Audited, Id
from domain.dates import day_of
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.reviews import Review
from domain.declarations.waivers import Waiver, WaiverConfirmation
from domain.ledger import AuditEvent, table_of
from domain.portfolio.challenges import Challenge
from domain.portfolio.colours import MilestoneStatus, Progress
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone
from domain.portfolio.parent_progress import DECIDING, SHOWN, ParentProgress, progress_columns
from domain.scoring.combined_origins import combined_origin
from domain.scoring.results import EDIP
from domain.scoring.scores import StoredScore
from domain.withdrawals import WithdrawalKind

Parent = Literal["lot_id", "challenge_id"]
PARENTS: tuple[Parent, ...] = ("lot_id", "challenge_id")
WITHOUT = {
    **dict.fromkeys(ParentProgress.model_fields),
    **progress_columns([], {}),
    "revision": 1,
}
"""The columns of a lot or challenge without milestones and declarations."""


class Stale(NamedTuple):
    """Columns of `ParentProgress` that have to be worked out again: those that follow from rows of `kind`, for one parent.

    Of every kind of row that belongs to a lot or challenge, and of it itself, the day of the newest event follows.
    """

    parent_id: UUID
    parent: Parent
    kind: type[Audited]


def stale_after(row: Audited, changed: Iterable[str] | None, before: Mapping[str, Any]) -> Stale | None:
    """What a write of a row concerns; `changed` are the columns that it gave, None where the row is new."""
    if isinstance(row, Lot | Challenge):
        return Stale(row.id, "lot_id" if isinstance(row, Lot) else "challenge_id", type(row))
    for parent in PARENTS:
        parent_id = getattr(row, parent, None)
        if parent_id is not None:
            return Stale(parent_id, parent, type(row) if _decides(row, changed, before) else Audited)
    return None


def _decides(row: Audited, changed: Iterable[str] | None, before: Mapping[str, Any]) -> bool:
    """Whether columns other than the day of the newest event follow from a write of a row."""
    if isinstance(row, Milestone):
        return changed is None or not (DECIDING | SHOWN).isdisjoint(changed)
    return isinstance(row, OriginDeclaration) and DeclarationStatus.ACCEPTED in (row.status, before.get("status"))


async def keep(session: Session, stale: Stale, today: date, rows: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Works the columns out again and stores them, with today as the day of the newest event.

    `rows` are those of `read_with_change`, where they were read already.
    """
    if stale.kind not in (Milestone, OriginDeclaration):
        values = {**WITHOUT, "parent_id": stale.parent_id, "last_recorded_on": today}
        await session.execute(_record(session.kind), values)
        return
    while True:
        if rows is None:
            found = await session.execute(_read(stale.kind, stale.parent), {"parent_id": stale.parent_id})
            rows = found.mappings().all()
        columns, revision = _columns(stale.kind, rows), rows[0]["revision"] or 0
        values = {**columns, "parent_id": stale.parent_id, "revision": revision + 1, "expected_revision": revision}
        values["last_recorded_on"] = today
        if (await session.execute(_store(session.kind, tuple(columns)), values)).first() is not None:
            return
        rows = None


def rebuild(connection: sa.Connection) -> None:
    """Makes every row anew, in the transaction of a connection; writers wait until it ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.func.pg_advisory_xact_lock(LEDGER_LOCK).select())
    table = table_of(ParentProgress)
    connection.execute(sa.delete(table))
    made: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for kind in (Milestone, OriginDeclaration):
        for parent in PARENTS:
            for parent_id, rows in _by_parent(connection, kind, parent):
                made[parent_id] |= _columns(kind, rows)
    for parent_id, moment in connection.execute(_newest_events()):
        day = made[parent_id].get("last_recorded_on")
        made[parent_id]["last_recorded_on"] = max(day or date.min, day_of(moment))
    if made:
        rows = [{**WITHOUT, **columns, "parent_id": own} for own, columns in made.items()]
        connection.execute(sa.insert(table), rows)


@cache
def _newest_events() -> sa.CompoundSelect[Any]:
    """The moment of the newest event of each lot and challenge, and of each kind of rows that belongs to it."""
    event = table_of(AuditEvent)
    return sa.union_all(
        *(
            sa.select(owner.label("parent_id"), sa.func.max(event.c.recorded_at).label("moment"))
            .select_from(rows.join(event, event.c.row_id == row_id))
            .where(owner.is_not(None))
            .group_by(owner)
            for owner, row_id, rows in _owned()
        )
    )


def _owned() -> Iterator[tuple[sa.ColumnElement[Any], sa.ColumnElement[Any], sa.FromClause]]:
    """The column of the lot or challenge, the id of the row that belongs to it, and where both are found.

    Waivers and their confirmations belong to the lot or challenge of their declaration.
    """
    for kind in (Lot, Challenge):
        yield table_of(kind).c.id, table_of(kind).c.id, table_of(kind)
    declaration, waiver, confirmation = (table_of(kind) for kind in (OriginDeclaration, Waiver, WaiverConfirmation))
    waived = waiver.join(declaration, declaration.c.id == waiver.c.declaration_id)
    confirmed = waived.join(confirmation, confirmation.c.waiver_id == waiver.c.id)
    for parent in PARENTS:
        for table in (table_of(kind) for kind in _all_kinds(Audited) if hasattr(kind, "__table__")):
            if parent in table.c:
                yield table.c[parent], table.c.id, table
        yield declaration.c[parent], waiver.c.id, waived
        yield declaration.c[parent], confirmation.c.id, confirmed


def _all_kinds(kind: type[Audited]) -> Iterator[type[Audited]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from _all_kinds(narrower)


def _by_parent(
    connection: sa.Connection, kind: type[Audited], parent: Parent
) -> Iterator[tuple[UUID, Sequence[Mapping[str, Any]]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(_source(kind, parent)).mappings():
        found[row["parent_id"]].append(dict(row))
    yield from found.items()


def _columns(kind: type[Audited], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that follow from the rows of `_source` of one parent; an outer join gives one without an id for none."""
    rows = [row for row in rows if row["id"] is not None]
    if kind is Milestone:
        valid = [row for row in rows if row["withdrawn_kind"] != WithdrawalKind.ENTERED_IN_ERROR]
        shown = {row["id"]: row for row in valid}
        return progress_columns([_progress(row) for row in valid], shown, entered_in_error=len(rows) - len(valid))
    newest = {row["supplier_id"]: row for row in rows}
    origin = combined_origin(list(newest.values()))
    return {"declared_share": origin and origin[EDIP]["declared"], "origin": origin}


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(
        row["id"],
        MilestoneStatus(row["status"]),
        row["critical"],
        row["original_end"],
        row["window_end"],
        row["forecast_end"],
        row["achieved_on"],
        row["assessed_on"],
        row["withdrawn_on"],
    )


@cache
def _source(kind: type[Audited], parent: Parent) -> sa.Select[Any]:
    """The rows of all lots or challenges from which columns follow; of declarations the newest acceptance is last."""
    table = table_of(kind)
    if kind is Milestone:
        columns = (
            table.c[parent].label("parent_id"),
            table.c.id,
            *(table.c[name] for name in sorted(DECIDING | SHOWN)),
        )
        return sa.select(*columns).where(table.c[parent].is_not(None))
    score, review = table_of(StoredScore), table_of(Review)
    figures = ("origin_shares", "european_verdict", "knock_outs", "total_cents")
    shown = (table.c.supplier_id, *(score.c[name] for name in figures))
    return (
        sa.select(table.c[parent].label("parent_id"), table.c.id, *shown, review.c.reviewed_at)
        .join(score, score.c.declaration_id == table.c.id)
        .join(review, review.c.declaration_id == table.c.id)
        .where(table.c[parent].is_not(None), table.c.status == DeclarationStatus.ACCEPTED)
        .order_by(review.c.reviewed_at, table.c.id)
    )


@cache
def _read(kind: type[Audited], parent: Parent) -> sa.Select[Any]:
    """The rows of one parent, each with the revision at which its progress is stored; one row where there are none."""
    kept, parent_id = table_of(ParentProgress), sa.bindparam("parent_id", type_=Id())
    own, rows = sa.select(parent_id.label("parent_id")).subquery(), _source(kind, parent).subquery()
    joined = own.outerjoin(kept, kept.c.parent_id == own.c.parent_id).outerjoin(rows, rows.c.parent_id == parent_id)
    chosen = sa.select(kept.c.revision, *(column for column in rows.c if column.name != "parent_id"))
    chosen = chosen.select_from(joined)
    return chosen if kind is Milestone else chosen.order_by(rows.c.reviewed_at, rows.c.id)


def read_with_change(update: sa.Update, parent: Parent) -> sa.Select[Any]:
    """The rows of `_read` for the milestones of `parent_id`, once one of them is changed by an update, which is part of it.

    PostgreSQL reads all of it in the state before the update; so the changed row is the one that the update returns. Without
    it, the update found none. It takes the parameters of the update, of which `expected_id` is the id.
    """
    kept, milestones = table_of(ParentProgress), table_of(Milestone)
    source = _source(Milestone, parent)
    changed = update.returning(*source.selected_columns).cte("changed")
    others = source.where(
        milestones.c[parent] == sa.bindparam("parent_id", type_=Id()), milestones.c.id != sa.bindparam("expected_id")
    )
    rows = sa.union_all(sa.select(changed), others).subquery()
    joined = rows.outerjoin(kept, kept.c.parent_id == rows.c.parent_id)
    columns = (column for column in rows.c if column.name != "parent_id")
    return sa.select(kept.c.revision, *columns).select_from(joined)


@cache
def _store(dialect: str, names: tuple[str, ...]) -> Any:
    """Stores columns of one parent, unless its row has another revision than the one expected; gives its id if it did."""
    insert, newest = _upsert(dialect)
    table = table_of(ParentProgress)
    given = {name: sa.bindparam(name, type_=table.c[name].type) for name in (*names, "revision", "parent_id")}
    given["last_recorded_on"] = sa.bindparam("last_recorded_on", type_=sa.Date())
    replaced = {name: insert.excluded[name] for name in (*names, "revision")}
    unchanged = table.c.revision == sa.bindparam("expected_revision", type_=sa.Integer())
    stored = insert.values(given).on_conflict_do_update(
        index_elements=[table.c.parent_id], set_={**replaced, "last_recorded_on": newest}, where=unchanged
    )
    return stored.returning(table.c.parent_id)


@cache
def _record(dialect: str) -> Any:
    """Stores the day of the newest event of one parent, and nothing else of a row that is there."""
    insert, newest = _upsert(dialect)
    table = table_of(ParentProgress)
    given = {column.name: sa.bindparam(column.name, type_=column.type) for column in table.columns}
    return insert.values(given).on_conflict_do_update(
        index_elements=[table.c.parent_id], set_={"last_recorded_on": newest}
    )


def _upsert(dialect: str) -> tuple[Any, Any]:
    """An insert of the dialect, and the later of the two days of a row that is there and of the one that is inserted.

    Two writers of one lot may begin before and after midnight, and end the other way round.
    """
    table = table_of(ParentProgress)
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    days = (
        sa.func.coalesce(table.c.last_recorded_on, insert.excluded.last_recorded_on),
        insert.excluded.last_recorded_on,
    )
    return insert, sa.func.max(*days) if dialect == "sqlite" else sa.func.greatest(*days)
