"""CycloneDX in XML gives what the same bill in JSON gives; what is not valid, or not safe, is refused with its place."""

from typing import Any

import pytest
from cyclonedx.model.bom import Bom as LibraryBom
from cyclonedx.output.xml import BY_SCHEMA_VERSION
from cyclonedx.schema import SchemaVersion

from api.intake.checking import check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.xml_file import read_cyclonedx_xml
from api.intake.parsed import UnreadableFile
from tests.api.intake.boms import VERSIONS, a_bom, a_drone, a_part, raw, said
from tests.api.intake.xml_boms import HOME, in_xml
from tests.support.memory import measured_memory

HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="{HOME}1.6" version="1">'


def all_of(bom: Bom) -> tuple[Any, ...]:
    """Everything that comes of a file."""
    lines = list(bom.lines)
    return lines, bom.declaration, bom.compositions, bom.refused, bom.notes, bom.columns, bom.encoding, bom.format


def refusal(file: bytes) -> str:
    """Why a file cannot be used as a whole."""
    with pytest.raises(UnreadableFile) as refused:
        list(read_cyclonedx_xml(file).lines)
    return refused.value.detail


def told(file: bytes) -> list[tuple[int | None, str | None, str]]:
    """What is refused of a file: the component, its place, and why."""
    return [(each.row, each.column, each.detail) for each in check(read_cyclonedx_xml(file)).report().refused]


FULL = said(
    quantity="2", partNumber="EX-<300>", functionGroup="control", unitValue="62.50", countryOfManufacture="NL",
    evidence_level="document", evidence_uri="https://example.org/?a=1&b=2", licenceCountry="NONE", stockWeeks=None,
)  # fmt: skip
SYSTEM = {
    "type": "device", "bom-ref": "k", "name": "Kestrel", "version": "2",
    "properties": said(price="1000.00", totalComponentCost="400.00", designAuthority_level="both",
                       dimension_cloudAccess_dependence=None),
}  # fmt: skip


def software(**fields: Any) -> dict[str, Any]:
    return {"type": "library", "bom-ref": "lib", "name": "Lib", **fields}


BILLS = [
    *(a_drone(version) for version in VERSIONS),
    *(a_bom(a_part("a", properties=FULL), metadata={"component": SYSTEM}, version=version) for version in VERSIONS),
    a_bom(a_part("a", components=[a_part("b", components=[a_part("c")]), a_part("d")]), a_part("e", "4")),
    a_bom(software(), a_part("Zwölf é", supplier={"name": "Müller & <Söhne>"}), a_part("a")),
    a_bom(a_part("b"), a_part("a"), a_part("c", None)),
    a_bom(a_part("a", None), a_part("b", None)),
    a_bom(a_part(None)),
    a_bom(a_part("a", scope="excluded")),
    a_bom(a_part("a", isExternal=True), version="1.7"),
    a_bom(a_part("a", properties=[*said(quantity="1", unitValue="1"), *said(unitValue="2")])),
    a_bom(a_part("a", properties=said(quantity="1", colour="red"))),
    a_bom(a_part("a"), properties=said(price="1")),
    a_bom(a_part("a"), metadata={"component": {**SYSTEM, "components": [a_part("in")]}}),
    a_bom(a_part("a"), metadata={"component": SYSTEM, "properties": said(price="1")}),
    a_bom(a_part("a"), compositions=[{"aggregate": "incomplete", "assemblies": ["a", "gone"]},
                                     {"aggregate": "complete", "assemblies": ["a"]}]),
    a_bom(),
]  # fmt: skip


@pytest.mark.parametrize("bill", BILLS, ids=range(len(BILLS)))
def test_both_forms_of_a_bill_give_the_same(bill: dict[str, Any]) -> None:
    as_json, as_xml = all_of(read_cyclonedx(raw(bill))), all_of(read_cyclonedx_xml(in_xml(bill)))
    assert as_xml == as_json


@pytest.mark.filterwarnings("ignore:The Component this BOM is describing")
@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_library_writes_is_read(version: str) -> None:
    given = a_drone("1.6") if version in ("1.6", "1.7") else a_drone("1.5")
    model = LibraryBom.from_json(given)  # type: ignore[attr-defined]
    written = BY_SCHEMA_VERSION[SchemaVersion.from_version(version)](model).output_as_string(indent=2)
    bom = read_cyclonedx_xml(written.encode())
    lines = {line.component["key"]: line.component for line in bom.lines}
    assert bom.refused == []
    assert lines == {line.component["key"]: line.component for line in read_cyclonedx(raw(given)).lines}


