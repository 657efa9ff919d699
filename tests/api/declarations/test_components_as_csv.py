"""The components of a declaration as CSV: every line, in order, to whoever may see the declaration."""

import asyncio
import csv
import io
import re
from typing import Any

import httpx
import pytest

from api.actions.declarations.origin_declarations import draft
from api.exports import components as exports
from api.exports.components import HEADERS, PIECE, ComponentsReplaced, csv_of_components, pieces_of
from api.http.negotiation import CYCLONEDX
from api.routes.declarations.components import ComponentView
from api.settings import Settings
from api.store.ledger import Write
from api.store.visibility import ReadContext
from domain.base import new_id
from domain.declarations.component_columns import LINE
from domain.declarations.components import check_lines
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import SYSTEM, Role
from tests.support.declared import a_leaf, euros
from tests.support.engines import engines_of
from tests.support.given import Given, faults
from tests.support.memory import measured_memory
from tests.support.service import Apos

CSV = {"Accept": "text/csv"}
FULL = {
    "partNumber": "-12", "manufacturer": "=1+1", "exportRegime": "US", "quantity": "0.250000",
    "unitValue": euros("12.500000"), "leadTimeWeeks": "7.5",
    "evidence": {"level": "document", "expiresOn": "2028-06-30", "uri": "https://example.org/a,b", "sha256": "0" * 64},
}  # fmt: skip


async def a_draft(given: Given, client: httpx.AsyncClient, components: list[dict[str, Any]]) -> dict[str, Any]:
    """A draft of these components, without a total that they would have to fit."""
    supplier, lot = await given.supplier(), await given.lot()
    await given.partner(lot, supplier)
    declaration = await given.declaration(lot, supplier, client, components=components, totalComponentCost=None)
    return {**declaration, "path": f"/origin-declarations/{declaration['id']}/components"}


def rows_in(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of an answer, by their headers."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_every_field_of_every_line_comes_in_the_order_of_declaring(
    given: Given, office: httpx.AsyncClient
) -> None:
    lines = [
        a_leaf("z", "1", None, **FULL),
        a_leaf("a", "200000", "power, spare"),
        {"key": "m", "name": 'A "B"', "quantity": 1},
    ]
    declared = await a_draft(given, office, lines)
    answer = await office.get(declared["path"], headers=CSV)
    assert answer.text.startswith(",".join(HEADERS) + "\r\n")
    first, second, third = rows_in(answer)
    assert first == {
        "key": "z", "parentKey": "", "name": "Part z", "partNumber": "'-12", "manufacturer": "'=1+1",
        "functionGroup": "", "quantity": "0.250000", "unitValue": "12.500000", "countryOfManufacture": "NL",
        "countryOfControl": "NL", "licenceCountry": "NONE", "exportRegime": "US", "secondSourceCountry": "DE",
        "stockWeeks": "12", "leadTimeWeeks": "7.5", "evidence.level": "document", "evidence.expiresOn": "2028-06-30",
        "evidence.uri": "https://example.org/a,b", "evidence.sha256": "0" * 64, "statementId": "",
    }  # fmt: skip
    assert (second["key"], second["functionGroup"], second["unitValue"]) == ("a", "power, spare", "200000")
    assert (third["name"], third["unitValue"], third["stockWeeks"], third["evidence.level"]) == (
        'A "B"',
        "",
        "",
        "none",
    )


async def test_it_says_what_json_says(given: Given, office: httpx.AsyncClient) -> None:
    declared = await a_draft(given, office, [a_leaf("one", "0.5", "power", **FULL), a_leaf("two", "3", None)])
    items = (await office.get(declared["path"])).json()["items"]
    shown = [{**item, "unitValue": item["unitValue"]["amount"]} for item in items]
    flat = [{**line, **{f"evidence.{name}": value for name, value in line["evidence"].items()}} for line in shown]
    assert rows_in(await office.get(declared["path"], headers=CSV)) == [
        {header: guarded("" if line[header] is None else str(line[header])) for header in HEADERS} for line in flat
    ]


