"""A database with something in every table, and all that a database holds."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa

from api.settings import driver_url
from domain.permissions import Role
from tests.support.declared import a_leaf, components
from tests.support.given import Given
from tests.support.portfolio import PORTFOLIO, imported
from tests.support.service import Clock, running
from tests.support.sides import a_statement, waived
from tests.support.snapshots import Contents, put, taken


def engine_of(url: str) -> sa.Engine:
    """A plain engine, with foreign keys on."""
    engine = sa.create_engine(driver_url(url), poolclass=sa.NullPool)
    if url.startswith("sqlite"):
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    return engine


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the driver reads it: what types the columns have is not asked, which takes longest."""
    with engine_of(url).connect() as connection:
        return {
            name: sorted(
                (dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()),
                key=lambda row: json.dumps(row, default=str),
            )
            for name in sa.inspect(connection).get_table_names()
            if name != "alembic_version"
        }


Fill = Callable[[str], Awaitable[None]]
_FILLED: dict[tuple[Fill, str], Contents] = {}


async def _filled_once(url: str, fill: Fill) -> None:
    """Fills a new database; the first of its kind is filled by the service, and those after it get a copy of all its rows."""
    known = (fill, url.partition(":")[0])
    if known in _FILLED:
        put(url, _FILLED[known])
        return
    await fill(url)
    _FILLED[known] = taken(url)


async def the_real_portfolio(url: str) -> None:
    """The real portfolio in a new database, and nothing else."""
    await _filled_once(url, _import)


async def a_filled_database(url: str) -> None:
    """The real portfolio in a new database, with a row in every append-only table."""
    await _filled_once(url, _fill)


async def _import(url: str) -> None:
    async with running(url, Clock()) as apos:
        await imported(apos, PORTFOLIO)


async def _fill(url: str) -> None:
    async with running(url, Clock()) as apos:
        await imported(apos, PORTFOLIO)
        client = await apos.as_(Role.PROGRAMME_ADMIN)
        [milestone] = (await client.get("/milestones?key=m-c15-trial")).json()["items"]
        path = f"/milestones/{milestone['id']}"
        body = {"outcome": "notMet", "assessedOn": "2026-11-20", "narrative": "n"}
        assert (await client.post(f"{path}/assessments", json=body)).status_code == 201
        window = {"start": "2027-01-01", "end": "2027-05-01"}
        rebaseline = {"window": window, "reason": "r", "authority": "a"}
        assert (await client.post(f"{path}/rebaselines", json=rebaseline)).status_code == 201
        [programme] = (await client.get("/programmes?key=apos")).json()["items"]
        settings = {"effectiveOn": "2026-11-21"}
        assert (await client.post(f"/programmes/{programme['id']}/settings", json=settings)).status_code == 201
        given = Given(apos, client)
        lot, supplier, _ = await given.contest()
        lines = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
        declaration = await given.declaration(lot, supplier, client, components=lines)
        await given.submitted(declaration, client)
        await given.waived(declaration, waived("radio"))
        [scheme] = (await client.get("/score-schemes")).json()["items"]
        await given.post(f"/score-schemes/{scheme['id']}/simulations", {})
        await given.reviewed(declaration, "returned")
        stated = await given.post("/component-statements", a_statement(supplier["id"]))
        await given.changed(f"/component-statements/{stated['id']}", {"withdrawnOn": "2026-11-21"})
