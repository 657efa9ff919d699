"""CycloneDX files that nobody should open carelessly: each is refused in words, soon, and in little memory."""

import json
from typing import Any

import pytest

from api.intake.cyclonedx.file import read_cyclonedx
from api.intake.cyclonedx.pieces import BYTES_AT_ONCE, DEEPEST, MOST_AT_ONCE, MOST_NODES, Pieces
from api.intake.parsed import UnreadableFile
from domain.declarations.components import MAX_COMPONENTS
from tests.api.intake.boms import a_bom, a_part, found, raw, read
from tests.support.memory import measured_memory

TWICE = 'an object in the file has "{}" twice, at {}, and it is unclear which of them counts; keep one'
TOO_DEEP = "its values are nested too deeply; nest JSON at most 200 levels deep"


def nested(levels: int) -> bytes:
    """Components within components, so many levels."""
    part, end = '{"type":"device","name":"x","components":[', "]}"
    return f'{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{part * levels}{end * levels}]}}'.encode()


def within(value: str) -> bytes:
    """A file with a component in which this stands."""
    return f'{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{value}]}}'.encode()


@pytest.mark.parametrize(
    ("file", "detail"),
    [
        pytest.param(b"", "the file is not JSON: it ends too early, in line 1 at character 1", id="nothing"),
        pytest.param(
            b'\xef\xbb\xbf<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>',
            "the file is CycloneDX in XML; send it with the content type application/vnd.cyclonedx+xml",
            id="XML",
        ),
        pytest.param(
            b"key;name;quantity\n", "the file is not JSON: expecting value, in line 1 at character 1", id="CSV"
        ),
        pytest.param(
            b"PK\x03\x04\x14", "the file is not JSON: expecting value, in line 1 at character 1", id="a workbook"
        ),
        pytest.param(
            b"[]", 'the file is JSON, but not CycloneDX; give "bomFormat": "CycloneDX" at its top level', id="a list"
        ),
        pytest.param(
            b'{"spdxVersion": "SPDX-2.3"}',
            "the file is SPDX of version 2.3, which is not read here; CycloneDX is read in the versions 1.4, 1.5, 1.6 and 1.7, "
            "as JSON or XML; export it as one of these, or give the components as a table",
            id="SPDX",
        ),
        pytest.param(
            raw({"bomFormat": "CycloneDX"}),
            "the file is CycloneDX without a specVersion; convert it to one of the versions 1.4, 1.5, 1.6, 1.7",
            id="no version",
        ),
        pytest.param(
            raw(a_bom(version="1.3")),
            "the file is CycloneDX of version 1.3; convert it to one of the versions 1.4, 1.5, 1.6, 1.7",
            id="an old version",
        ),
        pytest.param(
            raw(a_bom(version="2.0")),
            "the file is CycloneDX of version 2.0; convert it to one of the versions 1.4, 1.5, 1.6, 1.7",
            id="a draft of the next version",
        ),
        pytest.param(
            b'{"a":1, }',
            "the file is not JSON: the name of a field is missing, in line 1 at character 9",
            id="a comma more",
        ),
        pytest.param(
            b'{"a": 1\n "b": 2}',
            "the file is not JSON: a comma is missing, in line 2 at character 2",
            id="a comma too few",
        ),
        pytest.param(
            b'{"a" 1}', "the file is not JSON: a colon is missing, in line 1 at character 6", id="a colon too few"
        ),
        pytest.param(
            b'{"components":[{} {}]}',
            "the file is not JSON: a comma is missing, in line 1 at character 19",
            id="in a list",
        ),
        pytest.param(b'{"a": 1', "the file is not JSON: it ends too early, in line 1 at character 8", id="cut off"),
        pytest.param(
            b"{} {}", "the file is not JSON: something follows the end, in line 1 at character 4", id="two documents"
        ),
        pytest.param(b'{"a": NaN}', "the file is not JSON: NaN is not a JSON number", id="not a number"),
        pytest.param(b'{"a": 1, "a": 2}', TWICE.format("a", "its top level"), id="a field twice"),
        pytest.param(
            within('{"name":"x","\\u006eame":"y"}'), TWICE.format("name", "/components/0"), id="a field twice, once in disguise"
        ),
        pytest.param(
            within('{"name":"x","properties":[{"value":"1","value":"2"}]}'),
            TWICE.format("value", "/components/0/properties"),
            id="twice within",
        ),
        pytest.param(
            nested(DEEPEST + 1),
            f"its components are nested more than {DEEPEST} levels deep; nest them less deeply",
            id="deep",
        ),
        pytest.param(
            nested(100_000),
            f"its components are nested more than {DEEPEST} levels deep; nest them less deeply",
            id="a bomb",
        ),
        pytest.param(within('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), TOO_DEEP, id="a bomb of lists"),
        pytest.param(
            b'{"bomFormat":"CycloneDX","a":' + b"[" * 250 + b"]" * 250 + b"}",
            f"the part of the file around the components cannot be read: {TOO_DEEP}",
            id="deep beside the components",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_cure(file: bytes, detail: str) -> None:
    with pytest.raises(UnreadableFile) as error:
        read_cyclonedx(file)
    assert error.value.detail == detail


@pytest.mark.parametrize(
    ("part", "detail"),
    [
        (f'{{"a":{"[" * 250}{"]" * 250}}}', TOO_DEEP),
        ('{"name":"\\ud800"}', "it is not JSON in UTF-8: unexpected end of hex escape at line 1 column 16"),
        (f'{{"a":{"9" * 5000}}}', "it is not JSON in UTF-8: number out of range at line 1 column 4307"),
    ],
)  # fmt: skip
def test_a_component_that_cannot_be_read_is_refused_when_its_turn_comes(part: str, detail: str) -> None:
    bom = read_cyclonedx(within(f'{json.dumps(a_part())},{{"components":[{part}]}}'))
    with pytest.raises(UnreadableFile) as error:
        list(bom.lines)
    assert error.value.detail == f"/components/1/components/0 cannot be read: {detail}"


def test_text_that_is_no_utf_8_is_refused() -> None:
    bom = read_cyclonedx(within('{"name":"Önderdeel"}').decode().encode("latin-1"))
    with pytest.raises(UnreadableFile, match="/components/0 cannot be read: it is not JSON in UTF-8"):
        list(bom.lines)


def test_text_of_every_kind_is_read_as_it_is() -> None:
    name = 'Ω "ö" \\ 飞行控制 🛩 é'
    [line] = read(a_bom(a_part(name=name)))[1]
    assert line.component["name"] == name
    [same] = read_cyclonedx(b"\xef\xbb\xbf" + json.dumps(a_bom(a_part(name=name)), indent="\t").encode()).lines
    assert same.component == line.component


def test_as_deep_as_may_be_is_read() -> None:
    bom = read_cyclonedx(nested(DEEPEST))
    assert [line.row for line in bom.lines] == list(range(1, DEEPEST + 1))


def test_more_objects_than_any_bill_has_are_refused_before_they_are_made() -> None:
    empty = within('{"a":[' + "{}," * MOST_NODES + "{}]}")
    message = f"the file holds more than {MOST_NODES} objects and lists"
    with measured_memory() as memory, pytest.raises(UnreadableFile, match=message):
        read_cyclonedx(empty)
    assert memory.peak < 100_000


def test_one_component_too_many_is_refused_and_one_fewer_is_not() -> None:
    most = "0," * (MAX_COMPONENTS - 1) + "0"
    assert Pieces(within(most)).count == MAX_COMPONENTS
    with pytest.raises(UnreadableFile, match=f"the file has more than {MAX_COMPONENTS} components"):
        Pieces(within(most + ",0"))


def test_a_key_that_is_there_twice_is_left_to_the_check_that_all_formats_share() -> None:
    _, lines = read(a_bom(a_part("radio"), a_part("radio", name="Another")))
    assert [line.component["key"] for line in lines] == ["radio", "radio"]


def many(count: int, *, nest: bool) -> bytes:
    """A file of so many components, flat or all within the first."""
    parts: list[dict[str, Any]] = [a_part(f"k{number}", "4", version="1") for number in range(count)]
    return raw(a_bom({**parts[0], "components": parts[1:]} if nest else parts[0], *([] if nest else parts[1:])))


@pytest.mark.parametrize("nest", [False, True])
def test_memory_beside_the_file_holds_no_more_than_where_they_stand(nest: bool) -> None:
    found(a_bom(a_part()))
    peaks = []
    for count in (4 * MOST_AT_ONCE, 14 * MOST_AT_ONCE):
        file = many(count, nest=nest)
        with measured_memory() as memory:
            assert sum(1 for _ in read_cyclonedx(file).lines) == count
        peaks.append(memory.peak - len(file))
    assert peaks[1] - peaks[0] < 60 * 10 * MOST_AT_ONCE, "more than where each of them stands is kept"
    assert peaks[1] < 20 * BYTES_AT_ONCE
