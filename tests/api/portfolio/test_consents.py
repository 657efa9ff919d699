"""Consents of suppliers: who gives them, whom they let see a name, and until when."""

from typing import Any

import httpx
import pytest

from api.store.ledger import Write
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import SYSTEM, Role
from domain.portfolio.consents import Consent
from domain.portfolio.suppliers import NameBasis, Supplier
from tests.support.declared import statement
from tests.support.given import Given, faults
from tests.support.service import Apos

MATCH = {"If-Match": "*"}
TODAY = "2026-11-21"
NOWHERE = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"


async def test_a_supplier_consents_to_be_public_and_withdraws_it(apos: Apos, given: Given) -> None:
    supplier = await given.supplier(country="NL")
    own, viewer = await apos.as_(Role.SUPPLIER, supplier["id"]), await apos.as_(Role.VIEWER)
    path = f"/suppliers/{supplier['id']}"
    assert (await viewer.get(path)).status_code == 404
    made = await own.post(f"{path}/consents", json={"scope": "public", "givenOn": TODAY, "note": "by letter"})
    assert made.status_code == 201, made.text
    consent = made.json()
    assert (await own.get(f"{path}/consents")).json()["items"] == [consent]
    assert (await own.get(f"{path}/consents/{consent['id']}")).json() == consent
    seen = (await viewer.get(path)).json()
    assert (seen["name"], seen["country"], seen["nameBasis"]) == (supplier["name"], "NL", "consent")
    withdrawal = {"withdrawnOn": TODAY}
    withdrawn = await own.patch(
        f"{path}/consents/{consent['id']}", json=withdrawal, headers={"If-Match": made.headers["etag"]}
    )
    assert (withdrawn.status_code, withdrawn.json()["withdrawnOn"]) == (200, TODAY)
    assert (await viewer.get(path)).status_code == 404
    assert (await viewer.get("/suppliers")).json()["items"] == []
    assert [event["changed"] for event in apos.events(Supplier)][1:] == [
        {"name_basis": [None, "consent"]},
        {"name_basis": ["consent", None]},
    ]


async def test_lot_partners_see_who_consented_and_by_name_until_it_is_withdrawn(apos: Apos, given: Given) -> None:
    lot, other = await given.lot(), await given.lot()
    one, two, three = await given.supplier(), await given.supplier(name="Bedrijf Twee"), await given.supplier()
    parts = [await given.partner(lot, supplier) for supplier in (one, two, three)]
    elsewhere = await given.partner(other, two)
    client = await apos.as_(Role.SUPPLIER, one["id"])

    async def shown() -> list[Any]:
        return (await client.get(f"/lots/{lot['id']}/partners")).json()["items"]  # type: ignore[no-any-return]

    assert await shown() == parts[:1]
    consent = await given.consent(two, "lotPartners")
    assert await shown() == parts[:2]
    assert parts[1]["supplierName"] == "Bedrijf Twee"
    assert (await client.get(f"/lots/{other['id']}/partners/{elsewhere['id']}")).status_code == 404
    for path in (f"/suppliers/{two['id']}", f"/suppliers/{two['id']}/consents", f"/lots/{other['id']}/partners"):
        assert (await client.get(path)).status_code == 404, path
    viewer = await apos.as_(Role.VIEWER)
    assert (await viewer.get(f"/suppliers/{two['id']}")).status_code == 404, "it consented to partners alone"
    await given.changed(f"/suppliers/{two['id']}/consents/{consent['id']}", {"withdrawnOn": TODAY})
    assert await shown() == parts[:1]


async def test_a_part_that_has_ended_is_no_longer_shown_to_other_partners(apos: Apos, given: Given) -> None:
    lot, one, two = await given.lot(), await given.supplier(), await given.supplier()
    mine, theirs = await given.partner(lot, one), await given.partner(lot, two)
    await given.consent(two, "lotPartners")
    await given.changed(f"/lots/{lot['id']}/partners/{theirs['id']}", {"endedOn": "2026-11-20"})
    client = await apos.as_(Role.SUPPLIER, one["id"])
    assert (await client.get(f"/lots/{lot['id']}/partners")).json()["items"] == [mine]


