"""A table is read as a stream: ten times the lines take no more memory, and twice the bytes no second copy of them."""

import gc
import io
from collections.abc import Callable, Iterator

import pytest

from api.exports.tables import CsvTable
from api.intake.ods.file import read_ods
from api.intake.parsed import ParsedFile, UnreadableFile
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from api.intake.templates import write_workbook
from domain.declarations.component_columns import FIELDS
from tests.api.intake.ods_books import book as an_ods
from tests.api.intake.ods_books import cell, heads, row
from tests.support.memory import measured_memory

FEW, MANY = 500, 5_000
LINE = {
    "name": "Motor", "partNumber": "M-1", "manufacturer": "Maker", "functionGroup": "power", "quantity": "4",
    "unitValue": "62.4", "countryOfManufacture": "NL", "countryOfControl": "NL", "licenceCountry": "NONE",
    "exportRegime": "NONE", "secondSourceCountry": "DE", "stockWeeks": "12", "leadTimeWeeks": "8",
    "evidence.level": "document", "evidence.expiresOn": "2028-06-30", "evidence.uri": "https://example.org/a.pdf",
    "evidence.sha256": "0" * 64,
}  # fmt: skip


def lines(count: int) -> Iterator[tuple[str | None, ...]]:
    """So many lines, whose keys recur."""
    return (tuple({**LINE, "key": f"K{number % FEW}"}.get(field) for field in FIELDS) for number in range(count))


def a_csv(count: int) -> bytes:
    """A CSV file of so many lines."""
    table = CsvTable(FIELDS)
    return (table.head() + table.lines(lines(count))).encode()


def a_workbook(count: int) -> bytes:
    """A workbook of so many lines."""
    file = io.BytesIO()
    write_workbook(file, lines(count))
    return file.getvalue()


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No collection of garbage: where it happened to come decided how many finished buffers were counted."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def a_spreadsheet(count: int) -> bytes:
    """An OpenDocument spreadsheet of so many lines."""
    return an_ods(heads(*FIELDS), *(row(*(cell(text or "") for text in line)) for line in lines(count)))


@pytest.mark.parametrize(("made", "read"), [(a_csv, read_csv), (a_workbook, read_xlsx), (a_spreadsheet, read_ods)])
def test_memory_does_not_grow_with_the_lines(
    made: Callable[[int], bytes], read: Callable[[bytes], ParsedFile], uncollected: None
) -> None:
    sum(1 for _ in read(made(FEW)).lines)
    peaks = []
    for count in (FEW, MANY):
        raw = made(count)
        with measured_memory() as memory:
            read_lines = sum(1 for _ in read(raw).lines)
        peaks.append(memory.peak)
        assert read_lines == count
    assert peaks[1] < 1.5 * peaks[0], peaks


@pytest.mark.parametrize(
    "endless", [b"a," * 5_000_000, b"key,name,quantity\n" + b'"ab\ncd",' * 2_000_000, b"a" * 10_000_000]
)
def test_a_row_without_end_is_refused_before_it_is_held(endless: bytes) -> None:
    with measured_memory() as memory, pytest.raises(UnreadableFile):
        sum(1 for _ in read_csv(endless).lines)
    assert memory.peak < 3 * len(endless)


def test_what_recurs_in_a_column_is_held_once() -> None:
    first, second = list(read_csv(a_csv(FEW + 1)).lines)[::FEW]
    for field in ("key", "name", "partNumber", "manufacturer", "countryOfManufacture", "functionGroup"):
        assert first.component[field] is second.component[field]
