"""Uploads of components: read by content type, in a thread, before the transaction begins.

The readers in `api.intake` know the formats; the actions decide what is stored.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.http.large_bodies import LineKind, split_lines, upload
from api.http.negotiation import CSV, CYCLONEDX, JSON, TSV, XLSX
from api.http.problems import HttpProblem
from api.http.service import service_of
from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.main_component import column_of
from api.intake.large_bytes import LargeBytes, pieces_of
from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused, UnreadableFile
from api.intake.tables.conversions import currency_codes
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from api.schemas.declarations import Component, ComponentsBody, as_stored
from api.schemas.faults import fault_of
from domain.dates import day_of
from domain.declarations.components import MAX_COMPONENTS, CheckedLines
from domain.declarations.exchange_rates import ExchangeRate, exchange_rate
from domain.errors import Fault

MESSAGE_EMPTY = "the file holds no components and would empty the declaration; to empty it, send an empty list as JSON"
MESSAGE_TABLES_ONLY = (
    "a currency is stated only for a table (CSV or XLSX): every amount in JSON and CycloneDX is in euros; leave out currency, "
    "rate and rateDate, and give euros"
)
SystemModel = TypeVar("SystemModel", bound=BaseModel)
COMPONENTS = LineKind(Component, as_stored, MAX_COMPONENTS)
_split_json = split_lines(ComponentsBody, COMPONENTS, lines=("components",))


def _json(raw: LargeBytes) -> ParsedFile:
    given, faults = _split_json(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    return ParsedFile(Format.JSON, (ParsedLine(row, line) for row, line in enumerate(given, 1)), refused=refused)


class RateQuery(BaseModel):
    """The currency of the unit values of a table, with the rate by which they are converted to euros."""

    model_config = ConfigDict(extra="forbid")

    currency: str | None = Field(
        default=None,
        description="Code of ISO 4217 of the currency that unit values are in, unless they say euros; tables only",
        examples=["USD"],
    )
    rate: str | None = Field(default=None, description="Euros for one unit of the currency", examples=["0.9217"])
    rate_date: str | None = Field(
        default=None, alias="rateDate", description="The day that the rate is of", examples=["2026-11-20"]
    )


def _rate_of(request: Request) -> ExchangeRate | None:
    """The exchange rate in the query of a request. Raises BrokenRule where it cannot be used."""
    given = {name: request.query_params.get(name) for name in ("currency", "rate", "rateDate")}
    today = day_of(service_of(request).clock())
    return exchange_rate(given=given, currencies=currency_codes(), today=today)


Reader = Callable[[LargeBytes, ExchangeRate | None], ParsedFile]


def _in_memory(read: Callable[[bytes, ExchangeRate | None], ParsedFile]) -> Reader:
    """A reader that needs the whole file in memory, which takes a quarter of what the same lines take as JSON."""
    return lambda raw, rate: read(raw if isinstance(raw, bytes) else b"".join(pieces_of(raw)), rate)


def _in_euros(read: Callable[[LargeBytes], ParsedFile]) -> Reader:
    """A reader of a format in which every amount is in euros."""

    def reads(raw: LargeBytes, rate: ExchangeRate | None) -> ParsedFile:
        if rate is not None:
            raise UnreadableFile(MESSAGE_TABLES_ONLY)
        return read(raw)

    return reads


READERS: Mapping[str, Reader] = {
    JSON: _in_euros(_json),
    CSV: _in_memory(read_csv),
    TSV: _in_memory(read_csv),
    XLSX: _in_memory(read_xlsx),
    CYCLONEDX: _in_euros(read_cyclonedx),
}
"""The reader of a file, by its content type."""


def _checked(raw: LargeBytes, media_type: str, rate: ExchangeRate | None) -> CheckedUpload:
    with _refusing_unreadable():
        return check(READERS[media_type](raw, rate))


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Raises 400 where the file cannot be read at all."""
    try:
        yield
    except UnreadableFile as error:
        raise HttpProblem(400, error.detail, [Fault("", error.detail)]) from None


def _checked_or_refused(raw: LargeBytes, media_type: str, rate: ExchangeRate | None) -> CheckedUpload:
    checked_upload = _checked(raw, media_type, rate)
    if not checked_upload.lines_are_valid:
        checked_upload.refuse()
    if media_type != JSON and not checked_upload.rows:
        raise HttpProblem(400, MESSAGE_EMPTY, [Fault("", MESSAGE_EMPTY)])
    return checked_upload


def read_declaration(raw: LargeBytes, model: type[SystemModel]) -> tuple[SystemModel, CheckedLines]:
    """A whole declaration from a CycloneDX file: the system as a body, and the checked lines.

    Raises 400 where the file cannot be read or names no system, and RefusedLines with all faults of system and lines.
    """
    with _refusing_unreadable():
        bom = read_cyclonedx(raw)
        body = _system_of(bom, model)
        checked_upload = check(bom)
    checked_upload.refuse()
    assert body is not None, "a file without a valid system is refused above"
    return body, checked_upload.lines


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


AnyUpload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=READERS, options=_rate_of)]
"""An uploaded file with its faults, however many."""
Upload = Annotated[
    CheckedUpload, upload(ComponentsBody, _checked_or_refused, accepts=READERS, reports=True, options=_rate_of)
]
"""An uploaded file in which every line has the right shape; otherwise the request is answered 400 with the report."""
