"""Sheets of OpenDocument: what a cell shows is read, with the exact number behind it, or refused as in every other table."""

import io
from typing import Any

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from api.intake.ods.archives import OdsArchive
from api.intake.ods.documents import OdsDocument
from api.intake.ods.file import read_ods
from api.intake.ods.rows import rows_of
from api.intake.parsed import UnreadableFile
from tests.api.intake.ods_books import (
    EMPTY,
    archive,
    book,
    cell,
    content,
    entry,
    heads,
    manifest,
    number,
    plain,
    renamed,
    row,
    sheet,
)
from tests.api.intake.outcomes import Outcome, read_fully
from tests.support.properties import holds

A_LINE = {"key": "A", "name": "B", "quantity": "1"}
VALUED = ("key", "name", "quantity", "unitValue", "partNumber")


def of_ods(raw: bytes, *sheets: str) -> Outcome:
    """What comes of a spreadsheet."""
    return read_fully(read_ods(raw, sheets))


def refusal(raw: bytes, *sheets: str) -> str:
    """Why a spreadsheet cannot be used as a whole."""
    with pytest.raises(UnreadableFile) as refused:
        of_ods(raw, *sheets)
    return refused.value.detail


def valued(made: str) -> tuple[dict[str, Any], list[str]]:
    """What comes of one cell in a column of amounts and in one of texts: the line, and what is refused."""
    found = of_ods(book(heads(*VALUED), row(cell("A"), cell("B"), number("1"), made, made)))
    line = {name: value for name, value in found.lines[2].items() if name not in A_LINE}
    return line, [fault[3] for fault in found.refused]


SHOWN = [
    (number("5"), "5", "5"),
    (number("1234567", "12,34,567"), "1234567", "12,34,567"),
    (number("1234.5", "1.234,50"), "1234.5", "1.234,50"),
    (number("1234.5", "1,234.50 €"), "1234.5", "1,234.50 €"),
    (number("1234567", "1'234'567"), "1234567", "1'234'567"),
    (number("1234.5", "€\u00a01\u202f234,50"), "1234.5", "€\u00a01\u202f234,50"),
    (number("0.125", "0,13"), "0.125", "0,13"),
    (number("2.675", "2.68"), "2.675", "2.68"),
    (number("0.30000000000000004", "0.3"), "0.3", "0.3"),
    (number("7", "00007"), "7", "00007"),
    (number("123456789012"), "123456789012", "123456789012"),
    (number("1234", "1.234"), "1234", "1.234"),
    (number("1.234", "1.234"), "1.234", "1.234"),
    (cell("12,50", "currency", "12.5", 'office:currency="EUR"'), "12.5", "12,50"),
]


@pytest.mark.parametrize(("made", "amount", "text"), SHOWN)
def test_the_exact_number_is_read_where_the_cell_shows_it(made: str, amount: str, text: str) -> None:
    assert valued(made) == ({"unitValue": {"amount": amount}, "partNumber": text}, [])


NOT_SHOWN = [
    (number("5000", "5 k€"), "is shown scaled by its number format", "5 k€"),
    (number("5000", "5"), "is shown scaled by its number format", "5"),
    (number("12", "1.2"), "is shown scaled by its number format", "1.2"),
    (number("12.5", "12,50 zł"), "is not in euros", "12,50 zł"),
    (cell("12,50", "currency", "12.5", 'office:currency="PLN"'), "is not in euros", "12,50 PLN"),
    (cell("50%", "percentage", "0.5"), "is not a number that can be read", "50%"),
    (number("5", "5 pcs"), "is not a number that can be read", "5 pcs"),
    (number("12.5", "12 1/2"), "is not a number that can be read", "12 1/2"),
    (number("-5", "(5)"), "is not a number that can be read", "(5)"),
    (number("1", "TRUE"), "is not a number that can be read", "TRUE"),
]


