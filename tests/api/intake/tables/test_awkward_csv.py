"""Awkward CSV files, each with all that must come of it; the files are in `corpus`, as programs write them."""

from typing import Any

import pytest

from api.intake.tables.cells import MESSAGE_CONTROL, MESSAGE_FORMULA
from api.intake.tables.line_remarks import NOTE_ORIGIN
from api.intake.tables.meanings import MESSAGE_WEEKS
from api.intake.tables.nearest import MESSAGE_HEADINGS
from api.intake.tables.numbers import MESSAGE_EUROS
from api.intake.tables.rows import MAX_CELL, MAX_ROWS
from api.intake.tables.table import HEADINGS_WITHIN, MAX_REFUSED, MESSAGE_ENOUGH
from domain.declarations.definitions import MADE_IN
from tests.api.intake.outcomes import CORPUS, Outcome, of_csv, refusal_of

NO_HEADINGS = MESSAGE_HEADINGS.format(HEADINGS_WITHIN)
ORIGIN = NOTE_ORIGIN.format(MADE_IN.english)
TWICE = "are all read as {}; keep one, and rename or take out the rest"


def line(key: str, name: str, quantity: str | None, **fields: Any) -> dict[str, Any]:
    """A component as it is read; a value is told as its amount."""
    value = {"unitValue": {"amount": fields.pop("value")}} if "value" in fields else {}
    counted = {} if quantity is None else {"quantity": quantity}
    return {"key": key, "name": name, **counted, **value, **fields}


