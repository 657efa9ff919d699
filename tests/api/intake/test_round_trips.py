"""What is written is read back: by our own CSV and workbooks, and by readers and writers that others made."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from api.exports.components import DECIMALS, HEADERS
from api.exports.tables import CsvDialect, CsvTable
from api.intake.tables.archives import Archive
from api.intake.tables.csv_file import read_csv
from api.intake.tables.workbooks import Workbook
from api.intake.tables.xlsx_file import read_xlsx
from api.intake.templates import template_csv, template_xlsx, write_workbook
from api.schemas.declarations import Component, as_stored
from domain.declarations.component_columns import FIELDS
from tests.api.intake.components import Stored, tables
from tests.api.intake.outcomes import Outcome, of_csv, of_xlsx
from tests.support.properties import holds

CHECKED = TypeAdapter(list[Component])


def kept(outcome: Outcome) -> list[Stored]:
    """The lines of a file as they would be kept, by way of the check that every format's go through."""
    assert outcome.refused == []
    return list(as_stored(CHECKED.validate_python(list(outcome.lines.values()))))


def shortest(line: Stored) -> Stored:
    """A line with its numbers as a spreadsheet writes them: without zeros that count for nothing."""
    numbers = {FIELDS.index(field) for field in ("quantity", "unitValue", "stockWeeks", "leadTimeWeeks")}
    return tuple(
        text.rstrip("0").rstrip(".") if index in numbers and text and "." in text else text
        for index, text in enumerate(line)
    )


def exported(lines: Sequence[Stored], dialect: CsvDialect = CsvDialect.RFC4180) -> str:
    """Lines as the service exports them."""
    table = CsvTable(HEADERS, numbers=DECIMALS, dialect=dialect)
    return table.head() + table.lines(lines)


def test_the_headings_of_the_export_are_the_fields_that_are_read() -> None:
    assert HEADERS == FIELDS
    assert len(FIELDS) == 20


@pytest.mark.parametrize("dialect", CsvDialect)
@holds
@given(table=tables)
def test_what_is_exported_as_csv_is_read_back_to_the_letter(table: list[Stored], dialect: CsvDialect) -> None:
    assert kept(of_csv(exported(table, dialect).encode())) == table


@holds
@given(tables)
def test_what_is_written_as_a_workbook_is_read_back_with_the_same_values(table: list[Stored]) -> None:
    file = io.BytesIO()
    write_workbook(file, table)
    assert [shortest(line) for line in kept(of_xlsx(file.getvalue()))] == [shortest(line) for line in table]


def test_a_country_whose_code_reads_like_a_word_is_that_country_in_our_own_tables() -> None:
    line = tuple("NA" if field.endswith("Country") else "x" if field in ("key", "name") else None for field in FIELDS)
    line = tuple("1" if field == "quantity" else text for field, text in zip(FIELDS, line, strict=True))
    file = io.BytesIO()
    write_workbook(file, [line])
    for outcome in (of_xlsx(file.getvalue()), of_csv(exported([line]).encode())):
        assert [outcome.lines[row]["secondSourceCountry"] for row in outcome.lines] == ["NA"]


SHOWN = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9).map(lambda value: round(value, 4)),
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.none(),
)


