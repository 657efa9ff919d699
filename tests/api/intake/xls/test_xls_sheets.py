"""Workbooks of Excel 97 to 2003: what a cell shows is read, as of an XLSX file, and what is not safe is not opened."""

import io
import struct
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from api.intake.ods.file import read_ods
from api.intake.parsed import UnreadableFile
from api.intake.tables.xlsx_file import read_xlsx
from api.intake.xls import file as xls_file
from api.intake.xls import records
from api.intake.xls.file import read_xls
from api.intake.xls.records import facts_of
from tests.api.intake.books import HEAD
from tests.api.intake.outcomes import Outcome, read_fully
from tests.support.properties import holds

WORKBOOKS = Path(__file__).parents[1] / "workbooks"
A_LINE = {"key": "A", "name": "B", "quantity": "1"}
VALUED = (*HEAD, "unitValue", "partNumber")


def of_xls(raw: bytes, *sheets: str) -> Outcome:
    """What comes of a workbook."""
    return read_fully(read_xls(raw, sheets))


def refusal(raw: bytes, *sheets: str) -> str:
    """Why a workbook cannot be used as a whole."""
    with pytest.raises(UnreadableFile) as refused:
        of_xls(raw, *sheets)
    return refused.value.detail


def saved(book: xlwt.Workbook) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_sheet(book: xlwt.Workbook, *rows: tuple[Any, ...], name: str = "Parts", heads: tuple[str, ...] = HEAD) -> Any:
    """A sheet of these rows under headings; a value can come with a number format."""
    sheet = book.add_sheet(name)
    for place, cells in enumerate([heads, *rows]):
        for index, value in enumerate(cells):
            given, code = value if isinstance(value, tuple) else (value, "General")
            if given is not None:
                sheet.write(place, index, given, xlwt.easyxf(num_format_str=code))
    return sheet


def a_book(*rows: tuple[Any, ...], heads: tuple[str, ...] = HEAD) -> bytes:
    """A workbook of one sheet."""
    book = xlwt.Workbook()
    a_sheet(book, *rows, heads=heads)
    return saved(book)


def valued(cell: Any) -> tuple[dict[str, Any], list[str]]:
    """What comes of one cell in a column of amounts and in one of texts: the line, and what is refused."""
    found = of_xls(a_book(("A", "B", 1, cell, cell), heads=VALUED))
    return {k: v for k, v in found.lines[2].items() if k not in A_LINE}, [fault[3] for fault in found.refused]


def test_a_file_made_by_a_program_is_read_alike_in_all_three_formats() -> None:
    """LibreOffice made the ODS and the XLS of one XLSX file, with formats, errors, hidden and merged cells and a remark."""
    xlsx, ods, xls = (
        read_fully(read((WORKBOOKS / f"shown.{name}").read_bytes()))
        for read, name in ((read_xlsx, "xlsx"), (read_ods, "ods"), (read_xls, "xls"))
    )
    assert len(xlsx.lines) == 22
    assert (len(xlsx.refused), len(xlsx.notes)) == (13, 4)
    assert xls == xlsx
    # An ODS file has the text of each cell itself, with marks for thousands and all digits of a long number.
    assert xlsx.lines[9]["partNumber"] == "1234567.50"
    xlsx.lines[9]["partNumber"] = "1,234,567.50"
    xlsx.lines[11]["partNumber"] = "123456789012"
    xlsx.refused = [fault for fault in xlsx.refused if fault[:2] != (11, "E partNumber")]
    assert ods == xlsx


@pytest.mark.parametrize(("value", "code", "amount", "text"), [
    (5, "General", "5", "5"), (0.125, "0.00", "0.125", "0.13"), (7, "00000", "7", "00007"), (12.5, '0.00 "€"', "12.5", "12.50 €"),
    (1234.5, "#,##0.00", "1234.5", "1234.50"), ("12.50", "General", "12.50", "12.50"),
])  # fmt: skip
def test_the_exact_number_is_read_where_the_cell_shows_it(value: Any, code: str, amount: str, text: str) -> None:
    assert valued((value, code)) == ({"unitValue": {"amount": amount}, "partNumber": text}, [])