def guarded(text: str) -> str:
    """The text of a cell as a spreadsheet may open it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def test_the_headers_are_the_fields_of_a_component_and_the_columns_of_a_line() -> None:
    top = dict.fromkeys(header.partition(".")[0] for header in HEADERS)
    assert list(top) == [info.alias or name for name, info in ComponentView.model_fields.items()]
    columns = [re.sub("([A-Z])", r"_\1", header).lower().replace(".", "_") for header in HEADERS]
    assert columns == list(LINE)


async def test_lines_beyond_one_piece_come_too(
    given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 2)
    for count in (2, 5):
        declared = await a_draft(given, office, [a_leaf(f"k{number}", "1", None) for number in range(count)])
        rows = rows_in(await office.get(declared["path"], headers=CSV))
        assert [row["key"] for row in rows] == [f"k{number}" for number in range(count)]


async def test_a_declaration_without_components_is_headers_alone(given: Given, office: httpx.AsyncClient) -> None:
    declared = await a_draft(given, office, [])
    assert (await office.get(declared["path"], headers=CSV)).text == ",".join(HEADERS) + "\r\n"


async def test_filters_apply_and_paging_is_refused_by_name(given: Given, office: httpx.AsyncClient) -> None:
    lines = [
        {"key": "top", "name": "Top", "quantity": 1}, a_leaf("a", "1", "power", parentKey="top"),
        a_leaf("b", "1", "control", parentKey="top"), a_leaf("c", "1", "power"),
    ]  # fmt: skip
    path = (await a_draft(given, office, lines))["path"]
    for query, keys in (
        ("functionGroup=power", "ac"),
        ("parentKey=top", "ab"),
        ("functionGroup=power&parentKey=top", "a"),
    ):
        rows = rows_in(await office.get(f"{path}?{query}", headers=CSV))
        assert "".join(row["key"] for row in rows) == keys
    refused = await office.get(f"{path}?limit=50&sort=key&cursor=abc", headers=CSV)
    assert refused.status_code == 400
    said = "leave it out: CSV gives all lines, in the order they were given"
    assert faults(refused) == {f"/query/{name}": said for name in ("limit", "cursor", "sort")}
    assert (await office.get(f"{path}?limit=1")).json()["items"][0]["key"] == "top"


async def test_who_may_not_see_the_declaration_sees_none_of_its_lines(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    declared = await a_draft(given, office, [a_leaf("secret", "1", None)])
    other = await given.supplier(name="Een ander")
    for client in (await apos.as_(Role.SUPPLIER, other["id"]), await apos.as_(Role.ASSESSOR)):
        answer = await client.get(declared["path"], headers=CSV)
        assert (answer.status_code, "secret" in answer.text) == (404, False)
    assert (await (await apos.as_(Role.VIEWER)).get(declared["path"], headers=CSV)).status_code == 403
    assert (await apos.client().get(declared["path"], headers=CSV)).status_code == 401
    own = await apos.as_(Role.SUPPLIER, declared["supplierId"])
    assert [row["key"] for row in rows_in(await own.get(declared["path"], headers=CSV))] == ["secret"]


async def test_another_format_is_406_and_the_one_liked_best_is_given(given: Given, office: httpx.AsyncClient) -> None:
    path = (await a_draft(given, office, [a_leaf("k", "1", None)]))["path"]
    for accept, status, kind in (
        ("application/xml", 406, "application/problem+json"), ("text/csv;q=0.5, application/json", 200, "application/json"),
        ("text/*", 200, "text/csv; charset=utf-8"), ("*/*", 200, "application/json"),
    ):  # fmt: skip
        answer = await office.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (status, kind)


async def test_it_breaks_off_where_a_draft_gets_other_lines_meanwhile(
    apos: Apos, given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 1)
    declared = await a_draft(given, office, [a_leaf("a", "1", None), a_leaf("b", "1", None)])
    [row] = apos.rows(OriginDeclaration)
    context = ReadContext(SYSTEM, apos.service.clock().date())
    lines = csv_of_components(
        pieces_of(apos.service.database, apos.service.turns, context, row["component_set"], 2, filters={})
    )
    assert [(await anext(lines))[:4], (await anext(lines))[:2]] == ["key,", "a,"]
    tag = (await office.get(declared["path"].removesuffix("/components"))).headers["etag"]
    body = {"components": [a_leaf("c", "1", None)]}
    assert (await office.put(declared["path"], json=body, headers={"If-Match": tag})).status_code == 200
    with pytest.raises(ComponentsReplaced):
        await anext(lines)


async def test_memory_does_not_grow_with_the_lines_and_no_connection_waits_for_a_slow_reader(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    few, many = 2 * PIECE, 20 * PIECE
    declared = await a_draft(given, office, [])
    [row] = apos.rows(OriginDeclaration)
    secret = (await apos.key(Role.PROGRAMME_OFFICE))[1]
    peaks = []
    for count in (few, many):
        own = await _drafted(apos, row, count)
        await _drained(apos, own, secret)
        with measured_memory() as memory:
            lines, chunks = await _drained(apos, own, secret)
        peaks.append(memory.peak)
        assert (lines, chunks) == (count + 1, count // PIECE + 1)
    assert peaks[1] < 1.5 * peaks[0], peaks
    assert declared["componentCount"] == 0


async def test_exports_that_wait_for_their_turn_keep_nobody_else_from_a_connection(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    path = (await a_draft(given, office, [a_leaf("a", "1", None)]))["path"]
    exports_at_once, queue = 2 * Settings.model_fields["pool_size"].default, apos.service.turns.exports
    async with asyncio.TaskGroup() as tasks, queue.turn("somebody"), asyncio.timeout(20):
        kinds = (("text/csv", path), (CYCLONEDX, path.removesuffix("/components")))
        asked = [
            tasks.create_task(office.get(of, headers={"Accept": accept}))
            for _ in range(exports_at_once // 2)
            for accept, of in kinds
        ]
        while queue.waiting < exports_at_once:  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.005)
        assert (await office.get(path)).status_code == 200
    assert [task.result().status_code for task in asked] == [200] * exports_at_once


async def _drafted(apos: Apos, like: dict[str, Any], count: int) -> str:
    """A draft of so many lines, past HTTP, which would take longer."""
    line = {
        "name": "Onderdeel", "part_number": "P-1", "manufacturer": "Maker", "quantity": "1", "unit_value": "12.50",
        "country_of_manufacture": "NL", "country_of_control": "NL", "licence_country": "NONE", "export_regime": "NONE",
        "second_source_country": "DE", "stock_weeks": "12", "lead_time_weeks": "8", "evidence_level": "document",
        "evidence_expires_on": "2028-06-30", "evidence_uri": "https://example.org/x.pdf", "evidence_sha256": "0" * 64,
    }  # fmt: skip
    rows = [tuple({**line, "key": f"key-{number}"}.get(name) for name in LINE) for number in range(count)]
    ids = {name: like[name] for name in ("supplier_id", "lot_id")}
    async with apos.service.database.writing() as session:
        write = Write.begin(session, SYSTEM, apos.service.clock(), None, f"lines-{count}")
        own = new_id()
        await draft(write, OriginDeclaration(id=own, series=own, system_name="S", **ids), check_lines(rows, new_id()))
    return str(own)


async def _drained(apos: Apos, declaration_id: str, secret: str) -> tuple[int, int]:
    """How many lines and chunks an answer has, whose reader keeps nothing and is slow; meanwhile no connection is taken."""
    lines = chunks = 0
    readers, _ = engines_of(apos.service.database)

    async def send(message: dict[str, Any]) -> None:
        nonlocal lines, chunks
        assert readers.pool.checkedout() == 0
        if body := message.get("body"):
            lines, chunks = lines + body.count(b"\n"), chunks + 1

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        raise AssertionError

    path = f"/v1/origin-declarations/{declaration_id}/components"
    headers = [(b"accept", b"text/csv"), (b"authorization", f"Bearer {secret}".encode())]
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": headers, "scheme": "http", "http_version": "1.1", "server": ("apos.test", 80), "client": ("t", 1),
    }  # fmt: skip
    await apos.app(scope, receive, send)
    return lines, chunks
