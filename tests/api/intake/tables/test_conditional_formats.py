"""Conditional formats with number formats: a cell is read only where it shows the same whether or not their rule holds."""

from typing import Any

import pytest
import xlsxwriter

from api.intake.tables.conditional_formats import MESSAGE_CONDITIONAL
from tests.api.intake.books import HEAD, book, cell, heads, plain, row
from tests.api.intake.outcomes import of_xlsx, refusal_of

A_LINE = {"key": "A", "name": "B", "quantity": "1"}


def styles(*codes: str | None) -> str:
    """The formats that rules refer to by number, each with this number format or with none."""
    made = (
        f'<dxf><numFmt numFmtId="170" formatCode="{code}"/></dxf>' if code else "<dxf><font/></dxf>" for code in codes
    )
    days = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="2"/></cellXfs>'
    return f"{days}<dxfs>{''.join(made)}</dxfs>"


def rule(places: str, number: str = "0") -> str:
    """A conditional format of these places."""
    return f'<conditionalFormatting sqref="{places}"><cfRule type="cellIs" dxfId="{number}"/></conditionalFormatting>'


def refused(raw: bytes) -> list[tuple[int | None, str | None]]:
    """Which cells are refused for it."""
    found = of_xlsx(raw).refused
    assert {fault[3] for fault in found} <= {MESSAGE_CONDITIONAL}
    return [fault[:2] for fault in found]


@pytest.mark.parametrize(("code", "is_refused"), [
    ("0.00", False), ("General", False), ("#,##0", False), ("0,", True), ("0 &quot;k€&quot;", True), (";;;", True),
    ("yyyy-mm-dd", True), ("0%", True), ("x" * 300, True), ("[=1]&quot;none&quot;;0", True), ("[=2]&quot;none&quot;;0", False),
])  # fmt: skip
def test_a_number_is_read_where_both_formats_show_the_same_amount(code: str, is_refused: bool) -> None:
    raw = book(heads(), plain(2), after=rule("C2"), styles=styles(code))
    assert refused(raw) == ([(2, "C quantity")] if is_refused else [])


def test_a_text_of_a_number_differs_by_its_decimals() -> None:
    made = row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("D2", "5", "n"))
    raw = book(heads(names=(*HEAD, "partNumber")), made, after=rule("C2:D2"), styles=styles("0.00"))
    assert refused(raw) == [(2, "D partNumber")]


@pytest.mark.parametrize(("code", "is_refused"), [
    ("dd-mm-yy", False), ("h:mm", True), ("0", True), (";;;", True)])  # fmt: skip
def test_a_day_is_read_where_both_formats_show_a_day(code: str, is_refused: bool) -> None:
    made = row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("D2", "46934", "n", 1))
    raw = book(heads(names=(*HEAD, "evidence.expiresOn")), made, after=rule("D2"), styles=styles(code))
    assert refused(raw) == ([(2, "D evidence.expiresOn")] if is_refused else [])


@pytest.mark.parametrize(
    ("code", "is_refused"), [("0", False), ("0;0;0;@", False), (";;;", True), ("&quot;x &quot;@", True)]
)
def test_a_text_is_read_where_both_formats_show_it(code: str, is_refused: bool) -> None:
    raw = book(heads(), plain(2), after=rule("B2"), styles=styles(code))
    assert refused(raw) == ([(2, "B name")] if is_refused else [])


@pytest.mark.parametrize(("places", "rows"), [
    ("C2", [2]), ("C3:C4", [3, 4]), ("C2 C4", [2, 4]), ("$C$3", [3]), ("C:C", [2, 3, 4]), ("3:4", [3, 4]), ("A1:D1", []),
    ("D2:E9", []), ("?", [2, 3, 4]), ("B2:C2", [2]),
])  # fmt: skip
def test_only_cells_in_the_area_of_the_rule_are_refused(places: str, rows: list[int]) -> None:
    raw = book(heads(), plain(2), plain(3, "C"), plain(4, "D"), after=rule(places), styles=styles("0;0;0;@", "0,"))
    assert refused(raw) == []
    raw = book(heads(), plain(2), plain(3, "C"), plain(4, "D"), after=rule(places, "1"), styles=styles("0;0;0;@", "0,"))
    assert refused(raw) == [(place, "C quantity") for place in rows]


@pytest.mark.parametrize("number", ["1", "7", "", "x", "9" * 30])
def test_a_rule_without_a_number_format_changes_nothing(number: str) -> None:
    raw = book(heads(), plain(2), after=rule("C2", number), styles=styles("0,", None))
    assert of_xlsx(raw).lines == {2: A_LINE}
    assert refused(raw) == []


def test_a_rule_of_later_versions_of_excel_has_its_format_in_the_sheet() -> None:
    main, excel = 'x14="urn:x14"', 'xm="urn:xm"'
    inner = '<x14:cfRule type="expression"><x14:dxf><x14:numFmt numFmtId="170" formatCode="0,"/></x14:dxf></x14:cfRule>'
    own = f"<x14:conditionalFormatting>{inner}<xm:sqref>C2 C3</xm:sqref></x14:conditionalFormatting>"
    after = f"<extLst xmlns:{main} xmlns:{excel}>{own}</extLst>"
    assert refused(book(heads(), plain(2), plain(3, "C"), plain(4, "D"), after=after)) == [
        (2, "C quantity"),
        (3, "C quantity"),
    ]


def test_empty_and_broken_cells_stay_what_they_are() -> None:
    made = row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "#N/A", "e"), '<c r="D2"/>')
    found = of_xlsx(book(heads(names=(*HEAD, "unitValue")), made, after=rule("C2:D2"), styles=styles("0,")))
    assert [(fault[1], fault[3][:20]) for fault in found.refused] == [("C quantity", "holds the error #N/A")]


def test_a_workbook_that_a_program_wrote_is_read_so(tmp_path: Any) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        only = made.add_worksheet()
        for place, cells in enumerate([HEAD, ("A", "B", 1), ("C", "D", 5000)]):
            only.write_row(place, 0, cells)
        thousands = made.add_format({"num_format": '0,"k"'})
        only.conditional_format("C2:C9", {"type": "cell", "criteria": ">", "value": 999, "format": thousands})
    assert refused((tmp_path / "a.xlsx").read_bytes()) == [(2, "C quantity"), (3, "C quantity")]


def test_areas_without_end_are_refused() -> None:
    raw = book(heads(), plain(2), after=rule(" ".join(f"C{place}" for place in range(1, 1_003))), styles=styles("0,"))
    assert refusal_of(raw, xlsx=True).startswith(
        "conditional formats of the file have number formats in more than 1000 areas"
    )
