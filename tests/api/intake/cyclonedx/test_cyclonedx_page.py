"""The page about CycloneDX: its example is read as it says, and its tables name every property there is."""

import json
import re
from pathlib import Path

from api.intake.checking import check
from api.intake.cyclonedx.file import COLUMNS
from api.intake.cyclonedx.properties import OF_COMPONENT, OF_SYSTEM
from api.routes.declarations.origin_declarations import OriginDeclarationCreate
from domain.scoring.inputs import DimensionName
from tests.api.intake.boms import VERSIONS, found, read

PAGE = (Path(__file__).parents[4] / "docs" / "cyclonedx.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])


def test_the_example_is_a_declaration() -> None:
    bom, lines = read(EXAMPLE)
    assert (bom.refused, bom.notes, bom.compositions) == ([], [], {"autopilot": "incomplete"})
    assert [line.component["key"] for line in lines] == ["autopilot", "imu", "motor"]
    assert lines[1].component["parentKey"] == "autopilot"
    assert (lines[2].component["manufacturer"], lines[2].component["countryOfManufacture"]) == (
        "Example Motors GmbH",
        "DE",
    )
    assert check(found(EXAMPLE)).refusals.count == 0
    body = OriginDeclarationCreate.model_validate(bom.declaration)
    assert [one.dimension for one in body.dimensions] == [DimensionName.CLOUD_ACCESS, DimensionName.SOFTWARE_UPDATES]


def test_every_property_and_every_field_is_on_the_page() -> None:
    told = set(re.findall(r"`([^`\n]+)`", PAGE))
    whole = {name for name in (*OF_COMPONENT, *OF_SYSTEM) if not re.search(r":(dimension|designAuthority)\.", name)}
    in_words = {"apos:licenceCountry", "apos:exportRegime", "apos:secondSourceCountry"}
    assert whole - told == in_words, "told as the field of the same name"
    assert {field.partition(".")[0] for field in COLUMNS} - told == set()
    assert all(version in PAGE for version in VERSIONS)