@pytest.mark.parametrize(("made", "words", "text"), NOT_SHOWN)
def test_a_number_that_the_cell_does_not_show_is_refused_and_its_text_is_read(made: str, words: str, text: str) -> None:
    line, [detail] = valued(made)
    assert (line, detail[: len(words)]) == ({"partNumber": text}, words)


ERROR = 'calcext:value-type="error" office:string-value="" table:formula="of:=1/0"'
BROKEN = [
    (cell("#DIV/0!", more=ERROR), "holds the error #DIV/0!; correct it, or empty the cell"),
    (number("0", "#VERW!", 'table:formula="of:=A9"'), "holds the error #VERW!; correct it, or empty the cell"),
    (number("0", "Err:502"), "holds the error Err:502; correct it, or empty the cell"),
    (number("3", ""), "is hidden by its number format"),
    (cell("", more='office:string-value="secret"'), "is hidden by its number format"),
    (cell("", "date", "2026-11-21"), "is hidden by its number format"),
    (
        '<table:table-cell office:value-type="float" office:value="3"/>',
        "stores a value without the text that the cell shows",
    ),
    (
        '<table:table-cell office:value-type="float" office:value="0"/>',
        "stores a value without the text that the cell shows",
    ),
    ('<table:table-cell office:value-type="string" office:string-value="x"/>', "stores a value without the text that"),
    ('<table:table-cell table:formula="of:=A1"/>', "is a formula without a value"),
    (number("5E0", "5.00E+00"), "is shown as a power of ten by the spreadsheet program"),
    (number("nan", "5"), "does not hold a number that can be read"),
    (number("", "5"), "does not hold a number that can be read"),
    (cell("12:00", "time", "PT12H"), "is shown as a time"),
    (cell("x", "mystery", "x"), "holds a value of a kind that is not read"),
    (cell("21-11-2026", "date", "2026-13-21"), "does not hold a date that can be read"),
]


@pytest.mark.parametrize(("made", "words"), BROKEN)
def test_what_holds_no_value_is_refused_in_every_column(made: str, words: str) -> None:
    line, details = valued(made)
    assert (line, [detail[: len(words)] for detail in details]) == ({}, [words, words])


@pytest.mark.parametrize("made", [
    EMPTY, "", number("0", ""), number("0", "-"), cell(""), cell("", more='table:formula="of:=&quot;&quot;"'),
    '<table:table-cell office:value-type="string" office:string-value="" table:formula="of:=&quot;&quot;"/>',
])  # fmt: skip
def test_what_shows_nothing_is_unknown(made: str) -> None:
    assert valued(made) == ({}, [])


def test_a_day_is_the_day_that_is_stored() -> None:
    days = [cell("30-06-28", "date", "2028-06-30"), cell("30 juni", "date", "2028-06-30T10:00:00"), cell("2028-06-30")]
    rows = [row(cell(str(place)), cell("B"), number("1"), day) for place, day in enumerate(days)]
    found = of_ods(book(heads("key", "name", "quantity", "evidence.expiresOn"), *rows))
    assert [line["evidence"] for line in found.lines.values()] == [{"expiresOn": "2028-06-30"}] * 3


TEXTS = [
    ("<text:p>two</text:p><text:p>lines</text:p>", "two lines"),
    ("<text:p>a<text:line-break/>b</text:p>", "a b"),
    ('<text:p>a<text:s text:c="2"/>b <text:span>bold</text:span></text:p>', "a  b bold"),
    ("<text:p>\n  laid\n  out </text:p>", "laid out"),
    ('<text:p><text:a>link</text:a><text:ruby><text:ruby-base>é</text:ruby-base><text:ruby-text>no</text:ruby-text>'
     "</text:ruby></text:p>", "linké"),
    ("<office:annotation><text:p>a remark</text:p></office:annotation><text:p>value</text:p>", "value"),
    ("<text:p>value</text:p><office:annotation><text:p>a remark</text:p></office:annotation>", "value"),
    ("<draw:frame><draw:text-box><text:p>a box</text:p></draw:text-box></draw:frame><text:p>value</text:p>", "value"),
    ("<text:p>value</text:p><table:table><table:table-row><table:table-cell><text:p>inner</text:p></table:table-cell>"
     "</table:table-row></table:table>", "value"),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "text"), TEXTS)
