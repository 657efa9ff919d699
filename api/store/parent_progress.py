"""Keeps `ParentProgress`: the ledger says which lots and challenges a write concerns; their rows follow before the commit.

Writers of two milestones of one lot do not wait for each other until the end of their transactions. There a row is replaced
only at the revision that was read with its milestones; where somebody was quicker, all of it is read again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from api.store.postgresql import LEDGER_LOCK
from api.store.sessions import Session
from domain.base import Audited, Id
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.reviews import Review
from domain.ledger import table_of
from domain.portfolio.colours import MilestoneStatus, Progress
from domain.portfolio.milestones import Milestone
from domain.portfolio.parent_progress import DECIDING, ParentProgress, progress_columns
from domain.scoring.scores import StoredScore, declared_share
from domain.withdrawals import WithdrawalKind

Parent = Literal["lot_id", "challenge_id"]
PARENTS: tuple[Parent, ...] = ("lot_id", "challenge_id")


class Stale(NamedTuple):
    """Columns of `ParentProgress` that have to be worked out again: those that follow from rows of `kind`, for one parent."""

    parent_id: UUID
    parent: Parent
    kind: type[Audited]


def stale_after(row: Audited, changed: Iterable[str] | None, before: Mapping[str, Any]) -> Stale | None:
    """What a write of a row concerns; `changed` are the columns that it gave, None where the row is new."""
    if isinstance(row, Milestone):
        if changed is not None and DECIDING.isdisjoint(changed):
            return None
    elif not isinstance(row, OriginDeclaration) or DeclarationStatus.ACCEPTED not in (row.status, before.get("status")):
        return None
    for parent in PARENTS:
        parent_id = getattr(row, parent)
        if parent_id is not None:
            return Stale(parent_id, parent, type(row))
    return None


async def keep(session: Session, stale: Stale) -> None:
    """Works the columns out again and stores them."""
    while True:
        rows = (await session.execute(_read(stale.kind, stale.parent), {"parent_id": stale.parent_id})).mappings().all()
        columns, revision = _columns(stale.kind, rows), rows[0]["revision"] or 0
        values = {**columns, "parent_id": stale.parent_id, "revision": revision + 1, "expected_revision": revision}
        if (await session.execute(_store(session.kind, tuple(columns)), values)).first() is not None:
            return


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
    if made:
        without = {**progress_columns([]), "declared_share": None}
        rows = [{**without, **columns, "parent_id": own, "revision": 1} for own, columns in made.items()]
        connection.execute(sa.insert(table), rows)


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
        return progress_columns([_progress(row) for row in valid], entered_in_error=len(rows) - len(valid))
    newest = {row["supplier_id"]: (row["declared_cents"], row["total_cents"]) for row in rows}
    return {"declared_share": declared_share(newest.values())}


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
        columns = (table.c[parent].label("parent_id"), table.c.id, *(table.c[name] for name in sorted(DECIDING)))
        return sa.select(*columns).where(table.c[parent].is_not(None))
    score, review = table_of(StoredScore), table_of(Review)
    amounts = (table.c.supplier_id, score.c.declared_cents, score.c.total_cents)
    return (
        sa.select(table.c[parent].label("parent_id"), table.c.id, *amounts, review.c.reviewed_at)
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


@cache
def _store(dialect: str, names: tuple[str, ...]) -> Any:
    """Stores columns of one parent, unless its row has another revision than the one expected; gives its id if it did."""
    table = table_of(ParentProgress)
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    given = {name: sa.bindparam(name, type_=table.c[name].type) for name in (*names, "revision", "parent_id")}
    replaced = {name: insert.excluded[name] for name in (*names, "revision")}
    unchanged = table.c.revision == sa.bindparam("expected_revision", type_=sa.Integer())
    stored = insert.values(given).on_conflict_do_update(
        index_elements=[table.c.parent_id], set_=replaced, where=unchanged
    )
    return stored.returning(table.c.parent_id)
