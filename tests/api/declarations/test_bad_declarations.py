"""Declarations that are wrong: each a clear problem that points at the fault, from the draft and the preview alike."""

from typing import Any

import httpx
import pytest

from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.origin_declarations import OriginDeclaration
from domain.ledger import AuditEvent
from tests.support.declared import PROFILE, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.service import Apos


def one(**fields: Any) -> dict[str, Any]:
    """A statement with one leaf that has these fields."""
    return {"components": [{**a_leaf("a", "1", "control"), **fields}]}


def nodes(*pairs: tuple[str, str | None]) -> dict[str, Any]:
    """A statement with lines of these keys and parents."""
    return {"components": [{"key": key, "parentKey": parent, "name": key, "quantity": 1} for key, parent in pairs]}


BAD = [
    pytest.param({"totalComponentCost": euros("399999.99")}, ["/totalComponentCost"], id="values over the total"),
    pytest.param(nodes(("a", "b"), ("b", "c"), ("c", "a")), [f"/components/{n}/parentKey" for n in range(3)], id="a circle"),
    pytest.param(nodes(("a", "a")), ["/components/0/parentKey"], id="a part of itself"),
    pytest.param(nodes(("a", "none")), ["/components/0/parentKey"], id="an orphan"),
    pytest.param(nodes(("a", None), ("b", None), ("a", None)), ["/components/2/key"], id="a key twice"),
    pytest.param(nodes(("residual", None)), ["/components/0/key"], id="the key residual"),
    pytest.param(one(functionGroup="wings"), ["/components/0/functionGroup"], id="a function group of no profile"),
    pytest.param(one(countryOfManufacture="XK"), ["/components/0/countryOfManufacture"], id="XK"),
    pytest.param(one(countryOfControl="UK"), ["/components/0/countryOfControl"], id="UK"),
    pytest.param(one(licenceCountry="nl"), ["/components/0/licenceCountry"], id="a country in lower case"),
    pytest.param(one(exportRegime="none"), ["/components/0/exportRegime"], id="none in lower case"),
    pytest.param(one(countryOfManufacture="NONE"), ["/components/0/countryOfManufacture"], id="NONE where it means nothing"),
    pytest.param(one(secondSourceCountry=""), ["/components/0/secondSourceCountry"], id="an empty country"),
    pytest.param(one(quantity=0), ["/components/0/quantity"], id="quantity 0"),
    pytest.param(one(quantity="0.000000"), ["/components/0/quantity"], id="quantity 0 in decimals"),
    pytest.param(one(quantity=-1), ["/components/0/quantity"], id="a negative quantity"),
    pytest.param(one(quantity="-1"), ["/components/0/quantity"], id="a negative quantity as text"),
    pytest.param(one(quantity=1.5), ["/components/0/quantity"], id="a float"),
    pytest.param(one(quantity=True), ["/components/0/quantity"], id="a boolean"),
    pytest.param(one(quantity="1e3"), ["/components/0/quantity"], id="an exponent"),
    pytest.param(one(quantity=None), ["/components/0/quantity"], id="no quantity"),
    pytest.param(one(quantity=10**30), ["/components/0/quantity"], id="a quantity beyond all bounds"),
    pytest.param(one(stockWeeks=-1), ["/components/0/stockWeeks"], id="negative stock"),
    pytest.param(one(leadTimeWeeks="-0.5"), ["/components/0/leadTimeWeeks"], id="a negative lead time"),
    pytest.param(one(unitValue=euros("-1")), ["/components/0/unitValue/amount"], id="a negative value"),
    pytest.param(one(unitValue=euros("1.1234567")), ["/components/0/unitValue/amount"], id="7 decimals"),
    pytest.param(one(unitValue={"amount": 12.5}), ["/components/0/unitValue/amount"], id="a number for an amount"),
    pytest.param(
        one(unitValue={"amount": "1", "currency": "USD"}), ["/components/0/unitValue/currency"], id="another currency"
    ),
    pytest.param(
        one(unitValue={"amount": "1", "qualifier": "upTo"}), ["/components/0/unitValue/qualifier"], id="a maximum as value"
    ),
    pytest.param(
        {"totalComponentCost": {"amount": "400000", "currency": "USD"}}, ["/totalComponentCost/currency"], id="dollars"
    ),
    pytest.param(
        {"totalComponentCost": {"amount": "400000", "qualifier": "moreThan"}},
        ["/totalComponentCost/qualifier"],
        id="a minimum as total",
    ),
    pytest.param({"totalComponentCost": euros("-1")}, ["/totalComponentCost/amount"], id="a negative total"),
    pytest.param(one(evidence={"level": "audited", "expiresOn": "soon"}), ["/components/0/evidence/expiresOn"], id="no date"),
    pytest.param(
        one(evidence={"expiresOn": "2027-02-30"}), ["/components/0/evidence/expiresOn"], id="a day that is not there"
    ),
    pytest.param(one(evidence={"expiresOn": "1989-12-31"}), ["/components/0/evidence/expiresOn"], id="a day before 1990"),
    pytest.param(one(evidence={"expiresOn": "2101-01-01"}), ["/components/0/evidence/expiresOn"], id="a day after 2100"),
    pytest.param(
        {"designAuthority": {"level": "both", "evidence": {"level": "audited", "expiresOn": "2101-01-01"}}},
        ["/designAuthority/evidence/expiresOn"],
        id="an expiry of the design authority after 2100",
    ),
    pytest.param(one(evidence={"expiresOn": 0}), ["/components/0/evidence/expiresOn"], id="a number for a date"),
    pytest.param(
        one(evidence={"expiresOn": "2027-01-01T00:00:00"}), ["/components/0/evidence/expiresOn"], id="a moment for a date"
    ),
    pytest.param(one(evidence={"level": "certified"}), ["/components/0/evidence/level"], id="no level"),
    pytest.param(one(evidence={"sha256": "abc"}), ["/components/0/evidence/sha256"], id="no SHA-256"),
    pytest.param(one(evidence={"uri": "certificate"}), ["/components/0/evidence/uri"], id="no URI"),
    pytest.param(one(colour="red"), ["/components/0/colour"], id="an unknown field"),
    pytest.param(one(name="a\u0000b"), ["/components/0/name"], id="a control character"),
    pytest.param(one(name="n" * 301), ["/components/0/name"], id="a name of 301 characters"),
    pytest.param(one(key=""), ["/components/0/key"], id="an empty key"),
    pytest.param(one(key=" "), ["/components/0/key"], id="a blank key"),
    pytest.param({"components": {}}, ["/components"], id="components that are no list"),
    pytest.param({"components": [None]}, ["/components/0"], id="a component that is nothing"),
    pytest.param(
        {"components": [{"key": "a"}]}, ["/components/0/name", "/components/0/quantity"], id="what is required is missing"
    ),
    pytest.param({"system": {}}, ["/system/name"], id="a system without a name"),
    pytest.param(
        {"system": {"name": "x", "finalAssemblyCountry": "UK"}}, ["/system/finalAssemblyCountry"], id="assembled in UK"
    ),
    pytest.param({"designAuthority": {"level": "some"}}, ["/designAuthority/level"], id="no level of authority"),
    pytest.param(
        {"dimensions": [{"dimension": "spareParts", "dependence": "none"}] * 2},
        ["/dimensions/1/dimension"],
        id="a dimension twice",
    ),
    pytest.param({"dimensions": [{"dimension": "weather"}]}, ["/dimensions/0/dimension"], id="no dimension"),
    pytest.param(
        {"dimensions": [{"dimension": "spareParts", "evidence": {"expiresOn": "never"}}]},
        ["/dimensions/0/evidence/expiresOn"],
        id="a dimension whose proof expires on no date",
    ),
    pytest.param(
        {
            "components": [
                {"key": "n", "name": "n", "quantity": 1, "unitValue": euros("5")},
                {**a_leaf("a", "7", "control"), "parentKey": "n"},
            ]
        },
        ["/components/0/unitValue"],
        id="leaves worth more than their node",
    ),
    pytest.param(
        {"totalComponentCost": None, **one(quantity=999_999_999, unitValue=euros("999999999999.999999"))},
        ["/components"],
        id="a sum beyond all bounds",
    ),
    pytest.param(
        {
            "totalComponentCost": euros("1"),
            "components": [
                a_leaf("a", "2", "wings"),
                {"key": "a", "name": "a", "quantity": 1, "parentKey": "x"},
            ],
            "dimensions": [{"dimension": "spareParts"}] * 2,
        },
        [
            "/components/0/functionGroup", "/components/1/key", "/components/1/parentKey", "/dimensions/1/dimension",
            "/totalComponentCost",
        ],
        id="everything at once",
    ),
]  # fmt: skip


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_a_bad_declaration_is_refused_by_field_and_nothing_is_stored(
    apos: Apos, given: Given, fields: dict[str, Any], pointers: list[str]
) -> None:
    lot, supplier, client = await given.contest()
    events = len(apos.rows(AuditEvent))
    body = {"supplierId": supplier["id"], "lotId": lot["id"], **statement(), **fields}
    answer = await client.post("/origin-declarations", json=body)
    assert answer.status_code == 400, answer.text
    assert sorted(faults(answer)) == sorted(pointers)
    assert all(len(detail) > 5 for detail in faults(answer).values())
    preview = await client.post("/score-previews", json={"profile": PROFILE, "declaration": {**statement(), **fields}})
    assert preview.status_code == 400, preview.text
    assert sorted(faults(preview)) == sorted(f"/declaration{pointer}" for pointer in pointers)
    assert apos.rows(OriginDeclaration) == apos.rows(DeclaredComponent) == []
    assert len(apos.rows(AuditEvent)) == events


