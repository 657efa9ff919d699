"""How many statements a request takes does not grow with the rows: counted for every read, and for the usual writes."""

from typing import Any

import httpx
import pytest

from api.http.pagination import Page
from api.http.route import Route
from domain.permissions import Role
from tests.support.declared import PROFILE, a_leaf
from tests.support.engines import counting
from tests.support.given import Given
from tests.support.service import Apos
from tests.support.sides import EXPIRING, a_statement, waived
from tests.support.world import a_world

MORE = 3
"""Rows that are added to every list."""
ALONE = {
    "/origin-declarations/{declarationId}/submissions": "a declaration is submitted once",
    "/origin-declarations/{declarationId}/reviews": "and reviewed once",
    "/waivers/{waiverId}/confirmations": "and a waiver confirmed once",
    "/score-schemes": "the scheme comes with a migration",
    "/declaration-templates": "the templates come with the service",
    "/score-schemes/{schemeId}/publications": "a scheme is published once",
    "/score-schemes/{schemeId}/simulations/{simulationId}/results": "a simulation is made once",
    "/component-statements/{statementId}/components": "a statement is made once",
}
"""Lists that cannot grow, each with the reason."""
NAMING_OTHERS = {"/test-sites/{testSiteId}", "/commitments/{commitmentId}"}
"""Reads that take one statement for who sees all; others are also asked which of the rows that it names they may see."""
WITHOUT_STATEMENTS = {"/declaration-templates", "/declaration-templates/{templateId}"}
"""Reads of what comes with the service: on SQLite not even the key is read again."""
SQLITE_STATEMENTS = {"a lot": 1, "a page of lots": 1, "the status": 10, "the same status": 0, "an achievement": 7}
POSTGRESQL_STATEMENTS = {"a lot": 2, "a page of lots": 2, "the status": 12, "the same status": 2, "an achievement": 6}
MET = {"outcome": "met", "assessedOn": "2026-11-20", "achievedOn": "2026-11-20", "narrative": "Behaald."}
NOT_MET = {**MET, "outcome": "notMet", "achievedOn": None}
REBASELINE = {"window": {"start": "2027-02-01", "end": "2027-03-01"}, "reason": "r", "authority": "a"}


async def a_whole_world(given: Given, office: httpx.AsyncClient) -> dict[str, Any]:
    """One row of everything, with ids by the parameter that names them in paths."""
    world = await a_world(given, office)
    declared = await given.admin.get(f"/origin-declarations/{world['declarationId']}")
    keys = (await given.admin.get("/api-keys")).json()["items"]
    schemes = (await given.admin.get("/score-schemes")).json()["items"]
    assert declared.status_code == 200
    scheme = f"/score-schemes/{schemes[0]['id']}"
    [published] = (await given.admin.get(f"{scheme}/publications")).json()["items"]
    ids = {name: world[name] for name in ("supplierId", "lotId")}
    revision = await given.post(
        "/origin-declarations", {**ids, "revises": world["declarationId"], "system": {"name": "Kestrel"}}
    )
    return {
        **world, **await _registers(given, world), "keyId": keys[0]["id"], "schemeId": schemes[0]["id"],
        "templateId": "components", "publicationId": published["id"], "revisionId": revision["id"],
        "simulationId": (await given.post(f"{scheme}/simulations", {}))["id"],
    }  # fmt: skip


async def _registers(given: Given, world: dict[str, Any]) -> dict[str, str]:
    """A row of every register that nothing else makes."""
    site = await given.post("/test-sites", {"name": f"Terrein {next(given.numbers)}"})
    subjects = {"siteId": site["id"], "lotIds": [world["lotId"]], "challengeIds": [world["challengeId"]]}
    title = f"Naam {next(given.numbers)}"
    target = {"title": title, "bound": "atLeast", "boundPct": 40, "definitionVersion": "letters-2026"}
    amount = {"amount": "1.00", "currency": "EUR", "qualifier": "exact"}
    organisation = {"name": title, "kind": "knowledgeInstitute"}
    promise = {"kind": "motie", "text": title, "lotIds": [world["lotId"]], "references": [{"asPrinted": "36600-50"}]}
    return {
        "commitmentId": (await given.post("/commitments", promise))["id"],
        "testSiteId": site["id"],
        "trialId": (await given.post("/trials", {"title": title, **subjects}))["id"],
        "targetId": (await given.post("/targets", target))["id"],
        "budgetLineId": (await given.post("/budget-lines", {"title": title, "amount": amount, "fund": "dmf"}))["id"],
        "organisationId": (await given.post("/organisations", organisation))["id"],
        "sourceId": (await given.source())["id"],
    }


