"""Uploads of components: read by content type, in a thread, before the transaction begins.

The readers in `api.intake` know the formats; the actions decide what is stored.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, TypeVar

from pydantic import BaseModel, ValidationError

from api.http.large_bodies import LineKind, split_lines, upload
from api.http.negotiation import CSV, CYCLONEDX, JSON, TSV, XLSX
from api.http.problems import HttpProblem
from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.main_component import column_of
from api.intake.encodings.detection import UTF_8
from api.intake.large_bytes import LargeBytes, pieces_of
from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused, UnreadableFile
from api.intake.recognition import unread_json
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from api.schemas.declarations import Component, ComponentsBody, as_stored
from api.schemas.faults import fault_of
from domain.declarations.components import MAX_COMPONENTS, CheckedLines
from domain.errors import Fault

MESSAGE_EMPTY = "the file holds no components and would empty the declaration; to empty it, send an empty list as JSON"
SystemModel = TypeVar("SystemModel", bound=BaseModel)
COMPONENTS = LineKind(Component, as_stored, MAX_COMPONENTS)
_split_json = split_lines(ComponentsBody, COMPONENTS, lines=("components",))


def _json(raw: LargeBytes, _charset: str | None) -> ParsedFile:
    if unread := unread_json(raw):
        raise UnreadableFile(unread)
    given, faults = _split_json(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    lines = (ParsedLine(row, line) for row, line in enumerate(given, 1))
    return ParsedFile(Format.JSON, lines, refused=refused, encoding=UTF_8.label)


def _in_memory(raw: LargeBytes) -> bytes:
    """The whole file in memory, which takes a quarter of what the same lines take as JSON."""
    return raw if isinstance(raw, bytes) else b"".join(pieces_of(raw))


def _table(raw: LargeBytes, charset: str | None) -> ParsedFile:
    return read_csv(_in_memory(raw), charset)


READERS: Mapping[str, Callable[[LargeBytes, str | None], ParsedFile]] = {
    JSON: _json,
    CSV: _table,
    TSV: _table,
    XLSX: lambda raw, _charset: read_xlsx(_in_memory(raw)),
    CYCLONEDX: lambda raw, _charset: read_cyclonedx(raw),
}
"""The reader of a file, given its bytes and the charset that is stated with it, by its content type."""


def _checked(raw: LargeBytes, media_type: str, charset: str | None) -> CheckedUpload:
    with _refusing_unreadable():
        return check(READERS[media_type](raw, charset))


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Raises 400 where the file cannot be read at all."""
    try:
        yield
    except UnreadableFile as error:
        raise HttpProblem(400, error.detail, [Fault("", error.detail)]) from None


def _checked_or_refused(raw: LargeBytes, media_type: str, charset: str | None) -> CheckedUpload:
    checked_upload = _checked(raw, media_type, charset)
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


AnyUpload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=READERS)]
"""An uploaded file with its faults, however many."""
Upload = Annotated[CheckedUpload, upload(ComponentsBody, _checked_or_refused, accepts=READERS, reports=True)]
"""An uploaded file in which every line has the right shape; otherwise the request is answered 400 with the report."""
