"""Answers as CSV: the query parameter `dialect`, the response, and its ETag, which no other format of a resource shares."""

from collections.abc import AsyncIterable, Iterable
from typing import Annotated

from fastapi.responses import StreamingResponse
from pydantic import Field

from api.exports.tables import CsvDialect
from api.http.negotiation import CSV
from domain.errors import Fault, refuse

CSV_UTF8 = f"{CSV}; charset=utf-8"
DialectParameter = Annotated[
    CsvDialect | None,
    Field(
        description="How CSV is written, with `Accept: text/csv` only: `rfc4180` is the default; `excel-nl` is what a Dutch"
        " Excel opens, with semicolons, decimal commas and a byte-order mark"
    ),
]


def dialect_for(media_type: str, dialect: CsvDialect | None) -> CsvDialect:
    """The dialect to answer in. Raises BrokenRule where one is asked for and the answer is not CSV."""
    if dialect is not None and media_type != CSV:
        refuse([Fault("/query/dialect", f"is for CSV only: leave it out, or ask for CSV with Accept: {CSV}")])
    return dialect or CsvDialect.RFC4180


def csv_answer(
    content: Iterable[str] | AsyncIterable[str], digest: str, dialect: CsvDialect, version: int | None = None
) -> StreamingResponse:
    """CSV as a stream. `digest` is equal only for equal content; the version is that of the resource, where it is shown."""
    named = "csv" if dialect is CsvDialect.RFC4180 else f"csv-{dialect}"
    prefix = "" if version is None else f"v{version}-"
    return StreamingResponse(content, media_type=CSV_UTF8, headers={"ETag": f'"{prefix}{digest[:16]}-{named}"'})
