"""Components as ODS, as XLS and as CycloneDX in XML over HTTP: a check says what an upload would, in every format."""

import io
from typing import Any

import httpx
import pytest
import xlwt

from api.http.negotiation import CYCLONEDX, CYCLONEDX_XML, ODS, XLS
from tests.api.intake.boms import a_bom, a_part
from tests.api.intake.books import HEAD
from tests.api.intake.ods_books import archive, cell, content, heads, number, row, sheet
from tests.api.intake.xml_boms import in_xml
from tests.support.declared import a_leaf
from tests.support.given import Given

ANY = {"If-Match": "*"}
LINES = [
    {"key": "avionics", "name": "Avionica", "quantity": 1},
    a_leaf("radio 飞", "200000", "control", parentKey="avionics"),
    {"key": "kabel", "name": 'Kabel "B" & <C>', "quantity": 3},
]
Rows = list[tuple[str, str, float, float]]


def as_ods(**sheets: Rows) -> bytes:
    """A spreadsheet of these sheets."""
    made = (
        sheet(
            heads(*HEAD, "unitValue"),
            *(row(cell(a), cell(b), number(str(c)), number(str(d))) for a, b, c, d in rows),
            name=name,
        )
        for name, rows in sheets.items()
    )
    return archive(content(*made))


def as_xls(**sheets: Rows) -> bytes:
    """The same as a workbook of Excel 97 to 2003."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        only = book.add_sheet(name)
        for place, cells in enumerate([(*HEAD, "unitValue"), *rows]):
            for index, value in enumerate(cells):
                only.write(place, index, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMATS = {"ods": (ODS, as_ods), "xls": (XLS, as_xls)}
GOOD: Rows = [("A", "Radio", 1, 100.0), ("B", "Motor", 4, 12.5)]


async def both(client: httpx.AsyncClient, path: str, raw: bytes, kind: str, query: str = "") -> tuple[Any, Any]:
    """What a check says, and what an upload says."""
    sent = {"Content-Type": kind}
    checked = await client.post(f"/intake-previews{query}", content=raw, headers=sent)
    stored = await client.put(f"{path}{query}", content=raw, headers={**sent, **ANY})
    assert checked.status_code == 200, checked.text
    return checked.json(), stored


@pytest.mark.parametrize("name", FORMATS)
async def test_a_check_of_a_workbook_says_what_an_upload_would(given: Given, name: str) -> None:
    kind, made = FORMATS[name]
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path = f"/origin-declarations/{draft['id']}/components"
    checked, stored = await both(client, path, made(Parts=GOOD, Other=GOOD), kind)
    assert stored.status_code == 200, stored.text
    assert {field: value for field, value in stored.json().items() if field in checked} == checked
    assert (checked["format"], checked["encoding"], checked["sheets"], checked["unreadSheets"]) == (
        name, None, ["Parts"], ["Other"],
    )  # fmt: skip
    assert [line["unitValue"] for line in (await client.get(path)).json()["items"]] == [
        {"amount": "100", "currency": "EUR", "qualifier": "exact"},
        {"amount": "12.5", "currency": "EUR", "qualifier": "exact"},
    ]  # fmt: skip
    checked, refused = await both(client, path, made(Parts=[*GOOD, ("C", "Bad", 0, 1.0)]), kind)
    assert (refused.status_code, refused.json()["report"]) == (400, checked)
    assert [(each["row"], each["column"]) for each in checked["refused"]] == [(4, "C quantity")]


@pytest.mark.parametrize("name", FORMATS)
async def test_sheets_and_a_currency_can_be_named(given: Given, name: str) -> None:
    kind, made = FORMATS[name]
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path = f"/origin-declarations/{draft['id']}/components"
    query = "?sheet=Other&currency=USD&rate=0.5&rateDate=2026-01-02"
    checked, stored = await both(client, path, made(Parts=GOOD, Other=[("Z", "Radio", 1, 100.0)]), kind, query)
    assert (stored.status_code, checked["sheets"], checked["conversion"]["currency"]) == (200, ["Other"], "USD")
    [line] = (await client.get(path)).json()["items"]
    assert float(line["unitValue"]["amount"]) == 50


async def test_a_bill_in_xml_drafts_the_same_declaration_as_in_json(given: Given) -> None:
    lot, supplier, client = await given.contest()
    declaration = await given.declaration(lot, supplier, client, components=LINES)
    path = f"/origin-declarations/{declaration['id']}"
    document = (await client.get(path, headers={"Accept": CYCLONEDX})).json()
    answer = await client.post(
        "/origin-declarations", content=in_xml(document), headers={"Content-Type": f"{CYCLONEDX_XML}; version=1.6"}
    )
    assert answer.status_code == 201, answer.text
    own = {"id", "version"}
    assert {name: value for name, value in answer.json().items() if name not in own} == {
        name: value for name, value in declaration.items() if name not in own
    }
    draft = f"/origin-declarations/{answer.json()['id']}/components"
    assert (await client.get(draft)).json()["items"] == (await client.get(f"{path}/components")).json()["items"]
    checked, stored = await both(client, draft, in_xml(document), CYCLONEDX_XML)
    assert (stored.status_code, stored.json()["componentsDigest"]) == (200, declaration["componentsDigest"])
    assert {field: value for field, value in stored.json().items() if field in checked} == checked
    assert checked["format"] == "cyclonedx"


async def test_a_bill_in_xml_that_is_not_valid_is_told_by_component_and_nothing_is_stored(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=LINES)
    path = f"/origin-declarations/{draft['id']}/components"
    raw = in_xml(a_bom(a_part("a"), a_part("b"))).replace(b"<name>Part b", b"<colour/><name>Part b")
    checked, stored = await both(client, path, raw, CYCLONEDX_XML)
    assert (stored.status_code, stored.json()["report"]) == (400, checked)
    assert [(each["row"], each["column"]) for each in checked["refused"]] == [(2, "/components/1")]
    assert len((await client.get(path)).json()["items"]) == 3
