"""Awkward workbooks, each with all that must come of it; those that are not safe to open, and why they are not."""

import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest
import xlsxwriter

from api.intake.parsed import UnreadableFile
from api.intake.tables import archives
from api.intake.tables.cells import MESSAGE_DATE_AS_TEXT, MESSAGE_DAY, MESSAGE_LONG_NUMBER
from api.intake.tables.nearest import MESSAGE_HEADINGS
from api.intake.tables.numbers import MESSAGE_EUROS, MESSAGE_PLAIN, MESSAGE_WEEKS
from api.intake.tables.table import HEADINGS_WITHIN
from api.intake.tables.workbooks import MESSAGE_UNCOMPUTED
from api.intake.tables.xlsx_file import read_xlsx
from tests.api.intake.books import HEAD, STRICT, Parts, book, cell, heads, packed, parts, plain, row, saved, sheet
from tests.api.intake.outcomes import Outcome, of_xlsx, refusal_of

A_LINE = {"key": "A", "name": "B", "quantity": "1"}


def test_the_value_of_merged_cells_holds_for_all_rows_that_they_cover() -> None:
    workbook = openpyxl.Workbook()
    sheet_ = workbook.active
    assert sheet_ is not None
    for cells in (
        ("Stuklijst", None, None, None, None),
        (None, None, None, "Bewijs", None),
        ("key", "name", "quantity", "evidence.level", "evidence.uri"),
        ("A", "Motor", 4, "document", "https://example.org/a"),
        ("B", None, 2, None, None),
    ):
        sheet_.append(cells)
    for area in ("A1:E1", "D2:E2", "B4:B5", "D4:D5"):
        sheet_.merge_cells(area)
    assert of_xlsx(saved(workbook)) == Outcome(
        {
            4: {
                "key": "A",
                "name": "Motor",
                "quantity": "4",
                "evidence": {"level": "document", "uri": "https://example.org/a"},
            },
            5: {
                "key": "B",
                "name": "Motor",
                "quantity": "2",
                "evidence": {"level": "document"},
            },
        },
        {1: "title", 2: "title"},
        notes=[
            (5, "B name", "name", "row 5 is covered by merged cells, whose value is read for each of them"),
            (
                *(5, "D evidence.level", "evidence.level"),
                "row 5 is covered by merged cells, whose value is read for each of them",
            ),
        ],
    )


def test_what_a_file_keeps_under_a_merged_cell_is_not_seen_and_not_read() -> None:
    below = ("seen", "seen", "D")
    merged = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    found = of_xlsx(
        book(heads(), plain(2, "A", "seen"), plain(3, "B", "hidden below"), plain(4, "C", "D"), after=merged)
    )
    assert tuple(line.get("name") for line in found.lines.values()) == below


@pytest.mark.parametrize(
    ("areas", "names", "manufacturers", "notes"),
    [
        pytest.param(("B2:B4",), ["b", "b", "b"], ["c", "c", "c"], [(3, "B name", "rows 3 to 4 are")], id="rows of a column"),
        pytest.param(("B2:C2",), ["b", "b", "b"], [None, "c", "c"], [(2, "C manufacturer", "row 2 is")], id="columns of a row"),
        pytest.param(
            ("B2:C3",), ["b", None, "b"], [None, None, "c"],
            [(3, "B name", "row 3 is"), (2, "C manufacturer", "rows 2 to 3 are")], id="rows and columns",
        ),
        pytest.param(
            ("B2:B3", "C3:C4"), ["b", "b", "b"], ["c", "c", "c"],
            [(3, "B name", "row 3 is"), (4, "C manufacturer", "row 4 is")], id="two areas",
        ),
        pytest.param(("G2:G4",), ["b", "b", "b"], ["c", "c", "c"], [], id="a column that is not read"),
        pytest.param(("A8:E9",), ["b", "b", "b"], ["c", "c", "c"], [], id="below the table"),
    ],
)  # fmt: skip
def test_what_merged_cells_cover_is_read_or_noted(
    areas: tuple[str, ...], names: list[str], manufacturers: list[str], notes: list[tuple[int, str, str]]
) -> None:
    rows = [
        row(n, cell(f"A{n}", f"K{n}"), cell(f"B{n}", "b"), cell(f"C{n}", "c"), cell(f"D{n}", "1", "n"))
        for n in (2, 3, 4)
    ]
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    found = of_xlsx(
        book(heads(1, ("key", "name", "manufacturer", "quantity")), *rows, after=f"<mergeCells>{merged}</mergeCells>")
    )
    assert [line.get("name") for line in found.lines.values()] == names
    assert [line.get("manufacturer") for line in found.lines.values()] == manufacturers
    assert [(at, column, detail.partition(" covered")[0]) for at, column, _, detail in found.notes] == notes


