"""Workbooks of several sheets: which is read, which is not, and several as one bill of materials."""

from datetime import date

import pytest

from api.intake.checking import check
from api.intake.parsed import UnreadableFile
from api.intake.tables.sheets import NOTE_KEYS, NOTE_SHEET
from api.intake.tables.xlsx_file import read_xlsx
from domain.declarations.exchange_rates import ExchangeRate
from tests.api.intake.books import cell, heads, packed, parts, plain, row, sheet

ITEMS = ("Item", "Description", "Qty")
NOTES = sheet(row(1, cell("A1", "Toelichting")))
MAIN = sheet(heads(names=ITEMS), plain(2, "1", "Chip"), plain(3, "2", "Radio", "2"))
BOARD = sheet(row(1, cell("A1", "Board")), heads(2, ITEMS), plain(3, "1", "Relay"), plain(4, "2", "Coil", "x"))
GOOD = sheet(heads(names=ITEMS), plain(2, "1", "Relay"))


def test_the_first_sheet_with_headings_is_read_and_the_report_names_it_and_the_others() -> None:
    report = check(read_xlsx(packed(parts(NOTES, MAIN, GOOD)))).report()
    assert (report.sheets, report.unread_sheets) == (["Sheet2"], ["Sheet1", "Sheet3"])
    assert [(note.column, note.detail) for note in report.notes] == [("sheet Sheet3", NOTE_SHEET)]
    assert (report.lines.used, report.columns[0].sheet) == (2, None)


def test_several_sheets_are_one_bill_of_materials_in_the_order_named_with_their_names_in_the_keys() -> None:
    checked = check(read_xlsx(packed(parts(MAIN, NOTES, GOOD)), ["Sheet3", "Sheet1"]))
    report = checked.report()
    assert [line[0] for line in checked.lines.rows] == ["Sheet3/1", "Sheet1/1", "Sheet1/2"]
    assert (report.sheets, report.unread_sheets) == (["Sheet3", "Sheet1"], ["Sheet2"])
    assert [(each.sheet, each.field, each.column) for each in report.columns][:4] == [
        ("Sheet3", "key", "A Item"), ("Sheet3", "name", "B Description"), ("Sheet3", "quantity", "C Qty"),
        ("Sheet1", "key", "A Item"),
    ]  # fmt: skip
    assert [(note.row, note.sheet, note.detail) for note in report.notes] == [(None, None, NOTE_KEYS)]
    assert report.refused == []


def test_each_of_several_sheets_has_its_own_notes_and_one_rate_holds_for_all() -> None:
    prices = (*ITEMS, "Unit price")

    def priced(name: str, amount: str) -> str:
        cells = (cell("A2", "1"), cell("B2", name), cell("C2", "1", "n"), cell("D2", amount, "n"))
        return row(2, *cells)

    first = sheet(heads(names=prices), priced("Relay", "10"))
    hidden = sheet(heads(names=prices), priced("Coil", "20").replace("<row ", '<row hidden="1" '))
    rate = ExchangeRate("USD", "0.5", date(2026, 11, 20))
    checked = check(read_xlsx(packed(parts(first, hidden)), ["Sheet1", "Sheet2"], rate))
    report = checked.report()
    assert [(note.sheet, note.row) for note in report.notes if "hidden" in note.detail] == [("Sheet2", 2)]
    assert [(each.field, each.detail) for each in report.refused] == []
    assert (checked.lines.columns["components_cents"], report.conversion and report.conversion.rate) == (1500, "0.5")


def test_own_keys_stay_what_they_are_and_one_that_recurs_on_another_sheet_is_refused_there() -> None:
    own = sheet(heads(), plain(2, "A"))
    report = check(read_xlsx(packed(parts(own, own)), ["Sheet1", "Sheet2"])).report()
    assert [(each.sheet, each.row, each.field) for each in report.refused] == [("Sheet2", 2, "key")]


def test_what_is_wrong_and_ignored_is_told_with_its_sheet_and_points_there() -> None:
    checked = check(read_xlsx(packed(parts(MAIN, BOARD)), ["Sheet1", "Sheet2"]))
    report = checked.report()
    assert [(each.sheet, each.row, each.column) for each in report.refused] == [("Sheet2", 4, "C Qty")]
    assert [(each.sheet, each.row, each.why) for each in report.ignored] == [("Sheet2", 1, "title")]
    assert (report.lines.used, report.lines.refused) == (3, 1)
    with pytest.raises(Exception, match="1 thing is wrong") as refused:
        checked.refuse()
    assert [fault.pointer for fault in refused.value.faults] == ["/sheets/Sheet2/rows/4/quantity"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (["Sheet9"], "the file has no visible sheet Sheet9; name one of: Sheet1, Sheet2"),
        (["Sheet1", "Sheet1"], "the sheet Sheet1 is named twice; name it once"),
        (["Sheet2"], "sheet Sheet2: no row of headings is found in the first 50 rows"),
        (["Sheet1", "Sheet2"], "sheet Sheet2: no row of headings is found in the first 50 rows"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_by_its_name(wanted: list[str], why: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_xlsx(packed(parts(MAIN, NOTES)), wanted)
    assert refused.value.detail.startswith(why)


def test_without_headings_the_sheet_that_comes_nearest_is_named() -> None:
    nearly = sheet(heads(names=("Product", "Price", "Quantity")), plain(2))
    with pytest.raises(UnreadableFile) as refused:
        read_xlsx(packed(parts(NOTES, nearly)))
    assert refused.value.detail.startswith("sheet Sheet2: row 1 is nearest to a row of headings, but lacks a name")
