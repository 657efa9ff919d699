"""Uploads of components: read by content type, in a thread, before the transaction begins.

The readers in `api.intake` know the formats; the actions decide what is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.http.large_bodies import LineKind, split_lines, upload
from api.http.negotiation import CSV, CYCLONEDX, JSON, TSV, XLSX
from api.http.problems import HttpProblem
from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.main_component import column_of
from api.intake.large_bytes import LargeBytes, pieces_of
from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused, UnreadableFile
from api.intake.tables.csv_file import read_csv
from api.intake.tables.sheets import MAX_SHEETS, MESSAGE_NO_SHEETS
from api.intake.tables.xlsx_file import read_xlsx
from api.schemas.declarations import Component, ComponentsBody, as_stored
from api.schemas.faults import fault_of
from domain.declarations.components import MAX_COMPONENTS, CheckedLines
from domain.errors import Fault

SystemModel = TypeVar("SystemModel", bound=BaseModel)
COMPONENTS = LineKind(Component, as_stored, MAX_COMPONENTS)
_split_json = split_lines(ComponentsBody, COMPONENTS, lines=("components",))


def _json(raw: LargeBytes) -> ParsedFile:
    given, faults = _split_json(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    return ParsedFile(Format.JSON, (ParsedLine(row, line) for row, line in enumerate(given, 1)), refused=refused)


def _in_memory(raw: LargeBytes) -> bytes:
    """The whole file, which takes a quarter of what the same lines take as JSON."""
    return raw if isinstance(raw, bytes) else b"".join(pieces_of(raw))


READERS: Mapping[str, Callable[[LargeBytes], ParsedFile]] = {
    JSON: _json,
    CSV: lambda raw: read_csv(_in_memory(raw)),
    TSV: lambda raw: read_csv(_in_memory(raw)),
    CYCLONEDX: read_cyclonedx,
}
"""The reader of a file without sheets, by its content type."""
SHEET_READERS: Mapping[str, Callable[[LargeBytes, Sequence[str]], ParsedFile]] = {
    XLSX: lambda raw, sheets: read_xlsx(_in_memory(raw), sheets),
}
"""The reader of a file with sheets, given the names of those to read, by its content type."""


def _checked(raw: LargeBytes, media_type: str, sheets: Sequence[str] = ()) -> CheckedUpload:
    with _refusing_unreadable():
        if media_type in SHEET_READERS:
            return check(SHEET_READERS[media_type](raw, sheets))
        if sheets:
            raise HttpProblem(400, MESSAGE_NO_SHEETS, [Fault("/query/sheet", MESSAGE_NO_SHEETS)])
        return check(READERS[media_type](raw))


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Raises 400 where the file cannot be read at all."""
    try:
        yield
    except UnreadableFile as error:
        raise HttpProblem(400, error.detail, [Fault("", error.detail)]) from None


def read_declaration(raw: LargeBytes, model: type[SystemModel]) -> tuple[SystemModel, CheckedLines]:
    """A whole declaration from a CycloneDX file: the system as a body, and the checked lines.

    Raises 400 where the file cannot be read or names no system, and RefusedLines with all faults of system and lines.
    """
    with _refusing_unreadable():
        bom = read_cyclonedx(raw)
        body = _system_of(bom, model)
        checked_upload = check(bom, may_be_empty=True)
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


class SheetQuery(BaseModel):
    """The sheets of a workbook to read."""

    model_config = ConfigDict(extra="forbid")

    sheet: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        default=[],
        max_length=MAX_SHEETS,
        description="A sheet of the workbook to read; several are read as one bill of materials. Without it, the first with "
        "a row of headings is read",
    )


def _sheets_of(request: Request) -> Sequence[str]:
    """The sheets that the query of a request names."""
    return request.query_params.getlist("sheet")


_ACCEPTED = (*READERS, *SHEET_READERS)
AnyUpload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=_ACCEPTED, options=_sheets_of)]
"""An uploaded file with its faults, however many."""
Upload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=_ACCEPTED, reports=True, options=_sheets_of)]
"""The same, of an operation that answers 400 with the report where anything is wrong."""
