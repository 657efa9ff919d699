"""Small files that are made to take much time or memory: each is answered in little, and says what to do.

Before their causes were mended each of them took from several seconds to hours, or gigabytes, of the service itself.
"""

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from api.intake.checking import check
from api.intake.encodings.detection import sample_of
from api.intake.parsed import UnreadableFile
from api.intake.recognition import unread_as_table, unread_json, unread_markup
from api.intake.tables.archives import MAX_ENTRIES, MAX_TAG
from api.intake.tables.csv_file import MOST_ROWS, read_csv
from api.intake.tables.designators import count_designators
from api.intake.tables.number_formats import MESSAGE_INFINITE, MESSAGE_LONG_FORMAT, UnshownNumber, exact
from api.intake.tables.rows import MAX_CELL, MAX_ROWS
from api.intake.tables.styles import MAX_FORMATS, MAX_STYLES
from api.intake.tables.workbooks import MAX_SHEETS
from api.intake.tables.xlsx_file import read_xlsx
from api.intake.tables.xml_parts import MAX_DEPTH
from tests.api.intake.books import MAIN, OFFICE, book, cell, heads, packed, parts, plain, row, sheet

SECONDS = 1.5
"""Of processor time; each takes a tenth of it."""
STYLED = '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs>'
HEAD = "key,name,quantity"
SPACES, LINES = " " * 32_000, " \n" * 15_000
NESTED, TOO_DEEP = "<a>" * 70 + "</a>" * 70, f"than {MAX_DEPTH} levels"
MANY_FORMATS = "".join(f'<numFmt numFmtId="{number}" formatCode="{"0-" * 99}"/>' for number in range(9_000))


def formatted(code: str) -> bytes:
    """A workbook with a number in this format."""
    styles = f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>{STYLED}'
    return book(heads(), row(2, cell("A2", "a"), cell("B2", "b"), cell("C2", "1", "n", 1)), styles=styles)


def of_runs(run: str, count: int) -> bytes:
    """A workbook with a cell of so many runs."""
    runs = f'<c r="A2" t="inlineStr"><is>{run * count}</is></c>'
    return book(heads(), row(2, runs, cell("B2", "b"), cell("C2", "1", "n")))


def of_shared_runs(count: int) -> bytes:
    """A workbook with a shared text of so many runs."""
    cells = cell("A2", "0", "s"), cell("B2", "b"), cell("C2", "1", "n")
    return book(heads(), row(2, *cells), shared=f"<si>{'<r><t>a</t></r>' * count}</si>")


def merged(areas: str, rows: int = 2) -> bytes:
    """A workbook with merged areas, and rows below its headings."""
    body = (plain(number, f"k{number}") for number in range(2, rows + 1))
    return book(heads(), *body, after=f"<mergeCells>{areas}</mergeCells>")


def of_sheets(count: int) -> bytes:
    """A workbook that names one part as so many sheets."""
    found = parts(sheet(plain(1)))
    named = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(count))
    book_ = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>'
    return packed({**found, "xl/workbook.xml": book_})


