"""Tables as programs and people write them, made up in the shape of real ones: what is read, told and refused of each."""

import pytest

from api.intake.tables.designators import MESSAGE_SEVERAL, NOTE_SEVERAL
from api.intake.tables.not_fitted import MESSAGE_NOT_FITTED, MESSAGE_UNCLEAR
from domain.declarations.definitions import MADE_IN
from tests.api.intake.readings import read

NAMED = [
    pytest.param("Reference,Value,Datasheet,Footprint,Qty,DNP\nR1,10k,~,R_0402,1,\n", "R1", "10k", id="KiCad"),
    pytest.param('Refs,Value,Footprint,Qty\n"C1,C2",100n,C_0402,2\n', "C1,C2", "100n", id="KiCad, grouped"),
    pytest.param(
        "Ref,Qnty,Value,Cmp name,Footprint,Description,Vendor\nR1,1,10k,R,R_0402,Resistor,X\n",
        "R1",
        "Resistor",
        id="KiCad 5",
    ),
    pytest.param(
        "Id;Designator;Footprint;Quantity;Designation;Supplier and ref\n1;R1;R_0402;1;10k;\n", "R1", "10k", id="Pcbnew"
    ),
    pytest.param(
        "Component,References,MPN,Quantity\n1,R1 R2,MU-1,2\n2,C1,MU-2,1\n", "R1 R2", "MU-1", id="KiBoM row numbers"
    ),
    pytest.param(
        "Qty;Value;Device;Package;Parts;Description\n2;100n;C-EU;C0603;C1, C2;Capacitor\n",
        "C1, C2",
        "Capacitor",
        id="Eagle",
    ),
    pytest.param(
        "Comment,Description,Designator,Footprint,LibRef,Quantity\n10k,Resistor,R1,0402,RES,1\n",
        "R1",
        "Resistor",
        id="Altium",
    ),
    pytest.param("No.,Quantity,Comment,Designator,Footprint,Value\n1,1,MU-X,U1,QFN,\n", "U1", "MU-X", id="EasyEDA Pro"),
    pytest.param("Item,Quantity,Reference,Part\n1,1,U1,MU-MCU\n", "U1", "MU-MCU", id="OrCAD"),
    pytest.param("ITEM NO.,PART NUMBER,DESCRIPTION,QTY.\n1,MU-1,Bracket,4\n", "1", "Bracket", id="SolidWorks"),
    pytest.param("Item,Quantity,Part number,Name,Material\n1,2,MU-1,Arm,Carbon\n", "1", "Arm", id="Onshape"),
    pytest.param(
        "Mouser #,Mfr. #,Manufacturer,Description,Qty\n000-1,MU-1,Muster,Chip,4\n", "MU-1", "Chip", id="Mouser"
    ),
    pytest.param(
        "Index,DigiKey Part #,Manufacturer Part Number,Description,Quantity\n1,00-1,MU-1,Chip,4\n",
        "1",
        "Chip",
        id="DigiKey",
    ),
    pytest.param("References\tQty\tDescription\nU1\t1\tAmplifier\n", "U1", "Amplifier", id="tabs"),
    pytest.param("Item|Description|Qty\n1|Motor, brushless|4\n", "1", "Motor, brushless", id="pipes"),
    pytest.param(
        "Designator,Name,Description,Quantity\nU1,MU-FC1,Flight controller,1\n", "U1", "MU-FC1", id="name wins"
    ),
    pytest.param("Item,Value,Qty\n1,Motor,4\n", "1", "Motor", id="value names"),
    pytest.param("ID;Item;Omschrijving;Aantal\n;1;Motor;4\n", "1", "Motor", id="a column without a value is no key"),
    pytest.param("Menge / Quantity,Bezeichnung/Description,Pos. (Item)\n4,Motor,1\n", "1", "Motor", id="two languages"),
    pytest.param("Lfd. Nr.;Benennung;Stückzahl;Teile-Nr.\n1;Motor;4 Stk;MU-1\n", "1", "Motor", id="German"),
    pytest.param(
        "Repère;Désignation;Quantité;Référence fabricant\n1;Moteur;4 pièces;MU-1\n", "1", "Moteur", id="French"
    ),
    pytest.param("Volgnr;Benaming;Aant.;Artikelnummer fabrikant\n1;Motor;4 st.;MU-1\n", "1", "Motor", id="Dutch"),
]