def test_a_row_of_which_only_merged_cells_are_left_stays_blank_and_a_row_that_is_shorter_is_filled() -> None:
    merged = '<mergeCells><mergeCell ref="D2:D5"/></mergeCells>'
    names = ("key", "name", "quantity", "manufacturer")
    found = of_xlsx(
        book(
            heads(1, names),
            row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "1", "n"), cell("D2", "Muster")),
            row(3, cell("D3", "under")),
            plain(4, "C"),
            after=merged,
        )
    )
    assert [line["manufacturer"] for line in found.lines.values()] == ["Muster", "Muster"]
    assert found.ignored == {3: "blank"}


def test_hidden_rows_and_columns_are_read_and_noted() -> None:
    hidden = [plain(n, f"K{n}").replace(f'<row r="{n}"', f'<row r="{n}" {how}') for n, how in
              ((3, 'hidden="1"'), (5, 'hidden="true"'), (6, 'ht="0"'), (7, 'hidden="0"'), (9, 'hidden="1"'))]  # fmt: skip
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="7" max="16384" hidden="1"/></cols>'
    blank = row(8).replace('<row r="8"', '<row r="8" hidden="1"')
    found = of_xlsx(book(heads(), plain(2), hidden[0], plain(4, "K4"), *hidden[1:4], blank, hidden[4], before=columns))
    assert len(found.lines) == 7
    assert found.notes == [
        (3, None, None, "rows 3, 5 to 6 and 9 are hidden, by hand or by a filter, and counted; "
         "take out what is not part of the system, and show the rest"),
        (None, "B name", "name", "is a hidden column, and is read"),
    ]  # fmt: skip


def test_many_hidden_rows_are_named_up_to_twenty_ranges_and_then_counted() -> None:
    rows = [
        plain(n, f"K{n}").replace(f'<row r="{n}"', f'<row r="{n}" hidden="1"') if n % 2 else plain(n, f"K{n}")
        for n in range(2, 62)
    ]
    [note] = of_xlsx(book(heads(), *rows)).notes
    assert note[3].startswith("rows 3, 5, 7, 9, 11,")
    assert note[3].partition(" are hidden")[0].endswith("39, 41 and 10 more")


def test_merged_cells_that_cover_too_much_are_refused() -> None:
    merged = '<mergeCells><mergeCell ref="B2:ALL1048576"/></mergeCells>'
    assert refusal_of(book(heads(), plain(2), after=merged), xlsx=True) == (
        "the merged cells of the file cover more than 2000000 cells; unmerge them"
    )


def test_a_merged_heading_does_not_move_the_columns_beside_it() -> None:
    workbook = openpyxl.Workbook()
    sheet_ = workbook.active
    assert sheet_ is not None
    sheet_.append(["Description", None, "Qty", "Part number"])
    sheet_.append(["Motor", "brushless", 4, "M-1"])
    sheet_.merge_cells("A1:B1")
    assert of_xlsx(saved(workbook)) == Outcome(
        {2: {"key": "M-1", "name": "Motor", "partNumber": "M-1", "quantity": "4"}}, unread=["B"]
    )


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_not_read(state: str) -> None:
    hidden, seen = sheet(heads(), plain(2, "secret")), sheet(heads(), plain(2))
    assert of_xlsx(packed(parts(hidden, seen, states=(state, "visible")))) == Outcome({2: A_LINE})
    assert (
        refusal_of(packed(parts(seen, states=(state,))), xlsx=True)
        == f"{MESSAGE_HEADINGS.format(HEADINGS_WITHIN)}; sheets that are hidden are not read"
    )