async def test_a_public_consent_says_nothing_to_lot_partners(apos: Apos, given: Given) -> None:
    lot, one, two = await given.lot(), await given.supplier(), await given.supplier()
    mine, _ = await given.partner(lot, one), await given.partner(lot, two)
    await given.consent(two, "public")
    client = await apos.as_(Role.SUPPLIER, one["id"])
    assert (await client.get(f"/lots/{lot['id']}/partners")).json()["items"] == [mine]


async def test_a_supplier_consents_for_itself_alone(apos: Apos, given: Given) -> None:
    one, two = await given.supplier(), await given.supplier()
    consent = await given.consent(two, "public")
    client = await apos.as_(Role.SUPPLIER, one["id"])
    body = {"scope": "lotPartners", "givenOn": TODAY}
    path = f"/suppliers/{two['id']}/consents"
    assert (await client.post(path, json=body)).status_code == 404
    assert (await client.patch(f"{path}/{consent['id']}", json={}, headers=MATCH)).status_code == 404
    within = f"/suppliers/{one['id']}/consents/{consent['id']}"
    assert (await client.patch(within, json={}, headers=MATCH)).status_code == 404
    assert [row["supplier_id"] for row in apos.rows(Consent)] == [apos.rows(Supplier)[1]["id"]]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.VIEWER, Role.AUDITOR])
async def test_others_do_not_consent_and_only_the_auditor_reads(apos: Apos, given: Given, role: Role) -> None:
    supplier = await given.supplier()
    client = await apos.as_(role)
    path = f"/suppliers/{supplier['id']}/consents"
    assert (await client.get(path)).status_code == (200 if role is Role.AUDITOR else 403)
    assert (await client.post(path, json={"scope": "public", "givenOn": TODAY})).status_code == 403


BAD = [
    pytest.param({"givenOn": "2026-11-22"}, 400, ["/givenOn"], id="given tomorrow"),
    pytest.param({"scope": "everybody"}, 400, ["/scope"], id="no scope"),
    pytest.param({"withdrawnOn": TODAY}, 400, ["/withdrawnOn"], id="withdrawn before it stands"),
]


@pytest.mark.parametrize(("fields", "status", "pointers"), BAD)
async def test_a_bad_consent_is_refused_by_field(
    apos: Apos, given: Given, office: httpx.AsyncClient, fields: dict[str, Any], status: int, pointers: list[str]
) -> None:
    supplier = await given.supplier()
    body = {"scope": "public", "givenOn": TODAY, **fields}
    answer = await office.post(f"/suppliers/{supplier['id']}/consents", json=body)
    assert (answer.status_code, list(faults(answer))) == (status, pointers)
    assert apos.rows(Consent) == []


async def test_one_consent_of_a_scope_stands_at_a_time_and_a_withdrawal_is_final(
    given: Given, office: httpx.AsyncClient
) -> None:
    supplier = await given.supplier()
    consent = await given.consent(supplier, "public")
    path = f"/suppliers/{supplier['id']}/consents"
    again = {"scope": "public", "givenOn": TODAY}
    assert (await office.post(path, json=again)).status_code == 409
    early = await office.patch(f"{path}/{consent['id']}", json={"withdrawnOn": "2026-10-01"}, headers=MATCH)
    assert (early.status_code, list(faults(early))) == (400, ["/withdrawnOn"])
    await given.changed(f"{path}/{consent['id']}", {"withdrawnOn": TODAY})
    undone = await office.patch(f"{path}/{consent['id']}", json={"withdrawnOn": None}, headers=MATCH)
    assert (undone.status_code, list(faults(undone))) == (409, ["/withdrawnOn"])
    assert (await office.post(path, json=again)).status_code == 201


