"""Files of components: one intake for every format, all or nothing, and a report either way."""

from typing import Any

import httpx
import pytest

from api.http.negotiation import XLSX
from api.intake.checking import MESSAGE_EMPTY
from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.origin_declarations import OriginDeclaration
from domain.ledger import AuditEvent
from domain.permissions import Role
from tests.api.intake.books import heads, packed, parts, plain, sheet
from tests.support.declared import a_leaf, components, euros
from tests.support.given import Given, faults
from tests.support.service import Apos

FIELDS = (
    "functionGroup", "unitValue", "countryOfManufacture", "countryOfControl", "licenceCountry", "exportRegime", "stockWeeks",
    "leadTimeWeeks", "evidence.level",
)  # fmt: skip
ANY = {"If-Match": "*"}


def bare(key: str, **fields: Any) -> dict[str, Any]:
    """A component of which nothing is known but what must be."""
    return {"key": key, "name": f"Part {key}", "quantity": 1, **fields}


async def a_draft(given: Given) -> tuple[str, httpx.AsyncClient]:
    """The path of a draft's components, and its supplier's client."""
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    return f"/origin-declarations/{draft['id']}/components", client


async def test_an_upload_is_answered_by_what_was_read_and_what_is_still_to_be_answered(given: Given) -> None:
    path, client = await a_draft(given)
    cheap, dear = bare("cheap", unitValue=euros("1")), bare("dear", unitValue=euros("2"), countryOfManufacture="NL")
    lines = [*components(), bare("node"), {**cheap, "parentKey": "node"}, {**dear, "parentKey": "node"}]
    answer = await client.put(path, json={"components": lines[3:]}, headers=ANY)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["version"], found["componentCount"], len(found["componentsDigest"])) == (2, 3, 64)
    assert found["format"] == "json"
    assert found["lines"] == {"read": 3, "used": 3, "ignored": 0, "refused": 0}
    assert (found["columns"], found["unread"], found["ignored"], found["refused"]) == ([], [], [], [])
    known = {one["field"]: (one["known"], one["leaves"]) for one in found["completeness"]}
    assert known == {**dict.fromkeys(FIELDS, (0, 2)), "unitValue": (2, 2), "countryOfManufacture": (1, 2)}
    asked = {one["field"]: (one["unanswered"], one["componentKeys"]) for one in found["questions"]}
    assert asked == {
        **{name: (2, ["dear", "cheap"]) for name in FIELDS if name not in ("unitValue", "countryOfManufacture")},
        "countryOfManufacture": (1, ["cheap"]),
    }
    whole = (await client.put(path, json={"components": components()}, headers=ANY)).json()
    assert whole["questions"] == []
    assert {(one["known"], one["leaves"]) for one in whole["completeness"]} == {(3, 3)}


async def test_a_question_names_the_ten_costliest_and_counts_all(given: Given) -> None:
    path, client = await a_draft(given)
    lines = [bare(f"k{number:02}", unitValue=euros(str(number))) for number in range(30)]
    found = (await client.put(path, json={"components": lines}, headers=ANY)).json()
    assert found["questions"][0]["unanswered"] == 30
    assert found["questions"][0]["componentKeys"] == [f"k{number:02}" for number in range(29, 19, -1)]


