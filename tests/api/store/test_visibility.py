"""Who sees what: nobody learns of what is not his, however he asks."""

from typing import Any

import httpx
import pytest

from api.store.visibility import RULES
from domain.permissions import Role
from tests.support.answers import without_instance
from tests.support.declared import SIGNED, statement
from tests.support.given import Given
from tests.support.operations import UNKNOWN
from tests.support.service import Apos
from tests.support.world import a_world

OPEN = (
    *("/sources", "/organisations", "/programmes", "/score-schemes", "/declaration-templates"),
    *("/test-sites", "/trials", "/targets", "/budget-lines", "/commitments"),
)


async def test_supplier_b_learns_nothing_of_any_row_of_supplier_a(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    """Generated from the routes: every read of every row of A answers B exactly as a row that does not exist."""
    own = await a_world(given, office)
    b = await given.supplier(name="Bedrijf B")
    client = await apos.as_(Role.SUPPLIER, b["id"])
    asked = 0
    for route in apos.routes:
        if "GET" not in (route.methods or ()) or "{" not in route.path or route.path.startswith(OPEN):
            continue
        real, none = route.path, route.path
        for name, value in own.items():
            real, none = real.replace(f"{{{name}}}", str(value)), none.replace(f"{{{name}}}", UNKNOWN)
        if "{" in real:
            continue
        there, nowhere = await client.get(real), await client.get(none)
        assert there.status_code in (403, 404), route.path
        if "{seq}" not in route.path:
            assert without_instance(there) == without_instance(nowhere), route.path
        asked += 1
    assert asked == 42
    for path in (
        "/lots",
        "/challenges",
        "/milestones",
        "/origin-declarations",
        "/component-statements",
        "/component-verdicts",
        "/evidence-expiries",
    ):
        assert (await client.get(path)).json() == {"items": [], "nextCursor": None}
    for query in (
        f"lots?programmeId={own['programmeId']}",
        f"milestones?lotId={own['lotId']}",
        "milestones?status=notMet",
        f"origin-declarations?supplierId={own['supplierId']}",
        f"origin-declarations?lotId={own['lotId']}",
        "origin-declarations?status=returned",
    ):
        assert (await client.get(f"/{query}")).json()["items"] == []
    assert [row["name"] for row in (await client.get("/suppliers")).json()["items"]] == ["Bedrijf B"]
    assert (await client.get("/suppliers?nameBasis=consent")).json()["items"] == []


async def test_two_suppliers_of_one_lot_do_not_see_each_other(apos: Apos, given: Given) -> None:
    lot, one, two = await given.lot(), await given.supplier(), await given.supplier()
    mine, _ = await given.partner(lot, one), await given.partner(lot, two)
    client = await apos.as_(Role.SUPPLIER, one["id"])
    assert (await client.get(f"/lots/{lot['id']}/partners")).json()["items"] == [mine]
    assert set((await client.get(f"/lots/{lot['id']}")).json()) == {
        "id", "key", "programmeId", "code", "title", "status", "effect", "effectPublished", "source",
    }  # fmt: skip
    assert (await client.get(f"/suppliers/{two['id']}")).status_code == 404


async def test_two_suppliers_of_one_lot_do_not_see_each_others_declarations(apos: Apos, given: Given) -> None:
    """Not by id, list, filter or count, and no write of theirs is answered in another way than one for nothing."""
    lot, one, client = await given.contest()
    two = await given.supplier()
    await given.partner(lot, two)
    rival = await apos.as_(Role.SUPPLIER, two["id"])
    theirs = await given.declaration(lot, one, client)
    await given.submitted(theirs, client)
    await given.reviewed(theirs, "returned")
    assert (await rival.get("/origin-declarations")).json() == {"items": [], "nextCursor": None}
    own = await given.declaration(lot, two, rival)
    assert [item["id"] for item in (await rival.get("/origin-declarations")).json()["items"]] == [own["id"]]
    match = {"If-Match": "*"}
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", "/origin-declarations/{}", {"price": None}),
        ("PUT", "/origin-declarations/{}/components", {"components": []}),
        ("POST", "/origin-declarations/{}/submissions", SIGNED),
        ("POST", "/origin-declarations/{}/reviews", {"verdict": "accepted", "narrative": "x"}),
    ]
    for method, path, body in tries:
        answers = [
            await rival.request(method, path.format(which), json=body, headers=match)
            for which in (theirs["id"], UNKNOWN)
        ]
        assert answers[0].status_code in (403, 404), path
        assert without_instance(answers[0]) == without_instance(answers[1]), path
    revision = {"supplierId": two["id"], "lotId": lot["id"], **statement()}
    answers = [
        await rival.post("/origin-declarations", json={**revision, "revises": which})
        for which in (theirs["id"], UNKNOWN)
    ]
    assert answers[0].status_code == 400
    assert without_instance(answers[0]) == without_instance(answers[1])
    assert (await client.get(f"/origin-declarations/{theirs['id']}")).json()["status"] == "returned"


