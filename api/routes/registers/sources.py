"""The published documents that facts rest on."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field, StringConstraints

from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter
from api.http.paths import SourceId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.schemas.bodies import ONE_LINE, Body, CalendarDay, Day, Key, Line, Text, Uri, View, columns_of
from api.schemas.plain_texts import PlainLine
from api.schemas.references import ReferenceFilter, ReferenceReading, reading_of
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import OUTSIDE_ROLES, visible
from domain.permissions import Permission
from domain.registers import Source

router = APIRouter(route_class=Route, tags=["sources"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PUBLISHED)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_PUBLISHED, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]
_Reference = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=ONE_LINE, strip_whitespace=True), PlainLine
]


class SourceEdit(Body):
    """What may change of a source; its key never does, because facts quote it."""

    title: Line = Field(examples=["Kamerbrief voortgang APOS"])
    file: Line | None = Field(default=None, examples=["brief.pdf"])
    reference: _Reference | None = Field(default=None, examples=["36 800 K, D"])
    date: Day | None = Field(default=None, description="The date it bears")
    signed_by: list[Line] = Field(
        default_factory=list,
        max_length=20,
        description="Who signed it, each with function and name as printed",
        examples=[["de minister van Defensie, D. Yeşilgöz-Zegerius"]],
    )
    uri: Uri | None = Field(default=None, description="Where it is published officially; null if that is not known")
    note: Text | None = None


class SourceCreate(SourceEdit):
    """A new source."""

    key: Key = Field(examples=["apos-progress-2026"])


class SourceView(View):
    """A letter, reply or report."""

    COMPUTES = frozenset({"reference_reading"})

    id: UUID
    version: int
    key: str
    title: str
    file: str | None
    reference: str | None
    reference_reading: ReferenceReading | None = Field(description="How the reference is read; null without one")
    date: Day | None
    signed_by: list[str]
    uri: str | None
    note: str | None


class SourcePublic(View):
    """A letter, reply or report as suppliers and viewers see it: without the note of the office."""

    COMPUTES = frozenset({"reference_reading"})

    id: UUID
    key: str
    title: str
    file: str | None
    reference: str | None
    reference_reading: ReferenceReading | None = Field(description="How the reference is read; null without one")
    date: Day | None
    signed_by: list[str]
    uri: str | None


SourceAny = SourceView | SourcePublic


class SourcePage(Page[SourceAny]):
    """One page of sources."""


class SourceQuery(ListQuery):
    """Filters of sources."""

    TABLE = Source

    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    reference: ReferenceFilter | None = None
    date_from: CalendarDay | None = Field(default=None, description="Dated on this day or later")
    date_before: CalendarDay | None = Field(default=None, description="Dated before this day")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "key", "-key", "title", "-title", "date", "-date"] = "id"


@router.get("/sources")
async def list_sources(query: Annotated[SourceQuery, Query()], read: Reads) -> SourcePage:
    """The published documents that facts rest on."""
    rows, cursor = await read.page(visible(Source, read.context), query)
    view = _view(read)
    return SourcePage(items=[view.of(row, reference_reading=_reading(row)) for row in rows], next_cursor=cursor)


@router.post("/sources", status_code=201)
async def add_source(body: SourceCreate, write: Edits) -> SourceView:
    """Add a source, so that facts can quote it."""
    return _shown((await write.ledger.add(Source(**columns_of(body)))).model_dump())


@router.get("/sources/{sourceId}")
async def get_source(source_id: SourceId, read: ReadsOnce) -> SourceAny:
    """One source."""
    row = await one(read.session, visible(Source, read.context), source_id, Source)
    return _view(read).of(row, reference_reading=_reading(row))


@router.patch("/sources/{sourceId}")
async def change_source(
    source_id: SourceId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(SourceEdit)],
    write: Edits,
    match: IfMatch,
) -> SourceView:
    """Correct what is known of a source."""
    row = match.check(await write.load(Source, source_id))
    body = merged(SourceEdit, _shown(row.model_dump()), patch)
    return _shown((await write.update_if_changed(row, columns_of(body))).model_dump())


def _view(read: Read) -> type[SourceView] | type[SourcePublic]:
    return SourcePublic if read.context.actor.role in OUTSIDE_ROLES else SourceView


def _shown(row: Mapping[str, Any]) -> SourceView:
    return SourceView.of(row, reference_reading=_reading(row))


def _reading(row: Mapping[str, Any]) -> ReferenceReading | None:
    return None if row["reference"] is None else reading_of(row["reference"])
