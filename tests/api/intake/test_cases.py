"""Small files as real bills of materials are written, each with all that must come of it; the files are in `cases`.

Every part, maker and price in them is made up. What must come of each was decided by hand: what is read, what is refused with its
cure, and what a reader is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.http.negotiation import CSV, CYCLONEDX, XLSX
from api.http.uploads import READERS, ReadOptions
from api.intake.checking import check
from api.intake.parsed import UnreadableFile
from api.intake.report import IntakeReport
from domain.declarations.component_columns import LINE

FOLDER = Path(__file__).parent / "cases"
KINDS = {".csv": CSV, ".xlsx": XLSX, ".json": CYCLONEDX}
Line = dict[str, str]
Told = tuple[int | None, str | None, str]


def line(key: str, name: str, quantity: str, **fields: str) -> Line:
    """A component as it would be stored, with the fields that are known."""
    return {"key": key, "name": name, "quantity": quantity, **fields}


def origin(column: str) -> Told:
    """The note on a column of countries of origin."""
    return (None, column, "is read as the country of manufacture: the country of the last substantial transformation")


@dataclass(frozen=True)
class Case:
    """What must come of a file. `counts` are the lines read, used, ignored and refused; words are those that a text begins with.

    `unreadable` are parts of the refusal of a file that cannot be read at all.
    """

    lines: Sequence[Line] = ()
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    refused: Sequence[tuple[int | None, str | None, str | None, str]] = ()
    notes: Sequence[Told] = ()
    ignored: dict[int, str] = field(default_factory=dict)
    unread: Sequence[str] = ()
    unreadable: Sequence[str] = ()


CASES: dict[str, Case] = {
    "02-indented-level.csv": Case(
        lines=[
            line("MU-100", "Drone", "1", part_number="MU-100"),
            line("MU-200", "Arm", "4", parent_key="MU-100", part_number="MU-200"),
            line("MU-300", "Motor", "4", parent_key="MU-200", part_number="MU-300", unit_value="50.00"),
            line("MU-310", "Screw", "24", parent_key="MU-200", part_number="MU-310", unit_value="0.10"),
            line("MU-400", "Flight controller", "1", parent_key="MU-100", part_number="MU-400", unit_value="300.00"),
        ],
        counts=(5, 5, 0, 0),
        notes=[(None, "A Level", "makes this an indented bill of materials: each quantity is")],
    ),
    "04-dnp-column.csv": Case(
        lines=[line("R1", "10k", "1", part_number="MU-10K"), line("R2", "1k", "1", part_number="MU-1K")],
        counts=(2, 1, 0, 1),
        refused=[(3, "E DNP", None, "is marked as not fitted: take the row out, or clear the")],
    ),
    "05a-zloty-format.xlsx": Case(
        lines=[
            line("1", "Motor (made up)", "4", country_of_manufacture="CN"),
            line("2", "Frame (made up)", "1", country_of_manufacture="NL"),
        ],
        counts=(2, 0, 0, 2),
        refused=[(None, "D Unit price", "unitValue", "is not in euros: convert it, and write it as 1148.50; so in")],
        notes=[origin("E Country of origin")],
    ),
    "05c-koruna-format.xlsx": Case(
        lines=[
            line("1", "Motor (made up)", "4", country_of_manufacture="CN"),
            line("2", "Frame (made up)", "1", country_of_manufacture="NL"),
        ],
        counts=(2, 0, 0, 2),
        refused=[(None, "D Unit price", "unitValue", "is not in euros: convert it, and write it as 1148.50; so in")],
        notes=[origin("E Country of origin")],
    ),
    "05d-per-thousand-format.xlsx": Case(
        lines=[
            line("1", "Motor (made up)", "4", country_of_manufacture="CN"),
            line("2", "Frame (made up)", "1", country_of_manufacture="NL"),
        ],
        counts=(2, 0, 0, 2),
        refused=[(None, "D Unit price", "unitValue", "is not a number that can be read; write it as 1148 or")],
        notes=[origin("E Country of origin")],
    ),
    "06-dollars-beside.csv": Case(
        lines=[
            line("MU-1", "MU-1", "3", part_number="MU-1", manufacturer="Muster", unit_value="0.29000"),
            line("MU-2", "MU-2", "1", part_number="MU-2", manufacturer="Muster", unit_value="2.01000"),
        ],
        counts=(2, 1, 0, 1),
        refused=[(2, "D Unit Price", "unitValue", "is in the currency of E Extended Price, as $0.87 there")],
        unread=["E Extended Price"],
    ),
    "08-hidden-row.xlsx": Case(
        lines=[
            line("1", "Motor (made up)", "4", unit_value="12.5", country_of_manufacture="CN"),
            line("2", "Frame (made up)", "1", unit_value="80", country_of_manufacture="NL"),
        ],
        counts=(2, 2, 0, 0),
        notes=[origin("E Country of origin"), (3, None, "row 3 is hidden, by hand or by a filter, and counted; take")],
    ),
    "09b-gbk.csv": Case(lines=[line("1", "开关二极管", "4", manufacturer="示例科技")], counts=(1, 1, 0, 0)),
    "10-component-is-a-number.csv": Case(
        lines=[line("R1 R2", "MU-1", "2", part_number="MU-1"), line("C1", "MU-2", "1", part_number="MU-2")],
        counts=(2, 2, 0, 0),
        unread=["A Component"],
    ),
    "11-unspecified-maker.csv": Case(
        lines=[line("1", "Capacitor", "4"), line("2", "Resistor", "2")], counts=(2, 2, 0, 0)
    ),
    "12-two-numbers-in-a-cell.csv": Case(
        lines=[line("1", "Resistor", "3")],
        counts=(1, 0, 0, 1),
        refused=[(2, "C MPN", "partNumber", "holds several part numbers, and a line has one: keep the")],
    ),
    "13-designators-against-quantity.csv": Case(
        lines=[line("R1, R2, R3", "Resistor", "2")],
        counts=(1, 1, 0, 0),
        notes=[(2, "A Designator", "names 3 designators, and the quantity is 2: see which is")],
    ),
    "20-kicad-default.csv": Case(
        lines=[line("C1,C2", "100nF", "2"), line("U1", "MU-MCU", "1")],
        counts=(2, 2, 0, 0),
        unread=["C Datasheet", "D Footprint"],
    ),
    "21-references.csv": Case(lines=[line("D1, D2", "Diode", "2"), line("U1", "Amplifier", "1")], counts=(2, 2, 0, 0)),
    "22-name-and-description.csv": Case(
        lines=[line("U1", "MU-FC1", "1")], counts=(1, 1, 0, 0), unread=["C Description"]
    ),
    "23-no-name-in-one-row.csv": Case(
        lines=[line("U1", "MU-1", "2", part_number="MU-1"), line("U2", "Radio", "1", part_number="MU-2")],
        counts=(2, 2, 0, 0),
        notes=[
            (2, "C MPN", "stands in for a name, as B Description is empty"),
            (2, "A Designator", "names 1 designator, and the quantity is 2: see which is"),
        ],
    ),
    "25-altium-manufacturer-1.csv": Case(
        lines=[line("C1", "Capacitor", "1", part_number="MU-1", manufacturer="Muster")],
        counts=(1, 1, 0, 0),
    ),
    "27-lead-time-in-cells.csv": Case(lines=[line("1", "Motor", "4", lead_time_weeks="15")], counts=(1, 1, 0, 0)),
    "28-text-import.xlsx": Case(
        lines=[
            line("1", "Motor (made up)", "4", unit_value="12.5", country_of_manufacture="CN"),
            line("2", "Frame (made up)", "1", unit_value="80", country_of_manufacture="NL"),
        ],
        counts=(2, 2, 0, 0),
        notes=[origin("E Country of origin")],
    ),
    "29-quantity-per-pcb.csv": Case(
        unreadable=(
            "row 1 is nearest to a row of headings, but lacks a quantity",
            "F Quantity Per PCB is how many a board, assembly or unit has; "
            "if that is how many one delivered system has, call it quantity",
        ),
    ),
    "30-jlcpcb.csv": Case(unreadable=("row 1 is nearest to a row of headings, but lacks a quantity",)),
    "31-lcsc-cart.csv": Case(
        unreadable=(
            "B Manufacture Part Number (partNumber)",
            "E Order Qty. is how many are ordered or needed in all, not how many one delivered system has",
        ),
    ),
    "32-german.csv": Case(
        lines=[
            line(
                "1",
                "Motor",
                "4",
                part_number="MU-1",
                manufacturer="Muster GmbH",
                unit_value="12.50",
                country_of_manufacture="DE",
            ),
        ],
        counts=(1, 1, 0, 0),
        notes=[origin("G Ursprungsland")],
    ),
    "33-french.csv": Case(
        lines=[
            line(
                "1",
                "Moteur",
                "4",
                part_number="MU-1",
                manufacturer="Exemple SA",
                unit_value="12.50",
                country_of_manufacture="FR",
            ),
        ],
        counts=(1, 1, 0, 0),
        notes=[origin("G Pays d'origine")],
    ),
    "34-manufacturer-part.csv": Case(
        lines=[line("L1", "47uH", "1", part_number="MU-47", manufacturer="Muster")],
        counts=(1, 1, 0, 0),
        unread=["A ID"],
    ),
    "35-section-rows.csv": Case(
        lines=[line("1", "Chip", "1", unit_value="2.00"), line("2", "Radio", "1", unit_value="9.00")],
        counts=(4, 2, 2, 0),
        ignored={2: "section", 4: "section"},
    ),
    "37-countries.csv": Case(
        lines=[
            line("1", "Motor", "4", country_of_manufacture="DE"),
            line("2", "ESC", "4", country_of_manufacture="CN"),
            line("3", "Radio", "1", country_of_manufacture="KR"),
            line("4", "Frame", "1", country_of_manufacture="DE"),
            line("5", "GPS", "1"),
            line("6", "Camera", "1", country_of_manufacture="US"),
        ],
        counts=(6, 6, 0, 0),
        notes=[origin("D Country of origin")],
    ),
    "38-eagle.csv": Case(
        lines=[line("C1, C2", "Capacitor", "2")],
        counts=(1, 1, 0, 0),
        unread=["B Value", "C Device", "D Package"],
    ),
    "40-cyclonedx-2.0.json": Case(
        unreadable=("the file is CycloneDX of version 2.0; CycloneDX is read in the versions 1.4, 1.5, 1.6 and 1.7",),
    ),
    "41-spdx.json": Case(unreadable=("the file is SPDX of version 2.3, which is not read here",)),
    "42-sbom-without-quantity.json": Case(
        lines=[line("pkg:generic/made-up@1", "made-up", "1"), line("pkg:generic/made-up@2", "made-up", "1")],
        counts=(2, 2, 0, 0),
        notes=[(None, "/components", "2 software components state no quantity and count once;")],
    ),
    "43-no-key-column.csv": Case(
        lines=[],
        counts=(2, 0, 0, 2),
        refused=[(1, None, "key", "no column says what the lines are called, so they have no")],
    ),
    "44-headings-only.csv": Case(
        lines=[],
        counts=(0, 0, 0, 0),
        refused=[(None, None, None, "the file holds no components and would empty the")],
    ),
    "45-dollars-in-every-row.csv": Case(
        lines=[line("1", "Motor", "4"), line("2", "Frame", "1"), line("3", "ESC", "4")],
        counts=(3, 0, 0, 3),
        refused=[(None, "D Unit price", "unitValue", "is not in euros: convert it, and write it as 1148.50; so in")],
    ),
    "46-pipes.csv": Case(lines=[line("1", "Motor", "4")], counts=(1, 1, 0, 0)),
    "47-nearly-headings.csv": Case(
        unreadable=(
            "row 1 is nearest to a row of headings, but lacks a name",
            "understood: C Quantity (quantity)",
            "not understood: A Product, B Price, D Subtotal",
        ),
    ),
    "48-units-of-measure.csv": Case(
        lines=[line("3", "Screws", "2")],
        counts=(3, 1, 0, 2),
        refused=[
            (2, "C Qty", "quantity", "has the unit m beside the number: write the number alone,"),
            (3, "C Qty", "quantity", "does not say how many: write the number that is in one"),
        ],
    ),
    "60-easyeda-utf16.csv": Case(
        lines=[line("C1,C5", "10nF", "2", manufacturer="Muster")],
        counts=(1, 1, 0, 0),
        unread=["A ID", "D Footprint"],
    ),
    "61-marks-mixed.csv": Case(
        lines=[
            line("1", "Motor", "4", unit_value="12.50"),
            line("2", "Cable", "1.5", unit_value="3.20"),
            line("3", "Hub", "1"),
        ],
        counts=(3, 2, 0, 1),
        refused=[(4, "D Unit price", "unitValue", "can mean two numbers, and nothing else in the file shows")],
    ),
    "62-pieces.csv": Case(
        lines=[line("1", "Motor", "2", unit_value="1250.00"), line("2", "Nut", "4", unit_value="0.10")],
        counts=(2, 2, 0, 0),
    ),
    "63-dollar-heading.csv": Case(
        lines=[line("1", "Motor", "4")],
        counts=(1, 1, 0, 0),
        refused=[(1, "D Unit Price($)", "unitValue", "is not in euros: convert it, and write it as 1148.50")],
    ),
    "64-two-makers.csv": Case(
        lines=[line("U1", "Chip", "1", part_number="MU-1", manufacturer="Muster")],
        counts=(1, 1, 0, 0),
        refused=[
            (1, "E Part Number and G Part Number", "partNumber", "are all read as partNumber; keep one, and rename"),
            (
                1,
                "D Manufacturer and F Manufacturer",
                "manufacturer",
                "are all read as manufacturer; keep one, and rename",
            ),
        ],
    ),
    "65-title-and-total.csv": Case(
        lines=[line("1", "Motor", "4", unit_value="12.50")],
        counts=(4, 1, 3, 0),
        ignored={1: "title", 4: "blank", 5: "total"},
    ),
}


def outcome(name: str) -> tuple[list[Line], IntakeReport]:
    """The lines and the report of a file."""
    file = FOLDER / name
    checked = check(READERS[KINDS[file.suffix]](file.read_bytes(), None, ReadOptions()))
    lines = [dict(zip(LINE, row, strict=True)) for row in checked.lines.rows]
    return [
        {name: value for name, value in each.items() if value not in (None, "none")} for each in lines
    ], checked.report()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.unreadable])
def test_all_that_comes_of_a_file(name: str) -> None:
    case = CASES[name]
    lines, report = outcome(name)
    counts = report.lines
    assert lines == list(case.lines)
    assert (counts.read, counts.used, counts.ignored, counts.refused) == case.counts
    assert {each.row: each.why.value for each in report.ignored} == case.ignored
    assert report.unread == list(case.unread)
    refused = [(each.row, each.column, each.field, each.detail) for each in report.refused]
    assert [told[:3] for told in refused] == [expected[:3] for expected in case.refused]
    assert all(told[3].startswith(expected[3]) for told, expected in zip(refused, case.refused, strict=True)), refused
    notes = [(each.row, each.column, each.detail) for each in report.notes]
    assert [told[:2] for told in notes] == [expected[:2] for expected in case.notes]
    assert all(told[2].startswith(expected[2]) for told, expected in zip(notes, case.notes, strict=True)), notes


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.unreadable])
def test_what_cannot_be_read_is_refused_in_words_that_say_why(name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        outcome(name)
    assert [part for part in CASES[name].unreadable if part not in refused.value.detail] == []


def test_every_case_has_its_outcome_and_its_file() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(CASES)