@pytest.mark.parametrize(("value", "code", "words"), [
    (5, ";;;", ["is hidden by its number format"] * 2), ("x", ";;;", ["is hidden by its number format"] * 2),
    (5000, "0,", ["is shown scaled"]), (12.5, "0.00 [$zł-415]", ["is not in euros"]), (0.5, "h:mm", ["is shown as a time"] * 2),
    (True, "General", ["is not a number that can be read"]), (1e16, "0", ["is a number with more digits"] * 2),
])  # fmt: skip
def test_what_the_cell_does_not_show_is_refused(value: Any, code: str, words: list[str]) -> None:
    _, details = valued((value, code))
    assert [detail[: len(start)] for start, detail in zip(words, details, strict=True)] == words


@pytest.mark.parametrize(("code", "words"), [
    (0x00, "#NULL!"), (0x07, "#DIV/0!"), (0x0F, "#VALUE!"), (0x17, "#REF!"), (0x1D, "#NAME?"), (0x24, "#NUM!"), (0x2A, "#N/A"),
])  # fmt: skip
def test_an_error_is_no_empty_cell(code: int, words: str) -> None:
    book = xlwt.Workbook()
    a_sheet(book, ("A", "B", 1), heads=VALUED).row(1).set_cell_error(3, code)
    [refused] = of_xls(saved(book)).refused
    assert refused == (2, "D unitValue", "unitValue", f"holds the error {words}; correct it, or empty the cell")


@pytest.mark.parametrize("is_from_1904", [False, True])
def test_a_day_is_counted_from_the_year_that_the_file_says(is_from_1904: bool) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = is_from_1904
    serial = (date(2028, 6, 30) - (date(1904, 1, 1) if is_from_1904 else date(1899, 12, 30))).days
    a_sheet(book, ("A", "B", 1, (serial, "dd-mm-yyyy")), heads=(*HEAD, "evidence.expiresOn"))
    assert of_xls(saved(book)).lines[2]["evidence"] == {"expiresOn": "2028-06-30"}


@pytest.mark.parametrize(("code", "words"), [
    ('"$"#,##0_);("$"#,##0)', "is shown in the currency of the computer"), ('0 "$"', "is not in euros"),
])  # fmt: skip
def test_a_currency_format_that_the_file_does_not_state_is_refused(code: str, words: str) -> None:
    [refused] = of_xls(a_book(("A", "B", 1, (12.5, code)), heads=VALUED)).refused
    assert refused[3].startswith(words)


def test_hidden_rows_and_columns_and_merged_cells_are_noted() -> None:
    book = xlwt.Workbook()
    sheet = a_sheet(book, ("A", "B", 1), ("C", "D", 2), ("E", "F", 3), heads=(*HEAD, "functionGroup"))
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    sheet.write_merge(2, 3, 3, 3, "power")
    found = of_xls(saved(book))
    assert [line.get("functionGroup") for line in found.lines.values()] == [None, "power", "power"]
    assert [(note[0], note[1], note[3][:13]) for note in found.notes] == [
        (2, None, "row 2 is hidd"), (None, "B name", "is a hidden c"), (4, "D functionGroup", "row 4 is cove"),
    ]  # fmt: skip


def test_the_first_visible_sheet_with_headings_is_read_or_those_that_are_named() -> None:
    book = xlwt.Workbook()
    a_sheet(book, heads=("nothing",), name="Cover")
    a_sheet(book, ("H", "B", 1), name="Hidden").visibility = 1
    a_sheet(book, ("P", "B", 1), name="Parts")
    a_sheet(book, ("Q", "B", 1), name="More é")
    raw = saved(book)
    found = read_xls(raw)
    assert ([line.component["key"] for line in found.lines], found.sheets, found.unread_sheets) == (
        ["P"], ["Parts"], ["Cover", "More é"],
    )  # fmt: skip
    assert [line.component["key"] for line in read_xls(raw, ["More é", "Parts"]).lines] == ["Q", "P"]
    assert refusal(raw, "Hidden") == "the file has no visible sheet Hidden; name one of: Cover, Parts, More é"


