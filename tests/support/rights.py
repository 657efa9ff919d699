"""Who may do what, asked of the running service: the world it is asked in, and what counts as which answer.

`EXPECTED` says it once per permission; which operations a permission guards is read from the routes. Three rows are
asked about: the actor's own (a supplier takes part in it, an assessor is assigned to it, a viewer finds it published;
for the others any row), another's (of a rival, assigned to another assessor, not published), and none at all (an id
that leads nowhere). A row that is hidden and a row that is not there must be told in the very same words.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal
from unittest.mock import patch

import httpx
import sqlalchemy as sa

import domain
from api.settings import driver_url
from domain.permissions import Role
from tests.support.databases import Postgres, Sqlite
from tests.support.engines import share_statements
from tests.support.operations import NO_EVENT, UNKNOWN, Operation
from tests.support.service import Apos, Clock, ledger_matches_rows, running
from tests.support.sides import Chronicle, Ids, a_side, registers
from tests.support.writes import Body, body_of

EXPECTED = """
                     programmeOffice programmeAdmin supplier assessor auditor viewer
readOwnKey           yes             yes            yes      yes      yes     yes
renewOwnKey          yes             yes            yes      yes      yes     yes
readPublished        yes             yes            yes      yes      yes     yes
readRegisters        yes             yes            own      own      yes     own
readPortfolio        yes             yes            own      own      yes     own
readAssessments      yes             yes            never    own      yes     never
readSuppliers        yes             yes            own      never    yes     own
readConsents         yes             yes            own      never    yes     never
readPartners         yes             yes            own      never    yes     never
readOversight        yes             yes            never    never    yes     never
readProfiles         yes             yes            own      own      yes     never
readDeclarations     yes             yes            own      own      yes     never
readStatements       yes             yes            own      never    yes     never
readDependencies     yes             yes            never    never    yes     never
readStatus           yes             yes            never    never    yes     never
readRankings         yes             yes            never    never    yes     never
readSimulations      yes             yes            never    never    yes     never
readAudit            never           yes            never    never    yes     never
readKeys             never           yes            never    never    yes     never
editPortfolio        yes             yes            never    never    never   never
recordAssessments    yes             yes            never    own      never   never
editConsents         yes             yes            own      never    never   never
editDeclarations     yes             yes            own      never    never   never
editStatements       yes             yes            own      never    never   never
reviewDeclarations   yes             yes            never    own      never   never
waiveKnockOuts       yes             yes            never    never    never   never
previewScores        yes             yes            own      never    never   never
simulateSchemes      yes             yes            never    never    never   never
editSchemes          never           yes            never    never    never   never
editKeys             never           yes            never    never    never   never
"""
TELLS_OF = {"/evidence-expiries": "submittedId"}
"""Lists whose items have no id of their own, and the row whose id they tell."""
WELL_FORMED = '"v1-0123456789abcdef"'
REQUEST_ID = "one-and-the-same"
"""Problems carry it: with one for all, the same refusal is the same bytes."""

Kind = Literal["own", "other", "none"]
Actor = Role | None
ACTORS: tuple[Actor, ...] = (*Role, None)


class Says(StrEnum):
    """What the service answers, in one word."""

    ALLOWED = "allowed"
    HIDDEN = "hidden"
    NEVER = "never"
    STRANGER = "stranger"


MEANS: dict[str, dict[Kind, Says]] = {
    "yes": {"own": Says.ALLOWED, "other": Says.ALLOWED, "none": Says.HIDDEN},
    "own": {"own": Says.ALLOWED, "other": Says.HIDDEN, "none": Says.HIDDEN},
    "never": {"own": Says.NEVER, "other": Says.NEVER, "none": Says.NEVER},
}
"""What a cell of the table means for each row."""


def table() -> dict[str, dict[str, str]]:
    """The cells of the table, by permission and role."""
    head, *lines = [line.split() for line in EXPECTED.strip().splitlines()]
    return {permission: dict(zip(head, cells, strict=True)) for permission, *cells in lines}


def expected(operation: Operation, actor: Actor, kind: Kind) -> Says:
    """What the table says of an operation."""
    if actor is None:
        return Says.STRANGER
    return MEANS[table()[operation.permission][actor]][kind]


def rows_asked(operation: Operation) -> tuple[Kind, ...]:
    """Which rows an operation is asked about.

    A list that stands under no row shows a row or does not: a row that is not there is in no list. What names no row at
    all, such as a preview or a new lot, is nobody's: it is asked once, as one's own.
    """
    if operation.parameters or names_in_body(operation):
        return ("own", "other", "none")
    return ("own", "other") if operation.is_list else ("own",)


def names_in_body(operation: Operation) -> tuple[str, ...]:
    """The ids in a body that decide whose row it is."""
    return () if operation.method == "GET" else body_of(operation.name).names


@dataclass(frozen=True)
class Stage:
    """A database with both sides in it, and a secret of every role; the actors take part in the first side."""

    url: str
    sides: dict[Kind, Ids]
    secrets: dict[Actor, str | None]

    def named(self, operation: Operation, kind: Kind) -> Ids:
        """The ids that an operation names for a row; what the body only refers to is always there."""
        body = Body(dict) if operation.method == "GET" else body_of(operation.name)
        side = self.sides["own" if kind == "none" else kind]
        if kind == "none":
            nowhere = {name: NO_EVENT if name == "seq" else UNKNOWN for name in (*operation.parameters, *body.names)}
            return {**side, **nowhere}
        return {**side, **{name: side[variant] for name, variant in body.at.items()}}


async def staged(server: Postgres | Sqlite) -> Stage:
    """Makes both sides in a new database, over HTTP, and the keys of those who are going to ask."""
    url = server.empty()
    async with running(url, Clock()) as apos:
        given = Chronicle(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        await given.second()
        shared = await registers(given)
        shared["newcomerId"] = (await given.supplier())["id"]
        shared["templateId"] = "components"
        own = {**await a_side(given, shared, "b", public=True), "seq": 1}
        other = {**await a_side(given, shared, "a"), "seq": 2}
        secrets: dict[Actor, str | None] = {role: await _secret(apos, role, own) for role in Role}
    ledger_matches_rows(url)
    return Stage(url, {"own": own, "other": other}, {**secrets, None: None})


async def _secret(apos: Apos, role: Role, own: Ids) -> str:
    known = {Role.SUPPLIER: "supplierSecret", Role.ASSESSOR: "assessorSecret"}
    return own[known[role]] if role in known else (await apos.key(role))[1]


async def ask(client: httpx.AsyncClient, operation: Operation, named: Ids) -> httpx.Response:
    """One request of an operation, valid in everything but perhaps who asks."""
    path = operation.at(named)
    client.headers["X-Request-Id"] = REQUEST_ID
    if operation.method == "GET":
        return await client.get(path, params={"limit": 200} if operation.is_list else None)
    headers = {}
    if "If-Match" in operation.headers:
        whole = path if operation.method == "PATCH" else path.rpartition("/")[0]
        headers["If-Match"] = (await client.get(whole)).headers.get("etag", WELL_FORMED)
    return await client.request(operation.method, path, json=body_of(operation.name).of(named), headers=headers)


def said(operation: Operation, answer: httpx.Response, row_id: Any) -> Says | str:
    """An answer in one word, or what it was where it is none of these."""
    known = {401: Says.STRANGER, 403: Says.NEVER, 404: Says.HIDDEN}
    if answer.status_code == operation.success and operation.is_nameless_list:
        ids = [_id_of(item) for item in answer.json()["items"]]
        return Says.ALLOWED if row_id in ids else Says.HIDDEN
    if answer.status_code == operation.success:
        return Says.ALLOWED
    return known.get(answer.status_code, f"{answer.status_code} {answer.text[:300]}")


def _id_of(item: dict[str, Any]) -> Any:
    """The id of an item, or of the row that it tells of."""
    return next(item[name] for name in ("id", "seq", "declarationId") if name in item)


@contextmanager
def undone(apos: Apos) -> Iterator[None]:
    """Within it what is written is taken back once its answer is made, so that every request finds the same rows."""
    kept = apos.service.database.writing

    @asynccontextmanager
    async def writing() -> AsyncIterator[Any]:
        async with kept() as session:
            await session.exec_driver_sql("SAVEPOINT until_here")
            yield session
            await session.settle()
            await session.exec_driver_sql("ROLLBACK TO SAVEPOINT until_here")

    with patch.object(apos.service.database, "writing", writing):
        yield


class Stored:
    """What a database holds, counted: the rows of every table, and the sum of their versions."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(driver_url(url), poolclass=sa.StaticPool, isolation_level="AUTOCOMMIT")
        share_statements(self._engine, "counting")
        self._known: tuple[int | None, list[Any]] = (None, [])

    def counted(self) -> list[Any]:
        """The counts of now."""
        with self._engine.connect() as connection:
            share_statements(self._engine, "counting")
            version = _version(connection)
            if version is None or version != self._known[0]:
                self._known = version, sorted(tuple(row) for row in connection.execute(_counts()))
        return self._known[1]

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()


def _version(connection: sa.Connection) -> int | None:
    """The number that SQLite gives another one whenever some other connection commits a change; PostgreSQL has none."""
    if connection.dialect.name != "sqlite":
        return None
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


@cache
def _counts() -> sa.CompoundSelect[Any]:
    return sa.union_all(
        *(
            sa.select(sa.literal(name), sa.func.count(), sa.func.sum(table.c.version if "version" in table.c else 0))
            for name, table in domain.METADATA.tables.items()
        )
    )