def test_a_sheet_without_headings_beside_the_table_is_passed_over() -> None:
    notes, table = sheet(row(1, cell("A1", "Toelichting"))), sheet(heads(), plain(2))
    assert of_xlsx(packed(parts(notes, table, notes))) == Outcome({2: A_LINE})


def test_formulas_are_read_as_what_they_last_gave_and_refused_where_they_gave_nothing() -> None:
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet_ = workbook.add_worksheet()
    sheet_.write_row(0, 0, HEAD)
    sheet_.write_row(1, 0, ("A", "B"))
    sheet_.write_formula(1, 2, "=2+2", None, 4)
    sheet_.write_row(2, 0, ("C", "D"))
    sheet_.write_formula(2, 2, '=IF(1,"","")', None, "")
    workbook.close()
    assert of_xlsx(file.getvalue()).lines[2] == {"key": "A", "name": "B", "quantity": "4"}
    uncomputed = openpyxl.Workbook()
    assert uncomputed.active is not None
    for cells in (HEAD, ("A", "=1+1", 1), ("B", "#REF!", "=1/0")):
        uncomputed.active.append(cells)
    assert of_xlsx(saved(uncomputed)) == Outcome(
        {2: {"key": "A", "quantity": "1"}, 3: {"key": "B"}},
        refused=[
            (2, "B name", "name", MESSAGE_UNCOMPUTED),
            (3, "B name", "name", "holds the error #REF!; correct it, or empty the cell"),
            (3, "C quantity", "quantity", MESSAGE_UNCOMPUTED),
        ],
    )


def test_an_empty_text_that_a_formula_gave_is_an_empty_cell() -> None:
    empty = '<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>'
    assert of_xlsx(book(heads(), row(2, cell("A2", "A"), empty, cell("C2", "1", "n")))).lines == {
        2: {"key": "A", "quantity": "1"}
    }


STYLES = (
    '<numFmts count="6"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="[$$-409]#,##0.00"/><numFmt numFmtId="166" formatCode="[$€-413] #,##0.00"/>'
    '<numFmt numFmtId="167" formatCode="&quot;£&quot;#,##0.00"/><numFmt numFmtId="168" formatCode="#,##0 &quot;pcs&quot;"/>'
    '<numFmt numFmtId="169" formatCode="0&quot; days&quot;"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    "<cellXfs>" + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 164, 165, 166, 167, 14, 168, 4, 169)) + "</cellXfs>"
)
DATED = ("key", "name", "quantity", "evidence.expiresOn", "unitValue")


def styled(value: str, place: str, style: int, **kinds: str) -> Outcome:
    """What comes of one number, shown in a style."""
    number = cell(f"{place}2", value, "n", style)
    return of_xlsx(book(heads(1, DATED), row(2, cell("A2", "A"), cell("B2", "B"), number), styles=STYLES, **kinds))


@pytest.mark.parametrize(
    ("serial", "style", "date1904", "day"),
    [
        ("46934", 1, "0", "2028-06-30"),
        ("46934.75", 5, "0", "2028-06-30"),
        ("45472", 1, "1", "2028-06-30"),
        ("59", 1, "0", "1900-02-28"),
        ("61", 1, "0", "1900-03-01"),
        ("2958465.9", 1, "0", "9999-12-31"),
        ("2957003", 1, "1", "9999-12-31"),
    ],
)
def test_a_date_of_a_spreadsheet_is_that_day_in_either_count(serial: str, style: int, date1904: str, day: str) -> None:
    assert styled(serial, "D", style, date1904=date1904).lines[2]["evidence"] == {"expiresOn": day}


