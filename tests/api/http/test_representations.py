"""Every format of every resource: a tag of its own, 304, HEAD, and what the answer depends on."""

from typing import Any

import httpx
import pytest

from api.http.negotiation import CSV, JSON
from api.http.operation import Operation
from domain.permissions import Role
from tests.api.store.test_statements import a_whole_world, path_of
from tests.support.engines import counting
from tests.support.given import Given, faults
from tests.support.service import Apos

DIALECTS = ("rfc4180", "excel-nl")


async def _a_world_with_a_draft(given: Given, office: httpx.AsyncClient) -> dict[str, Any]:
    """One row of everything, and a draft of which nothing is final."""
    world = await a_whole_world(given, office)
    supplier = {"id": world["supplierId"]}
    draft = await given.declaration({"id": world["lotId"]}, supplier, office)
    return {**world, "draftId": draft["id"]}


def _question(operation: Operation, media: str) -> list[dict[str, Any]]:
    """How a format is asked for: CSV in each dialect."""
    asked = [{"headers": {"Accept": media}}]
    return [{**each, "params": {"dialect": name}} for each in asked for name in DIALECTS] if media == CSV else asked


async def test_every_format_has_a_tag_of_its_own_and_answers_304(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    world = await _a_world_with_a_draft(given, office)
    for route in (each for each in apos.routes if each.operation.method == "GET"):
        operation, path, tags = route.operation, path_of(route, world), []
        for media in operation.formats:
            for question in _question(operation, media):
                answer = await given.admin.get(path, **question)
                assert answer.status_code == 200, (path, media, answer.text)
                assert answer.headers["content-type"].startswith(media)
                varies = "Accept" in answer.headers.get("vary", "").split(", ")
                assert varies == (len(operation.formats) > 1), (path, media)
                if operation.is_list and media == JSON:
                    assert "etag" not in answer.headers, path
                    continue
                tag = answer.headers["etag"]
                tags.append(tag)
                headers = {**question["headers"], "If-None-Match": f'"x", W/{tag}'}
                again = await given.admin.get(path, **{**question, "headers": headers})
                assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), (path, media)
                assert again.headers.get("vary") == answer.headers.get("vary")
        assert tags or operation.is_list, path
        assert len(set(tags)) == len(tags), f"two formats of {path} have one tag"


async def test_head_answers_as_get_does_without_the_body(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    world = await _a_world_with_a_draft(given, office)
    for route in (each for each in apos.routes if each.operation.method == "GET"):
        path = path_of(route, world)
        for media in route.operation.formats:
            for question in _question(route.operation, media):
                with counting(apos.service.database) as read:
                    got = await given.admin.get(path, **question)
                with counting(apos.service.database) as asked:
                    head = await given.admin.head(path, **question)
                assert (head.status_code, head.content) == (got.status_code, b""), path
                assert _lasting(head) == _lasting(got), path
                if media == JSON:
                    assert head.headers["content-length"] == str(len(got.content)), path
                assert len(asked) <= len(read), path


def _lasting(answer: httpx.Response) -> dict[str, str]:
    """The headers that do not differ between two equal requests."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def test_head_is_refused_as_get_is(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    viewer, stranger = await apos.as_(Role.VIEWER), apos.client()
    for client, path in (
        (stranger, "/lots"), (viewer, "/audit-events"), (viewer, f"/lots/{lot['id']}"), (office, "/nothing"),
        (office, "/lots?limit=0"), (office, "/score-previews"), (stranger, "http://apos.test/readyz"),
        (stranger, "/openapi.json"), (stranger, "http://apos.test/problems/stale"),
    ):  # fmt: skip
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert {**_lasting(head), "content-length": ""} == {**_lasting(got), "content-length": ""}, path
    assert (await office.head("/lots", headers={"Accept": "application/xml"})).status_code == 406


async def test_head_answers_304_too(given: Given, office: httpx.AsyncClient) -> None:
    path = f"/lots/{(await given.lot())['id']}"
    tag = (await office.head(path)).headers["etag"]
    assert (await office.head(path, headers={"If-None-Match": tag})).status_code == 304


async def test_a_head_of_a_long_table_does_not_make_it(
    given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier, lot = await given.supplier(), await given.lot()
    await given.partner(lot, supplier)
    draft = await given.declaration(lot, supplier, office)

    def fail(*_given: Any) -> None:
        raise AssertionError("the lines were read")

    monkeypatch.setattr("api.queries.declarations.origin_declarations.some_lines", fail)
    path = f"/origin-declarations/{draft['id']}/components"
    assert (await office.head(path, headers={"Accept": CSV})).status_code == 200


async def test_the_csv_of_a_draft_gets_another_tag_when_its_lines_change(
    given: Given, office: httpx.AsyncClient
) -> None:
    supplier, lot = await given.supplier(), await given.lot()
    await given.partner(lot, supplier)
    draft = await given.declaration(lot, supplier, office, totalComponentCost=None)
    path = f"/origin-declarations/{draft['id']}/components"
    before = await office.get(path, headers={"Accept": CSV})
    body = {"components": [{"key": "a", "name": "Ander", "quantity": 1}]}
    assert (await office.put(path, json=body, headers={"If-Match": "*"})).status_code == 200
    after = await office.get(path, headers={"Accept": CSV, "If-None-Match": before.headers["etag"]})
    assert (after.status_code, "Ander" in after.text) == (200, True)


async def test_a_dialect_is_for_csv_alone_and_one_of_two(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    world = await _a_world_with_a_draft(given, office)
    offering = [route for route in apos.routes if CSV in route.operation.formats]
    assert len(offering) == 5
    for route in offering:
        path = path_of(route, world)
        for accept, dialect in ((JSON, "rfc4180"), (JSON, "excel-nl"), (CSV, "excel"), (CSV, "")):
            answer = await given.admin.get(path, params={"dialect": dialect}, headers={"Accept": accept})
            assert (answer.status_code, list(faults(answer))) == (400, ["/query/dialect"]), (path, accept, dialect)
        plain = await given.admin.get(path, headers={"Accept": CSV})
        named = await given.admin.get(path, params={"dialect": "rfc4180"}, headers={"Accept": CSV})
        excel = await given.admin.get(path, params={"dialect": "excel-nl"}, headers={"Accept": CSV})
        assert (plain.content, plain.headers["etag"]) == (named.content, named.headers["etag"])
        assert excel.content.startswith(b"\xef\xbb\xbf"), path
        assert excel.text.partition("\r\n")[0].count(";") > 5, path
