"""The status of the portfolio, as JSON or CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from api.exports.portfolio_status import PortfolioStatus, StatusLine, kept_or_new
from api.exports.tables import CsvTable, decimals_of, headers_of
from api.http.auth import Read, RequiresRead
from api.http.csv_answers import DialectParameter, csv_answer, dialect_for
from api.http.negotiation import CSV, JSON, csv_example, offers
from api.http.route import Route
from api.http.service import service_of
from domain.permissions import Permission

router = APIRouter(route_class=Route, tags=["portfolio-status"])
Reads = Annotated[Read, RequiresRead(Permission.READ_STATUS)]
MediaType = Annotated[str, offers({CSV: csv_example("kind,id,key,code,title\r\n")})]


class StatusQuery(BaseModel):
    """The status is always today's."""

    model_config = ConfigDict(extra="forbid")

    dialect: DialectParameter = None


@router.get("/portfolio-status", response_model=PortfolioStatus)
async def get_portfolio_status(query: Annotated[StatusQuery, Query()], read: Reads, media_type: MediaType) -> Response:
    """The status of every lot and challenge today, against the original and the current baseline.

    As CSV: a row per lot and challenge, `kind` first, nested keys as dotted headers.
    """
    dialect = dialect_for(media_type, query.dialect)
    service = service_of(read.request)
    service.status = await kept_or_new(read.session, read.context, service.clock(), service.status)
    document = service.status.document
    if media_type != CSV:
        return Response(document.body, media_type=JSON, headers={"ETag": f'"{document.digest[:16]}"'})
    lines = document.lines()
    kinds = {"lot": lines["lots"], "challenge": lines["challenges"]}
    rows = [{"kind": kind, **line} for kind, of_kind in kinds.items() for line in of_kind]
    table = CsvTable(["kind", *headers_of(StatusLine)], numbers=decimals_of(StatusLine), dialect=dialect)
    return csv_answer(table.documents(rows), document.digest, dialect)