@pytest.mark.parametrize(("serial", "date1904"), [("2958466", "0"), ("2957004", "1"), ("0", "0")])
def test_a_date_beyond_the_calendar_is_refused(serial: str, date1904: str) -> None:
    [fault] = styled(serial, "D", 1, date1904=date1904).refused
    assert fault[3] == "does not hold a date that can be read; write it as 2026-11-21"


@pytest.mark.parametrize("style", [0, 3, 7])
@pytest.mark.parametrize("value", ["12.5", "1.148", "1148"])
def test_a_number_is_exact_however_it_is_shown_in_euros(value: str, style: int) -> None:
    found = styled(value, "E", style)
    assert (found.lines[2]["unitValue"], found.refused) == ({"amount": value}, [])


def test_a_lead_time_that_is_shown_in_days_is_refused_as_if_it_were_written() -> None:
    number = cell("D2", "5", "n", 8)
    found = of_xlsx(
        book(heads(1, (*HEAD, "leadTimeWeeks")), row(2, cell("A2", "A"), cell("B2", "B"), number), styles=STYLES)
    )
    assert [fault[3] for fault in found.refused] == [MESSAGE_WEEKS]


@pytest.mark.parametrize("style", [2, 4])
def test_a_number_shown_in_another_currency_is_refused_as_if_it_were_written(style: int) -> None:
    assert styled("12.5", "E", style).refused == [(2, "E unitValue", "unitValue", MESSAGE_EUROS)]


@pytest.mark.parametrize("code", ["", "0.0%", "0&quot; x&quot;%"])
def test_a_number_shown_as_a_percentage_is_refused_as_if_it_were_written(code: str) -> None:
    formats = f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>' if code else ""
    styles = f'{formats}<cellXfs><xf numFmtId="{164 if code else 9}"/></cellXfs>'
    found = of_xlsx(book(heads(), row(2, cell("A2", "A"), cell("B2", "B"), cell("C2", "0.5", "n", 0)), styles=styles))
    assert found.refused == [(2, "C quantity", "quantity", MESSAGE_PLAIN)]


def test_places_of_styles_and_texts_without_end_are_places_where_nothing_stands() -> None:
    endless = "9" * 5_000
    quantity = f'<c r="C2" s="{endless}"><v>1</v></c>'
    styles = f'<cellXfs><xf numFmtId="{endless}"/></cellXfs>'
    found = of_xlsx(book(heads(), row(2, cell("A2", "A"), cell("B2", endless, "s"), quantity), styles=styles))
    assert found.lines == {2: {"key": "A", "quantity": "1"}}
    assert found.refused == [(2, "B name", "name", "refers to a text that is not in the file; write it again")]


def test_rows_that_go_back_are_refused_because_one_would_pass_for_the_headings() -> None:
    with pytest.raises(UnreadableFile, match="row 1 of the file comes after row 2"):
        of_xlsx(book(heads(), plain(2), plain(1)))