async def grow(apos: Apos, given: Given, office: httpx.AsyncClient, world: dict[str, Any]) -> None:
    """More of everything beside each row of a world, under the same parents and elsewhere."""
    lot, challenge = f"/lots/{world['lotId']}", f"/challenges/{world['challengeId']}"
    for number in range(MORE):
        supplier = await given.supplier()
        await given.partner({"id": world["lotId"]}, supplier)
        await given.post(f"{challenge}/entrants", {"supplierId": supplier["id"]})
        for parent in (lot, challenge, f"/programmes/{world['programmeId']}"):
            await given.milestone(parent, critical=number % 2 == 0)
        day = {"effectiveOn": f"2026-12-0{number + 1}"}
        await given.post(f"/programmes/{world['programmeId']}/settings", day)
        await given.post(f"/milestones/{world['milestoneId']}/assessments", NOT_MET)
        window = {"start": "2027-02-01", "end": f"2027-03-0{number + 1}"}
        await given.post(f"/milestones/{world['milestoneId']}/rebaselines", {**REBASELINE, "window": window})
        path = f"/dependencies/{world['dependencyId']}/safeguards"
        await given.post(path, {"text": "Alleen hier", "position": 2 + number})
        consent = await given.consent({"id": world["supplierId"]}, "lotPartners")
        path = f"/suppliers/{world['supplierId']}/consents/{consent['id']}"
        await given.changed(path, {"withdrawnOn": "2026-11-21"})
        await given.submitted(await given.declaration({"id": world["lotId"]}, supplier, office, **EXPIRING), office)
        await _registers(given, world)
        await given.post(f"/origin-declarations/{world['declarationId']}/waivers", waived("radio"))
        await given.post("/component-statements", a_statement(world["supplierId"]))
        await given.post(f"/score-schemes/{world['schemeId']}/simulations", {})
        await apos.key(Role.ASSESSOR)
    await _more_of_one_declaration(given, office, world)
    for parent in (lot, challenge):
        keys = [(await apos.key(Role.ASSESSOR))[0] for _ in range(MORE)]
        await given.put(parent, "assessors", {"keyIds": keys})
    await a_world(given, office)


async def _more_of_one_declaration(given: Given, office: httpx.AsyncClient, world: dict[str, Any]) -> None:
    """A draft with one component becomes one with several; see `world['draftId']`."""
    leaves = [a_leaf(f"more-{number}", "1", "power") for number in range(MORE + 3)]
    await given.put(f"/origin-declarations/{world['draftId']}", "components", {"components": leaves}, office)


def path_of(route: Route, world: dict[str, Any]) -> str:
    """Where a route reads in a world; components are those of the draft, which can grow, changes those of a revision."""
    grows = route.path.startswith("/origin-declarations") and route.path.endswith("/components")
    named = "draftId" if grows else "revisionId" if route.path.endswith("/changes") else "declarationId"
    ids = {**world, "declarationId": world[named]}
    path = route.path
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", str(value))
    assert "{" not in path, f"the world of this test has nothing for {route.path}: add it"
    return path


async def read_everything(
    apos: Apos, client: httpx.AsyncClient, world: dict[str, Any]
) -> dict[str, tuple[int, int | None]]:
    """Of every read: how many statements it takes, and how many items it gives where it is a list."""
    found: dict[str, tuple[int, int | None]] = {}
    for route in apos.routes:
        if "GET" not in (route.methods or ()):
            continue
        is_list = isinstance(route.response_model, type) and issubclass(route.response_model, Page)
        with counting(apos.service.database) as statements:
            answer = await client.get(path_of(route, world), params={"limit": 200} if is_list else None)
        if answer.status_code in (403, 404):
            continue
        assert answer.status_code == 200, (route.path, answer.text)
        found[route.path] = (len(statements), len(answer.json()["items"]) if is_list else None)
    return found


