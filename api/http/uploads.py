"""Uploads of components: read by content type, in a thread, before the transaction begins.

The readers in `api.intake` know the formats; the actions decide what is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.http.large_bodies import LineKind, split_lines, upload
from api.http.negotiation import CSV, CYCLONEDX, CYCLONEDX_XML, JSON, ODS, TSV, XLS, XLSX
from api.http.problems import HttpProblem
from api.http.service import service_of
from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.main_component import column_of
from api.intake.cyclonedx.xml_file import read_cyclonedx_xml
from api.intake.encodings.detection import UTF_8
from api.intake.large_bytes import LargeBytes, pieces_of
from api.intake.ods.file import read_ods
from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused, UnknownSheet, UnreadableFile
from api.intake.recognition import unread_json
from api.intake.tables.conversions import currency_codes
from api.intake.tables.csv_file import read_csv
from api.intake.tables.sheets import MAX_SHEETS, MESSAGE_NO_SHEETS
from api.intake.tables.xlsx_file import read_xlsx
from api.intake.xls.file import read_xls
from api.schemas.declarations import Component, ComponentsBody, as_stored
from api.schemas.faults import fault_of
from domain.dates import day_of
from domain.declarations.components import MAX_COMPONENTS, CheckedLines
from domain.declarations.exchange_rates import ExchangeRate, exchange_rate
from domain.errors import Fault

MESSAGE_TABLES_ONLY = (
    "a currency is stated only for a table (CSV, XLSX, ODS or XLS): every amount in JSON and CycloneDX is in euros; "
    "leave out currency, rate and rateDate, and give euros"
)
SHEET = "/query/sheet"
SystemModel = TypeVar("SystemModel", bound=BaseModel)
COMPONENTS = LineKind(Component, as_stored, MAX_COMPONENTS)
_split_json = split_lines(ComponentsBody, COMPONENTS, lines=("components",))


def _json(raw: LargeBytes) -> ParsedFile:
    if unread := unread_json(raw):
        raise UnreadableFile(unread)
    given, faults = _split_json(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    lines = (ParsedLine(row, line) for row, line in enumerate(given, 1))
    return ParsedFile(Format.JSON, lines, refused=refused, encoding=UTF_8.label)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a table is to be read: the sheets of a workbook, and the rate by which unit values are converted to euros."""

    sheets: Sequence[str] = ()
    rate: ExchangeRate | None = None


def _in_memory(raw: LargeBytes) -> bytes:
    """The whole file in memory, which takes a quarter of what the same lines take as JSON."""
    return raw if isinstance(raw, bytes) else b"".join(pieces_of(raw))


def _csv(raw: LargeBytes, charset: str | None, options: ReadOptions) -> ParsedFile:
    return read_csv(_in_memory(raw), charset, options.rate)


Reader = Callable[[LargeBytes, str | None, ReadOptions], ParsedFile]
READERS: Mapping[str, Reader] = {
    JSON: lambda raw, _charset, _options: _json(raw),
    CSV: _csv,
    TSV: _csv,
    XLSX: lambda raw, _charset, options: read_xlsx(_in_memory(raw), options.sheets, options.rate),
    ODS: lambda raw, _charset, options: read_ods(_in_memory(raw), options.sheets, options.rate),
    XLS: lambda raw, _charset, options: read_xls(_in_memory(raw), options.sheets, options.rate),
    CYCLONEDX: lambda raw, _charset, _options: read_cyclonedx(raw),
    CYCLONEDX_XML: lambda raw, _charset, _options: read_cyclonedx_xml(raw),
}
"""The reader of a file, given its bytes, the charset that is stated with it, and how to read it, by its content type."""
WITH_SHEETS = frozenset({XLSX, ODS, XLS})
TABLES = WITH_SHEETS | {CSV, TSV}
CYCLONEDX_READERS: Mapping[str, Callable[[LargeBytes], Bom]] = {
    CYCLONEDX: read_cyclonedx,
    CYCLONEDX_XML: read_cyclonedx_xml,
}
"""The reader of a file that can be the whole of a declaration, by its content type."""