async def test_a_viewer_reads_what_is_public_and_nothing_else(apos: Apos, given: Given) -> None:
    source = await given.source()
    public = await given.lot(source=source["key"], effect="secret", effectPublished="openbaar")
    challenge = await given.challenge(source=source["key"])
    hidden = await given.lot()
    basis = {"nameBasis": "publishedSource", "source": source["key"]}
    named = await given.supplier(**basis, country="NL", note="n")
    await given.supplier()
    viewer = await apos.as_(Role.VIEWER)
    lots = (await viewer.get("/lots")).json()["items"]
    assert lots == [
        {
            "id": public["id"], "key": None, "code": public["code"], "title": public["title"], "status": "exploring",
            "effectPublished": "openbaar", "source": source["key"],
        }
    ]  # fmt: skip
    assert set((await viewer.get("/challenges")).json()["items"][0]) == set(lots[0])
    assert (await viewer.get(f"/challenges/{challenge['id']}")).headers["etag"].count("v") == 0
    assert (await viewer.get(f"/lots/{hidden['id']}")).status_code == 404
    [seen] = (await viewer.get("/suppliers")).json()["items"]
    assert (seen["id"], "note" in seen, "version" in seen) == (named["id"], False, False)
    hidden_all = ("/portfolio-status", "/audit-events", "/api-keys", "/origin-declarations")
    for path in (*hidden_all, f"/lots/{public['id']}/partners", f"/lots/{public['id']}/scoring-profile"):
        assert (await viewer.get(path)).status_code == 403, path


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_reads_the_registers(apos: Apos, given: Given, role: Role) -> None:
    source = await given.source()
    await given.programme(budget={"amount": "1.00", "fund": "dmf"}, source=source["key"])
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    assert len((await client.get("/sources")).json()["items"]) == 1
    assert (await client.get("/programmes")).json()["items"][0]["budget"]["amount"] == "1.00"
    assert (await client.get("/organisations")).status_code == 200


EDITS = [
    ("POST", "/sources"), ("POST", "/organisations"), ("POST", "/programmes"), ("POST", "/lots"),
    ("POST", "/challenges"), ("POST", "/suppliers"), ("POST", "/api-keys"),
    ("POST", f"/lots/{UNKNOWN}/milestones"), ("POST", f"/milestones/{UNKNOWN}/rebaselines"),
    ("PATCH", f"/lots/{UNKNOWN}"), ("PUT", f"/lots/{UNKNOWN}/assessors"), ("PATCH", f"/suppliers/{UNKNOWN}"),
    ("PUT", f"/lots/{UNKNOWN}/scoring-profile"), ("PUT", f"/challenges/{UNKNOWN}/scoring-profile"),
]  # fmt: skip


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.ASSESSOR, Role.AUDITOR, Role.VIEWER])
async def test_only_the_office_and_the_administrator_edit(apos: Apos, given: Given, role: Role) -> None:
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    for method, path in EDITS:
        answer = await client.request(method, path, json={}, headers={"If-Match": "*"})
        assert answer.status_code == 403, (method, path)


async def test_the_office_manages_no_keys_and_reads_no_audit_trail(office: httpx.AsyncClient) -> None:
    for path in ("/api-keys", "/audit-events"):
        assert (await office.get(path)).status_code == 403
    assert (await office.post("/api-keys", json={"role": "viewer", "label": "k"})).status_code == 403


def test_every_rule_says_something_of_every_table_a_supplier_could_meet() -> None:
    tables = {kind for kind, role in RULES if role is Role.SUPPLIER}
    assert {kind.__name__ for kind in tables} == {
        "Source", "Organisation", "Programme", "Lot", "LotPartner", "Challenge", "ChallengeEntrant", "Milestone",
        "Supplier", "ProgrammeSettings", "ScoreScheme", "ScoringProfile", "OriginDeclaration", "DeclaredComponent",
        "Submission", "Signatory", "Review", "StoredScore", "TestSite", "Trial", "Target", "BudgetLine", "ApiKey",
        "Commitment", "Consent", "SchemePublication", "Waiver", "WaiverConfirmation", "ComponentStatement",
        "StatementSignatory", "StatementVerdict",
    }  # fmt: skip
