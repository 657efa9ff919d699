"""A name that one object has twice, or a query parameter that is given twice, is refused by its pointer."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from api.http.large_bodies import model_reader, read_json
from api.http.problems import HttpProblem
from api.http.repeated_names import MESSAGE_TWICE, may_repeat, names_of
from api.http.split_bodies import WHOLE_BELOW
from api.http.uploads import COMPONENTS
from api.schemas.declarations import ComponentsBody
from tests.support.declared import a_leaf
from tests.support.given import Given, faults
from tests.support.properties import holds
from tests.support.service import Apos

MATCH = {"If-Match": "*"}
JSON = {"Content-Type": "application/json"}
READ = model_reader(ComponentsBody, COMPONENTS, lines=("components",))
BODIES = [
    pytest.param('{"title": "a", "title": "b"}', ["/title"], id="at the top"),
    pytest.param('{"title": "a", "title": "a"}', ["/title"], id="the same value"),
    pytest.param('{"title": "a", "t\\u0069tle": "b"}', ["/title"], id="escaped"),
    pytest.param('{"a": [{"b": 1}, {"b" : 1, "c": 2, "b": 3}]}', ["/a/1/b"], id="in a list"),
    pytest.param('{"a": {"b/c": 1, "b/c": 2, "~": 1, "~": 2}}', ["/a/b~1c", "/a/~0"], id="two of them"),
]


@pytest.mark.parametrize(("body", "pointers"), BODIES)
def test_a_name_given_twice_is_refused_where_it_is(body: str, pointers: list[str]) -> None:
    with pytest.raises(HttpProblem) as refused:
        read_json(body.encode())
    assert [(fault.pointer, fault.detail) for fault in refused.value.faults] == [(at, MESSAGE_TWICE) for at in pointers]


def with_twice(count: int, at: int) -> bytes:
    lines = [json.dumps(a_leaf(f"k{number}", "10", "power", manufacturer='a: "b": c')) for number in range(count)]
    lines[at] = lines[at].replace('"unitValue": {', '"unitValue": {"currency" : "EUR", "currency": "EUR", ')
    return f'{{"components": [{", ".join(lines)}]}}'.encode()


@pytest.mark.parametrize(("count", "at"), [(3, 1), (20_000, 0), (20_000, 777), (20_000, 19_999)])
def test_it_is_found_in_any_line_however_large_the_body_is(count: int, at: int) -> None:
    body = with_twice(count, at)
    assert (len(body) > WHOLE_BELOW) is (count > 3)
    with pytest.raises(HttpProblem) as refused:
        READ(body)
    assert [fault.pointer for fault in refused.value.faults] == [f"/components/{at}/unitValue/currency"]


def test_the_list_of_lines_itself_given_twice_is_refused() -> None:
    lines = ",".join(json.dumps(a_leaf(f"k{number}", "10", "power")) for number in range(10_000))
    for body in ('{"components": [], "components": [%s]}', '{"components": [%s], "components": []}'):
        with pytest.raises(HttpProblem) as refused:
            READ((body % lines).encode())
        assert [fault.pointer for fault in refused.value.faults] == ["/components"]


VALUES = st.recursive(
    st.text(alphabet='":\\ a{}[],') | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='":\\ ab'), inner, max_size=3),
    max_leaves=12,
)


@holds
@drawn(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_counting_never_misses_a_name_that_was_dropped(value: Any, indent: int | None, twice: bool) -> None:
    text = json.dumps({"first": value, "last": value}, indent=indent, separators=(" , ", " : "))
    if twice:
        text = text.replace('"last" :', '"first" :')
        assert may_repeat(text.encode(), names_of(json.loads(text)))


async def test_bodies_of_every_kind_are_read_strictly(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    patch = {"Content-Type": "application/merge-patch+json", **MATCH}
    for answer in (
        await office.patch(f"/lots/{lot['id']}", content=b'{"title": "a", "title": "b"}', headers=patch),
        await office.post("/lots", content=b'{"title": "a", "title": "b"}', headers=JSON),
    ):
        assert (answer.status_code, faults(answer)) == (400, {"/title": MESSAGE_TWICE}), answer.text


async def test_a_body_that_is_not_utf_8_is_refused(office: httpx.AsyncClient) -> None:
    for body in ('{"title": "Één"}'.encode("utf-16"), b'{"title": "\xed\xa0\x80"}', b'{"title": "\xe9"}'):
        answer = await office.post("/lots", content=body, headers=JSON)
        assert (answer.status_code, "is not JSON: it is not UTF-8" in answer.text) == (400, True), answer.text


@pytest.mark.parametrize("query", ["status=running&status=approved", "limit=5&limit=5", "key=a&domain=land&key=a"])
async def test_a_parameter_that_is_read_once_is_refused_twice(office: httpx.AsyncClient, query: str) -> None:
    answer = await office.get(f"/lots?{query}")
    name = query.partition("=")[0]
    assert (answer.status_code, list(faults(answer))) == (400, [f"/query/{name}"]), answer.text
    assert "is given more than once" in answer.text


async def test_an_unknown_parameter_given_twice_is_refused_as_unknown(office: httpx.AsyncClient) -> None:
    answer = await office.get("/lots?colour=a&colour=b")
    assert (answer.status_code, list(faults(answer))) == (400, ["/query/colour"])


async def test_no_credential_comes_before_a_repeated_parameter(apos: Apos) -> None:
    assert (await apos.client().get("/lots?limit=1&limit=2")).status_code == 401