@holds
@given(st.lists(st.lists(SHOWN, min_size=1, max_size=5), min_size=1, max_size=6))
def test_another_reader_sees_the_same_cells_in_a_workbook_that_another_program_wrote(rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for place, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            cell = book.active.cell(place, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    ours = Workbook(Archive(file.getvalue()))
    [sheet] = ours.sheets
    # The other reader gives an empty cell for one that holds only spaces.
    seen = {
        (row, index): value
        for row, cells in ours.rows(sheet)
        for index, value in enumerate(cells)
        if str(value).strip(" ")
    }
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0)
    told = {
        (row, index): value
        for row, cells in enumerate(theirs.to_python(skip_empty_area=False), 1)
        for index, value in enumerate(cells)
        if str(value).strip(" ")
    }
    assert seen == told


STATED = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
FILLED = [
    ("A", "", "Autopilot", "AP-7", "Maker", "control", 1, 1148.5, "NL", "NL", "NONE", "NONE", "DE", 12, 8.5),
    ("B", "A", "Motor", "0012", "Maker", "power", 4, 0.3, "cn", "China", "", "", "", "", ""),
]
READ_BACK = [
    ("A", None, "Autopilot", "AP-7", "Maker", "control", "1", "1148.5", "NL", "NL", "NONE", "NONE", "DE", "12", "8.5",
     "document", "2028-06-30", "https://example.org/a.pdf", "0" * 64, STATED),
    ("B", "A", "Motor", "0012", "Maker", "power", "4", "0.3", "CN", "CN", None, None, None, None, None,
     "none", None, None, None, None),
]  # fmt: skip
PROOFS = [("document", date(2028, 6, 30), "https://example.org/a.pdf", "0" * 64, STATED), ("", "", "", "", "")]


def test_the_empty_workbook_filled_in_is_read_without_a_complaint() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    sheet = book["Components"]
    assert [cell.value for cell in sheet[3]] == list(FIELDS)
    assert (sheet.freeze_panes, [v.formula1 for v in sheet.data_validations.dataValidation]) == (
        "B4",
        ['"none,selfDeclared,document,audited"'],
    )
    for place, cells in enumerate(zip(FILLED, PROOFS, strict=True), 4):
        for column, value in enumerate([value for part in cells for value in part], 1):
            sheet.cell(place, column).value = value if value != "" else None
    file = io.BytesIO()
    book.save(file)
    outcome = of_xlsx(file.getvalue())
    assert (kept(outcome), outcome.ignored, outcome.unread) == (READ_BACK, {1: "title", 2: "title"}, [])


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_empty_csv_filled_in_is_read_without_a_complaint(separator: str) -> None:
    rows = list(csv.reader(io.StringIO(template_csv().lstrip("\ufeff"), newline="")))
    file = io.StringIO()
    filled = [[*line, *proof] for line, proof in zip(FILLED, PROOFS, strict=True)]
    csv.writer(file, delimiter=separator).writerows([*rows, *filled])
    outcome = of_csv(("\ufeff" + file.getvalue()).encode())
    assert (kept(outcome), outcome.ignored, outcome.unread) == (READ_BACK, {1: "title", 2: "title"}, [])


def test_the_empty_tables_hold_no_lines_and_every_column() -> None:
    for found in (read_csv(template_csv().encode()), read_xlsx(template_xlsx())):
        assert (list(found.lines), list(found.columns), found.refused) == ([], list(FIELDS), [])


def test_the_second_sheet_tells_of_every_column_in_both_languages() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx()))["Help - Uitleg"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == list(FIELDS)
    assert all(all(row) for row in rows[1:])


def test_an_own_export_means_what_it_says_and_another_file_of_its_headings_is_read_as_any() -> None:
    line = ("A", None, "A", None, "unknown", None, "1.148", *[None] * 13)
    own = exported([line])
    assert of_csv(own.encode()).lines[2] == {"key": "A", "name": "A", "manufacturer": "unknown", "quantity": "1.148"}
    for changed in (own.replace(",", ";"), "Title\n" + own):
        found = of_csv(changed.encode())
        assert [fault[2] for fault in found.refused] == ["quantity"]
        assert [component.get("manufacturer") for component in found.lines.values()] == [None]


def test_an_own_export_for_excel_is_read_with_its_decimal_commas_and_only_as_it_was_written() -> None:
    line = ("A", None, "A", None, "unknown", None, "1.148", "12.50", *[None] * 12)
    own = exported([line], CsvDialect.EXCEL_NL)
    assert own.startswith("\ufeffkey;parentKey;")
    assert ";1,148;12,50;" in own
    assert of_csv(own.encode()).lines[2] == {
        "key": "A",
        "name": "A",
        "manufacturer": "unknown",
        "quantity": "1.148",
        "unitValue": {"amount": "12.50"},
    }
    saved_without_a_mark = own.removeprefix("\ufeff").replace("12,50", "")
    found = of_csv(saved_without_a_mark.encode())
    assert [fault[2] for fault in found.refused] == ["quantity"], "1,148 can mean two numbers in any other file"
