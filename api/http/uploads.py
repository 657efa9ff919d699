"""Files of components: each read by its content type, in a thread, before a transaction begins.

What each format means belongs to its reader in the intake; what is stored of it, to the actions.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, TypeVar

from pydantic import BaseModel, ValidationError

from api.http.large_bodies import split_lines, upload
from api.http.negotiation import CSV, CYCLONEDX, JSON, TSV, XLSX
from api.http.problems import HttpProblem
from api.intake.checking import CheckedUpload, check
from api.intake.cyclonedx.file import Bom, read_cyclonedx
from api.intake.cyclonedx.stated import column_of_stated
from api.intake.parsed import Format, ParsedFile, ParsedLine, Refused, UnreadableFile
from api.intake.tables.csv_file import read_csv
from api.intake.tables.xlsx_file import read_xlsx
from api.schemas.declarations import Component, ComponentsBody
from api.schemas.faults import fault_of
from domain.declarations.components import MAX_COMPONENTS, CheckedLines
from domain.errors import Fault

MESSAGE_EMPTY = "the file holds no components and would empty the declaration; to empty it, send an empty list as JSON"
Stating = TypeVar("Stating", bound=BaseModel)
_IN_JSON = split_lines(ComponentsBody, lines=("components",), each=Component, most=MAX_COMPONENTS)


def _json(raw: bytes) -> ParsedFile:
    given, faults = _IN_JSON(raw)
    refused = [Refused(None, fault.pointer, None, fault.detail) for fault in faults]
    return ParsedFile(Format.JSON, (ParsedLine(row, line) for row, line in enumerate(given, 1)), refused=refused)


READERS: Mapping[str, Callable[[bytes], ParsedFile]] = {
    JSON: _json,
    CSV: read_csv,
    TSV: read_csv,
    XLSX: read_xlsx,
    CYCLONEDX: read_cyclonedx,
}
"""What reads a file, by its content type."""


def _checked(raw: bytes, media: str) -> CheckedUpload:
    with _readable():
        return check(READERS[media](raw))


@contextmanager
def _readable() -> Iterator[None]:
    """Makes a problem of a file that cannot be read at all."""
    try:
        yield
    except UnreadableFile as error:
        raise HttpProblem(400, error.detail, [Fault("", error.detail)]) from None


def _usable(raw: bytes, media: str) -> CheckedUpload:
    checked_upload = _checked(raw, media)
    if not checked_upload.has_shape:
        checked_upload.refuse()
    if media != JSON and not checked_upload.rows:
        raise HttpProblem(400, MESSAGE_EMPTY, [Fault("", MESSAGE_EMPTY)])
    return checked_upload


def declared(raw: bytes, model: type[Stating]) -> tuple[Stating, CheckedLines]:
    """A whole declaration from a CycloneDX file: what it says of the system as a body, and its lines.

    Raises a problem where the file cannot be read or names no system, and RefusedLines, with all that is wrong in both.
    """
    with _readable():
        bom = read_cyclonedx(raw)
        body = _stated(bom, model)
        checked_upload = check(bom)
    checked_upload.refuse()
    assert body is not None, "what cannot be read is refused"
    return body, checked_upload.given


def _stated(bom: Bom, model: type[Stating]) -> Stating | None:
    if bom.stated is None and not bom.refused:
        raise UnreadableFile("the file names no system; describe the declared system in metadata.component")
    try:
        return model.model_validate(bom.stated or {})
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False) if bom.stated else ():
            fault = fault_of({**wrong, "loc": ("body", *wrong["loc"])})
            bom.refused.append(Refused(None, column_of_stated(bom.stated or {}, wrong["loc"]), None, fault.detail))
        return None


AnyUpload = Annotated[CheckedUpload, upload(ComponentsBody, _checked, accepts=READERS)]
"""A file as it was read, with what is wrong with it."""
Upload = Annotated[CheckedUpload, upload(ComponentsBody, _usable, accepts=READERS, reports=True)]
"""A file in which every line can be read; else a problem with the report."""
