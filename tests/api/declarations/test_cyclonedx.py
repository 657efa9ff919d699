"""Declarations as CycloneDX over HTTP: given to whoever may see them, taken as a whole, and the same on both sides."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.exports import components as exports
from api.exports.components import ComponentsReplaced
from api.exports.cyclonedx import cyclonedx_of
from api.intake.cyclonedx.schema import schema_of
from api.store.loading import load
from api.store.visibility import ReadContext
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import SYSTEM, Role
from tests.api.intake.boms import a_bom, a_part, said
from tests.support.declared import a_leaf
from tests.support.given import Given, faults
from tests.support.service import Apos

CYCLONEDX = "application/vnd.cyclonedx+json"
ACCEPT = {"Accept": CYCLONEDX}
SENT = {"Content-Type": CYCLONEDX}
LINES = [
    {"key": "avionics", "name": "Avionica", "quantity": 1},
    a_leaf(
        "autopilot", "12.500000", "control", parentKey="avionics", quantity="0.250000", manufacturer="Voorbeeld B.V.",
        evidence={"level": "document", "expiresOn": "2028-06-30", "uri": "https://example.org/a", "sha256": "0" * 64},
    ),
    a_leaf("radio 飞", "200000", "control", parentKey="avionics"),
    {"key": "kabel", "name": 'Kabel "B"', "quantity": 3},
]  # fmt: skip


def path_of(declaration: dict[str, Any]) -> str:
    """Where a declaration is."""
    return f"/origin-declarations/{declaration['id']}"


async def a_file(client: httpx.AsyncClient, declaration: dict[str, Any]) -> dict[str, Any]:
    """A declaration as CycloneDX."""
    answer = await client.get(path_of(declaration), headers=ACCEPT)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{CYCLONEDX}; version=1.6"), answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_declaration_is_given_as_a_valid_file_that_says_what_it_says(given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=LINES)
    document = await a_file(client, declaration)
    assert list(schema_of("1.6").envelope_faults(document)) == []
    assert document["serialNumber"] == f"urn:uuid:{declaration['id']}"
    assert document["version"] == declaration["version"]
    system = document["metadata"]["component"]
    assert (system["name"], system["version"]) == ("Kestrel", "2")
    assert system["properties"][:7] == said(
        finalAssemblyCountry="NL", totalComponentCost="400000.00", price="1000000.00", designAuthority_level="both",
        designAuthority_country="NL", designAuthority_evidence_level="audited", supplierId=supplier["id"],
    )  # fmt: skip
    [avionics, cable] = document["components"]
    assert cable == {"type": "device", "bom-ref": "kabel", "name": 'Kabel "B"', "properties": said(quantity="3")}
    [autopilot, radio] = avionics["components"]
    assert radio["bom-ref"] == "radio 飞"
    assert autopilot["manufacturer"] == {"name": "Voorbeeld B.V."}
    assert autopilot["properties"] == said(
        functionGroup="control", quantity="0.250000", unitValue="12.500000", countryOfManufacture="NL", countryOfControl="NL",
        licenceCountry="NONE", exportRegime="NONE", secondSourceCountry="DE", stockWeeks="12", leadTimeWeeks="12",
        evidence_level="document", evidence_expiresOn="2028-06-30", evidence_uri="https://example.org/a",
        evidence_sha256="0" * 64,
    )  # fmt: skip


async def test_a_file_that_was_given_drafts_the_same_declaration(given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=LINES)
    file = (await client.get(path_of(declaration), headers=ACCEPT)).content
    answer = await client.post(
        "/origin-declarations", content=file, headers={"Content-Type": f"{CYCLONEDX}; version=1.6"}
    )
    assert answer.status_code == 201, answer.text
    own = {"id", "version"}
    assert {name: value for name, value in answer.json().items() if name not in own} == {
        name: value for name, value in declaration.items() if name not in own
    }
    both = [(await client.get(f"{path_of(one)}/components")).json()["items"] for one in (declaration, answer.json())]
    assert both[0] == both[1]
    assert answer.headers["location"] == f"/v1{path_of(answer.json())}"


async def test_the_components_of_a_file_replace_those_of_a_draft(given: Given) -> None:
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client, components=LINES)
    second = await given.declaration(lot, supplier, client)
    tag = (await client.get(path_of(second))).headers["etag"]
    file = (await client.get(path_of(first), headers=ACCEPT)).content
    answer = await client.put(f"{path_of(second)}/components", content=file, headers={**SENT, "If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.json()["componentsDigest"] == first["componentsDigest"]


async def test_a_returned_declaration_is_revised_by_a_file(given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=LINES)
    await given.submitted(declaration, client)
    await given.reviewed(declaration, "returned")
    document = await a_file(client, declaration)
    document["metadata"]["component"]["properties"] += said(revises=declaration["id"])
    document["components"].pop()
    answer = await client.post("/origin-declarations", content=json.dumps(document), headers=SENT)
    assert answer.status_code == 201, answer.text
    after = answer.json()
    assert (after["revises"], after["revision"], after["componentCount"]) == (declaration["id"], 2, 3)
    again = await a_file(client, after)
    assert said(revises=declaration["id"])[0] in again["metadata"]["component"]["properties"]


async def test_a_file_has_a_tag_of_its_own_that_holds_while_nothing_changes(given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=LINES)
    first = await client.get(path_of(declaration), headers=ACCEPT)
    again = await client.get(path_of(declaration), headers=ACCEPT)
    assert first.content == again.content
    tag = first.headers["etag"]
    assert tag == again.headers["etag"]
    known = await client.get(path_of(declaration), headers={**ACCEPT, "If-None-Match": tag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    as_json = await client.get(path_of(declaration), headers={"If-None-Match": tag})
    assert as_json.status_code == 200, "the tag of one form says nothing of the other"
    body = {"components": LINES[:1]}
    put = await client.put(f"{path_of(declaration)}/components", json=body, headers={"If-Match": tag})
    assert put.status_code == 200, "for a change it is as good as the tag of the JSON"
    after = await client.get(path_of(declaration), headers={**ACCEPT, "If-None-Match": tag})
    assert (after.status_code, len(after.json()["components"])) == (200, 1)


async def test_who_may_not_see_a_declaration_sees_no_file_of_it(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=[a_leaf("secret", "1", None)])
    other = await given.supplier(name="Een ander")
    for role, owner, status in (
        (Role.SUPPLIER, other["id"], 404), (Role.ASSESSOR, None, 404), (Role.VIEWER, None, 403),
    ):  # fmt: skip
        answer = await (await apos.as_(role, owner)).get(path_of(declaration), headers=ACCEPT)
        assert (answer.status_code, "secret" in answer.text) == (status, False)
    assert (await apos.client().get(path_of(declaration), headers=ACCEPT)).status_code == 401
    for role in (Role.PROGRAMME_OFFICE, Role.AUDITOR):
        document = await a_file(await apos.as_(role), declaration)
        assert [part["bom-ref"] for part in document["components"]] == ["secret"]


async def test_another_format_is_406_and_the_one_liked_best_is_given(given: Given) -> None:
    lot, supplier, client = await given.contest()
    path = path_of(await given.declaration(lot, supplier, client, components=[]))
    for accept, status, kind in (
        ("text/csv", 406, "application/problem+json"), ("application/xml", 406, "application/problem+json"),
        (f"{CYCLONEDX};q=0.5, application/json", 200, "application/json"), ("*/*", 200, "application/json"),
        (f"{CYCLONEDX}; version=1.6", 200, f"{CYCLONEDX}; version=1.6"),
    ):  # fmt: skip
        answer = await client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    for sent in ("application/xml", "text/csv"):
        answer = await client.post("/origin-declarations", content=b"<bom/>", headers={"Content-Type": sent})
        assert answer.status_code == 415


async def test_it_breaks_off_where_a_draft_gets_other_lines_meanwhile(
    apos: Apos, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 1)
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=LINES)
    context = ReadContext(SYSTEM, apos.service.clock().date())
    async with apos.service.database.reading() as session:
        row = await load(session, OriginDeclaration, UUID(draft["id"]), context, {})
    parts = cyclonedx_of(apos.service.database, apos.service.turns, context, row)
    assert (await anext(parts)).endswith('"components":[')
    assert (await anext(parts)).startswith('{"type":"device","bom-ref":"avionics"')
    tag = (await client.get(path_of(draft))).headers["etag"]
    put = await client.put(f"{path_of(draft)}/components", json={"components": LINES[:1]}, headers={"If-Match": tag})
    assert put.status_code == 200
    with pytest.raises(ComponentsReplaced):
        await anext(parts)


def a_statement(supplier: dict[str, Any], lot: dict[str, Any], **more: str) -> dict[str, Any]:
    """What a file says of a system, for a lot."""
    properties = said(supplierId=supplier["id"], lotId=lot["id"], **more)
    return {"component": {"type": "device", "name": "Kestrel", "properties": properties}}


async def test_an_expiry_outside_1990_to_2100_is_refused_wherever_it_stands(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    metadata = a_statement(
        supplier, lot, designAuthority_level="both", designAuthority_evidence_expiresOn="1989-12-31",
        dimension_softwareUpdates_dependence="none", dimension_softwareUpdates_evidence_expiresOn="2101-01-01",
    )  # fmt: skip
    part = a_part("radio", properties=said(quantity="1", evidence_level="audited", evidence_expiresOn="9999-12-31"))
    answer = await client.post("/origin-declarations", json=a_bom(part, metadata=metadata), headers=SENT)
    assert answer.status_code == 400
    told = [fault["detail"] for fault in answer.json()["errors"]]
    assert told == ["give a year between 1990 and 2100"] * 3, answer.text
    assert apos.rows(OriginDeclaration) == []


async def test_all_that_is_wrong_with_a_file_is_told_at_once_and_nothing_is_stored(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    metadata = a_statement(
        supplier, lot, finalAssemblyCountry="Nederland", price="veel", dimension_cloudAccess_country="XX"
    )
    wrong = [a_part("radio", properties=said(quantity="1", countryOfControl="Holland")), a_part("gps", quantity=None)]
    answer = await client.post("/origin-declarations", json=a_bom(*wrong, metadata=metadata), headers=SENT)
    assert answer.status_code == 400
    refused = [(one["row"], one["column"], one["field"]) for one in answer.json()["report"]["refused"]]
    assert refused == [
        (None, "apos:finalAssemblyCountry", None),
        (None, "apos:dimension.cloudAccess.country", None),
        (None, "apos:price", None),
        (1, "apos:countryOfControl", "countryOfControl"),
        (2, "/components/1/properties", "quantity"),
    ]
    assert apos.rows(OriginDeclaration) == []


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        (a_bom(a_part()), "the file names no system; describe the declared system in metadata.component"),
        (
            a_bom(version="2.0"),
            "the file is CycloneDX of version 2.0; convert it to one of the versions 1.4, 1.5, 1.6, 1.7",
        ),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_declaration_is_refused_with_the_cure(given: Given, document: Any, detail: str) -> None:
    _, _, client = await given.contest()
    answer = await client.post("/origin-declarations", json=document, headers=SENT)
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)


async def test_what_a_file_leaves_out_is_asked_for_where_it_belongs(given: Given) -> None:
    _, _, client = await given.contest()
    document = a_bom(metadata={"component": {"type": "device", "name": " "}})
    answer = await client.post("/origin-declarations", json=document, headers=SENT)
    assert answer.status_code == 400
    refused = [(one["column"], one["detail"]) for one in answer.json()["report"]["refused"]]
    assert refused == [("/metadata/component/name", "is required"), ("apos:supplierId", "is required")]


async def test_a_file_is_held_against_what_a_declaration_is_held_against(given: Given) -> None:
    lot, supplier, client = await given.contest()
    parts = [a_part("radio", properties=said(quantity="1", unitValue="2", functionGroup="wings"))]
    metadata = a_statement(supplier, lot, totalComponentCost="1.00")
    answer = await client.post("/origin-declarations", json=a_bom(*parts, metadata=metadata), headers=SENT)
    assert answer.status_code == 400
    assert faults(answer) == {
        "/totalComponentCost": "the components are together worth more than the total component cost",
        "/components/0/functionGroup": "the profile has no function group wings",
    }
    elsewhere = await given.lot()
    answer = await client.post(
        "/origin-declarations", json=a_bom(metadata=a_statement(supplier, elsewhere)), headers=SENT
    )
    assert answer.status_code == 404


async def test_a_file_without_components_drafts_a_declaration_without_any(given: Given) -> None:
    lot, supplier, client = await given.contest()
    answer = await client.post("/origin-declarations", json=a_bom(metadata=a_statement(supplier, lot)), headers=SENT)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["componentCount"], answer.json()["componentsDigest"]) == (0, None)
