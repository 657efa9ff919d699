"""Lists by title and name: in Dutch order page by page, and found by a part, the same on both databases."""

from typing import Any
from unicodedata import normalize

import httpx
import pytest

from domain.permissions import Role
from tests.api.store.test_statements import a_whole_world, path_of
from tests.support.given import Given, faults
from tests.support.service import Apos

TITLES = ["aardappel", "coöperatie", "de facto", "Een", "één", "Eenheid", "éénpersoons", "Öresund", "Zee", "zeef"]
SHUFFLED = [TITLES[place] for place in (8, 2, 6, 0, 9, 4, 1, 7, 5, 3)]
NAMED = {"/suppliers", "/organisations", "/test-sites", "/component-statements", "/component-verdicts"}


async def titles_of(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    """The titles of a list, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        answer = await client.get(path, params={**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found += [item.get("title", item.get("name")) for item in answer.json()["items"]]
        cursor = answer.json()["nextCursor"]
        if cursor is None:
            return found


async def test_titles_are_in_dutch_order_page_by_page_both_ways(given: Given, office: httpx.AsyncClient) -> None:
    for title in SHUFFLED:
        await given.source(title=title)
    for limit in (1, 3, 200):
        assert await titles_of(office, "/sources", sort="title", limit=limit) == TITLES
        assert await titles_of(office, "/sources", sort="-title", limit=limit) == TITLES[::-1]


async def test_titles_that_are_alike_are_each_given_once(given: Given, office: httpx.AsyncClient) -> None:
    titles = ["Een", "een", "één", "e\u0301e\u0301n", "Een", "EEN"]
    for title in titles:
        await given.source(title=title)
    found = await titles_of(office, "/sources", sort="title", limit=1)
    assert found == await titles_of(office, "/sources", sort="title")
    assert sorted(found) == sorted(normalize("NFC", title) for title in titles)


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("een", ["Een", "één", "Eenheid", "éénpersoons"]),
        ("ÉÉN", ["Een", "één", "Eenheid", "éénpersoons"]),
        ("e\u0301e\u0301np", ["éénpersoons"]),
        ("oper", ["coöperatie"]),
        (" ores ", ["Öresund"]),
        ("de f", ["de facto"]),
        ("zee", ["Zee", "zeef"]),
        ("nergens", []),
        ("%", ["100% _zeker_ \\\\o/"]),
        ("_", ["100% _zeker_ \\\\o/"]),
        ("\\\\", ["100% _zeker_ \\\\o/"]),
        ("0%_", []),
        ("/", ["100% _zeker_ \\\\o/"]),
    ],
)
async def test_a_part_is_found_whatever_its_accents_and_capitals(
    given: Given, office: httpx.AsyncClient, part: str, found: list[str]
) -> None:
    for title in (*SHUFFLED, "100% _zeker_ \\\\o/"):
        await given.source(title=title)
    assert await titles_of(office, "/sources", title=part, sort="title", limit=2) == found


@pytest.mark.parametrize("part", ["", " ", "\u0301", "a" * 101, "a\x00", "a\n"])
async def test_a_part_that_cannot_be_looked_for_is_refused(office: httpx.AsyncClient, part: str) -> None:
    answer = await office.get("/sources", params={"title": part})
    assert (answer.status_code, list(faults(answer))) == (400, ["/query/title"])


async def test_every_list_with_titles_or_names_is_found_by_a_part(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    world = await a_whole_world(given, office)
    draft = await given.declaration({"id": world["lotId"]}, {"id": world["supplierId"]}, office)
    world["draftId"] = draft["id"]
    tried: set[str] = set()
    for route in apos.routes:
        if route.operation.method != "GET" or not route.operation.is_list:
            continue
        path = path_of(route, world)
        items = (await given.admin.get(path, params={"limit": 200})).json().get("items", [])
        name = next((each for each in ("title", "name") if items and each in items[0]), None)
        if name is None:
            continue
        wanted = items[-1][name]
        for part in (wanted, wanted.upper()[1:], wanted[-3:]):
            answer = await given.admin.get(path, params={name: part, "limit": 200})
            assert answer.status_code == 200, (path, answer.text)
            assert wanted in [item[name] for item in answer.json()["items"]], (path, part)
        assert (await given.admin.get(path, params={name: "nergens te vinden"})).json()["items"] == [], path
        tried.add(path)
    assert {"/lots", "/milestones", "/suppliers", "/test-sites", "/targets", "/component-statements"} <= tried


async def test_lines_of_a_table_are_found_by_a_part_of_their_name(given: Given, office: httpx.AsyncClient) -> None:
    supplier, lot = await given.supplier(), await given.lot()
    await given.partner(lot, supplier)
    lines = [{"key": key, "name": name, "quantity": 1} for key, name in (("a", "Régelaar"), ("b", "Motor"))]
    draft = await given.declaration(lot, supplier, office, components=lines, totalComponentCost=None)
    path = f"/origin-declarations/{draft['id']}/components"
    table = (await office.get(path, params={"name": "REGEL"}, headers={"Accept": "text/csv"})).text
    assert [line.partition(",")[0] for line in table.splitlines()] == ["key", "a"]
    assert await titles_of(office, path, name="regel") == ["Régelaar"]


async def test_nobody_finds_by_a_name_what_he_may_not_see(apos: Apos, given: Given) -> None:
    await given.supplier(name="Geheime Leverancier")
    hidden = await given.lot(title="Geheim")
    viewer = await apos.as_(Role.VIEWER)
    for path, part in (("/suppliers", {"name": "geheim"}), ("/lots", {"title": "geheim"})):
        assert (await viewer.get(path, params=part)).json()["items"] == []
    assert hidden["title"] == "Geheim"