def of_members(count: int) -> bytes:
    """An archive of so many empty files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(str(number), "")
    return file.getvalue()


BOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "elements within elements": (lambda: packed(parts(sheet(heads(), after=NESTED))), TOO_DEEP),
    "elements within elements of the styles": (lambda: book(heads(), styles=NESTED), TOO_DEEP),
    "elements within elements, which are rows and cells": (
        lambda: packed(parts(sheet(heads(), "<row><c>" * 40 + "</c></row>" * 40))), TOO_DEEP,
    ),
    "runs with text": (lambda: of_runs(f"<r><t>{'a' * 100}</t></r>", 40_000), f"than {MAX_CELL} characters"),
    "runs without text": (lambda: of_runs("<r><t></t></r>", 100_000), f"than {MAX_CELL} characters"),
    "runs of a shared text": (lambda: of_shared_runs(100_000), f"than {MAX_CELL} characters"),
    "tags that a comment only seems to hold": (lambda: merged(f"<!-- {'<mergeCell ' * 50_000} -->"), "no row"),
    "a comment without end": (lambda: book(heads(), after=f"<!--{'x' * 3 * MAX_TAG}-->"), f"more than {MAX_TAG} bytes"),
    "an attribute without end": (lambda: book(heads(), after=f'<a b="{"x" * 3 * MAX_TAG}"/>'), f"more than {MAX_TAG} bytes"),
    "number formats": (
        lambda: book(heads(), styles=f"<numFmts>{MANY_FORMATS}</numFmts>"), f"{MAX_FORMATS} number formats",
    ),
    "cell styles": (lambda: book(heads(), styles=f"<cellXfs>{'<xf/>' * 100_000}</cellXfs>"), f"than {MAX_STYLES} cell styles"),
    "sheets": (lambda: of_sheets(MAX_SHEETS + 1), f"than {MAX_SHEETS} visible sheets"),
    "members": (lambda: of_members(MAX_ENTRIES + 1), f"than {MAX_ENTRIES} parts"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_of_too_many_things_is_refused_and_says_of_which(name: str) -> None:
    made, detail = BOOKS[name]
    raw = made()
    assert len(raw) < 400_000
    before = time.process_time()
    if detail == "no row":
        assert check(read_xlsx(raw)).rows
    else:
        with pytest.raises(UnreadableFile, match=detail):
            check(read_xlsx(raw))
    assert time.process_time() - before < SECONDS


def test_what_is_just_allowed_is_read() -> None:
    deep = "<a>" * (MAX_DEPTH - 1) + "</a>" * (MAX_DEPTH - 1)
    assert check(read_xlsx(book(heads(), plain(2), after=deep))).rows.tolist() == [2]  # type: ignore[attr-defined]
    runs = check(read_xlsx(of_runs("<r><t>a</t></r>", 200)))
    assert [line[0] for line in runs.lines.rows] == ["a" * 200]


def test_merged_areas_where_nothing_is_read_cost_nothing() -> None:
    outside = "".join(f'<mergeCell ref="XFD{number}:XFD1048576"/>' for number in range(1, 19_000))
    below = "".join(f'<mergeCell ref="A{MAX_ROWS + number}:A1048576"/>' for number in range(1, 500))
    raw = merged(outside + below, rows=1_000)
    before = time.process_time()
    assert len(check(read_xlsx(raw)).rows) == 999
    assert time.process_time() - before < SECONDS


def test_a_merged_area_that_goes_on_below_what_is_read_is_applied_to_what_is_read() -> None:
    raw = book(heads(), plain(2), row(3, cell("A3", "B"), cell("C3", "2", "n")), after='<mergeCell ref="B2:B1048576"/>')
    with pytest.raises(UnreadableFile, match="cover more than"):
        read_xlsx(book(heads(), plain(2), after="".join(f'<mergeCell ref="{c}2:{c}1048576"/>' for c in "BCDEFGHIJKLM")))
    assert [line[2] for line in check(read_xlsx(raw)).lines.rows] == ["B", "B"]


def test_a_number_format_of_any_length_is_read_in_no_time() -> None:
    before = time.process_time()
    report = check(read_xlsx(formatted("[" * 240_000))).report()
    assert [(each.field, each.detail) for each in report.refused] == [("quantity", MESSAGE_LONG_FORMAT)]
    assert time.process_time() - before < SECONDS


@pytest.mark.parametrize("stored", ["1E999", "9E307", "1E29", "-1E300"])
def test_a_number_beyond_all_others_is_refused_at_its_cell(stored: str) -> None:
    styles = '<numFmts><numFmt numFmtId="200" formatCode="0.0"/></numFmts>' + STYLED
    for style in (0, 1):
        raw = book(heads(), row(2, cell("A2", "a"), cell("B2", "b"), cell("C2", stored, "n", style)), styles=styles)
        assert [each.field for each in check(read_xlsx(raw)).report().refused] == ["quantity"]


def test_an_infinite_number_shows_nothing() -> None:
    with pytest.raises(UnshownNumber) as refused:
        exact(float("inf"))
    assert refused.value.detail == MESSAGE_INFINITE


TABLES = {
    "spaces within a text": f"{HEAD}\na,é{SPACES}b,1\n",
    "spaces within a country": f"{HEAD},countryOfManufacture\na,b,1,a{SPACES}(x\n",
    "spaces within a part number": f"{HEAD},part number\na,b,1,a{SPACES}b\n",
    "lines within a part number": f'{HEAD},part number\na,b,1,"a{LINES}b"\n',
    "spaces within designators": f"ref des,name,quantity\nR1{SPACES}x,b,1\n",
    "a thousand spans of designators": f'ref des,name,quantity\n"{"R1-R9999 " * 3_500}",b,1\n',
    "a number of points": f"{HEAD}\na,b,{'.' * 32_000}x\n",
    "a line of spaces": f"x\n{' ' * 30_000}\n{HEAD}\na,b,1\n",
    "a line of spaces and dashes": f"x\n{' ' * 16_000}{'-' * 16_000}\n{HEAD}\na,b,1\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_long_cell_of_a_table_takes_time_in_proportion_to_its_length(name: str) -> None:
    before = time.process_time()
    assert len(check(read_csv(TABLES[name].encode())).report().columns) >= 3
    assert time.process_time() - before < SECONDS


@pytest.mark.parametrize(
    "line", [b"a" * 100_000 + b"\n\xff", b"a" * 23_000 + b",\xe9", b"\xb0\xe9" * 11_000, b"k,\xe9" + b"a" * 2_000_000]
)
def test_a_long_line_in_an_old_encoding_takes_time_in_proportion_to_its_length(line: bytes) -> None:
    before = time.process_time()
    with pytest.raises(UnreadableFile):
        check(read_csv(f"{HEAD}\n".encode() + line + b"\n")).refuse()
    assert time.process_time() - before < 8 * SECONDS
    assert len(sample_of(line)) <= 48_000


def test_blank_rows_without_end_are_refused() -> None:
    before = time.process_time()
    with pytest.raises(UnreadableFile, match=f"more than {MOST_ROWS} rows"):
        check(read_csv(f"{HEAD}\na,b,1\n".encode() + b"\n" * (MOST_ROWS + 10)))
    assert time.process_time() - before < 4 * SECONDS


@pytest.mark.parametrize(
    ("recognise", "head"),
    [
        (unread_json, b'{"@context":' + b" " * 60_000 + b"1}"),
        (unread_markup, b"<SpdxDocument " * 4_600),
        (unread_as_table, b"x\n" + b" " * 30_000 + b"-" * 30_000),
    ],
)
def test_a_file_is_recognised_in_time_in_proportion_to_its_head(
    recognise: Callable[[bytes], str | None], head: bytes
) -> None:
    before = time.process_time()
    recognise(head)
    assert time.process_time() - before < SECONDS


def test_long_lists_of_designators_are_still_counted() -> None:
    assert count_designators(", ".join(f"R{number}" for number in range(1, 3_001))) == 3_000
    assert count_designators("R1-R5000 C1 - C5000") == 10_000
    assert count_designators("R1-R5000 C1-C5001") is None


@pytest.mark.parametrize("lost", [1, 4, 40, 3_000])
def test_an_archive_that_lost_its_beginning_is_refused(lost: int) -> None:
    raw = book(heads(), *(plain(number, f"key {number * 7919}") for number in range(2, 2_000)))
    assert len(raw) > lost
    with pytest.raises(UnreadableFile):
        check(read_xlsx(raw[lost:]))
