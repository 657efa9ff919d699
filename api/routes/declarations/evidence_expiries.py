"""Evidence expiries: which proof of active declarations expires when, and how many points that costs."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.actions.declarations.evidence_expiries import Expiry, ExpiryQuery, Group, expiries
from api.http.auth import Read, RequiresRead
from api.http.pagination import Page, cursor_of, link_next, place_of
from api.http.route import Route
from api.schemas.bodies import CalendarDay, Day, View
from domain.dates import Window
from domain.declarations.component_columns import MAX_COMPONENT_KEY
from domain.declarations.evidence_expiries import Place
from domain.errors import BrokenRule, Fault
from domain.permissions import Permission
from domain.scoring.exact import decimals
from domain.scoring.inputs import ComponentInput, Dimension, DimensionName, EvidenceLevel

router = APIRouter(route_class=Route, tags=["evidence-expiries"])
Reads = Annotated[Read, RequiresRead(Permission.READ_DECLARATIONS)]
A_YEAR = timedelta(days=365)


class EvidenceExpiry(View):
    """A proof that expires, and the points lost with it. Without a component or dimension it proves the design authority.

    Points are exact: each is worked out as if those before it had expired, so that together they are the whole loss.
    """

    declaration_id: UUID
    supplier_id: UUID
    component_key: str | None = Field(examples=["autopilot"])
    dimension: DimensionName | None
    level: EvidenceLevel = Field(examples=["document"])
    expires_on: Day = Field(description="The last day on which it counts")
    uri: str | None = Field(examples=["https://example.org/certificate.pdf"])
    sha256: str | None = Field(examples=["0" * 64])
    points: str | None = Field(
        description="By how much the unrounded score falls; null where there is no score", examples=["1.2500"]
    )
    score_before: str | None = Field(examples=["68.1"])
    score_after: str | None = Field(examples=["66.9"])


class EvidenceExpiryPage(Page[EvidenceExpiry]):
    """One page of expiries; it may hold fewer than asked for where declarations are large."""


class EvidenceExpiryQuery(BaseModel):
    """The window, and whose expiries."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most")] = 50
    cursor: Annotated[
        str | None,
        Field(max_length=2000, description="`nextCursor` of the page before; send it with the same window and filters"),
    ] = None
    first: CalendarDay | None = Field(
        default=None, alias="from", description="First day; today, where it is left out. Points fall from that day on"
    )
    until: CalendarDay | None = Field(
        default=None, description="Last day; 365 days after the first, where it is left out"
    )
    declaration_id: UUID | None = None
    lot_id: UUID | None = None
    challenge_id: UUID | None = None


@router.get("/evidence-expiries")
async def list_evidence_expiries(query: Annotated[EvidenceExpiryQuery, Query()], read: Reads) -> EvidenceExpiryPage:
    """Which proof of submitted and accepted declarations expires, by day, and by how many points the scores fall.

    A supplier sees its own, an assessor what is assigned to it. Returned and superseded declarations are not listed, nor
    sub-assemblies, whose proof does not count. Scores are worked out with the scheme and profile of the stored score.
    """
    parameters = {"id": query.declaration_id, "lot_id": query.lot_id, "challenge_id": query.challenge_id}
    filters = {column: value for column, value in parameters.items() if value is not None}
    window = _window(query, read.context.today)
    after = None if query.cursor is None else _after(query.cursor)
    found = await expiries(read.session, read.context, ExpiryQuery(window, filters, query.limit, after))
    cursor = None if found.is_last else _cursor(*found.end)
    link_next(read.request, read.response, cursor)
    return EvidenceExpiryPage(items=[_shown(expiry) for expiry in found.items], next_cursor=cursor)


def _window(query: EvidenceExpiryQuery, today: date) -> Window:
    """The requested days. Raises BrokenRule where they end before they begin."""
    first = query.first or today
    until = query.until or min(first, date.max - A_YEAR) + A_YEAR
    if until < first:
        raise BrokenRule.at(Fault("/query/until", f"is before {first}, the first day; give that day or a later one"))
    return Window(first, until)


def _cursor(group: Group, place: Place) -> str:
    return cursor_of(group[0].isoformat(), str(group[1]), str(place[0]), place[1])


def _after(cursor: str) -> tuple[Group, Place]:
    """The place in the list after which the page of this cursor begins."""

    def read(day: str, declaration_id: str, kind: str, key: str) -> tuple[Group, Place]:
        return (date.fromisoformat(day), UUID(declaration_id)), (int(kind[:1]), key[:MAX_COMPONENT_KEY])

    return place_of(cursor, read)


def _shown(expiry: Expiry) -> EvidenceExpiry:
    fall, statement = expiry.fall, expiry.fall.proof.statement
    return EvidenceExpiry(
        declaration_id=expiry.declaration_id,
        supplier_id=expiry.supplier_id,
        component_key=statement.key if isinstance(statement, ComponentInput) else None,
        dimension=statement.dimension if isinstance(statement, Dimension) else None,
        level=statement.evidence.level,
        expires_on=fall.proof.expires_on,
        uri=fall.proof.uri,
        sha256=fall.proof.sha256,
        points=None if fall.points is None else decimals(fall.points, 4),
        score_before=None if fall.before is None else decimals(fall.before, 1),
        score_after=None if fall.after is None else decimals(fall.after, 1),
    )
