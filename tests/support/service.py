"""The service under test, called over HTTP, and what must hold after every test."""

import atexit
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import SQLModel
from starlette.routing import Mount

import domain
from api.actions.access.api_keys import make_key
from api.http.file_readers import PRELOADED, limits_of
from api.http.route import Route, routes_of
from api.http.service import Service
from api.intake.processes.pool import Pool
from api.main import create_app, serving
from api.settings import Settings
from api.store import select_cache
from api.store.database import Database
from api.store.ledger import Write
from api.store.parent_progress import rebuild
from api.store.visibility import Rule, VisibleTable
from domain.base import Audited
from domain.ledger import AuditEvent, state_of, table_of
from domain.listed_values import ListedValue
from domain.permissions import SYSTEM, Role
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.parent_progress import ParentProgress
from tests.support.engines import plain_engine, share_statements_of


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, day: str) -> None:
        """Ten in the morning in Amsterdam on another day."""
        self.now = datetime.fromisoformat(f"{day}T09:00:00+00:00")


@dataclass
class Apos:
    """The running service."""

    app: FastAPI
    database_url: str
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def service(self) -> Service:
        """What the running service holds."""
        service = self.app.state.service
        assert isinstance(service, Service)
        return service

    @property
    def routes(self) -> list[Route]:
        """The routes of the contract."""
        return routes_of(contract_app(self.app))

    async def key(self, role: Role, supplier_id: str | None = None) -> tuple[str, str]:
        """The id and the secret of a new key."""
        async with self.service.database.writing() as session:
            write = Write.begin(session, SYSTEM, self.service.clock(), None, f"test-{uuid4()}")
            supplier = UUID(supplier_id) if supplier_id else None
            row, secret = await make_key(write, role, None, supplier, None, days=0, four_eyes=True)
        return str(row.id), secret

    async def as_(self, role: Role, supplier_id: str | None = None) -> httpx.AsyncClient:
        """A client with a new key of this role."""
        return self.client((await self.key(role, supplier_id))[1])

    def client(self, secret: str | None = None) -> httpx.AsyncClient:
        """A client with this key, or with none."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        client = httpx.AsyncClient(transport=transport, base_url="http://apos.test/v1", headers=headers)
        self.clients.append(client)
        return client

    def rows(self, kind: type[SQLModel]) -> list[dict[str, Any]]:
        """The rows of a table as they are stored."""
        return rows_of(self.database_url, kind)

    def events(self, kind: type[Audited]) -> list[dict[str, Any]]:
        """The events about rows of a table, in order."""
        return events_of(self.database_url, kind)


def contract_app(app: FastAPI) -> FastAPI:
    """The part of an application that the contract describes."""
    [mounted] = [route.app for route in app.routes if isinstance(route, Mount)]
    assert isinstance(mounted, FastAPI)
    return mounted


def rows_of(database_url: str, kind: type[SQLModel]) -> list[dict[str, Any]]:
    """The rows of a table of this database, as they are stored."""
    with plain_engine(database_url).connect() as connection:
        table = table_of(kind)
        ordered = sa.select(table).order_by(*table.primary_key.columns)
        return [dict(row) for row in connection.execute(ordered).mappings()]


def events_of(database_url: str, kind: type[Audited]) -> list[dict[str, Any]]:
    """The events about rows of a table of this database, in order."""
    return [event for event in rows_of(database_url, AuditEvent) if event["row_kind"] == table_of(kind).name]


@cache
def file_processes() -> Pool:
    """The processes that read files for all services with the usual settings of this test run."""
    pool = Pool(limits_of(Settings(_env_file=None)), PRELOADED)
    atexit.register(pool.close)
    return pool


@asynccontextmanager
async def running(database_url: str, clock: Clock, **settings: Any) -> AsyncIterator[Apos]:
    """The service on a database, started and stopped as a server would."""
    given = _settings_of(database_url, **settings)
    app = create_app(given, clock)
    if settings:
        async with app.router.lifespan_context(app), called(app, database_url) as apos:
            yield apos
        return
    database = Database(given.database_url, given.pool_size)
    share_statements_of(database)
    async with serving(app, Service(given, database, clock, pool=file_processes())), called(app, database_url) as apos:
        yield apos
    share_statements_of(database)


USUAL: dict[str, Any] = {"pool_size": 5, "failure_limit": 0}
"""Tests fail to sign in as often as they like, in one minute of a clock that stands still."""


def _settings_of(database_url: str, **settings: Any) -> Settings:
    if settings:
        return Settings(database_url=database_url, _env_file=None, **{**USUAL, **settings})
    return _usual_settings().model_copy(update={"database_url": database_url})


@cache
def _usual_settings() -> Settings:
    """Read once: the environment is searched for every setting there is."""
    return Settings(_env_file=None, **USUAL)


@asynccontextmanager
async def called(app: FastAPI, database_url: str) -> AsyncIterator[Apos]:
    """A running application over HTTP, whose clients are closed when the block ends."""
    apos = Apos(app, database_url)
    yield apos
    for client in apos.clients:
        await client.aclose()


def ledger_matches_rows(database_url: str) -> None:
    """The newest state that the ledger has of every audited row is the row itself, and every row has one.

    What rows are found by, from their lists, is what stands in those lists. The progress that is kept of lots and challenges is
    what would be made of their milestones and declarations anew.
    """
    with plain_engine(database_url).connect() as connection:
        events = connection.execute(sa.select(table_of(AuditEvent)).order_by(table_of(AuditEvent).c.seq)).mappings()
        newest = {(event["row_kind"], event["row_id"]): event["state"] for event in events}
        listed = {tuple(line) for line in connection.execute(sa.select(table_of(ListedValue)))}
        with_rows = _with_rows(connection)
        for kind in with_rows:
            name = table_of(kind).name
            for row in connection.execute(sa.select(table_of(kind))).mappings():
                state = json.loads(json.dumps(state_of(kind(**row))))
                assert newest.pop((name, row["id"])) == state
                own = kind.LIST_FILTERS.items()
                found = {(name, by, value) for by, one in own for value in one.values(row[one.column] or ())}
                assert {line[:3] for line in listed if (line[0], line[3]) == (name, row["id"])} == found
                listed = {line for line in listed if (line[0], line[3]) != (name, row["id"])}
        kept = {
            row["parent_id"]: dict(row) for row in connection.execute(sa.select(table_of(ParentProgress))).mappings()
        }
        if {Lot, Challenge}.intersection(with_rows):
            rebuild(connection)
        made = {
            row["parent_id"]: dict(row) for row in connection.execute(sa.select(table_of(ParentProgress))).mappings()
        }
        connection.rollback()
    assert [{**row, "revision": 1} for row in kept.values()] == [made[parent] for parent in kept]
    assert made.keys() == kept.keys(), "progress is kept of every lot and challenge that has any"
    assert newest == {}, "the ledger tells of rows that are not there"
    assert listed == set(), "something is found that is not there"


def _with_rows(connection: sa.Connection) -> list[type[Audited]]:
    """The audited tables that are not empty, of one question instead of one for each."""
    return [_audited()[number] for number in connection.execute(_which_have_rows()).scalars()]


@cache
def _which_have_rows() -> sa.CompoundSelect[Any]:
    asked = (sa.select(sa.literal(n)).where(sa.exists().select_from(table_of(k))) for n, k in enumerate(_audited()))
    return sa.union_all(*asked)


@cache
def _audited() -> list[type[Audited]]:
    found: list[type[Audited]] = []
    pending = [Audited]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        if getattr(kind, "__table__", None) is not None:
            found.append(kind)
    assert len(found) == len(domain.METADATA.tables) - 9, (
        "all but the ledger, answers given, counts, lines, results and runs of simulations, and what is derived are audited"
    )
    return found


PutRule = Callable[[VisibleTable, Role, Rule], None]
"""Puts a rule in the place of a role's own for a table."""


def clear_cached_selects() -> None:
    """Lets go of the selects that were made by the rules so far, for a test that puts others in their place."""
    for clear in select_cache.CACHE_CLEARERS:
        clear()