@pytest.mark.parametrize(("text", "key", "name"), NAMED)
def test_key_and_name_are_found_in_the_tables_of_many_programs(text: str, key: str, name: str) -> None:
    found = read(text)
    assert found.refused == []
    assert found.lines[key]["name"] == name
    assert found.report.lines.read == len(found.lines)


def test_a_german_and_a_french_table_are_read_whole() -> None:
    german = "Pos.;Bezeichnung;Hersteller;Herstellernummer;Menge;Einzelpreis (EUR);Ursprungsland\n"
    german += "1;Motor;Muster GmbH;MU-1;4;12,50;Deutschland\n"
    french = "N°;Désignation;Fabricant;N° de fab.;Qté.;Prix unitaire HT (EUR);Pays d'origine\n"
    french += "1;Moteur;Exemple SA;MU-1;4;12,50;France\n"
    fields = ("name", "manufacturer", "part_number", "quantity", "unit_value", "country_of_manufacture")
    assert [read(german).lines["1"][field] for field in fields] == ["Motor", "Muster GmbH", "MU-1", "4", "12.50", "DE"]
    assert [read(french).lines["1"][field] for field in fields] == ["Moteur", "Exemple SA", "MU-1", "4", "12.50", "FR"]


@pytest.mark.parametrize(
    "heading", ["Country of origin", "COO", "Land van oorsprong", "Ursprungsland", "Pays d'origine", "原产国"]
)
def test_a_country_of_origin_is_where_it_is_made_and_the_note_says_what_that_is(heading: str) -> None:
    found = read(f"Item;Description;Qty;{heading}\n1;Motor;4;NL\n")
    assert found.lines["1"]["country_of_manufacture"] == "NL"
    assert found.notes == [(None, f"D {heading}", f"is read as the country of manufacture: {MADE_IN.english}")]
    assert read("Item;Description;Qty;Made in\n1;Motor;4;NL\n").notes == []


def test_the_first_of_numbered_columns_is_read() -> None:
    found = read(
        "Manufacturer 1,Manufacturer Part Number 1,Manufacturer 2,Description,Designator,Quantity\nA,MU-1,B,Chip,U1,1\n"
    )
    assert (found.lines["U1"]["manufacturer"], found.lines["U1"]["part_number"]) == ("A", "MU-1")
    assert found.report.unread == ["C Manufacturer 2"]


def test_a_name_that_is_missing_in_one_row_is_taken_from_the_next_column_that_names() -> None:
    found = read("Designator,Description,MPN,Quantity\nU1,,MU-1,1\nU2,Radio,MU-2,1\n")
    assert (found.lines["U1"]["name"], found.refused) == ("MU-1", [])
    assert found.notes == [(2, "C MPN", "stands in for a name, as B Description is empty")]


def test_a_key_of_too_many_designators_or_none_is_the_item_number() -> None:
    many = ", ".join(f"C{number}" for number in range(1, 60))
    found = read(f"Item;Designator;Description;Quantity\n1;{many};Capacitor;59\n2;;Board;1\n3;R1;Resistor;1\n")
    assert (list(found.lines), found.refused, found.report.unread) == (["1", "2", "R1"], [], [])
    assert [note[:2] for note in found.notes] == [(2, "B Designator"), (3, "B Designator")]


@pytest.mark.parametrize(
    "text",
    [
        "TBD",
        "tbc",
        "t.b.d.",
        "未指定",
        "unspecified",
        "n/a",
        "-",
        "?",
        "~",
        "...",
        "Unbekannt",
        "k.A.",
        "inconnu",
        "À définir",
        "onbekend",
        "n.t.b.",
        "not specified",
        "Keine Angabe",
    ],
)
def test_what_says_that_nothing_is_known_is_unknown(text: str) -> None:
    found = read(f"Item;Description;Qty;Manufacturer;MPN;Made in\n1;Motor;4;{text};{text};{text}\n")
    assert (found.lines, found.refused) == ({"1": {"key": "1", "name": "Motor", "quantity": "4"}}, [])


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        *((f'"MU-1{between}MU-1A"', MESSAGE_SEVERAL) for between in ("\n", "; ", " | ", " / ", ", ", " or ")),
    ],
)
def test_two_part_numbers_in_a_cell_are_refused(text: str, detail: str) -> None:
    assert read(f"Item,Description,MPN,Qty\n1,Resistor,{text},3\n").refused == [(2, "C MPN", detail)]


