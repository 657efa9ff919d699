"""Ids of other rows, within rows and as filters: nobody learns by them of a row that it may not see.

A row shows the ids of visible rows only, and a filter by a hidden row answers as one by a row that does not exist.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from api.store.sessions import Session
from api.store.visibility import RULES, ReadContext, VisibleTable, visible
from domain.base import Audited
from domain.oversight.commitments import Commitment
from domain.permissions import Role
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone
from domain.portfolio.programmes import Programme
from domain.portfolio.trials import Trial
from domain.registers import Organisation, TestSite

NARROW_ROLES = (Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER)
LINKS: dict[tuple[VisibleTable, Role], Mapping[str, VisibleTable]] = {
    **{(Trial, role): {"site_id": TestSite, "challenge_ids": Challenge, "lot_ids": Lot} for role in NARROW_ROLES},
    **{(TestSite, role): {"partner_ids": Organisation} for role in NARROW_ROLES},
    **{(Commitment, role): {"lot_ids": Lot} for role in NARROW_ROLES},
    (Milestone, Role.ASSESSOR): {"after": Milestone},
    (Milestone, Role.VIEWER): {"lot_id": Lot, "challenge_id": Challenge, "programme_id": Programme},
}
"""Columns of visible rows that may name a row that the role may not see, and the table of the named rows.

Not listed are links whose row is seen by whoever sees the row that has them, such as the lot of a milestone of one's own
lot, and those that the row itself makes known, such as the supplier of a declaration.
"""
FILTERS: Mapping[str, VisibleTable] = {
    "lot_id": Lot,
    "alternative_id": Lot,
    "challenge_id": Challenge,
    "programme_id": Programme,
    "site_id": TestSite,
    "owner_id": Organisation,
}
"""Filters of lists by the id of another row, and the table of that row."""


def filter_by_link(name: str, value: object, context: ReadContext) -> ColumnElement[bool]:
    """The condition that a filter by another row's id adds: that the reader may see that row.

    Filters by no other row add nothing.
    """
    kind = FILTERS.get(name)
    if kind is None or RULES[kind, context.actor.role].rows is None:
        return true()
    named = visible(kind, context)
    return select(named.c.id).where(named.c.id == value).exists()


async def with_visible_links(
    session: Session, context: ReadContext, kind: type[Audited], rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The rows with the ids in them that the reader may see: a hidden one is None, and absent from a list of ids.

    Runs one statement for each table of which the reader sees some rows only, and whose rows are named.
    """
    links = LINKS.get((kind, context.actor.role), {})
    shown = [dict(row) for row in rows]
    for linked in dict.fromkeys(links.values()):
        columns = [name for name, named in links.items() if named is linked]
        ids = {row_id for row in shown for name in columns for row_id in _ids_in(row[name])}
        if not ids:
            continue
        seen = visible(linked, context)
        known = set((await session.execute(select(seen.c.id).where(seen.c.id.in_(ids)))).scalars())
        for row in shown:
            row.update({name: _only(known, row[name]) for name in columns})
    return list(shown)


def _ids_in(value: UUID | Sequence[str] | None) -> list[UUID]:
    if isinstance(value, UUID) or value is None:
        return [] if value is None else [value]
    return [UUID(row_id) for row_id in value]


def _only(known: Set[UUID], value: UUID | Sequence[str] | None) -> UUID | list[str] | None:
    if isinstance(value, UUID) or value is None:
        return value if value in known else None
    return [row_id for row_id in value if UUID(row_id) in known]
