"""Components from CycloneDX: what each clause of the mapping gives, and what of a file is refused, with the cure."""

from typing import Any

import pytest

from api.intake.checking import check
from api.intake.cyclonedx.file import COLUMNS, MAX_LISTED
from api.intake.cyclonedx.properties import OF_COMPONENT
from api.intake.cyclonedx.schema import schema_of
from api.intake.parsed import Format, Note, Refused, is_open
from tests.api.intake.boms import VERSIONS, a_bom, a_drone, a_part, bodies, found, read, refused, said

KNOWN = (
    "a component can have: apos:key, apos:parentKey, apos:quantity, apos:partNumber, apos:functionGroup, "
    "apos:unitValue, "
    "apos:countryOfManufacture, apos:countryOfControl, apos:licenceCountry, apos:exportRegime, apos:secondSourceCountry, "
    "apos:stockWeeks, apos:leadTimeWeeks, apos:statementId, apos:evidence.level, apos:evidence.expiresOn, "
    "apos:evidence.uri, apos:evidence.sha256"
)
MISPLACED = "is not read here; move it to metadata.component.properties"
HALVES = [{"isoCode": "NL", "percentage": 50}, {"isoCode": "US", "percentage": 50}]
ALL_NL = [{"isoCode": "NL", "percentage": 100}]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_bill_of_hardware_is_read_in_every_version_that_is_taken(version: str) -> None:
    bom, lines = read(a_drone(version))
    assert (bom.format, bom.refused, bom.notes) == (Format.CYCLONEDX, [], [])
    sensor = {"name": "Part imu", "quantity": "2", "parentKey": "autopilot", "manufacturer": "Voorbeeld Sensoren B.V."}
    assert [(line.row, line.component) for line in lines] == [
        (1, {"key": "autopilot", "name": "Part autopilot", "quantity": "1"}),
        (2, {"key": "imu", **sensor}),
        (3, {"key": "firmware", "name": "Part firmware", "quantity": "1", "parentKey": "autopilot"}),
        (4, {"key": "motor", "name": "Part motor", "quantity": "4"}),
    ]
    assert bom.declaration == {"system": {"name": "Kestrel", "version": "2"}}
    assert bom.compositions == {None: "complete", "autopilot": "incomplete"}
    taken = check(found(a_drone(version)))
    assert (taken.refusals.count, [row[0] for row in taken.lines.rows]) == (
        0,
        ["autopilot", "imu", "firmware", "motor"],
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_library_still_ships_every_schema_that_is_taken(version: str) -> None:
    schema = schema_of(version)
    assert schema.allows([a_part()])
    assert not schema.allows([{"type": "device"}])
    assert list(schema.envelope_faults(a_bom(version=version))) == []


def test_every_property_of_a_component_is_read_into_its_field() -> None:
    given = said(
        partNumber="AP-7", functionGroup="control", unitValue="12.500000", countryOfManufacture="NL", countryOfControl="US",
        licenceCountry="NONE", exportRegime="US", secondSourceCountry="DE", stockWeeks="12", leadTimeWeeks="7.5",
        statementId="01a1fd21-9384-76b9-bb16-d38cd1af38c8", evidence_level="document", evidence_expiresOn="2028-06-30",
        evidence_uri="https://example.org/a.pdf", evidence_sha256="0" * 64, quantity="0.25", key="radio-1", parentKey="avionics",
    )  # fmt: skip
    [body] = bodies(a_part("other", properties=given))
    assert body == {
        "key": "radio-1", "parentKey": "avionics", "name": "Part other", "partNumber": "AP-7", "functionGroup": "control",
        "quantity": "0.25", "unitValue": {"amount": "12.500000"}, "countryOfManufacture": "NL", "countryOfControl": "US",
        "licenceCountry": "NONE", "exportRegime": "US", "secondSourceCountry": "DE", "stockWeeks": "12", "leadTimeWeeks": "7.5",
        "statementId": "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
        "evidence": {
            "level": "document", "expiresOn": "2028-06-30", "uri": "https://example.org/a.pdf", "sha256": "0" * 64,
        },
    }  # fmt: skip
    assert len(OF_COMPONENT) == 19, "each of them is above, but apos:quantity"


@pytest.mark.parametrize(
    ("fields", "said_of_it"),
    [
        pytest.param({}, {}, id="what is not said is not there"),
        pytest.param({"version": "3", "group": "org.example"}, {}, id="version and group are no part of the name"),
        pytest.param({"author": "A", "publisher": "P"}, {}, id="neither an author nor a publisher is the maker"),
        pytest.param({"supplier": {"name": "S"}}, {"manufacturer": "S"}, id="the supplier where no maker is named"),
        pytest.param(
            {"supplier": {"name": "S"}, "manufacturer": {"name": "M"}}, {"manufacturer": "M"}, id="the maker comes first"
        ),
        pytest.param(
            {"supplier": {"name": "S"}, "manufacturer": {"url": ["https://example.org"]}},
            {"manufacturer": "S"},
            id="a maker without a name names nobody",
        ),
        pytest.param(
            {"manufacturer": {"name": "M", "address": {"country": "NL"}}},
            {"manufacturer": "M"},
            id="a maker's address is no origin",
        ),
        pytest.param(
            {"properties": said(quantity="4", countryOfManufacture="", unitValue=None, stockWeeks=" ")},
            {"quantity": "4"},
            id="an empty property is unknown",
        ),
        pytest.param({"properties": [{"name": "apos:quantity", "value": "7"}]}, {"quantity": "7"}, id="our own quantity"),
        pytest.param(
            {"properties": [*said(quantity="7"), {"name": "apos:quantity", "value": "7"}]},
            {"quantity": "7"},
            id="both quantities where they agree",
        ),
        pytest.param(
            {"properties": [*said(quantity="1"), {"name": "cdx:device:sku", "value": "X"}, {"name": "other:x"}]},
            {},
            id="other namespaces are not ours",
        ),
        pytest.param({"scope": "optional"}, {}, id="an optional one is delivered"),
        pytest.param({"components": []}, {}, id="an assembly of nothing is a part"),
        pytest.param({"origins": [{"distribution": ALL_NL}]}, {"countryOfManufacture": "NL"}, id="origins"),
        pytest.param(
            {"origins": [{"stage": "design", "distribution": HALVES}, {"stage": "Manufacturing", "distribution": ALL_NL}]},
            {"countryOfManufacture": "NL"},
            id="origins of another stage say nothing of manufacture",
        ),
        pytest.param(
            {"origins": [{"distribution": [{"isoCode": "CA-ON", "percentage": 66.7}, {"isoCode": "CA-QC", "percentage": 33.3}]}]},
            {"countryOfManufacture": "CA"},
            id="subdivisions of one country are that country",
        ),
        pytest.param({"origins": [{"stage": "design", "distribution": ALL_NL}]}, {}, id="a design is no manufacture"),
        pytest.param(
            {"origins": [{"distribution": HALVES}], "properties": said(quantity="1", countryOfManufacture="NL")},
            {"countryOfManufacture": "NL"},
            id="a country that is said beside shares",
        ),
    ],
)  # fmt: skip
def test_a_component_says_what_is_in_it_and_no_more(fields: dict[str, Any], said_of_it: dict[str, Any]) -> None:
    assert bodies(a_part(**fields)) == [{"key": "radio", "name": "Part radio", "quantity": "1", **said_of_it}]


@pytest.mark.parametrize(
    ("origins", "why"),
    [
        (
            [{"distribution": HALVES}],
            "its origins do not give 100 % of the manufacture to one country, so the country is unknown",
        ),
        (
            [{"distribution": [{"isoCode": "NL"}]}],
            "its origins do not give 100 % of the manufacture to one country, so the country is unknown",
        ),
        (
            [{"basis": "cost", "distribution": ALL_NL}, {"basis": "parts", "distribution": HALVES}],
            "its origins do not give 100 % of the manufacture to one country, so the country is unknown",
        ),
        (
            [{"distribution": ALL_NL}, {"distribution": [{"isoCode": "BE", "percentage": 100}]}],
            "its origins give 100 % of the manufacture to each of BE, NL, so the country is unknown",
        ),
    ],
)  # fmt: skip
def test_shares_of_several_countries_leave_the_country_unknown_and_say_why(origins: Any, why: str) -> None:
    bom, [line] = read(a_bom(a_part(origins=origins)))
    assert bom.refused == []
    assert "countryOfManufacture" not in line.component
    assert bom.notes == [Note(1, "/components/0/origins", "countryOfManufacture", why)]


@pytest.mark.parametrize(
    ("part", "column", "field", "detail"),
    [
        pytest.param(
            a_part(None),
            "",
            "key",
            "has no key; give it a bom-ref, a purl or apos:key",
            id="neither a key nor a bom-ref",
        ),
        pytest.param(
            a_part(quantity=None),
            "/properties",
            "quantity",
            "has no quantity; give how many are in one delivered system as the property cdx:device:quantity",
            id="a bill of software has no quantities",
        ),
        pytest.param(
            a_part(properties=[*said(quantity="1"), {"name": "apos:quantity", "value": "2"}]),
            "/properties",
            "quantity",
            "cdx:device:quantity and apos:quantity differ; keep one of them",
            id="two quantities",
        ),
        pytest.param(
            a_part(properties=[*said(quantity="1", unitValue="1"), *said(unitValue="2")]),
            "/properties/2/name",
            "unitValue",
            "apos:unitValue is listed twice; keep one of them",
            id="a property twice",
        ),
        pytest.param(
            a_part(properties=[*said(quantity="1", unitValue=None), *said(unitValue="2")]),
            "/properties/2/name",
            "unitValue",
            "apos:unitValue is listed twice; keep one of them",
            id="a property twice, once without a value",
        ),
        pytest.param(
            a_part(properties=said(quantity="1", origin="NL")),
            "/properties/1/name",
            None,
            f"apos:origin is not known; {KNOWN}",
            id="a property nobody knows",
        ),
        pytest.param(
            a_part(properties=[*said(quantity="1"), {"name": "APOS:unitValue", "value": "1"}]),
            "/properties/1/name",
            None,
            f"APOS:unitValue is not known; {KNOWN}",
            id="a property in other capitals",
        ),
        pytest.param(
            a_part(properties=said(quantity="1", price="1")),
            "/properties/1/name",
            None,
            f"apos:price belongs to the system as a whole; {KNOWN}",
            id="a property of the system",
        ),
        pytest.param(
            a_part(components=[a_part("chip", properties=said(quantity="1", parentKey="other"))]),
            "/components/0/properties",
            "parentKey",
            "is nested in radio and names another parent; leave apos:parentKey out, or do not nest it",
            id="two parents",
        ),
        pytest.param(
            a_part(scope="excluded"),
            "/scope",
            None,
            "is marked as not part of what is delivered (scope); leave it out, or remove the mark",
            id="excluded",
        ),
        pytest.param(
            a_part(isExternal=True, versionRange="vers:generic/*"),
            "/isExternal",
            None,
            "is marked as not part of what is delivered (isExternal); leave it out, or remove the mark",
            id="external",
        ),
        pytest.param(
            a_part(origins=[{"distribution": ALL_NL}], properties=said(quantity="1", countryOfManufacture="US")),
            "/origins",
            "countryOfManufacture",
            "its origins say NL and apos:countryOfManufacture says US; keep what is right",
            id="origins against a property",
        ),
        pytest.param(
            a_part(origins=[{"distribution": [{"isoCode": "Nederland", "percentage": 100}]}]),
            "/origins/0/distribution/0/isoCode",
            "countryOfManufacture",
            'this does not match "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"',
            id="origins of another form",
        ),
        pytest.param(a_part(name=5), "/name", "name", 'this is not of type "string"', id="a name that is a number"),
        pytest.param(
            {"type": "device", "bom-ref": "radio", "properties": said(quantity="1")},
            "",
            "name",
            '"name" is a required property',
            id="no name",
        ),
        pytest.param(
            a_part(quantities=1),
            "",
            None,
            "Additional properties are not allowed ('quantities' was unexpected)",
            id="a field the standard has not",
        ),
    ],
)
def test_what_cannot_be_used_of_a_component_is_refused_with_the_cure(
    part: Any, column: str, field: str | None, detail: str
) -> None:
    row = 3 if column.startswith("/components") else 2
    found_wrong = refused(a_part("first"), part, version="1.7")
    assert found_wrong == [Refused(row, f"/components/1{column}", field, detail)]


def test_what_is_no_component_at_all_is_refused_and_gives_no_line() -> None:
    bom, lines = read(a_bom(5, a_part()))
    assert bom.refused == [Refused(1, "/components/0", None, 'this is not of type "object"')]
    assert [line.row for line in lines] == [2]


def test_everything_wrong_with_a_line_is_told_at_once_and_the_line_comes_without_it() -> None:
    part = a_part(None, properties=said(unitValue="1", origin="NL"), colour="red")
    bom, [line] = read(a_bom(part))
    assert line.component == {"name": "Part None", "unitValue": {"amount": "1"}, "quantity": "1"}
    assert [(one.column, one.field) for one in bom.refused] == [
        ("/components/0", None),
        ("/components/0/properties/1/name", None),
        ("/components/0", "key"),
        ("/components/0/properties", "quantity"),
    ]
    taken = check(found(a_bom(part)))
    assert taken.refusals.count == 4, "what the reader told of a field is not told again"


def test_where_most_components_are_wrong_the_first_hundred_are_told_in_full_and_the_rest_by_name() -> None:
    bom = found(a_bom(*(a_part(f"k{number}", colour="red", weight=1) for number in range(MAX_LISTED + 20))))
    rows = [line.row for line in bom.lines]
    assert rows == list(range(1, MAX_LISTED + 21))
    told = [one.detail for one in bom.refused]
    assert set(told[:MAX_LISTED]) == {
        "Additional properties are not allowed ('colour', 'weight' were unexpected)",
    }
    assert told[MAX_LISTED:] == ["does not match the CycloneDX schema; a CycloneDX tool can say why"] * 20


@pytest.mark.parametrize(
    ("fields", "column", "detail"),
    [
        ({"version": 0}, "/version", "this is less than the minimum of 1"),
        ({"metadata": {"timestamp": "gisteren"}}, "/metadata/timestamp", 'this is not a "date-time"'),
        ({"components": {}}, "/components", 'this is not of type "array"'),
        ({"properties": said(price="1")}, "/properties/0/name", MISPLACED),
        (
            {"metadata": {"properties": said(lotId="1")}},
            "/metadata/properties/0/name",
            MISPLACED,
        ),
        (
            {"metadata": {"component": {"type": "device", "name": "Kestrel", "components": [a_part()]}}},
            "/metadata/component/components",
            "what the system is made of is read from /components; move them there",
        ),
        (
            {"compositions": [{"aggregate": "complete", "assemblies": ["a"]}, {"aggregate": "unknown", "assemblies": ["a"]}]},
            "/compositions/1",
            "a is called unknown here and complete before; keep one of them",
        ),
        (
            {"compositions": [{"aggregate": "done"}]},
            "/compositions/0/aggregate",
            'this is not one of "complete", "incomplete" or 8 other candidates',
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_around_the_components_is_told_by_pointer(fields: Any, column: str, detail: str) -> None:
    assert found({**a_bom(), **fields}).refused == [Refused(None, column, None, detail)]


def test_no_more_is_told_around_the_components_than_anyone_reads() -> None:
    wrong = a_bom(dependencies=[{"ref": f"k{number}", "colour": "red"} for number in range(MAX_LISTED + 50)])
    assert len(found(wrong).refused) == MAX_LISTED


def test_completeness_goes_to_the_key_of_the_assembly_and_an_unknown_one_is_noted() -> None:
    part = a_part("ref-1", properties=said(quantity="1", key="autopilot"))
    states = [
        {"aggregate": "incomplete_third_party_only", "assemblies": ["ref-1"]},
        {"aggregate": "unknown", "assemblies": ["gone", "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x"]},
        {"aggregate": "incomplete"},
    ]
    bom, _ = read(a_bom(part, compositions=states))
    assert (bom.refused, bom.compositions) == ([], {"autopilot": "incomplete_third_party_only"})
    said_of_it = "compositions name the assembly gone, which no component has as its bom-ref"
    assert bom.notes == [Note(None, "/compositions", "components", said_of_it)]


@pytest.mark.parametrize(
    ("aggregate", "leaves_open"),
    [("complete", False), ("not_specified", False), ("unknown", True), ("incomplete", True),
     ("incomplete_first_party_only", True)],
)  # fmt: skip
def test_an_assembly_is_open_where_its_author_says_that_it_is_or_may_be(aggregate: str, leaves_open: bool) -> None:
    assert is_open(aggregate) is leaves_open


def test_lines_come_in_the_order_of_the_document_with_assemblies_before_their_parts() -> None:
    deep = a_part("a", components=[a_part("a1", components=[a_part("a11")]), a_part("a2")])
    bom, lines = read(a_bom(deep, a_part("b")))
    parents = [(line.row, line.component["key"], line.component.get("parentKey")) for line in lines]
    assert parents == [(1, "a", None), (2, "a1", "a"), (3, "a11", "a1"), (4, "a2", "a"), (5, "b", None)]
    assert bom.columns == COLUMNS
    assert bom.columns["unitValue"] == "apos:unitValue"


def test_parts_that_stand_before_what_they_are_part_of_name_their_parent() -> None:
    lines = bodies(a_part("chip", properties=said(quantity="1", parentKey="radio")), a_part("radio"))
    assert [line.get("parentKey") for line in lines] == ["radio", None]