FILES = {
    "altium.csv": Outcome(
        {
            5: line("C1, C2, C3", "Capacitor 100 nF", "3", value="0.012", partNumber="GRM155R71C104KA88D", manufacturer="Murata"),
            6: line("U1", "Microcontroller", "1", value="1148.50", partNumber="STM32H743VIT6", manufacturer="STMicroelectronics"),
            7: line("R1, R2", "Resistor 10k", "2", value="0.001", partNumber="RC0402FR-0710KL", manufacturer="Yageo"),
        },
        {1: "title", 2: "title", 3: "blank", 8: "total"},
        unread=["G Extended Price", "H Supplier"],
    ),
    "distributor.csv": Outcome(
        {
            2: line("U1", "微控制器", "1", partNumber="GD32F103", manufacturer="兆易创新", countryOfManufacture="CN"),
            3: line("R1", "电阻", "10", partNumber="RC0402", manufacturer="国巨", countryOfManufacture="TW"),
        },
        refused=[(1, "G 单价(元)", "unitValue", MESSAGE_EUROS)],
        unread=["A 序号"],
        notes=[
            (None, "H 原产国", "countryOfManufacture", ORIGIN),
            (3, "B 位号", "quantity", "names 1 designator, and the quantity is 10: see which is right"),
        ],
    ),
    "dollars.csv": Outcome(
        {
            2: line("A-1", "Antenna", "1", partNumber="A-1"),
            3: line("A-2", "Cable", "0", partNumber="A-2"),
            4: line("A-1", "Antenna again", "1", partNumber="A-1"),
            5: line("A-3", "Filter", "1", partNumber="A-3", value="12.50"),
        },
        refused=[(row, "D Unit Price", "unitValue", MESSAGE_EUROS) for row in (2, 3, 4)],
    ),
    "dutch.csv": Outcome(
        {
            4: line(
                "1", "Vluchtcomputer", "1", value="1148.00", partNumber="TV-100", manufacturer="Voorbeeld Avionica",
                functionGroup="besturing", countryOfManufacture="NL", leadTimeWeeks="8",
            ),
            5: line(
                "2", "Motor", "4", value="89.95", partNumber="TV-200", manufacturer="Maker Één",
                functionGroup="aandrijving", countryOfManufacture="DE", leadTimeWeeks="12.5",
            ),
            6: line(
                "3", "Accu", "2", value="1250", partNumber="TV-300", functionGroup="energie", countryOfManufacture="CN"
            ),
            8: line("4", "Camera", "1", partNumber="TV-400"),
        },
        {1: "title", 2: "blank", 7: "blank", 9: "total"},
        notes=[(None, "G Land van oorsprong", "countryOfManufacture", ORIGIN)],
    ),
    "formulas.csv": Outcome(
        {
            2: {"key": "F1", "partNumber": "P-1", "quantity": "1"},
            3: line("F2", "=kept", "1", partNumber="-12"),
            4: {"key": "F3", "partNumber": "P-3", "quantity": "1"},
        },
        refused=[
            (2, "B name", "name", MESSAGE_FORMULA),
            (2, "D manufacturer", "manufacturer", MESSAGE_FORMULA),
            (3, "D manufacturer", "manufacturer", MESSAGE_FORMULA),
            (4, "B name", "name", MESSAGE_FORMULA),
            (4, "D manufacturer", "manufacturer", MESSAGE_FORMULA),
        ],
    ),
    "pages.csv": Outcome(
        {2: line("A", "A", "1", partNumber="A"), 4: line("B", "B", "2", partNumber="B")}, {3: "title", 5: "total"}
    ),
    "sep.csv": Outcome({3: line("A", "B", "1")}, {1: "title"}),
    "shifted.csv": Outcome(
        {2: line("A", "Antenna", "1", value="1"), 3: line("B", "Bolt", "2", value="3")},
        refused=[(2, None, None, "has 5 cells under 4 headings; put text that holds a separator in quotation marks")],
    ),
    "tabs.csv": Outcome(
        {
            row: line(key, "Motor, brushless", "4", value="62.40", partNumber="MN-5008", countryOfManufacture=country)
            for row, key, country in ((2, "M1", "CN"), (3, "M2", "TW"))
        },
        notes=[(2, "A RefDes", "quantity", "names 1 designator, and the quantity is 4: see which is right; so in 2 rows")],
    ),
    "twice.csv": Outcome(
        {2: line("A", "C", "1", partNumber="A")},
        refused=[
            (1, "C Description and D Omschrijving", "name", TWICE.format("name")),
        ],
        unread=["B Part Number"],
    ),
    "units.csv": Outcome(
        {2: line("A", "A", "1", partNumber="A")},
        refused=[
            (1, "C Unit Price (USD)", "unitValue", MESSAGE_EUROS),
            (1, "D Lead time (days)", "leadTimeWeeks", MESSAGE_WEEKS),
        ],
        unread=["E Voorraad", "F Price"],
    ),
    "utf16.csv": Outcome({2: line("A", "Één", "1")}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_all_that_comes_of_an_awkward_file(name: str) -> None:
    assert of_csv((CORPUS / name).read_bytes()) == FILES[name]


def test_every_file_of_the_corpus_is_read() -> None:
    assert sorted(file.name for file in CORPUS.iterdir()) == sorted([*FILES, "two-tables.csv"])


PLAIN = "key,name,quantity\nA,Één,1\n"
OF_PLAIN = Outcome({2: line("A", "Één", "1")})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_encoding_separator_and_line_ending_is_read_the_same(encoding: str, separator: str, ending: str) -> None:
    assert of_csv(PLAIN.replace(",", separator).replace("\n", ending).encode(encoding)) == OF_PLAIN


HEAD = "key,name,quantity,unitValue,licenceCountry\n"
UNUSABLE = [
    pytest.param(b"", "the file is empty; give a row of headings, and a row", id="nothing"),
    pytest.param(b" \r\n\t\r\n", "the file is empty; give a row of headings, and a row", id="blanks"),
    pytest.param(b"PK\x03\x04...", "the file is a zip archive, not a table; take the table", id="a zip"),
    pytest.param(b"\xd0\xcf\x11\xe0...", "the file is an encrypted workbook, or a document, of Microsoft", id="encrypted"),
    pytest.param(
        b"%PDF-1.7", "the file is a PDF file, not a table; save the table as CSV", id="PDF"
    ),
    pytest.param("key,name,quantity\nA,มอเตอร์,1\n".encode("cp874"), "the file is not UTF-8, and its text", id="no text"),
    pytest.param(b"key,na\0me\n", "the file holds zero bytes, so it is no text", id="zero bytes"),
    pytest.param(b"\xff\xfek", "the file holds bytes that are not UTF-16, which", id="half a letter"),
    pytest.param(b"Beste,\nhierbij de stuklijst\n", NO_HEADINGS, id="no headings"),
    pytest.param(b"x\n" * 50 + PLAIN.encode(), NO_HEADINGS, id="headings below the fiftieth row"),
    pytest.param(
        b'key,name,quantity\nA,"open,1\n', "the file is not well-formed CSV after row 1 (unexpected", id="open quote"
    ),
    pytest.param(
        (CORPUS / "two-tables.csv").read_bytes(),
        "rows 1 and 4 could both be the headings; keep one table, under one row of headings",
        id="two tables",
    ),
    pytest.param(
        f"key,name,quantity\nA,{'x' * (MAX_CELL + 1)},1\n".encode(),
        "cell B2 holds 32768 characters, and a cell holds 32767 at most; shorten it, or close the quotation mark",
        id="a giant cell",
    ),
    pytest.param(
        f"key,name,quantity\nA,{'x' * 200_000},1\n".encode(),
        "the file is not well-formed CSV after row 1 (field larger than field limit (131072)); close every quotation",
        id="a cell beyond all measure",
    ),
    pytest.param(
        b"," * 1001 + b"\nkey,name,quantity\n", "row 1 has 1002 cells; remove all but 1000, the most", id="wide"
    ),
    pytest.param(
        b"key,name,quantity\n" + b"\n" * MAX_ROWS + b"A,B,1\n",
        f"the file goes on below row {MAX_ROWS}; a declaration has at most half as many lines",
        id="too long",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "why"), UNUSABLE)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(raw: bytes, why: str) -> None:
    assert refusal_of(raw).startswith(why)


def test_headings_alone_are_a_table_of_nothing() -> None:
    assert of_csv(HEAD.encode()) == Outcome()


def test_the_last_of_the_first_fifty_rows_can_be_the_headings() -> None:
    found = of_csv(b"x\n" * 49 + PLAIN.encode())
    assert (found.lines, len(found.ignored)) == ({51: line("A", "Één", "1")}, 49)


def test_blank_rows_behind_the_last_line_are_nothing_to_tell() -> None:
    assert of_csv(PLAIN.encode() + b",,\r\n" * 1000) == OF_PLAIN


@pytest.mark.parametrize("char", ["\x00", "\x01", "\t", "\x0b", "\x7f"])
def test_a_control_character_is_refused_at_its_cell(char: str) -> None:
    found = of_csv(f'key;name;quantity\nA;"a{char}b";1\n'.encode("utf-16"))
    assert found.refused == [(2, "B name", "name", MESSAGE_CONTROL)]
    assert found.lines == {2: {"key": "A", "quantity": "1"}}


def test_fifteen_hundred_lines_are_that_many() -> None:
    found = of_csv(("key;name;quantity\n" + "".join(f"K{n};Deel {n};{n % 7}\n" for n in range(1500))).encode())
    assert (len(found.lines), found.lines[1501]) == (1500, line("K1499", "Deel 1499", "1"))


def test_reading_stops_where_more_is_wrong_than_anybody_reads() -> None:
    found = of_csv(("key,name,quantity\n" + "A,B,x\n" * (MAX_REFUSED + 500)).encode())
    assert (len(found.lines), len(found.refused)) == (MAX_REFUSED, MAX_REFUSED + 1)
    assert found.refused[-1] == (MAX_REFUSED + 1, None, None, MESSAGE_ENOUGH)


def test_a_word_for_a_total_is_a_component_where_it_has_a_quantity_or_a_key() -> None:
    text = "key,name,quantity,unitValue\n,Total,,5\nTotaal,,,5\nT,Total station,1,5\n,Totaalstation,,5\nX,Total,,5\n"
    found = of_csv(text.encode())
    assert found.ignored == {2: "total", 3: "total"}
    assert list(found.lines) == [4, 5, 6]


def test_cells_under_no_heading_are_told_where_they_hold_something() -> None:
    assert of_csv(b"key,,name,quantity,\nA,x,B,1,\nC,,D,2,\n").unread == ["B"]


def test_a_cell_of_a_thousand_commas_is_one_cell_between_semicolons() -> None:
    many = ", ".join(f"C{number}" for number in range(1500))
    assert of_csv(f"Name;MPN;Qty\n{many};P-1;1500\n".encode()).lines[2]["name"] == many
