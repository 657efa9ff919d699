"""Assessments and rebaselines of milestones: appended, never changed."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.actions.portfolio import milestones as actions
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.pagination import ListQuery, Page
from api.http.paths import AssessmentId, MilestoneId, RebaselineId
from api.http.route import Route
from api.schemas.bodies import (
    Body,
    Day,
    EvidenceItem,
    Identifier,
    Line,
    Reason,
    Text,
    View,
    WindowBody,
    columns_of,
)
from api.store.ledger import Write
from api.store.visibility import visible
from domain.dates import Window
from domain.permissions import Permission
from domain.portfolio.milestones import Assessment, Basis, Milestone, Outcome, Rebaseline

router = APIRouter(route_class=Route, tags=["milestones"])
ReadsAssessments = Annotated[Read, RequiresRead(Permission.READ_ASSESSMENTS)]
ReadsAssessmentsOnce = Annotated[Read, RequiresRead(Permission.READ_ASSESSMENTS, once=True)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]
Records = Annotated[Write, RequiresWrite(Permission.RECORD_ASSESSMENTS)]


class AssessmentCreate(Body):
    """What was concluded, on which day, with which evidence."""

    outcome: Outcome = Field(examples=["partiallyMet"])
    assessed_on: Day
    achieved_on: Day | None = Field(
        default=None, description="Required with outcome met, and only then allowed", examples=[None]
    )
    narrative: Text = Field(examples=["Range was shown, endurance was not."])
    evidence: list[EvidenceItem] = Field(default_factory=list, max_length=100)
    corrects: Identifier | None = Field(default=None, description="The assessment this corrects", examples=[None])


class AssessmentView(View):
    """An assessment as it was recorded; it is never changed."""

    id: UUID
    version: int
    milestone_id: UUID
    outcome: Outcome
    assessed_on: Day
    achieved_on: Day | None
    narrative: str
    evidence: list[EvidenceItem]
    assessed_without: list[Basis] | None = Field(
        description="What it does not rest on: an acceptance criterion, evidence; null where that was not recorded"
    )
    corrects: UUID | None
    recorded_at: datetime


class AssessmentPage(Page[AssessmentView]):
    """One page of assessments."""


class AppendedQuery(ListQuery):
    """Paging of what is only ever appended."""

    sort: Literal["id", "-id"] = "id"


class RebaselineCreate(Body):
    """A new current window, why, and on whose authority."""

    window: WindowBody
    reason: Reason = Field(examples=["The test range is closed until the spring."])
    authority: Line = Field(examples=["Stuurgroep APOS, 20 november 2026"])


class RebaselineView(View):
    """A rebaseline as it was recorded, with the window it replaced."""

    id: UUID
    version: int
    milestone_id: UUID
    window: WindowBody
    previous: WindowBody
    reason: str
    authority: str
    recorded_at: datetime


class RebaselinePage(Page[RebaselineView]):
    """One page of rebaselines."""


@router.get("/milestones/{milestoneId}/assessments")
async def list_assessments(
    milestone_id: MilestoneId, query: Annotated[AppendedQuery, Query()], read: ReadsAssessments
) -> AssessmentPage:
    """Every assessment of a milestone, corrected ones included, in the order of recording."""
    await read.load(Milestone, milestone_id)
    seen = visible(Assessment, read.context)
    rows, cursor = await read.page(seen, query, seen.c.milestone_id == milestone_id)
    return AssessmentPage(items=[AssessmentView.of(row) for row in rows], next_cursor=cursor)


@router.post("/milestones/{milestoneId}/assessments", status_code=201)
async def record_assessment(milestone_id: MilestoneId, body: AssessmentCreate, write: Records) -> AssessmentView:
    """Record an assessment of a milestone.

    Assessments are never changed: a correction is a new one that names the one it corrects. The milestone follows the
    latest, by date and then by recording, that no other corrects. A critical milestone is met only with an acceptance criterion
    or with evidence; elsewhere `assessedWithout` says what is missing.
    """
    row = Assessment(milestone_id=milestone_id, recorded_at=write.now, **columns_of(body))
    return AssessmentView.of(await actions.record_assessment(write, milestone_id, row))


@router.get("/milestones/{milestoneId}/assessments/{assessmentId}")
async def get_assessment(
    milestone_id: MilestoneId, assessment_id: AssessmentId, read: ReadsAssessmentsOnce
) -> AssessmentView:
    """One assessment."""
    return AssessmentView.of(await read.load(Assessment, assessment_id, milestone_id=milestone_id))


@router.get("/milestones/{milestoneId}/rebaselines")
async def list_rebaselines(
    milestone_id: MilestoneId, query: Annotated[AppendedQuery, Query()], read: ReadsAssessments
) -> RebaselinePage:
    """Every rebaseline of a milestone, in the order of recording."""
    await read.load(Milestone, milestone_id)
    seen = visible(Rebaseline, read.context)
    rows, cursor = await read.page(seen, query, seen.c.milestone_id == milestone_id)
    return RebaselinePage(items=[RebaselineView.of(row) for row in rows], next_cursor=cursor)


@router.post("/milestones/{milestoneId}/rebaselines", status_code=201)
async def rebaseline_milestone(milestone_id: MilestoneId, body: RebaselineCreate, write: Edits) -> RebaselineView:
    """Give a milestone a new current window, with reason and authority.

    The original baseline stays as it was, and so does the colour against it. A milestone that was met is not rebaselined.
    """
    window = Window(body.window.start, body.window.end)
    row = await actions.rebaseline(write, milestone_id, window, body.reason, body.authority)
    return RebaselineView.of(row)


@router.get("/milestones/{milestoneId}/rebaselines/{rebaselineId}")
async def get_rebaseline(
    milestone_id: MilestoneId, rebaseline_id: RebaselineId, read: ReadsAssessmentsOnce
) -> RebaselineView:
    """One rebaseline."""
    return RebaselineView.of(await read.load(Rebaseline, rebaseline_id, milestone_id=milestone_id))
