"""The days on which evidence of lines expires are found by an index, whatever number of lines expire on other days."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from api.queries.declarations import evidence_expiries as queries
from api.store.ledger import Write
from api.store.visibility import ReadContext
from domain.base import new_id
from domain.dates import Window
from domain.declarations.component_columns import ROW, DeclaredComponent
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.permissions import SYSTEM
from tests.support.given import Given
from tests.support.lines import a_line
from tests.support.service import Apos

INDEX = "ix_components_evidence_expires_on"
TODAY = date(2026, 11, 21)
WINDOW = Window(TODAY, TODAY + timedelta(days=30))
DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}
SIZES = (*[600] * 40, 10_000)
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


async def a_portfolio(apos: Apos, given: Given) -> None:
    """Submitted declarations of many lines, nearly all of whose evidence expires on days after the window."""
    lot, supplier, _ = await given.contest()
    async with apos.service.database.writing() as session:
        write = Write.begin(session, SYSTEM, apos.service.clock(), None, "plans")
        for size in SIZES:
            own, lines = new_id(), new_id()
            days = (TODAY + timedelta(days=number * 37 % 2000) for number in range(size))
            rows = (a_line(key=f"k{place}", evidence_expires_on=str(day)) for place, day in enumerate(days))
            await write.ledger.add_lines(
                DeclaredComponent, ROW, ((str(lines), place, *row) for place, row in enumerate(rows))
            )
            ids = {"supplier_id": UUID(supplier["id"]), "lot_id": UUID(lot["id"]), "component_set": lines}
            await write.ledger.add(
                OriginDeclaration(
                    id=own, series=own, system_name="K", component_count=size, status=DeclarationStatus.SUBMITTED, **ids
                )
            )


@pytest.mark.parametrize("begin", [(TODAY, None), (TODAY + timedelta(days=5), UUID(int=7))], ids=["first", "next"])
async def test_days_of_lines_are_found_by_an_index(apos: Apos, given: Given, begin: tuple[date, UUID | None]) -> None:
    await a_portfolio(apos, given)
    asked = queries.days_of_lines(ReadContext(SYSTEM, TODAY), {}, WINDOW, begin, 53)
    async with apos.service.database.writing() as session:
        await session.exec_driver_sql("ANALYZE")
    async with apos.service.database.reading() as session:
        statement = asked.compile(dialect=DIALECTS[session.kind], compile_kwargs={"literal_binds": True})
        plan = (await session.exec_driver_sql(f"{EXPLAIN[session.kind]} {statement}".replace("%", "%%"))).all()
    steps = [str(step[-1]) for step in plan]
    assert sum(INDEX in step for step in steps) == 1, steps
    assert not any("Seq Scan on components" in step or "SCAN components" in step for step in steps), steps
