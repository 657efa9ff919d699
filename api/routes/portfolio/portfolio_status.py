"""The status of the portfolio, as JSON or CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from api.exports.portfolio_status import PortfolioStatus, StatusLine, status_of
from api.exports.tables import csv_of, headers_of
from api.http.auth import Read, RequiresRead
from api.http.media import CSV, JSON
from api.http.route import Route, accepted, chosen
from api.http.service import service_of
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["portfolio-status"])
Reads = Annotated[Read, RequiresRead(Permission.READ_STATUS)]
FORMATS = [JSON, CSV]


class StatusQuery(BaseModel):
    """The status takes no parameters: it is that of today."""

    model_config = ConfigDict(extra="forbid")


@router.get(
    "/portfolio-status",
    response_model=PortfolioStatus,
    openapi_extra={"x-formats": FORMATS},
    responses={200: {"content": {CSV: {"schema": {"type": "string"}, "example": "kind,id,key,code,title\r\n"}}}},
)
async def get_portfolio_status(
    request: Request, _query: Annotated[StatusQuery, Query()], read: Reads
) -> PortfolioStatus | StreamingResponse:
    """Where every lot and challenge stands today, against the original and the current baseline.

    As CSV: a row per lot and challenge, `kind` first, nested keys as dotted headers.
    """
    document = await status_of(read.session, read.context, service_of(request).clock())
    if chosen(accepted(request), FORMATS) != CSV:
        # Its digest is its tag, so that the moment of its making does not change the tag.
        read.response.headers["ETag"] = f'"{document.digest[:16]}"'
        return document
    rows = [
        {"kind": kind, **line.model_dump(mode="json", by_alias=True)}
        for kind, lines in (("lot", document.lots), ("challenge", document.challenges))
        for line in lines
    ]
    tag = {"ETag": f'"{document.digest[:16]}-csv"'}
    return StreamingResponse(
        csv_of(["kind", *headers_of(StatusLine)], rows), media_type="text/csv; charset=utf-8", headers=tag
    )
