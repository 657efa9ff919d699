"""Challenges, their entrants and their assessors."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Body as Payload
from pydantic import Field

from api.actions.access.assessors import assign, assigned_keys
from api.actions.portfolio import challenges as actions
from api.actions.registers.withdrawals import withdraw
from api.http.auth import Read, RequiresRead, RequiresWrite
from api.http.merge_patch import MergePatch, merged
from api.http.pagination import ListQuery, Page, PartFilter, WithdrawableQuery
from api.http.paths import ChallengeId, EntrantId
from api.http.preconditions import IfMatch
from api.http.route import Route
from api.queries.portfolio.colours import one_with_colours, with_progress
from api.schemas.assessors import AssessorsBody, AssessorsView
from api.schemas.bodies import (
    Body,
    Budget,
    Code,
    Composite,
    Day,
    DeliveryConfidence,
    Identifier,
    Key,
    Line,
    Reason,
    Sourced,
    Text,
    View,
    columns_of,
)
from api.schemas.colours import Colours, SlipDays, of_parent
from api.schemas.withdrawals import Withdrawal, WithdrawalCreate, Withdrawn
from api.store.ledger import Write
from api.store.loading import one
from api.store.visibility import visible
from domain.permissions import Permission, Role
from domain.portfolio.challenges import Challenge, ChallengeEntrant, ChallengeStatus, EntrantStatus, check_entrant

router = APIRouter(route_class=Route, tags=["challenges"])
Reads = Annotated[Read, RequiresRead(Permission.READ_PORTFOLIO)]
ReadsOnce = Annotated[Read, RequiresRead(Permission.READ_PORTFOLIO, once=True)]
ReadsPartners = Annotated[Read, RequiresRead(Permission.READ_PARTNERS)]
ReadsPartnersOnce = Annotated[Read, RequiresRead(Permission.READ_PARTNERS, once=True)]
ReadsOversight = Annotated[Read, RequiresRead(Permission.READ_OVERSIGHT)]
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


STATUS_SINCE = "The day of a change of status, today or an earlier day; today where it is left out"


class Cancellation(Composite):
    """Why a challenge was cancelled, and on whose authority."""

    SUFFIXES: ClassVar = {"reason": "_reason", "authority": "_authority"}

    reason: Reason = Field(examples=["Geen van de deelnemers kan het effect leveren."])
    authority: Line = Field(examples=["Stuurgroep APOS, 20 november 2026"])


class ChallengeEdit(Sourced):
    """What may change of a challenge; `status` only by the allowed steps."""

    code: Code = Field(examples=["APOS-IC-15"])
    title: Line = Field(examples=["APOS Industry Challenge 15 miljoen"])
    effect: Text | None = Field(default=None, description="The office's own summary")
    effect_published: Text | None = Field(default=None, description="The words of the source, in Dutch")
    budget: Budget | None = Field(
        default=None, description="Reserved from the programme's envelope in its fund; null: not published"
    )
    status: ChallengeStatus = ChallengeStatus.ANNOUNCED
    status_since: Day | None = Field(default=None, description=STATUS_SINCE, examples=[None])
    cancellation: Cancellation | None = Field(
        default=None, description="Required with the status cancelled, and only then allowed", examples=[None]
    )
    delivery_confidence: DeliveryConfidence | None = None


class ChallengeCreate(ChallengeEdit):
    """A new challenge."""

    key: Key | None = Field(default=None, examples=["challenge-15"])
    programme_id: Identifier


class ChallengeView(View):
    """A challenge, with both colours."""

    id: UUID
    version: int
    key: str | None
    programme_id: UUID
    code: str
    title: str
    effect: str | None
    effect_published: str | None
    budget: Budget | None
    status: ChallengeStatus
    status_since: Day | None = Field(description="The day of the last change of status")
    ended_on: Day | None = Field(description="The day on which it ended, whose colours it keeps")
    cancellation: Cancellation | None
    delivery_confidence: DeliveryConfidence | None
    colours: Colours
    slip_days: SlipDays
    source: str | None
    note: str | None
    readings: list[str]


class ChallengeForSupplier(View):
    """A challenge as an entrant sees it."""

    id: UUID
    key: str | None
    programme_id: UUID
    code: str
    title: str
    status: ChallengeStatus
    effect: str | None
    effect_published: str | None
    source: str | None


class ChallengePublic(View):
    """A challenge as published."""

    id: UUID
    key: str | None
    code: str
    title: str
    status: ChallengeStatus
    effect_published: str | None
    source: str


ChallengeAny = ChallengeView | ChallengeForSupplier | ChallengePublic
NARROW: Mapping[Role, type[ChallengeForSupplier] | type[ChallengePublic]] = {
    Role.SUPPLIER: ChallengeForSupplier,
    Role.VIEWER: ChallengePublic,
}
"""The view of each role that does not see every column, and so no colours."""


class ChallengePage(Page[ChallengeAny]):
    """One page of challenges."""


class ChallengeQuery(ListQuery):
    """Filters of challenges."""

    programme_id: UUID | None = None
    status: ChallengeStatus | None = None
    key: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    code: str | None = Field(default=None, max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")
    source: str | None = Field(default=None, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$")
    title: PartFilter | None = None
    sort: Literal["id", "-id", "code", "-code", "title", "-title"] = "id"


class EntrantCreate(Body):
    """A supplier that enters a challenge."""

    supplier_id: Identifier


class EntrantEdit(Body):
    """What may change of an entrant."""

    status: EntrantStatus


class EntrantView(View):
    """A supplier's part in a challenge."""

    id: UUID
    version: int
    challenge_id: UUID
    supplier_id: UUID
    status: EntrantStatus
    withdrawn: Withdrawn | None