@pytest.mark.parametrize("role", [Role.PROGRAMME_ADMIN, Role.SUPPLIER, Role.VIEWER])
async def test_no_read_takes_more_statements_where_there_are_more_rows(
    apos: Apos, given: Given, office: httpx.AsyncClient, role: Role
) -> None:
    world = await a_whole_world(given, office)
    lot, supplier = {"id": world["lotId"]}, {"id": world["supplierId"]}
    draft = await given.declaration(lot, supplier, office, totalComponentCost=None, components=[a_leaf("a", "1", None)])
    world["draftId"] = draft["id"]
    await given.submitted(await given.declaration(lot, supplier, office, **EXPIRING), office)
    client = await apos.as_(role, world["supplierId"] if role is Role.SUPPLIER else None)
    few = await read_everything(apos, client, world)
    await grow(apos, given, office, world)
    many = await read_everything(apos, client, world)
    assert {path: statements for path, (statements, _) in many.items()} == {
        path: statements for path, (statements, _) in few.items()
    }
    assert {path for path, (statements, _) in few.items() if statements == 0} <= WITHOUT_STATEMENTS
    if role is Role.PROGRAMME_ADMIN:
        reads = {route.path for route in apos.routes if "GET" in (route.methods or ())}
        assert many.keys() == reads, "the administrator reads everything"
        if not apos.service.database.is_sqlite:  # where the key takes a statement every time
            once = {path for path, (statements, items) in many.items() if statements == 2 and items is None}
            assert {route.path for route in apos.routes if route.operation.reads_once} == once - NAMING_OTHERS
        grown = {path for path, (_, items) in many.items() if items is not None and items > (few[path][1] or 0)}
        lists = {path for path, (_, items) in many.items() if items is not None}
        assert lists - grown == ALONE.keys()


async def test_no_usual_write_takes_more_statements_where_there_are_more_rows(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    counts = []
    for siblings in (0, MORE):
        lot = await given.lot(status="running")
        for _ in range(siblings):
            await given.milestone(f"/lots/{lot['id']}")
        own = await given.milestone(f"/lots/{lot['id']}")
        for _ in range(siblings):
            await given.post(f"/milestones/{own['id']}/assessments", NOT_MET)
        window = {"start": "2026-12-01", "end": "2027-01-31"}
        counts.append(
            {
                "forecast": await _statements(apos, office, "PATCH", f"/milestones/{own['id']}", {"forecast": window}),
                "rebaseline": await _statements(
                    apos, office, "POST", f"/milestones/{own['id']}/rebaselines", REBASELINE
                ),
                "assess": await _statements(apos, office, "POST", f"/milestones/{own['id']}/assessments", MET),
                "change lot": await _statements(apos, office, "PATCH", f"/lots/{lot['id']}", {"title": "Anders"}),
                "add": await _statements(
                    apos, office, "POST", f"/lots/{lot['id']}/milestones", {"title": "m", "kind": "trial"}
                ),
                "profile": await _statements(apos, office, "PUT", f"/lots/{lot['id']}/scoring-profile", PROFILE),
            }
        )
    few, many = counts
    assert few == many


async def test_so_many_statements_answer_the_usual_requests(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    """On PostgreSQL one more for the key, which SQLite says nobody has changed; COMMIT counts, and an event takes none."""
    lot = await given.lot(status="running")
    own = await given.milestone(f"/lots/{lot['id']}")
    counts = {}
    usual = {"a lot": f"/lots/{lot['id']}", "a page of lots": "/lots", "the status": "/portfolio-status"}
    for name, path in (*usual.items(), ("the same status", "/portfolio-status")):
        if name != "the same status":
            await given.source()
            await office.get("/sources")
        with counting(apos.service.database) as statements:
            assert (await office.get(path)).status_code == 200
        counts[name] = len([each for each in statements if not each.startswith("BEGIN")])
    with counting(apos.service.database) as statements:
        assert (await office.post(f"/milestones/{own['id']}/assessments", json=MET)).status_code == 201
    counts["an achievement"] = len([each for each in statements if not each.startswith("BEGIN")])
    assert counts == (SQLITE_STATEMENTS if apos.service.database.is_sqlite else POSTGRESQL_STATEMENTS)


async def _statements(apos: Apos, client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]) -> int:
    """How many statements a write takes."""
    tag = {} if method == "POST" else {"If-Match": "*"}
    with counting(apos.service.database) as statements:
        answer = await client.request(method, path, json=body, headers=tag)
    assert answer.status_code in (200, 201), answer.text
    return len(statements)