async def test_one_refused_line_refuses_them_all_with_the_report_in_the_problem(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    before, events = apos.rows(DeclaredComponent), len(apos.rows(AuditEvent))
    lines = [
        a_leaf("a", "1", "control"),
        bare("b", unitValue=euros("$1")),
        bare("c", quantity=0),
        bare("a"),
        bare("d", parentKey="b"),
    ]
    answer = await client.put(path, json={"components": lines}, headers=ANY)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    pointers = ["/components/1/unitValue/amount", "/components/2/quantity", "/components/3/key"]
    assert sorted(faults(answer)) == pointers
    found = answer.json()["report"]
    assert found["lines"] == {"read": 5, "used": 2, "ignored": 0, "refused": 3}
    assert [(one["row"], one["field"]) for one in found["refused"]] == [
        (2, "unitValue.amount"),
        (3, "quantity"),
        (4, "key"),
    ]
    assert answer.json()["detail"] == "3 things are wrong with the lines, so nothing was stored; see errors and report"
    assert apos.rows(DeclaredComponent) == before
    assert len(apos.rows(AuditEvent)) == events


async def test_what_is_wrong_beside_the_lot_stands_in_the_report_too(given: Given) -> None:
    path, client = await a_draft(given)
    lines = [a_leaf("a", "400000.01", "wings")]
    answer = await client.put(path, json={"components": lines}, headers=ANY)
    assert sorted(faults(answer)) == ["/components", "/components/0/functionGroup"]
    refused = answer.json()["report"]["refused"]
    assert [(one["row"], one["field"]) for one in refused] == [(None, None), (1, "functionGroup")]


async def test_what_is_wrong_everywhere_is_counted_and_named_a_hundred_times(given: Given) -> None:
    path, client = await a_draft(given)
    answer = await client.put(path, json={"components": [{}] * 20_000}, headers=ANY)
    assert answer.json()["detail"].endswith("the first 100 of 60000")
    found = answer.json()["report"]
    assert found["lines"] == {"read": 20_000, "used": 0, "ignored": 0, "refused": 20_000}
    assert (len(found["refused"]), len(answer.json()["errors"])) == (100, 100)


async def test_a_line_that_is_no_object_and_a_field_of_no_body_are_named(given: Given) -> None:
    path, client = await a_draft(given)
    answer = await client.put(path, json={"components": [None, bare("a")], "colour": "red"}, headers=ANY)
    assert sorted(faults(answer)) == ["/colour", "/components/0"]
    assert (await client.put(path, json={"components": None}, headers=ANY)).status_code == 400
    assert (await client.put(path, json=[], headers=ANY)).status_code == 400


async def test_a_preview_says_what_the_intake_would_and_stores_nothing(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    before, events = apos.rows(DeclaredComponent), len(apos.rows(AuditEvent))
    body = {"components": [bare("a", quantity=0), a_leaf("b", "400001", "wings")]}
    answer = await client.post("/intake-previews", json=body)
    assert answer.status_code == 200, answer.text
    assert [(one["row"], one["field"]) for one in answer.json()["refused"]] == [(1, "quantity")]
    beside = await client.post("/intake-previews", params={"declarationId": path.split("/")[2]}, json=body)
    assert [(one["row"], one["field"]) for one in beside.json()["refused"]] == [
        (None, None), (1, "quantity"), (2, "functionGroup"),
    ]  # fmt: skip
    assert beside.json()["lines"] == {"read": 2, "used": 0, "ignored": 0, "refused": 2}
    assert apos.rows(DeclaredComponent) == before
    assert len(apos.rows(AuditEvent)) == events


async def test_a_preview_beside_another_suppliers_declaration_is_one_beside_nothing(apos: Apos, given: Given) -> None:
    path, _ = await a_draft(given)
    _, _, rival = await given.contest()
    asked = path.split("/")[2]
    absent = asked[:-1] + ("0" if asked[-1] != "0" else "1")
    answers = [
        await rival.post("/intake-previews", params={"declarationId": one}, json={"components": []})
        for one in (asked, absent)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    hidden = [{**answer.json(), "instance": ""} for answer in answers]
    assert hidden[0] == hidden[1]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR, Role.VIEWER])
async def test_who_declares_nothing_previews_nothing(apos: Apos, role: Role) -> None:
    assert (await (await apos.as_(role)).post("/intake-previews", json={"components": []})).status_code == 403


async def test_a_file_of_no_kind_that_is_read_is_refused_by_naming_those_that_are(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    for kind in ("text/plain", "application/xml", ""):
        answer = await client.put(path, content=b"x", headers={**ANY, "Content-Type": kind})
        assert answer.status_code == 415, kind
        assert "application/json" in answer.json()["detail"]
    assert apos.rows(OriginDeclaration)[0]["version"] == 1


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(
    ("charset", "status"),
    [
        ("utf-8", 200),
        ('"UTF-8"', 200),
        ("windows-1252", 200),
        ("ISO-8859-2", 200),
        ("windows-1250", 200),
        ("utf-16le", 400),
        ("utf-7", 415),
        ("hex", 415),
        ("x", 415),
    ],
)
async def test_a_charset_that_text_would_not_be_read_in_is_refused(given: Given, charset: str, status: int) -> None:
    path, client = await a_draft(given)
    headers = {**ANY, "Content-Type": f"text/csv; header=present; charset={charset}"}
    answer = await client.put(path, content=b"key,name,quantity\na,A,1\n", headers=headers)
    assert (answer.status_code, "charset" in answer.text) == (status, status == 415), answer.text


async def test_a_table_is_read_in_the_charset_that_is_stated(given: Given) -> None:
    _, client = await a_draft(given)
    file = "key,name,quantity\na,Pi\u010dce,1\n".encode("cp1250")
    headers = {**ANY, "Content-Type": "text/csv; charset=windows-1250"}
    answer = await client.post("/intake-previews", content=file, headers=headers)
    assert (answer.status_code, answer.json()["encoding"]) == (200, "Windows-1250"), answer.text


async def test_json_is_utf_8_whatever_is_stated(given: Given) -> None:
    _, client = await a_draft(given)
    headers = {**ANY, "Content-Type": "application/json; charset=windows-1250"}
    answer = await client.post("/intake-previews", content=b'{"components": []}', headers=headers)
    assert answer.status_code == 415, answer.text


async def test_a_table_of_headings_alone_empties_nothing(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    before = apos.rows(DeclaredComponent)
    headers = {**ANY, "Content-Type": "text/csv"}
    answer = await client.put(path, content=b"key,name,quantity\r\n", headers=headers)
    assert (answer.status_code, faults(answer)) == (400, {"": MESSAGE_EMPTY})
    assert [one["detail"] for one in answer.json()["report"]["refused"]] == [MESSAGE_EMPTY]
    previewed = await client.post(
        "/intake-previews", content=b"key,name,quantity\r\n", headers={"Content-Type": "text/csv"}
    )
    assert previewed.json() == answer.json()["report"]
    assert apos.rows(DeclaredComponent) == before
    assert (await client.put(path, json={"components": []}, headers=ANY)).status_code == 200


def a_workbook() -> bytes:
    """A workbook of two sheets with a component each."""
    table = sheet(heads(names=("Item", "Description", "Qty")), plain(2, "1"))
    return packed(parts(table, table))


async def test_sheets_are_named_in_the_query_for_previews_and_uploads_alike(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    headers = {**ANY, "Content-Type": XLSX}
    first = (await client.post("/intake-previews", content=a_workbook(), headers=headers)).json()
    assert (first["sheets"], first["unreadSheets"], first["lines"]["used"]) == (["Sheet1"], ["Sheet2"], 1)
    query = {"sheet": ["Sheet1", "Sheet2"]}
    both = (await client.post("/intake-previews", params=query, content=a_workbook(), headers=headers)).json()
    stored = await client.put(path, params=query, content=a_workbook(), headers=headers)
    assert (stored.status_code, stored.json()["componentCount"]) == (200, 2)
    assert {name: stored.json()[name] for name in both} == both
    keys = [row["key"] for row in apos.rows(DeclaredComponent) if row["key"].startswith("Sheet")]
    assert sorted(keys) == ["Sheet1/1", "Sheet2/1"]


async def test_a_sheet_that_cannot_be_read_is_refused_and_nothing_is_stored(apos: Apos, given: Given) -> None:
    path, client = await a_draft(given)
    before = apos.rows(DeclaredComponent)
    for query, kind, content, pointer in (
        ("sheet=Sheet9", XLSX, a_workbook(), "/query/sheet"),
        ("sheet=", XLSX, a_workbook(), "/query/sheet"),
        ("sheets=Sheet1", XLSX, a_workbook(), "/query/sheets"),
        ("sheet=Sheet1&sheet=Sheet1", XLSX, a_workbook(), "/query/sheet"),
        ("sheet=Sheet1", "text/csv", b"key,name,quantity\na,A,1\n", "/query/sheet"),
    ):
        answer = await client.put(f"{path}?{query}", content=content, headers={**ANY, "Content-Type": kind})
        assert (answer.status_code, list(faults(answer))) == (400, [pointer]), query
    assert apos.rows(DeclaredComponent) == before


async def test_an_upload_tells_what_a_check_beside_the_declaration_tells(given: Given) -> None:
    path, client = await a_draft(given)
    lines = [bare("a", quantity=0), a_leaf("b", "400001", "wings"), bare("c", quantity="x")]
    body = {"components": lines}
    checked = await client.post("/intake-previews", params={"declarationId": path.split("/")[2]}, json=body)
    answer = await client.put(path, json=body, headers=ANY)
    assert (answer.status_code, answer.json()["report"]) == (400, checked.json())


async def test_what_is_wrong_in_every_row_is_one_fault_with_its_count(given: Given) -> None:
    path, client = await a_draft(given)
    raw = b"Item,Description,Qty,Unit price\n1,Motor,4,$1.50\n2,Frame,1,$8.00\n"
    answer = await client.put(path, content=raw, headers={**ANY, "Content-Type": "text/csv"})
    assert answer.json()["detail"].startswith("1 thing is wrong with the lines")
    assert list(faults(answer)) == ["/unitValue"]
    assert [(one["row"], one["count"]) for one in answer.json()["report"]["refused"]] == [(None, 2)]
    assert answer.json()["report"]["lines"] == {"read": 2, "used": 0, "ignored": 0, "refused": 2}