class EntrantPage(Page[EntrantView]):
    """One page of entrants."""


class EntrantQuery(WithdrawableQuery):
    """Filters of entrants."""

    supplier_id: UUID | None = None
    status: EntrantStatus | None = None
    sort: Literal["id", "-id"] = "id"


@router.get("/challenges")
async def list_challenges(query: Annotated[ChallengeQuery, Query()], read: Reads) -> ChallengePage:
    """The challenges you may see.

    A supplier sees those it entered, an assessor those assigned to it, a viewer what is public.
    """
    narrow = NARROW.get(read.context.actor.role)
    if narrow is not None:
        rows, cursor = await read.page(visible(Challenge, read.context), query)
        return ChallengePage(items=[narrow.of(row) for row in rows], next_cursor=cursor)
    rows, cursor = await read.page(with_progress(read.context, Challenge), query)
    today = read.context.today
    return ChallengePage(items=[ChallengeView.of(row, **of_parent(row, today)) for row in rows], next_cursor=cursor)


@router.post("/challenges", status_code=201)
async def add_challenge(body: ChallengeCreate, write: Edits) -> ChallengeView:
    """Add a challenge; its budget is reserved from the programme's envelope, and refused beyond it."""
    return await _full(write, await actions.add_challenge(write, Challenge(**columns_of(body))))


@router.get("/challenges/{challengeId}")
async def get_challenge(challenge_id: ChallengeId, read: ReadsOnce) -> ChallengeAny:
    """One challenge."""
    narrow = NARROW.get(read.context.actor.role)
    if narrow is not None:
        return narrow.of(await one(read.session, visible(Challenge, read.context), challenge_id, Challenge))
    row = await one_with_colours(read.session, read.context, Challenge, challenge_id)
    return ChallengeView.of(row, **of_parent(row, read.context.today))


@router.patch("/challenges/{challengeId}")
async def change_challenge(
    challenge_id: ChallengeId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(ChallengeEdit)],
    write: Edits,
    match: IfMatch,
) -> ChallengeView:
    """Change a challenge; when it starts to run, the original baselines of its milestones are fixed.

    A challenge ends by closed or cancelled, and keeps the colours of that day. It can be cancelled until it is closed.
    """
    row = match.check(await write.load(Challenge, challenge_id))
    body = merged(ChallengeEdit, await _full(write, row), patch)
    values = {**columns_of(body), "status_since": body.status_since if patch.get("statusSince") else None}
    return await _full(write, await actions.change_challenge(write, row, values))