def test_the_text_of_a_cell_is_its_own(inner: str, text: str) -> None:
    made = f'<table:table-cell office:value-type="string">{inner}</table:table-cell>'
    found = of_ods(book(heads(), row(cell("A"), made, number("1"))))
    assert found == Outcome({2: {"key": "A", "name": text, "quantity": "1"}})


def test_an_annotation_alone_is_no_value() -> None:
    noted = "<table:table-cell><office:annotation><text:p>a remark</text:p></office:annotation></table:table-cell>"
    found = of_ods(book(heads(*VALUED), row(cell("A"), cell("B"), number("1"), noted, noted)))
    assert found == Outcome({2: A_LINE})


def test_what_repeats_is_counted_and_blank_ends_are_no_rows() -> None:
    ends = '<table:table-cell table:number-columns-repeated="16381"/>'
    padded = row(cell("A"), cell("B"), number("1"), ends)
    blank = row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="3"')
    last = row(EMPTY, more='table:number-rows-repeated="1048570"')
    twice = row(
        *(cell("Same", more='table:number-columns-repeated="2"'), number("2")), more='table:number-rows-repeated="2"'
    )
    found = of_ods(book(heads(), padded, blank, twice, last))
    same = {"key": "Same", "name": "Same", "quantity": "2"}
    assert found == Outcome({2: A_LINE, 6: same, 7: same}, ignored={3: "blank", 4: "blank", 5: "blank"})


@pytest.mark.parametrize("more", [
    'table:visibility="collapse"', 'table:visibility="filter"', 'table:style-name="flat"',
])  # fmt: skip
def test_hidden_rows_and_columns_are_read_and_noted(more: str) -> None:
    flat = (
        '<style:style style:name="flat"><style:table-row-properties style:row-height="0cm"/></style:style>'
        '<style:style style:name="thin"><style:table-column-properties style:column-width="0in"/></style:style>'
    )
    columns = '<table:table-column/><table:table-column table:style-name="thin"/>'
    found = of_ods(book(columns, heads(), plain(more=more), plain("C"), styles=flat))
    assert [line["key"] for line in found.lines.values()] == ["A", "C"]
    assert [(note[0], note[1], note[3].partition(",")[0]) for note in found.notes] == [
        (2, None, "row 2 is hidden"), (None, "B name", "is a hidden column"),
    ]  # fmt: skip


def test_rows_of_a_group_that_is_folded_are_hidden() -> None:
    group = f'<table:table-row-group table:display="false">{plain()}</table:table-row-group>'
    found = of_ods(book(heads(), group, plain("C")))
    assert [(note[0], note[3].partition(",")[0]) for note in found.notes] == [(2, "row 2 is hidden")]


def test_a_merged_cell_holds_for_all_rows_of_its_column_and_what_it_covers_is_not_read() -> None:
    heading = heads("key", "name", "quantity", "functionGroup", "partNumber")
    covered = "<table:covered-table-cell><text:p>lost</text:p></table:covered-table-cell>"
    tall, wide = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
    rows = [
        row(cell("A"), cell("B"), number("1"), cell("power", more=tall), cell("P-1")),
        row(cell("B"), cell("B"), number("1"), covered, cell("P-2")),
        row(cell("C"), cell("B"), number("1"), cell("control", more=wide), covered),
    ]
    found = of_ods(book(heading, *rows))
    groups = [(line.get("functionGroup"), line.get("partNumber")) for line in found.lines.values()]
    assert groups == [("power", "P-1"), ("power", "P-2"), ("control", None)]
    assert {(note[0], note[1], note[3][:5]) for note in found.notes} == {
        (3, "D functionGroup", "row 3"), (4, "E partNumber", "row 4")
    }  # fmt: skip


