"""A large body that is read in pieces has the outcome of the same body read whole, whatever is wrong with it."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http import large_bodies, split_bodies
from api.http.large_bodies import model_reader
from api.http.problems import HttpProblem
from api.http.split_bodies import split_body
from api.http.uploads import COMPONENTS
from api.intake.large_bytes import LargeBytes
from api.routes.declarations.component_statements import ComponentStatementCreate
from api.routes.declarations.origin_declarations import OriginDeclarationCreate
from api.schemas.declarations import ComponentsBody
from domain.declarations.components import MAX_COMPONENTS, PackedRows
from tests.support.declared import a_leaf, statement
from tests.support.mapped import mapped
from tests.support.properties import holds

ID = "0190a1b2-0000-7000-8000-000000000001"
MODELS = (ComponentsBody, OriginDeclarationCreate, ComponentStatementCreate)
READERS = {model: model_reader(model, COMPONENTS, lines=("components",)) for model in MODELS}
KEYS = "abcdefg"
LINES = [a_leaf(key, "10", "power", manufacturer="Zoë « } ] , {") for key in KEYS]
BODIES = {
    ComponentsBody: {"components": LINES},
    OriginDeclarationCreate: {"supplierId": ID, "lotId": ID, **statement(), "components": LINES, "price": None},
    ComponentStatementCreate: {"components": LINES},
}
SMALL = 3
"""Lines in a slice here, so that few lines make several."""


@contextmanager
def whole_below(size: float) -> Iterator[None]:
    """Bodies of fewer bytes are parsed whole."""
    with (
        patch.object(split_bodies, "WHOLE_BELOW", size),
        patch.object(split_bodies, "SLICE", SMALL),
        patch.object(large_bodies, "SLICE", SMALL),
    ):
        yield


def outcome(model: Any, raw: LargeBytes) -> Any:
    """What comes of a body: its rows and the rest of it, or the problem."""
    try:
        body = READERS[model](raw)
    except HttpProblem as problem:
        return problem.status_code, problem.detail, problem.faults, problem.count
    lines = getattr(body, "components", None)
    return list(lines) if isinstance(lines, PackedRows) else lines, body.model_dump(exclude={"components"})


def both(model: Any, raw: bytes) -> tuple[Any, Any]:
    """The outcome of a body that is parsed whole, and of the same body in pieces."""
    with whole_below(math.inf):
        whole = outcome(model, raw)
    with whole_below(0):
        return whole, outcome(model, mapped(raw))


def text(body: Any) -> bytes:
    """A body as clients send it."""
    return json.dumps(body, ensure_ascii=False).encode()


def with_line(line: str, place: int = 4) -> bytes:
    """The components with this text as one of them."""
    lines = [json.dumps(each) for each in LINES]
    return f'{{"components": [{", ".join([*lines[:place], line, *lines[place:]])}]}}'.encode()


VALID = text(BODIES[ComponentsBody])
WIDE = json.dumps({f"f{number}": 1 for number in range(101)})
PIECES = [
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b" ", b"\n", b"\x00", b"\xff", b"1", b"-", b"null", b"NaN"),
    *(
        b'"components":[]',
        b'"components":[{}]',
        b'"components"',
        b"\\ud800",
        b"\\u0041",
        b"1e999",
        b"99999999999999999999",
    ),
    *(b"\xef\xbb\xbf", b"[" * 201, b"[" * 198 + b"]" * 198, WIDE.encode(), b"//", b"'", b"tru", b"0.1", b"\xc3"),
]


@pytest.mark.parametrize("model", MODELS)
def test_a_valid_body_in_pieces_is_that_body(model: Any) -> None:
    whole, in_pieces = both(model, text(BODIES[model]))
    assert in_pieces == whole
    if model is not ComponentStatementCreate:
        assert [row[0] for row in in_pieces[0]] == list(KEYS)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"components": {}}', id="an object in place of the list"),
        pytest.param(b'{"components": null}', id="null"),
        pytest.param(b'{"components": []}', id="no lines"),
        pytest.param(VALID + b"x", id="something after the end"),
        pytest.param(VALID[:-1], id="no end"),
        pytest.param(b"\xef\xbb\xbf" + VALID, id="a byte order mark"),
        pytest.param(VALID.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(VALID[:-1] + b',"components":[{}]}', id="the list twice"),
        pytest.param(b'{"components":[{}],' + VALID[1:], id="another list before it"),
        pytest.param(b'{"other":' + VALID + b"," + VALID[1:], id="the same list elsewhere before it"),
        pytest.param(VALID.replace(b'"components"', b'"compon\\u0065nts"', 1), id="its name is escaped"),
        pytest.param(VALID[:-1] + b',"other":' + WIDE.encode() + b"}", id="the rest is wide"),
        pytest.param(with_line(WIDE), id="a line is wide"),
        pytest.param(with_line(WIDE)[:-9] + b"}", id="a line is wide, and another not JSON"),
        pytest.param(with_line('{"key": "\\ud800"}'), id="half a character in a line"),
        pytest.param(with_line('{"key": NaN}'), id="NaN in a line"),
        pytest.param(with_line("[" * 197 + "]" * 197), id="just not nested too deeply"),
        pytest.param(with_line("[" * 199 + "]" * 199), id="just nested too deeply"),
        pytest.param(with_line('{"key": "x", "key": "y"}'), id="a field twice"),
        pytest.param(with_line('"text"'), id="a line that is no object"),
        pytest.param(with_line('{"quantity": 99999999999999999999999}'), id="a number too large"),
        pytest.param(text({"components": [{"key": 1}] * 120}), id="more faults than are listed"),
        pytest.param(text({"components": [*LINES, {}], "x": 1}), id="faults in lines and in the rest"),
    ],
)
def test_what_is_wrong_is_the_same_problem_in_pieces(raw: bytes) -> None:
    whole, in_pieces = both(ComponentsBody, raw)
    assert in_pieces == whole


@holds
@given(
    model=st.sampled_from(MODELS),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), st.sampled_from(PIECES)), max_size=3),
)
def test_any_body_in_pieces_is_that_body(model: Any, changes: list[tuple[int, int, bytes]]) -> None:
    raw = text(BODIES[model])
    for place, removed, inserted in changes:
        at = place % (len(raw) + 1)
        raw = raw[:at] + inserted + raw[at + removed :]
    whole, in_pieces = both(model, raw)
    assert in_pieces == whole


def test_more_lines_than_may_be_are_refused_in_pieces_too() -> None:
    raw = b'{"components":[' + b",".join([b"{}"] * (MAX_COMPONENTS + 1)) + b"]}"
    whole, in_pieces = both(ComponentsBody, raw)
    assert in_pieces == whole
    assert in_pieces[2][0].detail == "may have at most 100000 lines, and has 100001"


def test_lines_are_parsed_only_as_they_are_asked_for() -> None:
    """Otherwise a property above would hold of bodies that are always parsed whole."""
    with whole_below(0):
        split = split_body(mapped(VALID), [("components",)], MAX_COMPONENTS)
        lines = split.lines["components",]
        assert len(lines) == len(LINES)
        with patch.object(split_bodies, "from_json", wraps=split_bodies.from_json) as parsed:
            assert [line for part in lines.slices() for line in part] == LINES
    assert parsed.call_count == math.ceil(len(LINES) / SMALL)
