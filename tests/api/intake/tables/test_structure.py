"""The structure of tables: trees, sections, units, causes of all rows, and refusals of files without headings."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.checking import MESSAGE_EMPTY, RefusedLines, check
from api.intake.parsed import UnreadableFile
from api.intake.tables.columns import MESSAGE_NO_KEY, MESSAGE_UNIT
from api.intake.tables.csv_file import read_csv
from api.intake.tables.indentation import (
    MESSAGE_ABOVE,
    MESSAGE_LATE,
    MESSAGE_LEVEL,
    MESSAGE_MISSING,
    MESSAGE_SKIPS,
    NOTE_MULTIPLIED,
    NOTE_PARENTS,
)
from api.intake.tables.line_remarks import NOTE_CART
from api.intake.tables.numbers import MESSAGE_EUROS
from api.intake.tables.units import MESSAGE_AS_REQUIRED, MESSAGE_RANGE
from tests.api.intake.readings import read, refusal

LEVELS = """Level,Part Number,Description,Quantity,Unit cost (EUR)
0,MU-100,Drone,1,
1,MU-200,Arm,4,
2,MU-300,Motor,1,50.00
2,MU-310,Screw,6,0.10
1,MU-400,Flight controller,1,300.00
"""
DOTTED = "Item,Description,Qty\n1,Drone,2\n1.1,Arm,4\n1.1.1,Motor,1\n1.1.2,Screw,1.5\n1.2,Camera,1\n2,Case,1\n"


def test_levels_make_a_tree_and_quantities_are_multiplied_out_and_told() -> None:
    found = read(LEVELS)
    tree = {key: (line.get("parent_key"), line["quantity"]) for key, line in found.lines.items()}
    assert tree == {
        "MU-100": (None, "1"), "MU-200": ("MU-100", "4"), "MU-300": ("MU-200", "4"), "MU-310": ("MU-200", "24"),
        "MU-400": ("MU-100", "1"),
    }  # fmt: skip
    assert found.notes == [(None, "A Level", NOTE_MULTIPLIED)]
    assert ("parentKey", "A Level") in [(each.field, each.column) for each in found.report.columns]


def test_dotted_item_numbers_make_a_tree() -> None:
    found = read(DOTTED)
    tree = {key: (line.get("parent_key"), line["quantity"]) for key, line in found.lines.items()}
    assert tree == {
        "1": (None, "2"), "1.1": ("1", "8"), "1.1.1": ("1.1", "8"), "1.1.2": ("1.1", "12"), "1.2": ("1", "2"), "2": (None, "1"),
    }  # fmt: skip
    assert read(DOTTED.replace("Item", "Level")).refused[0][2] == MESSAGE_NO_KEY
    assert read(DOTTED.replace("Qty", "Qty per system")).lines["1.1.1"]["quantity"] == "1"
    assert read(DOTTED.replace("Qty", "Qty per system")).notes == [(None, "A Item", NOTE_PARENTS)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=12))
def test_levels_and_dotted_numbers_of_any_tree_give_the_same_parents_and_products(steps: list[tuple[int, int]]) -> None:
    path: list[int] = []
    items, levels, expected = [], [], {}
    quantities: dict[str, int] = {}
    counts: dict[str, int] = {}
    for up, quantity in steps:
        path = path[: max(0, len(path) - up)]
        above = ".".join(map(str, path))
        counts[above] = counts.get(above, 0) + 1
        path = [*path, counts[above]]
        item = ".".join(map(str, path))
        quantities[item] = quantity
        parents = [".".join(map(str, path[:depth])) for depth in range(1, len(path) + 1)]
        items.append(f"{item},Part,{quantity}\n")
        levels.append(f"{len(path)},{item},Part,{quantity}\n")
        expected[item] = (above or None, str(prod(quantities[each] for each in parents)))
    for text in ("Item,Description,Qty\n" + "".join(items), "Level,Key,Description,Qty\n" + "".join(levels)):
        found = read(text)
        assert found.refused == []
        assert {key: (line.get("parent_key"), line["quantity"]) for key, line in found.lines.items()} == expected


CELLS = st.sampled_from(
    ["", "1", "1.1", "..2", "R1, R2", "DNP", "x", "no", "$5", "12,5", "TBD", "DE", "Total", "a" * 250]
)
HEADS = st.sampled_from(
    ["Level", "Item", "Designator", "MPN", "DNP", "Value", "Country of origin", "Lead time", "Foo", ""]
)


@given(st.lists(HEADS, min_size=2, max_size=7), st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=6))
def test_of_any_table_every_row_is_used_ignored_or_refused_once(heads: list[str], rows: list[list[str]]) -> None:
    given_rows = ["\t".join(row[: len(heads) + 2]) for row in rows]
    table = "\n".join(["\t".join(["Quantity", "Name", *heads]), *given_rows])
    try:
        lines = read(table).report.lines
    except UnreadableFile:
        return
    filled = [number for number, row in enumerate(given_rows, 1) if row.strip()]
    assert lines.used + lines.ignored + lines.refused == lines.read == max(filled, default=0)


def test_a_part_number_that_recurs_in_a_tree_has_its_parent_in_its_key() -> None:
    text = "Level,Part Number,Qty\n1,A-1,2\n2,S-1,3\n1,B-1,1\n..2,S-1,5\n"
    found = {key: (line.get("parent_key"), line["quantity"]) for key, line in read(text).lines.items()}
    assert found == {"A-1": (None, "2"), "S-1": ("A-1", "6"), "B-1": (None, "1"), "B-1/S-1": ("B-1", "5")}


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ("Level,Part Number,Qty\n1,A-1,2\n3,S-1,3\n", 3, MESSAGE_SKIPS.format(3, 1)),
        ("Level,Part Number,Qty\n1,A-1,2\n0,S-1,3\n", 3, MESSAGE_ABOVE),
        ("Level,Part Number,Qty\n1,A-1,2\n2,S-1,3\nx,C-1,3\n", 4, MESSAGE_LEVEL),
        ("Item,Description,Qty\n1,A,2\n1.1,B,3\n2.1,C,3\n", 4, MESSAGE_MISSING.format("2")),
        ("Item,Description,Qty\n2.1,C,3\n1,A,2\n1.1,B,3\n", 2, MESSAGE_MISSING.format("2")),
        ("Item,Description,Qty\n1.1,C,3\n1,A,2\n", 3, MESSAGE_LATE),
    ],
)
def test_what_does_not_fit_into_the_tree_is_refused_at_its_row(text: str, row: int, why: str) -> None:
    assert [(each[0], each[2]) for each in read(text).refused] == [(row, why)]


def test_a_product_beyond_what_can_be_read_is_refused() -> None:
    [(row, _, why)] = read("Level,Part Number,Qty\n1,A-1,0.001\n2,S-1,0.0001\n").refused
    assert (row, why.startswith("is 0.0000001 in one system, multiplied out")) == (3, True)


@pytest.mark.parametrize(
    "text",
    [
        "Item,Description,Qty\n1.1,A,2\n1.2,B,3\n",
        "Level,Item,Description,Qty\n,1,A,2\n,2,B,3\n",
        "Level,Item,Description,Qty\nhigh,1,A,2\nlow,2,B,3\n",
    ],
)
def test_dotted_numbers_without_the_parts_above_and_levels_that_are_none_are_a_flat_list(text: str) -> None:
    found = read(text)
    assert [line.get("parent_key") for line in found.lines.values()] == [None, None]
    assert (found.refused, found.notes) == ([], [])


def test_titles_of_sections_within_the_table_are_ignored_and_told() -> None:
    found = read(
        "Item,Description,Qty,Unit price\nMain board,,,\n1,Chip,1,2.00\n,BOARD 2: RADIO,,\n2,Radio,1,9.00\nGesamtsumme,,,11.00\n"
    )
    assert (list(found.lines), found.refused) == (["1", "2"], [])
    assert [(each.row, each.why) for each in found.report.ignored] == [(2, "section"), (4, "section"), (6, "total")]


@pytest.mark.parametrize(
    "text",
    [
        "MPN,Qty\nMU-1,\n",
        "Designator,Description,Qty\nU1,,\n",
        "key,Description,Qty\nMotor,,\n",
        "Item,MPN,Qty\n,MU-1,\n",
    ],
)
def test_a_component_whose_other_cells_were_forgotten_is_no_section(text: str) -> None:
    assert read(text).report.lines.refused == 1


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [
        ("2 pcs", "2"),
        ("2 Stk", "2"),
        ("2 Stück", "2"),
        ("2 pièces", "2"),
        ("2 st.", "2"),
        ("4x", "4"),
        ("2 (pcs)", "2"),
        ("3 ea", "3"),
    ],
)
def test_pieces_are_read_with_their_unit(cell: str, quantity: str) -> None:
    assert read(f"Item;Description;Qty\n1;Screw;{cell}\n").lines["1"]["quantity"] == quantity


@pytest.mark.parametrize(("cell", "unit"), [("1 m", "m"), ("2.5kg", "kg"), ("3 rolls", "rolls"), ("10 cm²", "cm²")])
def test_another_unit_beside_a_number_is_named_with_what_to_write(cell: str, unit: str) -> None:
    [(row, column, why)] = read(f"Item;Description;Qty\n1;Cable;{cell}\n").refused
    assert (row, column) == (2, "C Qty")
    assert why.startswith(f"has the unit {unit} beside the number: write the number alone, such as 1")
    assert read("Item;Description;Qty\n1;Glue;A/R\n").refused == [(2, "C Qty", MESSAGE_AS_REQUIRED)]


@pytest.mark.parametrize(
    ("cell", "weeks"),
    [("15 weeks", "15"), ("15 Wochen", "15"), ("3 semaines", "3"), ("2 wk", "2"), ("TBD", None), ("", None)],
)
def test_a_lead_time_with_its_unit_in_the_cell_is_read(cell: str, weeks: str | None) -> None:
    found = read(f"Item;Description;Qty;Lead Time;Stock\n1;Motor;4;{cell};7\n")
    assert (found.lines["1"].get("lead_time_weeks"), found.refused, found.report.unread) == (weeks, [], ["E Stock"])


def test_a_lead_time_without_a_unit_is_refused_once_for_all_rows() -> None:
    found = read("Item;Description;Qty;Lieferzeit\n1;Motor;4;15\n2;Arm;4;8\n3;Case;1;\n")
    assert found.refused == [(None, "D Lieferzeit", f"{MESSAGE_UNIT}; so in all 2 rows that say anything there")]
    assert read("Item;Description;Qty;Lieferzeit\n1;Motor;4;15 days\n").refused[0][2].startswith("is not in weeks")


def test_one_cause_in_every_row_is_one_fault_with_its_count() -> None:
    found = read("Item,Description,Qty,Unit price\n1,Motor,4,$12.50\n2,Frame,1,$80.00\n3,ESC,4,$20.00\n")
    assert found.refused == [(None, "D Unit price", f"{MESSAGE_EUROS}; so in all 3 rows that say anything there")]
    assert [each.count for each in found.report.refused] == [3]
    several = read("Item,Description,Qty,Unit price\n1,Motor,4,$12.50\n2,Frame,1,80.00\n3,ESC,4,$20.00\n")
    assert [(each.row, each.count) for each in several.report.refused] == [(2, 1), (4, 1)]


def test_no_quantity_in_any_of_many_components_is_one_fault_and_others_are_still_told() -> None:
    rows = "".join(f"{number},Motor {number},,{'x' if number == 450 else 1}\n" for number in range(1, 501))
    found = read(f"Item,Description,Qty,Unit price\n{rows}")
    assert found.refused == [
        (None, "C Qty", "is required; so in all 500 rows"),
        (451, "D Unit price", "is not a number that can be read; write it as 1148 or 1148.50, not negative"),
    ]
    assert [each.count for each in found.report.refused] == [500, 1]


def test_a_cause_of_all_rows_is_counted_once_also_where_something_else_is_told_of_a_row() -> None:
    checked = check(read_csv(b"Item;Description;Qty;DNP\n1;Motor;;x\n2;Frame;;\n3;Arm;;\n"))
    with pytest.raises(RefusedLines) as refused:
        checked.refuse()
    assert (refused.value.count, [fault.pointer for fault in refused.value.faults]) == (2, ["/quantity", "/rows/2"])


def test_no_column_of_keys_is_one_fault_of_the_file() -> None:
    found = read("Description,Quantity\nMotor,4\nPropeller,4\n")
    assert found.refused == [(1, None, MESSAGE_NO_KEY)]
    assert (found.report.lines.read, found.report.lines.refused) == (2, 2)
    assert [each[2][:50] for each in read("Component,Item,Quantity\n1,1,4\n2,2,4\n").refused] == [
        "no column says what the lines are: A Component hol"
    ]


def test_a_key_column_without_a_value_is_no_key_and_told_once() -> None:
    assert read("Reference,Description,Qty\n,Motor,4\n,Frame,1\n").refused == [(1, None, MESSAGE_NO_KEY)]


def test_the_cart_of_a_distributor_is_noted_and_a_range_is_refused() -> None:
    cart = "Index,Manufacturer Part Number,Description,Customer Reference,Backorder,Quantity\n1,MU-1,Chip,,0,4\n"
    assert read(cart).notes == [(None, "F Quantity", NOTE_CART)]
    assert read("Item,Description,Qty,Lead time (weeks)\n1,Motor,4,12-14\n").refused == [
        (2, "D Lead time (weeks)", MESSAGE_RANGE)
    ]


def test_a_refused_heading_is_no_line() -> None:
    dollars = read("Item,Description,Qty,Unit Price($)\n1,Motor,4,12.50\n")
    assert dollars.refused == [(1, "D Unit Price($)", MESSAGE_EUROS)]
    makers = read(
        "Designator,Description,Quantity,Manufacturer,Part Number,Manufacturer,Part Number\nU1,Chip,1,A,A-1,B,B-1\n"
    )
    assert [column for _, column, _ in makers.refused] == [
        "E Part Number and G Part Number",
        "D Manufacturer and F Manufacturer",
    ]
    for found in (dollars, makers):
        assert (found.report.lines.read, found.report.lines.used, found.report.lines.refused) == (1, 1, 0)


def test_headings_alone_are_refused_as_an_upload_of_them_is() -> None:
    assert read("key,name,quantity\n").refused == [(None, None, MESSAGE_EMPTY)]


NEAREST = [
    pytest.param(
        "Product,Price,Quantity,Subtotal\nMotor,12.50,4,50.00\n",
        ["row 1", "lacks a name", "C Quantity (quantity)", "not understood: A Product, B Price, D Subtotal"],
        id="no name",
    ),
    pytest.param(
        "Row,Description,Part,References,Value,Quantity Per PCB\n1,Capacitor,C,C3 C5,100pF,2\n",
        ["row 1", "lacks a quantity", "F Quantity Per PCB is how many a board", "call it quantity"],
        id="a quantity of a board",
    ),
    pytest.param(
        'Comment,Designator,Footprint,JLCPCB Part #\n100n,"C1,C2",C_0402,C000001\n',
        ["row 1", "lacks a quantity", "A Comment (comment), B Designator (designator)"],
        id="JLCPCB",
    ),
    pytest.param(
        "LCSC Part Number,Manufacture Part Number,Description,Order Qty.,Unit Price(€)\nC1,MU-1,100nF,50,0.0074\n",
        ["B Manufacture Part Number (partNumber)", "D Order Qty. is how many are ordered", "lacks a quantity"],
        id="a cart",
    ),
    pytest.param("Angebot\nDatum,1-1-2026\nPos.,Preis\n", ["row 3", "a name", "and a quantity"], id="neither"),
]


@pytest.mark.parametrize(("text", "parts"), NEAREST)
def test_without_headings_the_refusal_names_the_nearest_row_and_what_it_lacks(text: str, parts: list[str]) -> None:
    detail = refusal(text)
    assert [part for part in parts if part not in detail] == []