@pytest.mark.parametrize("patch", [{"note": "by letter"}, {"withdrawnOn": TODAY}, {}])
async def test_what_is_said_of_a_withdrawn_consent_leaves_the_one_that_stands(
    apos: Apos, given: Given, patch: dict[str, Any]
) -> None:
    supplier = await given.supplier()
    withdrawn = await given.consent(supplier, "public")
    path = f"/suppliers/{supplier['id']}"
    await given.changed(f"{path}/consents/{withdrawn['id']}", {"withdrawnOn": TODAY})
    await given.consent(supplier, "public")
    await given.changed(f"{path}/consents/{withdrawn['id']}", patch)
    viewer = await apos.as_(Role.VIEWER)
    assert (await viewer.get(path)).json()["nameBasis"] == "consent"


async def test_the_office_makes_no_name_public_by_a_consent_that_is_not_there(
    given: Given, office: httpx.AsyncClient
) -> None:
    body = {"name": "Bedrijf", "nameBasis": "consent"}
    answer = await office.post("/suppliers", json=body)
    assert (answer.status_code, list(faults(answer))) == (409, ["/nameBasis"])
    supplier = await given.supplier()
    path = f"/suppliers/{supplier['id']}"
    answer = await office.patch(path, json={"nameBasis": "consent"}, headers=MATCH)
    assert (answer.status_code, list(faults(answer))) == (409, ["/nameBasis"])
    answer = await office.patch(path, json={"nameBasis": "publishedSource"}, headers=MATCH)
    assert (answer.status_code, list(faults(answer))) == (400, ["/source"])
    await given.consent(supplier, "public")
    assert (await office.get(path)).json()["nameBasis"] == "consent"


async def test_a_name_that_a_published_source_gives_stays_public_without_consent(apos: Apos, given: Given) -> None:
    source = await given.source()
    supplier = await given.supplier(nameBasis="publishedSource", source=source["key"])
    consent = await given.consent(supplier, "public")
    await given.changed(f"/suppliers/{supplier['id']}/consents/{consent['id']}", {"withdrawnOn": TODAY})
    viewer = await apos.as_(Role.VIEWER)
    assert (await viewer.get(f"/suppliers/{supplier['id']}")).json()["nameBasis"] == "publishedSource"


async def test_a_basis_that_stood_before_it_was_checked_stands_in_the_way_of_nothing_else(
    apos: Apos, office: httpx.AsyncClient
) -> None:
    async with apos.service.database.writing() as session:
        write = Write.begin(session, SYSTEM, apos.service.clock(), None, "before")
        row = await write.ledger.add(Supplier(name="Oud", name_basis=NameBasis.PUBLISHED_SOURCE))
    path = f"/suppliers/{row.id}"
    renamed = await office.patch(path, json={"name": "Nieuw"}, headers=MATCH)
    assert (renamed.status_code, renamed.json()["nameBasis"]) == (200, "publishedSource")
    cleared = await office.patch(path, json={"nameBasis": None}, headers=MATCH)
    assert cleared.status_code == 200
    again = await office.patch(path, json={"nameBasis": "publishedSource"}, headers=MATCH)
    assert (again.status_code, list(faults(again))) == (400, ["/source"])


async def test_who_sees_a_partner_can_declare_nothing_for_it(apos: Apos, given: Given) -> None:
    lot, one, _ = await given.contest()
    two = await given.supplier()
    await given.partner(lot, two)
    await given.consent(one, "lotPartners")
    client = await apos.as_(Role.SUPPLIER, two["id"])
    assert len((await client.get(f"/lots/{lot['id']}/partners")).json()["items"]) == 2
    answers = [
        await client.post("/origin-declarations", json={"supplierId": which, "lotId": lot["id"], **statement()})
        for which in (one["id"], NOWHERE)
    ]
    assert {answer.status_code for answer in answers} <= {400, 404}
    one_said, none_said = ({**answer.json(), "instance": ""} for answer in answers)
    assert one_said == none_said
    assert apos.rows(OriginDeclaration) == []