def test_the_first_visible_sheet_with_headings_is_read_or_those_that_are_named() -> None:
    hidden = '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>'
    sheets = [
        sheet(plain("no headings"), name="Cover"),
        sheet(heads(), plain("H"), name="Hidden", style="off"),
        sheet(heads(), plain("P"), name="Parts"),
        sheet(heads(), plain("Q"), name="More é"),
    ]
    raw = archive(content(*sheets, styles=hidden))
    found = read_ods(raw)
    assert ([line.component["key"] for line in found.lines], found.sheets, found.unread_sheets) == (
        ["P"], ["Parts"], ["Cover", "More é"],
    )  # fmt: skip
    both = read_ods(raw, ["More é", "Parts"])
    assert [line.component["key"] for line in both.lines] == ["Q", "P"]
    assert refusal(raw, "Hidden") == "the file has no visible sheet Hidden; name one of: Cover, Parts, More é"


def test_a_sheet_that_begins_far_into_the_file_is_read_as_it_would_be_alone() -> None:
    first = sheet(*(plain(f"K{place}", "é" * 50) for place in range(2_000)), name="First")
    found = read_ods(archive(content(first, sheet(heads(), plain(), name="Last"))), ["Last"])
    assert read_fully(found).lines == {2: A_LINE}


CONDITION = (
    '<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="Parts.C2:Parts.C2 Parts.E2">'
    '<calcext:condition calcext:apply-style-name="{}" calcext:value="&gt;3"/></calcext:conditional-format>'
    "</calcext:conditional-formats>"
)
NAMED = (
    '<style:style style:name="Base" style:family="table-cell" style:data-style-name="N5"/>'
    '<style:style style:name="Scaled" style:family="table-cell" style:parent-style-name="Base"/>'
    '<style:style style:name="Red" style:family="table-cell" style:data-style-name="N0"/>'
)


@pytest.mark.parametrize(("style", "rows"), [("Scaled", [2]), ("Base", [2]), ("Red", []), ("None", [])])
def test_a_cell_that_a_condition_can_show_by_another_number_format_is_refused(style: str, rows: list[int]) -> None:
    raw = book(heads(), plain(), plain("C"), after=CONDITION.format(style), named=NAMED)
    assert [(fault[0], fault[1], fault[3][:23]) for fault in of_ods(raw).refused] == [
        (place, "C quantity", "can be shown otherwise ") for place in rows
    ]


def test_a_condition_of_the_style_of_a_cell_counts_too() -> None:
    mapped = (
        '<style:style style:name="ce1"><style:map style:condition="x" style:apply-style-name="Scaled"/></style:style>'
    )
    made = row(cell("A"), cell("B"), number("1", more='table:style-name="ce1"'))
    found = of_ods(book(heads(), made, plain("C"), styles=mapped, named=NAMED))
    assert [(fault[0], fault[1]) for fault in found.refused] == [(2, "C quantity")]