@router.get("/challenges/{challengeId}/entrants")
async def list_entrants(
    challenge_id: ChallengeId, query: Annotated[EntrantQuery, Query()], read: ReadsPartners
) -> EntrantPage:
    """The entrants of a challenge; a supplier sees its own part only."""
    await one(read.session, visible(Challenge, read.context), challenge_id, Challenge)
    seen = query.visible(ChallengeEntrant, read.context)
    rows, cursor = await read.page(seen, query, seen.c.challenge_id == challenge_id)
    return EntrantPage(items=[EntrantView.of(row) for row in rows], next_cursor=cursor)


@router.post("/challenges/{challengeId}/entrants", status_code=201)
async def add_entrant(challenge_id: ChallengeId, body: EntrantCreate, write: Edits) -> EntrantView:
    """Let a supplier enter a challenge; from then on it sees the challenge."""
    row = ChallengeEntrant(challenge_id=challenge_id, **columns_of(body))
    return EntrantView.of(await actions.add_entrant(write, row))


@router.get("/challenges/{challengeId}/entrants/{entrantId}")
async def get_entrant(challenge_id: ChallengeId, entrant_id: EntrantId, read: ReadsPartnersOnce) -> EntrantView:
    """One entrant of a challenge."""
    return EntrantView.of(await read.load(ChallengeEntrant, entrant_id, challenge_id=challenge_id))


@router.patch("/challenges/{challengeId}/entrants/{entrantId}")
async def change_entrant(
    challenge_id: ChallengeId,
    entrant_id: EntrantId,
    patch: Annotated[dict[str, Any], Payload(), MergePatch(EntrantEdit)],
    write: Edits,
    match: IfMatch,
) -> EntrantView:
    """Select, reject or withdraw an entrant; the winner follows from the decision."""
    row = match.check(await write.load(ChallengeEntrant, entrant_id, challenge_id=challenge_id))
    body = merged(EntrantEdit, EntrantView.of(row), patch)
    check_entrant(before=row.status, after=body.status)
    return EntrantView.of(await write.update_if_changed(row, columns_of(body)))


@router.post("/challenges/{challengeId}/entrants/{entrantId}/withdrawals", status_code=201)
async def withdraw_entrant(
    challenge_id: ChallengeId, entrant_id: EntrantId, body: WithdrawalCreate, write: Edits
) -> Withdrawal:
    """Withdraw an entrant that was entered in error: it never took part, and no longer sees the challenge.

    One that took part and leaves gets the status withdrawn instead.
    """
    row = await write.load(ChallengeEntrant, entrant_id, challenge_id=challenge_id)
    return Withdrawal.of_row(await withdraw(write, row, body.model_dump()))


@router.get("/challenges/{challengeId}/assessors")
async def get_challenge_assessors(challenge_id: ChallengeId, read: ReadsOversight) -> AssessorsView:
    """The assessors assigned to a challenge; its ETag is the challenge's."""
    challenge = await read.load(Challenge, challenge_id)
    return AssessorsView(key_ids=await assigned_keys(read.session, read.context, challenge), version=challenge.version)


@router.put("/challenges/{challengeId}/assessors")
async def assign_challenge_assessors(
    challenge_id: ChallengeId, body: AssessorsBody, write: Edits, match: IfMatch
) -> AssessorsView:
    """Assign these assessors, and no others, to a challenge. Takes the challenge's ETag and raises its version."""
    challenge = match.check(await write.load(Challenge, challenge_id))
    return AssessorsView(key_ids=await assign(write, challenge, body.key_ids), version=challenge.version + 1)


async def _full(write: Write, row: Challenge) -> ChallengeView:
    shown = await one_with_colours(write.session, write.context, Challenge, row.id)
    return ChallengeView.of(shown, **of_parent(shown, write.today))
