"""Days in files lie in 1990 to 2100, as in every body: a table and a CycloneDX file are refused with the cell."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import read_cyclonedx
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from domain.declarations.component_columns import LINE
from tests.api.intake.boms import a_bom, a_part, raw, said

HEADINGS = ("key", "name", "quantity", "evidence.level", "evidence.expiresOn")
YEAR = "give a year between 1990 and 2100"


def _csv(day: str) -> CheckedUpload:
    return check(read_csv(f"{','.join(HEADINGS)}\na,Part,1,audited,{day}\n".encode()))


def _workbook(value: Any) -> CheckedUpload:
    book, written = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (HEADINGS, ("a", "Part", 1, "audited", value)):
        book.active.append(row)
    book.save(written)
    return check(read_xlsx(written.getvalue()))


def _date_cell(day: str) -> CheckedUpload:
    return _workbook(date.fromisoformat(day))


def _moment_cell(day: str) -> CheckedUpload:
    return _workbook(datetime.fromisoformat(f"{day}T18:30:00"))


def _cyclonedx(day: str) -> CheckedUpload:
    part = a_part("a", properties=said(quantity="1", evidence_level="audited", evidence_expiresOn=day))
    return check(read_cyclonedx(raw(a_bom(part))))


FILES = [_csv, _workbook, _date_cell, _moment_cell, _cyclonedx]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("day", ["1900-03-01", "1989-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_outside_is_refused_in_its_cell_and_the_line_with_it(
    file: Callable[[str], CheckedUpload], day: str
) -> None:
    upload = file(day)
    [refused] = upload.report().refused
    assert (refused.field, refused.detail, len(upload.lines.rows)) == ("evidence.expiresOn", YEAR, 0)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("day", ["1990-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_are_read(file: Callable[[str], CheckedUpload], day: str) -> None:
    upload = file(day)
    [row] = upload.lines.rows
    assert (list(upload.report().refused), row[LINE.index("evidence_expires_on")]) == ([], day)
