"""Fills the database before anything is measured: suppliers, their lots and keys, and hundreds of declarations.

The portfolio is imported, and the many declarations are written by the service's own action, many in one transaction: over
HTTP, one by one, filling would take longer than measuring. The rest is created over HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.actions.access.api_keys import make_key
from api.actions.declarations.origin_declarations import draft
from api.http.service import system_clock
from api.portfolio_file import import_portfolio
from api.routes.declarations.origin_declarations import OriginDeclarationCreate
from api.schemas.bodies import columns_of
from api.schemas.declarations import as_stored
from api.store.database import Database
from api.store.ledger import Write
from bench.data_work import PARSE_COMPONENTS, rows_of
from bench.declared import PRICE, PROFILE, SIGNED, components, declaration, in_bytes
from bench.made_up import portfolio
from bench.scale import EXPORTS, Scale
from bench.wire import Connection, Server
from domain.base import new_id
from domain.declarations.components import check_lines
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import SYSTEM, Role

AT_A_TIME = 100
"""Declarations written in one transaction."""
SYSTEMS = 10
"""How many different systems the declarations describe; each supplier declares several of them."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A supplier, the lot it takes part in alone, and its API key."""

    supplier_id: str
    lot_id: str
    key: str

    def declares(self, count: int, seed: int) -> bytes:
        """The bytes of a declaration of that many components."""
        ids = {"supplierId": self.supplier_id, "lotId": self.lot_id, "price": PRICE}
        return in_bytes({**ids, **declaration(count, seed)})


@dataclass(frozen=True, slots=True)
class Stage:
    """The keys and rows that workloads use. `declarations` are pairs of id and supplier's key, in the order of their ids.

    `scored` is a large submitted declaration of the first supplier; `exported` are larger drafts of the same supplier.
    """

    admin: str
    contests: Sequence[Contest]
    declarations: Sequence[tuple[str, str]]
    scored: str
    exported: Sequence[str]


async def admin_key(database_url: str) -> str:
    """A key of the programme administrator, as the command line makes it."""
    return (await _keys(database_url, [(Role.PROGRAMME_ADMIN, None)]))[0]


async def set_stage(port: int, database_url: str, admin: str, scale: Scale) -> Stage:
    """Fills an empty database."""
    await imported(database_url, portfolio(scale.lots))
    server = Server(port, admin)
    async with server.connected() as connection:
        made = [await _contest(server, connection, number) for number in range(scale.suppliers)]
    keys = await _keys(database_url, [(Role.SUPPLIER, supplier_id) for supplier_id, _ in made])
    contests = [Contest(supplier, lot, key) for (supplier, lot), key in zip(made, keys, strict=True)]
    declared = await _declared(database_url, contests, scale)
    scored = await _submitted(Server(port, contests[0].key), contests[0].declares(scale.components, seed=1))
    exported = await _exported(database_url, contests[0], scale)
    return Stage(admin, contests, sorted(declared), scored, exported)


async def imported(database_url: str, document: Mapping[str, Any]) -> None:
    """Imports a portfolio, as the command line does."""
    database = Database(database_url, pool_size=1)
    try:
        async with database.writing() as session:
            write = Write.begin(session, SYSTEM, system_clock(), "import of a portfolio", "bench")
            await import_portfolio(write, document)
    finally:
        await database.close()


async def _exported(database_url: str, contest: Contest, scale: Scale) -> list[str]:
    """Drafts of very many components, each with its own set of lines."""
    rows = [row[2:] for row in rows_of(PARSE_COMPONENTS.validate_python(components(scale.exported)[0]))]
    supplier, lot = UUID(contest.supplier_id), UUID(contest.lot_id)
    drafts = [
        OriginDeclaration(supplier_id=supplier, lot_id=lot, id=own, series=own, system_name="Kestrel")
        for own in (new_id() for _ in range(EXPORTS))
    ]
    database = Database(database_url, pool_size=1)
    try:
        async with database.writing() as session:
            write = Write.begin(session, SYSTEM, system_clock(), "the bench reads it", "bench")
            for row in drafts:
                await draft(write, row, check_lines(rows, new_id()))
    finally:
        await database.close()
    return [str(row.id) for row in drafts]


async def _declared(database_url: str, contests: Sequence[Contest], scale: Scale) -> list[tuple[str, str]]:
    """Drafts declarations, of each supplier in turn; the components of some are alike."""
    given = [_given(contests[0].declares(scale.lines, seed)) for seed in range(SYSTEMS)]
    declared: list[tuple[str, str]] = []
    database = Database(database_url, pool_size=1)
    try:
        for begin in range(0, scale.declarations, AT_A_TIME):
            async with database.writing() as session:
                write = Write.begin(session, SYSTEM, system_clock(), "the bench reads it", "bench")
                for number in range(begin, min(begin + AT_A_TIME, scale.declarations)):
                    columns, lines = given[number % SYSTEMS]
                    contest, own = contests[number % len(contests)], new_id()
                    ids = {"id": own, "series": own, "supplier_id": UUID(contest.supplier_id)}
                    row = OriginDeclaration(**{**columns, **ids, "lot_id": UUID(contest.lot_id)})
                    await draft(write, row, check_lines(as_stored(lines), new_id()))
                    declared.append((str(own), contest.key))
    finally:
        await database.close()
    return declared


def _given(body: bytes) -> tuple[dict[str, Any], Sequence[Mapping[str, Any]]]:
    """The columns of a declaration and its components, as the route reads them from its bytes."""
    columns = columns_of(OriginDeclarationCreate.model_validate_json(body))
    return columns, columns.pop("components")


async def _submitted(server: Server, body: bytes) -> str:
    async with server.connected() as connection:
        made = (await connection.ask(server.request("POST", "/v1/origin-declarations", body), 201)).json
        path = f"/v1/origin-declarations/{made['id']}/submissions"
        await connection.ask(server.request("POST", path, in_bytes(SIGNED)), 201)
    return str(made["id"])


async def _contest(server: Server, connection: Connection, number: int) -> tuple[str, str]:
    """The ids of a new supplier and of the running lot, with a scoring profile, that it takes part in."""

    async def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = (await connection.ask(server.request("POST", path, in_bytes(body)), 201)).json
        return made

    programme = await post("/v1/programmes", {"code": f"B{number}", "title": f"Programma {number}"})
    titles = {"programmeId": programme["id"], "code": f"K{number}", "title": f"Kavel {number}", "status": "running"}
    lot = await post("/v1/lots", titles)
    supplier = await post("/v1/suppliers", {"name": f"Bedrijf {number}"})
    await post(f"/v1/lots/{lot['id']}/partners", {"supplierId": supplier["id"], "role": "partner"})
    tag = (await connection.ask(server.request("GET", f"/v1/lots/{lot['id']}"))).headers["etag"]
    profile = server.request("PUT", f"/v1/lots/{lot['id']}/scoring-profile", in_bytes(PROFILE), If_Match=tag)
    await connection.ask(profile)
    return supplier["id"], lot["id"]


async def _keys(database_url: str, owners: Sequence[tuple[Role, str | None]]) -> list[str]:
    database = Database(database_url, pool_size=1)
    try:
        async with database.writing() as session:
            write = Write.begin(session, SYSTEM, system_clock(), "the bench asks with it", "bench")
            return [
                (await make_key(write, role, None, UUID(supplier) if supplier else None, None, days=0, four_eyes=True))[
                    1
                ]
                for role, supplier in owners
            ]
    finally:
        await database.close()