@pytest.mark.parametrize(
    ("value", "place", "style", "why"),
    [
        ("46934", "D", 0, MESSAGE_DAY), ("46934", "B", 1, MESSAGE_DATE_AS_TEXT), ("1e15", "B", 0, MESSAGE_LONG_NUMBER),
        ("46934", "E", 1, "is a date; format the cell as a number"),
        ("x", "E", 0, "does not hold a number that can be read; write it again"),
        ("-1", "D", 1, "does not hold a date that can be read; write it as 2026-11-21"),
        ("99999999", "D", 1, "does not hold a date that can be read; write it as 2026-11-21"),
        ("1e999", "D", 1, "does not hold a date that can be read; write it as 2026-11-21"),
        ("0.5", "D", 1, "does not hold a date that can be read; write it as 2026-11-21"),
        ("0.1234567", "E", 0, "has more than 6 decimals; round it to 6"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused_at_its_cell(value: str, place: str, style: int, why: str) -> None:
    assert [fault[3] for fault in styled(value, place, style).refused] == [why]


def test_numbers_that_are_names_and_numbers_that_are_sums_are_read_as_they_are_shown() -> None:
    found = of_xlsx(
        book(
            heads(), row(2, cell("A2", "1001", "n"), cell("B2", "4711.5", "n"), cell("C2", "0.30000000000000004", "n"))
        )
    )
    assert found.lines == {2: {"key": "1001", "name": "4711.5", "quantity": "0.3"}}


def test_text_comes_together_from_its_runs_without_how_it_is_pronounced() -> None:
    shared = "<si><r><t>Mo</t></r><r><t>tor</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D__x000A_b_x005F_x0041_ _xD800_</t></si>"
    cells = [cell("A2", "0", "s"), cell("B2", "1", "s"), cell("C2", "1", "n")]
    spoken = '<c r="B3" t="inlineStr"><is><r><t>On</t></r> <r><t>e</t></r><rPh><t>x</t></rPh></is></c>'
    found = of_xlsx(book(heads(), row(2, *cells), row(3, cell("A3", "9", "s"), spoken), shared=shared))
    assert found.lines == {2: {"key": "Motor", "name": "a b_x0041_ _xD800_", "quantity": "1"}, 3: {"name": "One"}}
    assert found.refused == [(3, "A key", "key", "refers to a text that is not in the file; write it again")]


def test_another_prefix_the_strict_format_and_cells_without_places_are_the_same_table() -> None:
    text = sheet(heads(), plain(2))
    prefixed = text.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    placeless = text
    for place in ("A1", "B1", "C1", "A2", "B2", "C2", "1", "2"):
        placeless = placeless.replace(f' r="{place}"', "")
    for variant in (text, prefixed, placeless, sheet(heads(), plain(2), main=STRICT)):
        assert of_xlsx(packed(parts(variant))) == Outcome({2: A_LINE})


def test_rows_that_the_file_leaves_out_are_blank_and_truths_are_words() -> None:
    found = of_xlsx(book(heads(3), row(6, cell("A6", "1", "b"), cell("B6", "0", "b"), cell("C6", "2", "n"))))
    assert found == Outcome(
        {6: {"key": "TRUE", "name": "FALSE", "quantity": "2"}}, {1: "blank", 2: "blank", 4: "blank", 5: "blank"}
    )


def test_a_cell_out_of_order_or_beyond_the_headings_stays_where_it_is() -> None:
    cells = [cell("C2", "1", "n"), cell("F2", "beside"), cell("B2", "B"), cell("A2", "A")]
    assert of_xlsx(book(heads(), row(2, *cells))) == Outcome({2: A_LINE}, unread=["F"])


def test_text_that_only_looks_like_a_formula_is_text_in_a_workbook() -> None:
    found = of_xlsx(book(heads(), plain(2, "=A", "'=B"), plain(3, "+5V", "'n/a")))
    assert [(line["key"], line["name"]) for line in found.lines.values()] == [("=A", "=B"), ("+5V", "n/a")]


CONNECTION = '<connections><connection id="1" name="x" type="{}"/></connections>'


def test_an_import_of_a_text_file_keeps_its_values_and_every_other_connection_is_refused() -> None:
    query = {"xl/queryTables/queryTable1.xml": "<queryTable/>"}
    assert of_xlsx(packed({**a_book(), **query, "xl/connections.xml": CONNECTION.format(6)})) == Outcome({2: A_LINE})
    why = (
        "the file fetches data from elsewhere; in the program, choose Data, Queries & Connections, delete what is listed there "
        "(the values in the cells stay), and save it again"
    )
    both = CONNECTION.format(6).replace("</connections>", '<connection type="5"/></connections>')
    web = CONNECTION.format(6).replace('"/>', '"><webPr/></connection>')
    without = CONNECTION.replace(' type="{}"', "")
    for text in (*(CONNECTION.format(kind) for kind in (1, 4, 5, 7, 8, "")), both, web, without, "<connections/>"):
        assert refusal_of(packed({**a_book(), "xl/connections.xml": text}), xlsx=True) == why, text
        assert refusal_of(packed({**a_book(), **query, "XL/Connections.xml": text}), xlsx=True) == why, text


def a_book(**others: str | bytes) -> Parts:
    """The parts of a good workbook, and others."""
    return {**parts(sheet(heads(), plain(2))), **others}


MACROS = "the file holds macros, which are never opened; save it as an Excel workbook (.xlsx) without macros"
NO_XLSX = "the file is an archive, but not an XLSX file; save it as an Excel workbook (.xlsx)"
BOMB = "the file unpacks to more than 200 MB, or to over 500 times its size; remove what is not needed"
UNSAFE = [
    pytest.param(b"", "the file is empty; give a row of headings, and a row", id="nothing"),
    pytest.param(b"key,name,quantity\n", "the file is text, not XLSX; send it with the content type text/csv", id="CSV"),
    pytest.param(b"PK\x03\x04 and nothing more", "the file is not an XLSX file; save it as an Excel", id="no archive"),
    pytest.param(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file is encrypted, or a document of another kind; save", id="encrypted"
    ),
    pytest.param(packed({"content.xml": "<a/>"}), NO_XLSX, id="another archive"),
    pytest.param(packed({"[Content_Types].xml": "<a/>"}), NO_XLSX, id="no workbook"),
    pytest.param(packed({**a_book(), "_rels/.rels": "<a/>"}), NO_XLSX, id="a workbook that nothing leads to"),
    pytest.param(packed(a_book(**{"xl/vbaProject.bin": b"x"})), MACROS, id="macros"),
    pytest.param(packed(a_book(**{"xl/macrosheets/sheet1.xml": "<a/>"})), MACROS, id="old macros"),
    pytest.param(
        packed(a_book(**{"[Content_Types].xml": '<T t="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'})),
        MACROS,
        id="a workbook for macros",
    ),
    pytest.param(packed(a_book(**{"xl/externalLinks/externalLink1.xml": "<a/>"})), "the file links to", id="links"),
    pytest.param(packed(a_book(**{"xl/connections.xml": "<a/>"})), "the file fetches data from", id="connections"),
    pytest.param(packed(a_book(**{"xl/queryTables/queryTable1.xml": "<a/>"})), "the file fetches data", id="queries"),
    pytest.param(
        packed(a_book(**{"xl/embeddings/oleObject1.bin": b"x"})), "other files are embedded in", id="embedded"
    ),
    pytest.param(packed(a_book(**{"xl/activeX/activeX1.bin": b"x"})), "the file holds ActiveX controls", id="controls"),
    pytest.param(packed(a_book(), zipfile.ZIP_BZIP2), "the file is compressed in a way that", id="other packing"),
    pytest.param(packed(a_book(**{"xl/media/a.bin": b"\0" * 30_000_000})), BOMB, id="a zip bomb"),
    pytest.param(packed(a_book(**{"xl/styles.xml": "<styleSheet"})), "the file's part xl/styles.xml is", id="half XML"),
    pytest.param(packed(a_book(**{f"xl/m{n}": "" for n in range(2000)})), "the file has more than 2000", id="parts"),
    pytest.param(packed(a_book(**{"XL/workbook.xml": "<a/>"})), "the file has more than 2000 parts", id="twins"),
    pytest.param(
        packed({name: text for name, text in a_book().items() if "sheet1" not in name}),
        "the file's part xl/worksheets/sheet1.xml is missing or damaged",
        id="a sheet that is not there",
    ),
    pytest.param(
        book(heads(), row(2, cell("A2", "x" * 32_768))), "cell A2 holds 32768 characters, and a cell holds", id="a giant cell"
    ),
    pytest.param(book(heads(), row(2, cell("A2", "x" * 900_000))), "a cell of the file holds more than", id="endless"),
    pytest.param(
        book(heads(), row(2, cell("A2", "0", "s")), shared=f"<si><t>{'x' * 900_000}</t></si>"),
        "a cell of the file holds more than 32767 characters",
        id="an endless shared text",
    ),
    pytest.param(book(heads(), row(2, cell("ALM2", "x"))), "a cell of row 2 is beyond the 1000 columns that are read", id="wide"),
    pytest.param(book(heads(), row(2, cell("a2", "x"))), "the file holds a cell without", id="a cell nowhere"),
    pytest.param(book(heads(), plain(1_048_576)), "the file goes on below row 200000", id="too long"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "why"), UNSAFE)
def test_a_workbook_that_cannot_be_used_or_is_not_safe_says_why(raw: bytes, why: str) -> None:
    assert refusal_of(raw, xlsx=True).startswith(why)


ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part",
    [
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
    ],
)
def test_a_part_that_defines_entities_is_refused(part: str) -> None:
    found = {**parts(sheet(heads(), plain(2)), styles=STYLES, shared="<si><t>x</t></si>")}
    found[part] = ENTITIES + str(found[part])
    assert refusal_of(packed(found), xlsx=True).startswith(
        "the file holds a DOCTYPE, which no spreadsheet program writes"
    )


def test_an_encrypted_part_is_refused() -> None:
    raw = bytearray(packed(a_book()))
    place = raw.index(b"PK\x01\x02") + 8
    raw[place] |= 1
    assert refusal_of(bytes(raw), xlsx=True).startswith("the file is encrypted; save it as an Excel workbook")


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused() -> None:
    whole = a_book()
    long = str(whole["xl/worksheets/sheet1.xml"]).replace("</sheetData>", " " * 200_000 + plain(3) + "</sheetData>")
    raw = bytearray(packed({**whole, "xl/worksheets/sheet1.xml": long}))
    name = b"xl/worksheets/sheet1.xml"
    struct.pack_into("<I", raw, raw.rindex(name) - 46 + 24, 1000)
    with pytest.raises(
        UnreadableFile, match=r"part xl/worksheets/sheet1.xml is (not well-formed XML|missing or damaged)"
    ):
        list(read_xlsx(bytes(raw)).lines)


def test_what_is_unpacked_is_counted_whatever_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = book(heads(), plain(2), after=f"<!--{' ' * 500_000}-->" * 6)
    assert of_xlsx(raw) == Outcome({2: A_LINE})
    archive = archives.Archive(raw)
    monkeypatch.setattr(archives, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(UnreadableFile, match="the file unpacks to more than"):
        list(archive.pieces("xl/worksheets/sheet1.xml"))
    assert refusal_of(raw, xlsx=True).startswith("the file unpacks to more than")


def test_merged_cells_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.intake.tables.merged_cells._MAX_MERGED", 3)
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(10, 14))
    assert refusal_of(book(heads(), plain(2), after=f"<mergeCells>{merged}</mergeCells>"), xlsx=True) == (
        "the file has more than 3 merged cells; unmerge them"
    )


def test_a_real_day_and_an_iso_day_in_text_are_the_same_and_other_spellings_are_refused() -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for cells in (
        DATED[:4],
        ("A", "A", 1, dt.date(2028, 6, 30)),
        ("B", "B", 1, "2028-06-30"),
        ("C", "C", 1, "30-06-2028"),
        ("D", "D", 1, "2028-06-31"),
    ):
        workbook.active.append(cells)
    found = of_xlsx(saved(workbook))
    assert [line.get("evidence") for line in found.lines.values()] == [{"expiresOn": "2028-06-30"}] * 2 + [None] * 2
    assert [fault[0] for fault in found.refused] == [4, 5]


def test_texts_without_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.intake.tables.workbooks._MAX_TEXTS", 3)
    raw = book(heads(), row(2, cell("A2", "0", "s")), shared="<si><t>x</t></si>" * 4)
    assert refusal_of(raw, xlsx=True).startswith("the file holds more than 3 texts")