UNUSABLE = [
    (b"", "the file is empty"),
    (b"key,name,quantity\n", "the file is text, not ODS; send it with the content type text/csv"),
    (b"PK\x03\x04", "the file is not an ODS file"),
    (archive(content(sheet(plain()))), "no row of headings"),
    (archive("<a/>"), "the file is not an ODS file"),
    (archive("<a>"), "the file's part content.xml is not well-formed XML"),
    (archive('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "the file holds a DOCTYPE"),
    (archive(content("<a>" * 300 + "</a>" * 300)), "the file's part content.xml is nested more than 200 levels deep"),
    (archive(content(), listed=manifest("application/vnd.oasis.opendocument.text")), "the file is an archive, but not an ODS"),
    (renamed(archive(content()), "META-INF/manifest.xml", "x"), "the file is an archive, but not an ODS file"),
    (renamed(archive(content()), "content.xml", "x"), "the file is an archive, but not an ODS file"),
    (archive(content(), manifest(more=entry("content.xml", "text/xml", "<manifest:encryption-data/>"))),
     "the file is encrypted; save it without a password"),
    (archive(content(), manifest(more=entry("Object 1/", "application/vnd.oasis.opendocument.text"))),
     "other files are embedded in the file"),
    (archive(content(), manifest(more=entry("Object 1", "application/vnd.sun.star.oleobject"))),
     "other files are embedded in the file"),
    (archive(content(), Basic_script_lc_xml="x").replace(b"Basic/script/lc/xml", b"Basic/script-lc.xml"),
     "the file holds macros"),
    (archive(content(sheet('<table:table-source xlink:href="a"/>'.replace("xlink:", "")))), "the file links to other workbooks"),
    (archive(content(after="<table:database-ranges><table:database-range><table:database-source-sql/>"
                     "</table:database-range></table:database-ranges>")), "the file fetches data from elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), UNUSABLE)
def test_a_file_that_cannot_be_used_or_is_not_safe_says_why(raw: bytes, words: str) -> None:
    assert words in refusal(raw)


def test_a_chart_draws_what_is_in_the_cells_and_is_no_other_file() -> None:
    listed = manifest(more=entry("Object 1/", "application/vnd.oasis.opendocument.chart"))
    assert of_ods(archive(content(sheet(heads(), plain())), listed)) == Outcome({2: A_LINE})


BOMBS = [
    row(cell("A", more='table:number-columns-repeated="900"'), more='table:number-rows-repeated="1000000"'),
    row(cell("A"), cell("B"), number("1"), more='table:number-rows-repeated="999999999999"'),
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_repetition_without_end_is_refused(bomb: str) -> None:
    assert refusal(book(heads(), bomb)).startswith("cells with values are repeated more than 2000000 times")


@pytest.mark.parametrize(("made", "words"), [
    (cell("A", more='table:number-columns-repeated="1001"'), "a cell of row 2 is beyond the 1000 columns"),
    ('<table:table-cell table:number-columns-repeated="2000"/>' + cell("A"), "a cell of row 2 is beyond the 1000 columns"),
    (cell("A", more='table:number-rows-spanned="1000000" table:number-columns-spanned="16384"'),
     "the merged cells of the file cover more than"),
    (cell("A" * 40_000), "cell A2 holds 40000 characters"),
    (cell("A" * 400_000), "a cell of the file holds more than 32767 characters"),
    ('<table:table-cell office:value-type="string"><text:p>a<text:s text:c="999999999"/></text:p></table:table-cell>',
     "cell A2 holds 32769 characters"),
])  # fmt: skip
def test_cells_without_end_are_refused(made: str, words: str) -> None:
    assert refusal(book(heads(), row(made))).startswith(words)


def test_rows_far_below_are_refused() -> None:
    gap = row(EMPTY, more='table:number-rows-repeated="300000"')
    assert refusal(book(heads(), gap, plain())).startswith("the file goes on below row 200000")


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5)
CELLS = st.none() | LETTERS | st.floats(allow_nan=False, allow_infinity=False, width=32)


@holds
@given(st.lists(st.lists(st.tuples(CELLS, st.integers(1, 3)), max_size=4), max_size=5))
def test_another_reader_finds_the_same_cells(rows: list[list[tuple[Any, int]]]) -> None:
    made = [row(*(_repeated(value, count) for value, count in cells)) for cells in rows]
    raw = book(heads(), *made)
    document = OdsDocument(OdsArchive(raw))
    [only] = document.sheets
    ours = {
        (place, index): getattr(value, "value", value)
        for place, cells in rows_of(document, only)
        for index, value in enumerate(cells)
        if value != ""
    }
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    told = {
        (place, index): value
        for place, cells in enumerate(theirs.to_python(skip_empty_area=False), 1)
        for index, value in enumerate(cells)
        if value != ""
    }
    assert ours == told


def _repeated(value: Any, count: int) -> str:
    more = f'table:number-columns-repeated="{count}"'
    if value is None:
        return f"<table:table-cell {more}/>"
    return cell(value, more=more) if isinstance(value, str) else number(repr(value), more=more)
