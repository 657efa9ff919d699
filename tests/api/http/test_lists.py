"""Paging, filtering and sorting."""

import base64
import json

import httpx
import pytest

from domain.permissions import Role
from tests.support.answers import walk
from tests.support.given import Given, faults
from tests.support.service import Apos


@pytest.mark.parametrize("sort", ["id", "-id", "title", "-title", "date", "-date"])
async def test_every_row_comes_once_in_every_order_also_where_values_are_equal_or_missing(
    given: Given, office: httpx.AsyncClient, sort: str
) -> None:
    dates = ["2026-03-01", None, "2026-01-01", "2026-03-01", None, "2026-02-01", "2026-03-01"]
    made = [await given.source(title=title, date=day) for title, day in zip("bacabca", dates, strict=True)]
    items = await walk(office, f"/sources?limit=2&sort={sort}")
    assert sorted(str(item["id"]) for item in items) == sorted(row["id"] for row in made)
    name = sort.removeprefix("-")
    values = [item[name] for item in items]
    present = [str(value) for value in values if value is not None]
    assert present == sorted(present, reverse=sort.startswith("-"))
    assert values[len(present) :] == [None] * (len(values) - len(present))


async def test_rows_that_are_added_while_paging_disturb_nothing(given: Given, office: httpx.AsyncClient) -> None:
    made = [await given.source() for _ in range(4)]
    first = (await office.get("/sources?limit=2")).json()
    await given.source()
    second = await walk(office, f"/sources?limit=2&cursor={first['nextCursor']}")
    assert [row["id"] for row in first["items"]] + [row["id"] for row in second][:2] == [row["id"] for row in made]
    assert len(second) == 3


async def test_filters_of_milestones_narrow_the_list(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(status="running")
    path = f"/lots/{lot['id']}"
    early = await given.milestone(path, kind="start", window={"start": "2026-01-01", "end": "2026-06-30"})
    late = await given.milestone(path, critical=True, key="m-late")
    await given.milestone()
    expected = [
        (f"lotId={lot['id']}", [early, late]),
        ("kind=start", [early]),
        ("critical=true", [late]),
        ("key=m-late", [late]),
        ("windowEndBefore=2026-07-01", [early]),
        (f"windowEndFrom=2026-07-01&lotId={lot['id']}", [late]),
        (f"lotId={lot['id']}&sort=-windowEnd", [late, early]),
        ("status=met", []),
    ]
    for query, rows in expected:
        items = (await office.get(f"/milestones?{query}")).json()["items"]
        assert [item["id"] for item in items] == [row["id"] for row in rows], query
    own = (await office.get(f"{path}/milestones?kind=trial")).json()["items"]
    assert [item["id"] for item in own] == [late["id"]]


def cursor(*place: object) -> str:
    """A cursor made by hand."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


ID = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
BAD_QUERIES = [
    ("limit=0", "/query/limit"),
    ("limit=201", "/query/limit"),
    ("limit=9999999999999999999999", "/query/limit"),
    ("limit=ten", "/query/limit"),
    ("colour=red", "/query/colour"),
    ("page_size=3", "/query/page_size"),
    ("sort=password", "/query/sort"),
    ("dateFrom=yesterday", "/query/dateFrom"),
    ("dateFrom=0", "/query/dateFrom"),
    ("key=%00", "/query/key"),
    ("cursor=spoilt", "/query/cursor"),
    ("cursor=%00", "/query/cursor"),
    ("cursor=" + cursor("-id", None, ID), "/query/cursor"),
    ("cursor=" + cursor("id", None, "x"), "/query/cursor"),
    ("cursor=" + cursor("id", None), "/query/cursor"),
    ("cursor=" + cursor("id", 3, ID), "/query/cursor"),
    ("cursor=" + cursor("id", "\x00", ID), "/query/cursor"),
    ("sort=date&cursor=" + cursor("date", "31 mei", ID), "/query/cursor"),
    ("cursor=" + base64.urlsafe_b64encode(b"[" * 900).decode(), "/query/cursor"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("query", "pointer"), BAD_QUERIES, ids=[query[:40] for query, _ in BAD_QUERIES])
async def test_a_bad_query_names_its_parameter(office: httpx.AsyncClient, query: str, pointer: str) -> None:
    answer = await office.get(f"/sources?{query}")
    assert (answer.status_code, list(faults(answer))) == (400, [pointer])


async def test_nobody_filters_or_sorts_by_what_he_may_not_see(apos: Apos, given: Given) -> None:
    source = await given.source()
    await given.lot(source=source["key"], containsAi=True)
    viewer = await apos.as_(Role.VIEWER)
    assert len((await viewer.get("/lots")).json()["items"]) == 1
    for query, pointer in [("containsAi=true", "/query/containsAi"), ("domain=land", "/query/domain")]:
        answer = await viewer.get(f"/lots?{query}")
        assert (answer.status_code, list(faults(answer))) == (400, [pointer])