def _checked(raw: LargeBytes, media_type: str, charset: str | None, options: ReadOptions) -> CheckedUpload:
    if options.sheets and media_type not in WITH_SHEETS:
        raise HttpProblem(400, MESSAGE_NO_SHEETS, [Fault(SHEET, MESSAGE_NO_SHEETS)])
    if options.rate is not None and media_type not in TABLES:
        raise HttpProblem(400, MESSAGE_TABLES_ONLY, [Fault("/query/currency", MESSAGE_TABLES_ONLY)])
    with _refusing_unreadable():
        return check(READERS[media_type](raw, charset, options))


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Raises 400 where the file cannot be read at all."""
    try:
        yield
    except UnreadableFile as error:
        at = SHEET if isinstance(error, UnknownSheet) else ""
        raise HttpProblem(400, error.detail, [Fault(at, error.detail)]) from None


def read_declaration(raw: LargeBytes, media_type: str, model: type[SystemModel]) -> tuple[SystemModel, CheckedLines]:
    """A whole declaration from a CycloneDX file: the system as a body, and the checked lines.

    Raises 400 where the file cannot be read or names no system, and RefusedLines with all faults of system and lines.
    """
    with _refusing_unreadable():
        bom = CYCLONEDX_READERS[media_type](raw)
        body = _system_of(bom, model)
        checked_upload = check(bom, may_be_empty=True)
    checked_upload.refuse()
    assert body is not None, "a file without a valid system is refused above"
    return body, checked_upload.lines


def refuse_foreign_json(raw: LargeBytes) -> None:
    """Raises 400 where JSON is a bill of materials of another kind, which would be told as many unknown fields."""
    if unread := unread_json(raw):
        raise HttpProblem(400, unread, [Fault("", unread)])


def _system_of(bom: Bom, model: type[SystemModel]) -> SystemModel | None:
    if bom.declaration is None and not bom.refused:
        raise UnreadableFile("the file names no system; describe the declared system in metadata.component")
    try:
        return model.model_validate(bom.declaration or {})
    except ValidationError as error:
        for error_found in error.errors(include_url=False, include_input=False) if bom.declaration else ():
            fault = fault_of({**error_found, "loc": ("body", *error_found["loc"])})
            bom.refused.append(Refused(None, column_of(bom.declaration or {}, error_found["loc"]), None, fault.detail))
        return None


class TableQuery(BaseModel):
    """How a table is to be read: the sheets of a workbook, and the currency of the unit values with its rate."""

    model_config = ConfigDict(extra="forbid")

    sheet: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        default=[],
        max_length=MAX_SHEETS,
        description="A sheet of the workbook to read; several are read as one bill of materials. Without it, the first with "
        "a row of headings is read",
    )
    currency: str | None = Field(
        default=None,
        description="Code of ISO 4217 of the currency that unit values are in, unless they say euros; tables only",
        examples=["USD"],
    )
    rate: str | None = Field(default=None, description="Euros for one unit of the currency", examples=["0.9217"])
    rate_date: str | None = Field(
        default=None, alias="rateDate", description="The day that the rate is of", examples=["2026-11-20"]
    )


def _options_of(request: Request) -> ReadOptions:
    """How the query of a request says to read a table. Raises BrokenRule where the exchange rate cannot be used."""
    query = request.query_params
    given = {name: query.get(name) for name in ("currency", "rate", "rateDate")}
    today = day_of(service_of(request).clock())
    rate = exchange_rate(given=given, currencies=currency_codes(), today=today)
    return ReadOptions(query.getlist("sheet"), rate)


AnyUpload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=READERS, options=_options_of)]
"""An uploaded file with its faults, however many."""
Upload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=READERS, reports=True, options=_options_of)]
"""The same, of an operation that answers 400 with the report where anything is wrong."""
