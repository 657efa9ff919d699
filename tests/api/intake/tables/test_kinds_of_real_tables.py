"""What tables of suppliers turned out to hold, made up in small: one table for each kind of fault that was found and mended."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from api.intake.checking import check
from api.intake.tables.csv_file import read_csv
from api.intake.tables.line_remarks import (
    MESSAGE_EMPTY_KEY,
    MESSAGE_LONG_KEY,
    NOTE_CART,
    NOTE_CART_PRICE,
    NOTE_NUMBER,
)
from api.intake.tables.numbers import MESSAGE_OF_PACK, MESSAGE_PIECES
from api.intake.tables.units import MESSAGE_AS_REQUIRED
from domain.declarations.exchange_rates import ExchangeRate
from tests.api.intake.readings import read, refusal

LONG = ",".join(f"C{number}" for number in range(1, 61))
DESIGNATORS = "names {}, and the quantity is {}: see which is right"


def euros(label: str, stated: str) -> str:
    """The refusal of a unit value that a column of currencies says to be in another."""
    return f"is not in euros: {label} says {stated}; convert it, and write it as 1148.50"


@dataclass(frozen=True)
class Kind:
    """A table, the fields of its lines by key that matter, and all that is refused, noted, ignored and left unread."""

    text: str
    lines: dict[str, dict[str, str]]
    refused: list[tuple[int | None, str | None, str]] = field(default_factory=list)
    notes: list[tuple[int | None, str | None, str]] = field(default_factory=list)
    ignored: dict[int, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


KINDS = {
    "an item in words names the line": Kind(
        "Item,Model,Qty\nMotor,MU-1,4\nFrame,MU-2,1\n",
        {"Motor": {"name": "Motor", "quantity": "4"}, "Frame": {"name": "Frame", "quantity": "1"}},
        unread=["B Model"],
    ),
    "an item in words beside a number": Kind(
        "id,item,qty\n1,Motor,4\n2,Frame,1\n", {"1": {"name": "Motor"}, "2": {"name": "Frame"}}
    ),
    "an item that is a label is no name": Kind(
        "Item,MPN,Qty\nIT-1,MU-1,4\nIT-2,MU-2,1\n", {"IT-1": {"name": "MU-1"}, "IT-2": {"name": "MU-2"}}
    ),
    "a designator before an item in words": Kind("Ref,Item,Qtd\nU1,Motor,4\n", {"U1": {"name": "Motor"}}, notes=[
        (2, "A Ref", DESIGNATORS.format("1 designator", 4)),
    ]),
    "currencies beside the amounts": Kind(
        "Item,Name,Qty,Unit price,Currency\n1,Motor,4,12.50,EUR\n2,Frame,1,80.00,USD\n3,Arm,4,9.00,\n",
        {"1": {"unit_value": "12.50"}, "3": {"unit_value": "9.00"}},
        refused=[(3, "D Unit price", euros("E Currency", "USD"))],
    ),
    "currencies under a heading that says price": Kind(
        "Item,Name,Qty,Price each,Price unit\n1,Motor,4,12.50,GBP\n2,Frame,1,80.00,€\n",
        {"2": {"unit_value": "80.00"}},
        refused=[(2, "D Price each", euros("E Price unit", "GBP"))],
    ),
    "currencies under a heading that says nothing": Kind(
        "Item,Name,Qty,Unit price,In\n1,Motor,4,12.50,US$\n2,Frame,1,80.00,eur\n",
        {"2": {"unit_value": "80.00"}},
        refused=[(2, "D Unit price", euros("E In", "US$"))],
    ),
    "euros in every row": Kind(
        "Pos;Benennung;Menge;Einzelpreis;Währung\n1;Motor;4;12,50;EUR\n", {"1": {"unit_value": "12.50"}}
    ),
    "a total with a quantity": Kind(
        "Item,Cost,Quantity\nMotor,5,4\nTotal,5,4\n", {"Motor": {"quantity": "4"}}, ignored={3: "total"}, unread=["B Cost"]
    ),
    "a total with an amount under the quantity": Kind(
        'Item,Name,Qty\n1,Motor,4\nTotal price (USD):,,"$1,060.10"\n', {"1": {"quantity": "4"}}, ignored={3: "total"}
    ),
    "a total that begins with another word": Kind(
        "Item,Name,Qty,Notes\n1,Motor,4,\n,,,Estimated total (essentials only):\n", {"1": {}}, ignored={3: "total"},
        unread=["D Notes"],
    ),
    "a device that is called total": Kind("Item,Name,Qty\nTS1,Total station,1\n", {"TS1": {"name": "Total station"}}),
    "cells under a heading that is empty": Kind(
        "Item,Name,Qty,\n1,Motor,4,\n2,Frame,1,see drawing\n", {"1": {"quantity": "4"}, "2": {"quantity": "1"}}, unread=["D"]
    ),
    "the maker's number beside one of nobody": Kind(
        "Item,Description,Part Number,Manufacturer Part Number,Qty\n1,Chip,00-1-ND,MU-1,4\n",
        {"1": {"part_number": "MU-1"}},
        unread=["C Part Number"],
    ),
    "a maker's number without a value": Kind(
        "Item,Description,Part Number,MPN,Qty\n1,Chip,MU-1,,4\n", {"1": {"part_number": "MU-1"}}, unread=["D MPN"]
    ),
    "a cart": Kind(
        "Index,Quantity,Part Number,Description,Customer Reference,Unit Price\n1,2,00-1-ND,Chip,,1.50\n",
        {"1": {"unit_value": "1.50", "part_number": "00-1-ND"}},
        notes=[
            (None, "B Quantity", NOTE_CART),
            (None, "F Unit Price", NOTE_CART_PRICE),
            (None, "C Part Number", NOTE_NUMBER.format("E Customer Reference")),
        ],
        unread=["E Customer Reference"],
    ),
    "a number beside a vendor": Kind(
        "Name,Vendor,Part number,Count\nChip,Muster Shop,00-1,1\n",
        {"00-1": {"part_number": "00-1"}},
        notes=[(None, "C Part number", NOTE_NUMBER.format("B Vendor"))],
        unread=["B Vendor"],
    ),
    "a number beside a vendor and a maker": Kind(
        "Item,Name,Vendor,Manufacturer,Part number,Qty\n1,Chip,Shop,Muster,MU-1,1\n",
        {"1": {"part_number": "MU-1"}},
        unread=["C Vendor"],
    ),
    "more designators than a key may have": Kind(
        f'Reference,Value,Qty\n"{LONG}",10u,60\nR1,1k,1\n',
        {"C1": {"quantity": "60"}, "R1": {}},
        notes=[(2, "A Reference", "has more characters than a key may (200), so the key is the first of them, C1")],
    ),
    "a long key of anything else": Kind(
        f"Reference,Value,Qty\n{'x' * 201},10u,1\nR1,1k,1\n", {"R1": {}},
        refused=[(2, "A Reference", MESSAGE_LONG_KEY.format(201))],
    ),
    "quantities in words": Kind(
        "Item,Name,Qty\n1,Wire,as needed\n2,Belt,about 30\n3,Screws,assorted\n4,Nut,N\n5,Board,1/100\n6,Diode,3 (min 5)\n"
        "7,Arm,2\n",
        {"7": {"quantity": "2"}},
        refused=[
            (2, "C Qty", MESSAGE_AS_REQUIRED), (3, "C Qty", MESSAGE_PIECES), (4, "C Qty", MESSAGE_PIECES),
            (5, "C Qty", MESSAGE_PIECES), (6, "C Qty", MESSAGE_OF_PACK), (7, "C Qty", MESSAGE_PIECES),
        ],
    ),
    "no key in one row": Kind(
        "Name,MPN,Qty\nMotor,MU-1,4\nFrame,,1\n", {"MU-1": {"name": "Motor"}}, refused=[(3, "B MPN", MESSAGE_EMPTY_KEY)]
    ),
    "a name that says unknown": Kind(
        "Reference,Value,Qty\nC1,tbd,1\nR1,1k,1\n", {"R1": {}},
        refused=[(2, "B Value", "says 'tbd', so the line has no name: write what it is")],
    ),
    "values that a program calls mixed": Kind(
        "Reference,Value,Description,Qty\nC1,100n,-- mixed values --,1\n", {"C1": {"name": "100n"}},
        notes=[(2, "B Value", "stands in for a name, as C Description is empty")],
    ),
    "quantities that differ from the designators": Kind(
        'Designator,Name,Qty\nA1,Screw,4\nA2,Nut,8\n"A3,A4",Arm,3\n', {"A1": {}, "A2": {}, "A3,A4": {}},
        notes=[(2, "A Designator", DESIGNATORS.format("1 designator", 4) + "; in 2 more rows the two differ too")],
    ),
    "designators with other marks between them": Kind("Ref,Name,Qty\nC5+C9,Cap,2\nD5/D6,Diode,2\n", {"C5+C9": {}, "D5/D6": {}}),
    "more texts alone than lines": Kind(
        "Item,MPN,Qty\nMotor,MU-1,4\nFrame plate\nArm long\n", {"Motor": {"quantity": "4"}},
        refused=[(3, "C Qty", "is required"), (4, "C Qty", "is required")],
    ),
    "Chinese names and remarks": Kind(
        "序号,模块名称,型号 / 规格,数量,说明\n1,电机,MU-1,4,备用\n",
        {"1": {"name": "电机", "part_number": "MU-1"}},
        unread=["E 说明"],
    ),
    "Polish": Kind(
        "Pozycja,Nazwa,Producent,Ilość,Kraj produkcji\n1,Silnik,Muster,4,PL\n",
        {"1": {"name": "Silnik", "manufacturer": "Muster", "quantity": "4", "country_of_manufacture": "PL"}},
    ),
    "Italian": Kind("Pos;Descrizione;Produttore;Quantità\n1;Motore;Muster;4\n", {"1": {"name": "Motore", "quantity": "4"}}),
    "Spanish": Kind("Item;Descripción;Fabricante;Cantidad\n1;Motor;Muster;4\n", {"1": {"name": "Motor", "quantity": "4"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_table_of_this_kind_is_read_refused_and_noted_as_its_supplier_means_it(name: str) -> None:
    kind = KINDS[name]
    found = read(kind.text)
    lines = {key: {each: found.lines.get(key, {}).get(each) for each in wanted} for key, wanted in kind.lines.items()}
    assert lines == kind.lines
    assert found.refused == kind.refused
    assert found.notes == kind.notes
    assert {each.row: each.why.value for each in found.report.ignored} == kind.ignored
    assert found.report.unread == kind.unread
    assert found.report.lines.used == len(kind.lines)


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("Item,Name,Qty,\n1,Motor,4,\n2,Arm, long,1\n", 3, "is not one number"),
        ("Item,Name,Qty,\n1,Motor,4,\n2,Arm, long,1,\n", 3, "has 5 cells under 3 headings"),
        ("Item,Name,Qty,\n1,Motor,4\n2,Arm, long,1\n", 3, "has 4 cells under 3 headings"),
    ],
)
def test_a_separator_within_a_cell_is_never_read_as_a_cell_without_a_heading(text: str, row: int, words: str) -> None:
    assert [(at, words in detail) for at, _, detail in read(text).refused if words in detail] == [(row, True)]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Amount", "C Amount may say how many; if that is how many one delivered system has, call it quantity"),
        ("qty_robot", "C qty_robot may say how many; if that is how many one delivered system has, call it quantity"),
        ("Links", "lacks a quantity (a column headed quantity, with how many there are in one delivered system)"),
    ],
)
def test_a_heading_that_may_be_a_quantity_is_asked_about(heading: str, said: str) -> None:
    assert said in refusal(f"Item,Name,{heading}\n1,Motor,4\n")


def test_several_headings_that_may_be_a_quantity_are_asked_about_at_once() -> None:
    detail = refusal("Item,Name,qty_arm,qty_drone,Notes\n1,Motor,2,4,\n")
    assert (
        "C qty_arm and D qty_drone may say how many; if one of them is how many one delivered system has, call it"
        in detail
    )
    assert "not understood: E Notes" in detail


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("USD", []),
        ("$", []),
        ("EUR", [(2, "is not in USD, as stated: E Currency says EUR; give the table one currency")]),
        ("GBP", [(2, "is not in USD, as stated: E Currency says GBP; give the table one currency")]),
    ],
)
def test_with_a_stated_rate_a_column_of_currencies_must_say_the_same(stated: str, told: list[Any]) -> None:
    rate = ExchangeRate("USD", "0.5", date(2026, 11, 20))
    text = f"Item,Name,Qty,Unit price,Currency\n1,Motor,4,12.50,{stated}\n"
    report = check(read_csv(text.encode(), None, rate)).report()
    assert [(each.row, each.detail) for each in report.refused] == told