@pytest.mark.parametrize("text", ["MU-1/MU-2", "MU-1 MU-2", "MU-1,MU-2"])
def test_what_may_be_two_part_numbers_is_noted(text: str) -> None:
    found = read(f"Item;Description;MPN;Qty\n1;Resistor;{text};3\n")
    assert (found.refused, found.notes) == ([], [(2, "C MPN", NOTE_SEVERAL)])
    assert read("Item;Description;MPN;Qty\n1;Gate;74LVC1G04GW,125;3\n").notes == []


@pytest.mark.parametrize(
    ("named", "count"), [("R1, R2, R3", 3), ("R1-R4", 4), ("C1;C2", 2), ("C1..C3 C9", 4), ("R1", 1)]
)
def test_designators_are_counted_against_the_quantity(named: str, count: int) -> None:
    rest = f"names {count} designator{'s' * (count > 1)}, and the quantity is 5: see which is right"
    assert read(f"Designator\tDescription\tQty\n{named}\tResistor\t5\n").notes == [(2, "A Designator", rest)]
    assert read(f"Designator\tDescription\tQty\n{named}\tResistor\t{count}\n").notes == []


FITTED = [
    *((f"Reference,Value,Qty,{heading}\nR1,1k,1,{cell}\n", f"D {heading}") for heading, cell in [
        ("DNP", "DNP"), ("DNP", "x"), ("DNF", "yes"), ("Do not populate", "1"), ("Exclude from BOM", "Excluded from BOM"),
        ("Excluded", "true"), ("Not fitted", "ja"), ("Fitted", "Not Fitted"), ("Fitted", "no"), ("Populate", "0"),
        ("Nicht bestückt", "x"), ("Niet plaatsen", "ja"), ("Bestückt", "nein"), ("Config", "DNF"), ("Remarks", "do not place"),
    ]),
    ("Reference,Value,Qty\nR1,1k (DNP),1\n", "B Value"),
    ("Reference,Value,Qty\nR1,DNP,1\n", "B Value"),
    ("Reference,Value,Qty,Description\nR1,1k,1,Resistor - not fitted\n", "D Description"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column"), FITTED)
def test_what_is_marked_as_not_fitted_is_refused(text: str, column: str) -> None:
    found = read(text)
    assert found.refused == [(2, column, MESSAGE_NOT_FITTED)]
    assert (found.report.lines.used, found.report.lines.refused) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        *(f"Reference,Value,Qty,{heading}\nR1,1k,1,{cell}\n" for heading, cell in [
            ("DNP", ""), ("DNP", "0"), ("DNF", "no"), ("Fitted", "Fitted"), ("Fitted", "yes"), ("Populate", ""), ("DNP", "-"),
            ("Manufacturer", "DNP"),
        ]),
        "Reference,Value,Qty\nR1,Adnp 4,1\n",
    ],
)  # fmt: skip
def test_what_is_fitted_or_a_maker_of_that_name_is_read(text: str) -> None:
    assert (read(text).refused, read(text).report.lines.used) == ([], 1)


@pytest.mark.parametrize(
    ("cells", "column"), [("R1,1k,DNP", "C Qty"), ("R1,1k,1 (DNF)", "C Qty"), ("R1 (DNP),1k,1", "A Reference")]
)
def test_a_line_that_is_marked_is_one_fault_whatever_else_is_wrong(cells: str, column: str) -> None:
    assert read(f"Reference,Value,Qty\n{cells}\n").refused == [(2, column, MESSAGE_NOT_FITTED)]


def test_a_mark_that_says_neither_is_asked_about() -> None:
    assert read("Reference,Value,Qty,DNP\nR1,1k,1,perhaps\n").refused == [(2, "D DNP", MESSAGE_UNCLEAR)]