def test_a_formula_with_an_empty_text_may_never_have_been_computed_and_that_is_said() -> None:
    formula = xlwt.Formula("A2&B2")
    found = of_xls(a_book(("A", "B", 1, None, formula), ("C", "D", 1, None, formula), heads=VALUED))
    assert [line.get("partNumber") for line in found.lines.values()] == [None, None]
    [note] = found.notes
    assert note[:3] == (2, "E partNumber", "partNumber")
    assert "does not tell them from formulas that were never computed" in note[3]


def record(kind: int, data: bytes) -> bytes:
    """A record."""
    return struct.pack("<HH", kind, len(data)) + data


BOOK, SHEET, END = (record(kind, data) for kind, data in (
    (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), (0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0)), (0x0A, b""),
))  # fmt: skip


def a_stream(*of_sheet: bytes, of_book: bytes = b"") -> bytes:
    """The records of a workbook of one sheet."""
    listed = record(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x05\0Parts")
    start = len(BOOK) + len(listed) + len(of_book) + len(END)
    listed = record(0x85, struct.pack("<IBB", start, 0, 0) + b"\x05\0Parts")
    return BOOK + listed + of_book + END + SHEET + b"".join(of_sheet) + END


RANGE = struct.pack("<H4H", 1, 1, 3, 2, 2)
WITH_FORMAT, WITHOUT = struct.pack("<I", 1 << 25), struct.pack("<I", 1 << 26)
HEADER = b"\0" * 12
OLD = record(0x1B0, struct.pack("<HH", 1, 4 << 1) + b"\0" * 8 + RANGE)
NEW = record(0x879, HEADER + struct.pack("<HH", 1, 4 << 1) + b"\0" * 8 + RANGE)


@pytest.mark.parametrize(("rules", "is_found"), [
    (OLD + record(0x1B1, b"\1\1\0\0\0\0" + WITH_FORMAT), True), (OLD + record(0x1B1, b"\1\1\0\0\0\0" + WITHOUT), False),
    (NEW + record(0x87A, HEADER + b"\1\1\0\0\0\0" + struct.pack("<I", 6) + WITH_FORMAT), True),
    (NEW + record(0x87A, HEADER + b"\1\1\0\0\0\0" + struct.pack("<I", 6) + WITHOUT), False),
    (NEW + record(0x87A, HEADER + b"\1\1\0\0\0\0" + struct.pack("<I", 0) + b"\0\0"), False),
    (OLD + record(0x87B, HEADER + struct.pack("<IH7sB", 0, 4, b"", 1) + struct.pack("<I", 6) + WITH_FORMAT), True),
    (OLD + record(0x87B, HEADER + struct.pack("<IH7sB", 0, 5, b"", 1) + struct.pack("<I", 6) + WITH_FORMAT), False),
])  # fmt: skip
def test_conditional_formats_with_a_number_format_are_found(rules: bytes, is_found: bool) -> None:
    [facts] = facts_of(a_stream(rules)).sheets
    areas = [(area.top, area.left, area.bottom, area.right) for area in facts.conditional]
    assert areas == ([(2, 2, 4, 2)] if is_found else [])


def test_a_cell_that_a_condition_can_show_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    areas = facts_of(a_stream(OLD + record(0x1B1, b"\1\1\0\0\0\0" + WITH_FORMAT))).sheets[0].conditional

    def with_areas(stream: bytes) -> records.BookFacts:
        facts = facts_of(stream)
        facts.sheets[0].conditional = areas
        return facts

    monkeypatch.setattr(xls_file, "facts_of", with_areas)
    found = of_xls(a_book(("A", "B", 1)))
    assert [(fault[0], fault[1], fault[3][:22]) for fault in found.refused] == [
        (2, "C quantity", "can be shown otherwise")
    ]


@pytest.mark.parametrize(("stream", "words"), [
    (a_stream(of_book=record(0x2F, b"\1\0")), "the file is encrypted; save it without a password"),
    (a_stream(of_book=record(0xD3, b"")), "the file holds macros"),
    (a_stream(of_book=record(0x85, struct.pack("<IBB", 0, 0, 1) + b"\1\0M")), "the file holds macros"),
    (a_stream(of_book=record(0x1AE, struct.pack("<HH", 1, 5) + b"\0a.xls")), "the file links to other workbooks"),
    (a_stream(record(0x1AD, b"\0" * 8)), "the file fetches data from elsewhere"),
    (a_stream(*[record(0xBE, b"\0" * 518)] * 12_000), "the file holds more than 3000000 cells"),
    (a_stream(of_book=record(0x85, b"\0")), "the file is damaged: a record of it is cut off"),
    (record(0x809, struct.pack("<HH", 0x500, 5)), "the file is an Excel workbook of version 95 or older"),
])  # fmt: skip
def test_records_that_are_not_safe_to_open_are_refused(stream: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        facts_of(stream)
    assert refused.value.detail.startswith(words)


def test_links_within_the_file_and_imports_of_text_are_read() -> None:
    own = record(0x1AE, struct.pack("<HH", 1, 0x401)) + record(0x1AE, struct.pack("<HH", 1, 0x3A01))
    text_import = record(0x1AD, b"\0" * 8) + record(0x805, b"\0" * 8)
    assert len(facts_of(a_stream(text_import, of_book=own)).sheets) == 1


UTF_16 = "utf-16-le"


@pytest.mark.parametrize(("name", "instead", "words"), [
    ("Workbook", "Book", "the file is an Excel workbook of version 95 or older"),
    ("Workbook", "WordDocument", "the file is a Word document"), ("Workbook", "EncryptedPackage", "the file is encrypted"),
    ("Workbook", "Nothing", "the file is not an XLS file"),
])  # fmt: skip
def test_a_file_without_such_a_workbook_is_named(name: str, instead: str, words: str) -> None:
    raw = a_book(("A", "B", 1))
    at = raw.index(name.encode(UTF_16))
    entry = instead.encode(UTF_16).ljust(64, b"\0") + struct.pack("<H", 2 * len(instead) + 2)
    assert refusal(raw[:at] + entry + raw[at + len(entry) :]).startswith(words)


@pytest.mark.parametrize(("raw", "words"), [
    (b"", "the file is empty"), (b"key,name\n", "the file is text, not XLS; send it with the content type text/csv"),
    (b"<html><table></table></html>", "the file is a web page (HTML)"), (b"\x09\x08\x10\0\0\6", "the file is not an XLS file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file is damaged"),
    ((WORKBOOKS / "shown.xlsx").read_bytes(), "the file is an Excel workbook (XLSX); send it with the content type"),
    ((WORKBOOKS / "shown.ods").read_bytes(), "the file is an OpenDocument spreadsheet (ODS); send it with the content type"),
])  # fmt: skip
def test_a_file_of_another_kind_is_named(raw: bytes, words: str) -> None:
    assert refusal(raw).startswith(words)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xls_file, "MAX_BYTES", 1024 * 1024)
    assert refusal(b"\0" * (1024 * 1024 + 1)).startswith("the file has more than 1 MB")


WHOLE = a_book(*[(f"K{place}", "B", 1) for place in range(20)])


@holds
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20), st.booleans())
def test_a_damaged_file_is_read_or_refused(changed: list[tuple[int, int]], is_cut: bool) -> None:
    damaged = bytearray(WHOLE)
    for place, value in changed:
        damaged[place] = value
    with suppress(UnreadableFile):
        of_xls(bytes(damaged[: changed[0][0]] if is_cut else damaged))
