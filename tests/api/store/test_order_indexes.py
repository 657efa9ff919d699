"""On PostgreSQL every list in Dutch order has an index, which a page reads; SQLite sorts."""

from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import FromClause

from api.http.pagination import SORTED_AS_TEXT, ListQuery, cursor_of, page
from api.queries.portfolio.colours import with_progress
from api.routes.portfolio.challenges import ChallengeQuery
from api.routes.portfolio.lots import LotQuery
from api.routes.portfolio.milestones import MilestoneQuery
from api.store.schema import TEXT_ORDER
from api.store.visibility import ReadContext, visible
from domain.base import Audited
from domain.permissions import Actor, Role
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone
from tests.support.databases import Postgres
from tests.support.engines import plain_engine
from tests.support.operations import UNKNOWN, operations
from tests.support.service import Clock

LISTS: dict[type[Audited], type[ListQuery]] = {Lot: LotQuery, Challenge: ChallengeQuery, Milestone: MilestoneQuery}


class Recorder:
    """A session that keeps the statement that it is given, and finds nothing."""

    statement: Any

    async def execute(self, statement: Any, **_options: object) -> Any:
        self.statement = statement
        return MagicMock(**{"mappings.return_value.all.return_value": []})


def test_every_list_in_dutch_order_has_an_index_on_postgresql(postgres: Postgres) -> None:
    lists = {
        f"ix_{operation.path.rpartition('/')[2].replace('-', '_')}{TEXT_ORDER}"
        for operation in operations()
        if SORTED_AS_TEXT.intersection(operation.sorts)
    }
    url = postgres.empty()
    with plain_engine(url).connect() as connection:
        found = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%%dutch_order(%%'")
        assert set(found.scalars()) == lists
    postgres.drop(url)


def rows_of(kind: type[Audited], context: ReadContext) -> FromClause:
    """What a list of a role starts from."""
    has_colours = kind is not Milestone and context.actor.role is Role.PROGRAMME_OFFICE
    return with_progress(context, kind) if has_colours else visible(kind, context)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICE, Role.VIEWER])
async def test_a_page_by_title_begins_in_the_index(postgres: Postgres, kind: type[Audited], role: Role) -> None:
    context = ReadContext(Actor("key:test", role), Clock().now.date())
    url = postgres.empty()
    with plain_engine(url).connect() as connection:
        connection.exec_driver_sql("SET enable_sort = off")  # which an empty table takes little to be
        connection.exec_driver_sql("SET enable_seqscan = off")
        for sort in ("title", "-title"):
            session: Any = Recorder()
            query = LISTS[kind](sort=sort, cursor=cursor_of(sort, "Kavel", UNKNOWN))
            await page(session, context, rows_of(kind, context), query)
            asked = session.statement.compile(connection, compile_kwargs={"literal_binds": True})
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}".replace("%", "%%")).scalars())
            assert f"{kind.__tablename__}{TEXT_ORDER}" in plan
            assert "Index Cond: (ROW(dutch_order(" in plan
            assert "Sort Key: (dutch_order" not in plan
    postgres.drop(url)