def test_texts_may_be_laid_out_over_lines_and_extensions_are_left_alone() -> None:
    file = (
        f'{HEAD}<components>\n<component type="device" bom-ref="a"><name>\n   Radio\n  </name><properties>'
        '<property name="cdx:device:quantity">\n 1 </property></properties>'
        '<x:extra xmlns:x="urn:x"><x:name>No</x:name><name>No</name></x:extra></component></components></bom>'
    )
    assert [line.component for line in read_cyclonedx_xml(file.encode()).lines] == [
        {"key": "a", "name": "Radio", "quantity": "1"}
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_the_encoding_is_reported(encoding: str) -> None:
    text = in_xml(a_bom(a_part("é"))).decode().replace('"1.0"?', f'"1.0" encoding="{encoding}"?')
    bom = read_cyclonedx_xml(text.encode(encoding))
    assert ([line.component["key"] for line in bom.lines], bom.encoding) == (["é"], encoding)


PART = '<component type="device" bom-ref="{}"><name>A</name>{}</component>'
INVALID = [
    (PART.format("a", "") + PART.format("b", "<colour/>"), [(2, "/components/1", "Element 'colour'")]),
    (PART.format("a", f"<components>{PART.format('b', '')}{PART.format('c', '<x/>')}</components>"),
     [(3, "/components/0/components/1", "Element 'x'")]),
    ("<component/>", [(1, "/components/0", "Element 'component': The attribute 'type'"),
                      (1, "/components/0", "Element 'component': Missing child")]),
    (PART.format("a", "<name>B</name>"), [(1, "/components/0", "Element 'name'")]),
    (PART.format("a", "<licenses><license><id>GPL</id></license></licenses>"), [(1, "/components/0", "Element 'id'")]),
    (PART.format("a", "") + PART.format("a", ""), [(2, "/components/1", "Element 'component': Duplicate key-sequence")]),
    ("</components><colour/><components>", [(None, "/colour", "Element 'colour'")]),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "faults"), INVALID, ids=range(len(INVALID)))
def test_a_breach_of_the_schema_is_told_with_its_component(inner: str, faults: list[tuple[Any, ...]]) -> None:
    found = told(f"{HEAD}<components>{inner}</components></bom>".encode())
    start = "does not match the CycloneDX schema: "
    heads = [(row, column, detail.removeprefix(start)[: len(words)]) for (row, column, detail), (_, _, words) in
             zip(found, faults, strict=False)]  # fmt: skip
    assert heads == faults


def test_a_hundred_breaches_are_told() -> None:
    parts = "".join(PART.format(place, "<colour/>") for place in range(300))
    assert len(told(f"{HEAD}<components>{parts}</components></bom>".encode())) == 100


def nested(count: int) -> str:
    """Components nested in each other."""
    opened = "".join(f'<components><component type="device" bom-ref="{n}"><name>A</name>' for n in range(count))
    return f"{HEAD}{opened}{'</component></components>' * count}</bom>"


ENTITIES = '<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
UNREADABLE = [
    (b"", "the file is not XML; CycloneDX is read in the versions"),
    (b"key,name\n", "the file is not XML"),
    (b"<a/>", "the file is XML; save"),
    (b"{}", "the file is JSON, not XML"),
    (raw(a_bom()), "the file is CycloneDX in JSON; send it with the content type application/vnd.cyclonedx+json"),
    (b"<!DOCTYPE html><html></html>", "the file is a web page"),
    (f'<bom xmlns="{HOME}1.3"/>'.encode(), "the file is CycloneDX of version 1.3; convert it to one of the versions 1.4"),
    (f'<bom xmlns="{HOME}2.0"/>'.encode(), "the file is CycloneDX of version 2.0; convert it"),
    (f'<component xmlns="{HOME}1.6"/>'.encode(), "the file is XML, but not CycloneDX"),
    (in_xml(a_bom(a_part()))[:-10], "the file is not well-formed XML"),
    (HEAD.encode() + b"\xff</bom>", "the file is not well-formed XML"),
    (HEAD.replace("UTF-8", "nonsense").encode() + b"</bom>", "the file is not well-formed XML"),
    (HEAD.replace("\n", f"\n{ENTITIES}").encode() + b"&b;</bom>", "the file holds a DOCTYPE"),
    (HEAD.replace("\n", '\n<!DOCTYPE bom SYSTEM "file:///etc/passwd">').encode() + b"</bom>", "the file holds a DOCTYPE"),
    (nested(52).encode(), "its components are nested more than 50 levels deep"),
    (f"{HEAD}{'<x>' * 300}{'</x>' * 300}</bom>".encode(), "its elements are nested more than 200 levels deep"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "words"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_file_that_cannot_be_read_or_is_not_safe_says_why(file: bytes, words: str) -> None:
    assert refusal(file).startswith(words)


def test_components_may_be_nested_as_deep_as_in_json() -> None:
    assert read_cyclonedx_xml(nested(51).encode()).refused == []


def test_memory_does_not_grow_with_the_components() -> None:
    peaks = []
    for count in (100, 2_000):
        file = in_xml(a_bom(*(a_part(f"c{place}") for place in range(count))))
        list(read_cyclonedx_xml(in_xml(a_bom(a_part()))).lines)
        with measured_memory() as memory:
            assert sum(1 for _ in read_cyclonedx_xml(file).lines) == count
        peaks.append(memory.peak)
    assert peaks[1] < peaks[0] + 2_000_000, peaks