async def test_replaced_components_are_held_against_the_total_and_the_profile(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path, tag = f"/origin-declarations/{draft['id']}", {"If-Match": "*"}
    before = apos.rows(DeclaredComponent)
    dear = {"components": [*components(), a_leaf("more", "0.01", "power")]}
    answer = await client.put(f"{path}/components", json=dear, headers=tag)
    assert (answer.status_code, list(faults(answer))) == (400, ["/components"])
    stray = {"components": [a_leaf("a", "1", "wings"), {"key": "b", "name": "b", "quantity": 1, "parentKey": "none"}]}
    answer = await client.put(f"{path}/components", json=stray, headers=tag)
    assert answer.status_code == 400
    assert sorted(faults(answer)) == ["/components/0/functionGroup", "/components/1/parentKey"]
    answer = await client.patch(path, json={"totalComponentCost": euros("399999.99")}, headers=tag)
    assert (answer.status_code, list(faults(answer))) == (400, ["/totalComponentCost"])
    assert apos.rows(DeclaredComponent) == before
    assert (await client.get(path)).json() == draft


async def test_a_revision_with_copied_components_is_held_against_its_own_total(given: Given) -> None:
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client)
    await given.submitted(first, client)
    await given.reviewed(first, "returned")
    body = {"supplierId": supplier["id"], "lotId": lot["id"], "revises": first["id"], "system": {"name": "Kestrel"}}
    answer = await client.post("/origin-declarations", json={**body, "totalComponentCost": euros("1")})
    assert (answer.status_code, list(faults(answer))) == (400, ["/totalComponentCost"])


