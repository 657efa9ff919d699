"""Dependencies with their safeguards, and critical components: of the office and the auditor, and nobody else."""

from typing import Any

import httpx
import pytest

from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency, Safeguard
from domain.permissions import Role
from tests.support.given import Given, faults
from tests.support.service import Apos

NOWHERE = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
EVIDENCE = [{"title": "Verslag", "uri": "https://example.org/v.pdf", "sha256": "0" * 64}]


async def a_dependency(given: Given, **fields: Any) -> dict[str, Any]:
    """A dependency of a lot, which another lot ends."""
    lot, other = await given.lot(), await given.lot()
    body = {"subject": "Software", "lotId": lot["id"], "alternativeId": other["id"], **fields}
    return await given.post("/dependencies", body)


async def test_a_dependency_is_added_listed_and_changed(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    made = await a_dependency(given, controllingCountry="US", nameBasis="publishedSource", key="dep")
    path = f"/dependencies/{made['id']}"
    answer = await office.get(path)
    assert answer.json() == made
    for query in (
        f"lotId={made['lotId']}",
        f"alternativeId={made['alternativeId']}",
        "controllingCountry=US",
        "key=dep",
    ):
        assert (await office.get(f"/dependencies?{query}")).json()["items"] == [made], query
    tag = {"If-Match": answer.headers["etag"]}
    after = await office.patch(path, json={"controllingCountry": None}, headers=tag)
    assert (after.json()["controllingCountry"], after.json()["version"]) == (None, 2)
    assert (await office.patch(path, json={"subject": "x"}, headers=tag)).status_code == 412
    assert len(apos.events(Dependency)) == 2


async def test_a_safeguard_stands_at_its_place_and_is_recorded_with_evidence(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    dependency = await a_dependency(given)
    path = f"/dependencies/{dependency['id']}/safeguards"
    first = await office.post(path, json={"text": "Alleen gescreend personeel", "position": 1})
    assert (first.status_code, first.json()["status"], first.json()["evidence"]) == (201, None, [])
    assert (await office.post(path, json={"text": "Nog een", "position": 1})).status_code == 409
    own = f"{path}/{first.json()['id']}"
    changed = await office.patch(
        own, json={"status": "inPlace", "evidence": EVIDENCE}, headers={"If-Match": first.headers["etag"]}
    )
    assert (changed.json()["status"], changed.json()["evidence"]) == ("inPlace", EVIDENCE)
    assert (await office.get(own)).json() == changed.json()
    assert (await office.get(f"{path}?status=inPlace")).json()["items"] == [changed.json()]
    assert (await office.get(f"{path}?status=planned")).json()["items"] == []
    assert len(apos.rows(Safeguard)) == 1


async def test_a_safeguard_in_place_without_evidence_is_refused_and_nothing_is_stored(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    path = f"/dependencies/{(await a_dependency(given))['id']}/safeguards"
    body = {"text": "Alleen gescreend personeel", "position": 1}
    added = await office.post(path, json={**body, "status": "inPlace"})
    planned = await given.post(path, {**body, "status": "planned"})
    changed = await office.patch(f"{path}/{planned['id']}", json={"status": "inPlace"}, headers={"If-Match": "*"})
    proven = await given.post(path, {**body, "position": 2, "status": "inPlace", "evidence": EVIDENCE})
    emptied = await office.patch(f"{path}/{proven['id']}", json={"evidence": []}, headers={"If-Match": "*"})
    for refused in (added, changed, emptied):
        assert (refused.status_code, faults(refused)) == (
            400, {"/evidence": "give the evidence that it is in place, or another status"},
        )  # fmt: skip
    kept = [(row["status"], len(row["evidence"])) for row in apos.rows(Safeguard)]
    assert kept == [("planned", 0), ("inPlace", 1)]


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER])
async def test_nobody_outside_reads_a_dependency(apos: Apos, given: Given, role: Role) -> None:
    dependency = await a_dependency(given)
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    for path in ("/dependencies", f"/dependencies/{dependency['id']}", f"/dependencies/{NOWHERE}/safeguards"):
        assert (await client.get(path)).status_code == 403, path
    assert (await client.post("/dependencies", json={})).status_code == 403
    assert (await (await apos.as_(Role.AUDITOR)).get("/dependencies")).json()["items"] == [dependency]


BAD = [
    pytest.param({"subject": ""}, ["/subject"], id="no subject"),
    pytest.param({"controllingCountry": "UK"}, ["/controllingCountry"], id="no country"),
    pytest.param({"lotId": NOWHERE}, ["/lotId"], id="an unknown lot"),
    pytest.param({"alternativeId": NOWHERE}, ["/alternativeId"], id="an unknown alternative"),
    pytest.param({"nameBasis": "rumour"}, ["/nameBasis"], id="no basis"),
    pytest.param({"source": "nowhere"}, ["/source"], id="an unknown source"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_a_bad_dependency_is_refused_by_field(
    apos: Apos, office: httpx.AsyncClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    answer = await office.post("/dependencies", json={"subject": "Software", **fields})
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert apos.rows(Dependency) == []


async def test_a_lot_is_no_alternative_to_itself(given: Given, office: httpx.AsyncClient) -> None:
    made = await a_dependency(given)
    body = {"subject": "Software", "lotId": made["lotId"], "alternativeId": made["lotId"]}
    answer = await office.post("/dependencies", json=body)
    assert (answer.status_code, list(faults(answer))) == (400, ["/alternativeId"])


async def test_there_is_no_safeguard_without_a_dependency(apos: Apos, office: httpx.AsyncClient) -> None:
    answer = await office.post(f"/dependencies/{NOWHERE}/safeguards", json={"text": "x", "position": 1})
    assert answer.status_code == 404
    assert apos.rows(Safeguard) == []


async def test_a_critical_component_is_added_judged_and_listed(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    source = (await given.source())["key"]
    made = await given.post("/critical-components", {"key": "flight", "function": "Vluchtcomputer"})
    path = f"/critical-components/{made['id']}"
    answer = await office.get(path)
    assert (answer.json(), made["dutchPosition"]) == (made, None)
    tag = {"If-Match": answer.headers["etag"]}
    unfounded = await office.patch(path, json={"dutchPosition": "toonaangevend"}, headers=tag)
    assert (unfounded.status_code, list(faults(unfounded))) == (400, ["/source"])
    judged = await office.patch(path, json={"dutchPosition": "toonaangevend", "source": source}, headers=tag)
    assert (judged.json()["dutchPosition"], judged.json()["version"]) == ("toonaangevend", 2)
    assert (await office.patch(path, json={"note": "x"}, headers=tag)).status_code == 412
    for query in ("key=flight", f"source={source}", "sort=-function"):
        assert (await office.get(f"/critical-components?{query}")).json()["items"] == [judged.json()], query
    assert len(apos.events(CriticalComponent)) == 2


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        pytest.param({"function": ""}, "/function", id="no function"),
        pytest.param({"source": "nowhere"}, "/source", id="an unknown source"),
        pytest.param({"dutchPosition": "sterk"}, "/source", id="a judgement of nobody"),
        pytest.param({"position": "sterk"}, "/position", id="an unknown field"),
    ],
)
async def test_a_bad_critical_component_is_refused_by_field(
    apos: Apos, office: httpx.AsyncClient, fields: dict[str, Any], pointer: str
) -> None:
    answer = await office.post("/critical-components", json={"function": "Vluchtcomputer", **fields})
    assert (answer.status_code, list(faults(answer))) == (400, [pointer])
    assert apos.rows(CriticalComponent) == []


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER])
async def test_critical_components_are_for_the_office_the_administrator_and_the_auditor(
    apos: Apos, given: Given, role: Role
) -> None:
    made = await given.post("/critical-components", {"function": "Vluchtcomputer"})
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    for path in ("/critical-components", f"/critical-components/{made['id']}", f"/critical-components/{NOWHERE}"):
        assert (await client.get(path)).status_code == 403
    auditor = await apos.as_(Role.AUDITOR)
    assert (await auditor.get(f"/critical-components/{made['id']}")).json() == made