async def test_100_000_components_are_taken_and_one_more_is_not(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=[])
    path, tag = f"/origin-declarations/{draft['id']}/components", {"If-Match": "*"}
    many = [{"key": f"k{n}", "name": "x", "quantity": 1} for n in range(100_001)]
    answer = await client.put(path, json={"components": many}, headers=tag)
    assert (answer.status_code, list(faults(answer))) == (400, ["/components"])
    assert apos.rows(DeclaredComponent) == []
    answer = await client.put(path, json={"components": many[:-1]}, headers=tag)
    assert (answer.status_code, answer.json()["componentCount"]) == (200, 100_000)


@pytest.mark.gate_on("sqlite")
async def test_a_hundred_thousand_faults_are_counted_and_a_hundred_listed(given: Given) -> None:
    _, _, client = await given.contest()
    many = [{"key": f"k{n}", "name": "x", "quantity": 0} for n in range(100_000)]
    body = {"profile": PROFILE, "declaration": {**statement(), "components": many}}
    answer = await client.post("/score-previews", json=body)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "100000 things are wrong; see errors, the first 100 of 100000"
    assert len(answer.json()["errors"]) == 100


async def test_a_body_that_is_wrong_everywhere_is_refused_soon_and_by_its_first_faults(given: Given) -> None:
    """300 kB of empty lines: each lacks three fields; naming all of that took seconds and gigabytes once."""
    _, _, client = await given.contest()
    body = {"profile": PROFILE, "declaration": {"system": {}, "components": [{}] * 100_000}}
    answer = await client.post("/score-previews", json=body)
    found = answer.json()
    assert found["detail"] == "300001 things are wrong with the request; see errors, the first 100 of 300001"
    assert [error["pointer"] for error in found["errors"][:4]] == [
        "/declaration/system/name",
        "/declaration/components/0/key",
        "/declaration/components/0/name",
        "/declaration/components/0/quantity",
    ]
    assert found["errors"][-1]["pointer"] == "/declaration/components/32/quantity"


@pytest.mark.parametrize("node", [b"{}", b"[]"])
async def test_a_body_of_more_nodes_than_any_has_is_refused_before_it_is_parsed(
    office: httpx.AsyncClient, node: bytes
) -> None:
    body = b'{"components": [' + b",".join([node] * 400_001) + b"]}"
    answer = await office.post("/score-previews", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"] == "the body holds more objects and lists than 100000 lines can have; send less"


WIDE = {f"x{n}": 1 for n in range(101)}


@pytest.mark.parametrize("line", [WIDE, one()["components"][0] | {"evidence": WIDE}], ids=["a line", "its evidence"])
async def test_a_line_of_more_fields_than_any_has_is_refused_as_a_whole(
    given: Given, office: httpx.AsyncClient, line: dict[str, Any]
) -> None:
    body = {"profile": PROFILE, "declaration": {"system": {"name": "x"}, "components": [line]}}
    answer = await office.post("/score-previews", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (
        400, "an object in the body has 101 fields; give it at most 100",
    )  # fmt: skip


async def test_a_fault_far_down_is_pointed_at(given: Given) -> None:
    _, _, client = await given.contest()
    many = [{"key": f"k{n}", "name": "x", "quantity": 1} for n in range(2000)]
    many[1234] = {**many[1234], "quantity": -1, "colour": "red"}
    body = {"profile": PROFILE, "declaration": {"system": {"name": "x"}, "components": many}}
    answer = await client.post("/score-previews", json=body)
    assert sorted(faults(answer)) == [f"/declaration/components/1234/{name}" for name in ("colour", "quantity")]


BODIES = [
    pytest.param(b"null", 400, id="null"),
    pytest.param(b'"text"', 400, id="a text"),
    pytest.param(b'{"components": null, "declaration": null}', 400, id="nothing but null"),
    pytest.param(b'{"components": 5, "declaration": {"components": "x"}}', 400, id="numbers for lists"),
    pytest.param(b"", 400, id="nothing"),
    pytest.param(b"{", 400, id="half an object"),
    pytest.param(b"[]", 400, id="a list"),
    pytest.param(b'{"system": NaN}', 400, id="NaN"),
    pytest.param(b'{"system": {"name": "\\ud800"}}', 400, id="half a surrogate pair"),
    pytest.param(b'{"system": "\xe9"}', 400, id="not UTF-8"),
    pytest.param(b"[" * 100_000, 400, id="nesting"),
    pytest.param(b'{"components": [' + b"9" * 5000 + b"]}", 400, id="an integer of 5,000 digits"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("body", "status"), BODIES)
@pytest.mark.parametrize("path", ["/origin-declarations", "/score-previews"])
async def test_a_document_that_cannot_be_read_is_a_problem(
    apos: Apos, given: Given, office: httpx.AsyncClient, path: str, body: bytes, status: int
) -> None:
    answer = await office.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert apos.rows(OriginDeclaration) == []


async def test_a_document_is_taken_as_json_only(office: httpx.AsyncClient) -> None:
    for kind in ("text/csv", "application/merge-patch+json", "text/plain"):
        answer = await office.post("/score-previews", content=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
