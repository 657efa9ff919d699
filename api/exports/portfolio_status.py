"""The status of the portfolio as of today: every lot and challenge with both colours, and totals.

The digest is the SHA-256 of the document's RFC 8785 form without `digest` and `generatedAt`: equal content, equal digest.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from pydantic import Field
from pydantic_core import to_json

from api.exports.portfolio_totals import (
    BothColourCounts,
    EndedCounts,
    MilestoneCounts,
    SurroundingTotals,
    Totals,
    WithdrawnCounts,
    budget_sums,
    colour_counts,
    envelope_totals,
    priced,
    surrounding_totals,
)
from api.exports.status_explanations import (
    JudgedBy,
    LastAchieved,
    LastRebaseline,
    Lifted,
    Origin,
    Rebaselines,
    as_kept,
    explained,
    last_rebaselines,
    lifted_knock_outs,
)
from api.queries.portfolio import milestones, portfolio_status
from api.queries.portfolio.colours import with_progress
from api.queries.portfolio.programmes import in_force
from api.schemas.bodies import DECIMAL, Budget, Day, DeliveryConfidence, View, WindowBody
from api.schemas.colours import Colours, SlipDays, colours_today
from api.store.loading import rows_of
from api.store.sessions import Session
from api.store.visibility import ReadContext, visible
from domain.money import to_euros
from domain.permissions import Role
from domain.portfolio.challenges import Challenge, ChallengeStatus
from domain.portfolio.lots import Lot, LotStatus
from domain.portfolio.programmes import Programme


class NextMilestone(View):
    """The milestone that is due next."""

    id: UUID
    key: str | None
    title: str
    window: WindowBody | None
    forecast: WindowBody | None


class StatusLine(View):
    """How a lot or challenge stands, and why."""

    id: UUID
    key: str | None
    code: str
    title: str
    status: str
    colours: Colours
    slip_days: SlipDays
    milestones: MilestoneCounts
    next_milestone: NextMilestone | None
    budget: Budget | None = Field(description="null: not published")
    declared_share: Annotated[str, DECIMAL] | None = Field(
        description="Declared EDIP share of accepted declarations, in percent; null without one"
    )
    delivery_confidence: DeliveryConfidence | None
    judged_by: JudgedBy
    last_rebaseline: LastRebaseline | None
    last_achieved: LastAchieved | None
    origin: Origin | None = Field(description="null without an accepted declaration")
    last_recorded_on: date = Field(description="The day of the newest event of it, or of what belongs to it")
    status_since: date | None = Field(description="The day of the last change of status")
    ended_on: date | None = Field(description="The day on which it ended, whose colours it keeps")
    withdrawn: WithdrawnCounts
    source: str | None = Field(description="Key of the source that it comes from; see `sources`")


class LotStatusLine(StatusLine):
    """The status of a lot."""

    status: LotStatus


class ChallengeStatusLine(StatusLine):
    """The status of a challenge."""

    status: ChallengeStatus


class ForecastConflict(View):
    """A forecast that passes the current window of a milestone that comes after it."""

    milestone_id: UUID
    title: str
    forecast_end: date
    dependent_id: UUID
    dependent_title: str
    dependent_end: date = Field(description="The last day of its current window")
    days: int = Field(description="By how many days the forecast passes it", examples=[30])


class StatusSource(View):
    """A source that a line of the status, or its budget, names."""

    key: str
    title: str
    reference: str | None
    date: Day | None
    signed_by: list[str]
    uri: str | None


class PortfolioStatus(View):
    """Where the portfolio stands, against what was first promised and against what now holds."""

    as_of: date
    audience: Literal["internal"]
    generated_at: datetime
    digest: str = Field(description="SHA-256 of the RFC 8785 form without digest and generatedAt", examples=["0" * 64])
    lots: list[LotStatusLine]
    challenges: list[ChallengeStatusLine]
    conflicts: list[ForecastConflict] = Field(description="Of milestones of lots, challenges and programmes")
    sources: list[StatusSource] = Field(description="What the lines, and their budgets, name as their source; by key")
    totals: Totals


Row = Mapping[str, Any]
Line = Mapping[str, Any]
"""A line of the status as its JSON says it; a test holds that it is a `StatusLine`."""


@dataclass(frozen=True, slots=True)
class StatusDocument:
    """The status as JSON, with its digest."""

    body: bytes
    digest: str

    def lines(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The `lots` and `challenges` that are in it."""
        read: Mapping[str, Sequence[Mapping[str, Any]]] = msgspec.json.decode(self.body)
        return read


async def status_of(session: Session, context: ReadContext, now: datetime) -> StatusDocument:
    """The status of everything that the reader may see, as of the date in `context`; built in a thread, as it takes long."""
    conflicts = _conflicts((await session.execute(milestones.dependents(context, None))).mappings())
    programmes = await rows_of(session, visible(Programme, context))
    surrounding = await surrounding_totals(session, context, programmes)
    rows = await _rows(session, context)
    lots, challenges = ([row for row in rows if row["kind"] == kind] for kind in ("lot", "challenge"))
    settings = (await session.execute(in_force(context))).mappings().all()
    named = {row[name] for row in (*lots, *challenges) for name in ("source", "budget_source")} - {None}
    sources = (await session.execute(portfolio_status.sources(context, named))).mappings().all()
    rebaselines, lifts = await last_rebaselines(session, context), await lifted_knock_outs(session, context)

    def build() -> StatusDocument:
        lot_lines, challenge_lines = (
            [_line(row, context.today, rebaselines, lifts) for row in rows] for rows in (lots, challenges)
        )
        lines = [*lot_lines, *challenge_lines]
        envelopes = envelope_totals(programmes, settings, [*lots, *challenges])
        totals = _totals(lots, challenges, lines, surrounding, envelopes=envelopes, conflicts=len(conflicts))
        content = {
            "asOf": context.today.isoformat(),
            "audience": "internal",
            "lots": lot_lines,
            "challenges": challenge_lines,
            "conflicts": [conflict.model_dump(mode="json") for conflict in conflicts],
            "sources": [StatusSource.of(row).model_dump(mode="json") for row in sources],
            "totals": totals.model_dump(mode="json"),
        }
        body, digest = sealed(content, now)
        return StatusDocument(body, digest)

    return await asyncio.to_thread(build)


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """A status and what it holds for: a state of the database, a role and a day."""

    state: tuple[str, Role, date]
    document: StatusDocument


async def kept_or_new(session: Session, context: ReadContext, now: datetime, kept: KeptStatus | None) -> KeptStatus:
    """The kept status, where it was made of the very state that the session reads, for this role and day; else a new one."""
    state = (await session.snapshot(), context.actor.role, context.today)
    if kept is not None and kept.state == state:
        return kept
    return KeptStatus(state, await status_of(session, context, now))


async def _rows(session: Session, context: ReadContext) -> Sequence[Row]:
    parents = (with_progress(context, kind, explained=True) for kind in (Lot, Challenge))
    rows: Sequence[Any] = (
        (await session.execute(portfolio_status.lines(context, *parents), is_long=True)).mappings().all()
    )
    return rows


def _line(row: Row, today: date, rebaselines: Rebaselines, lifts: Lifted) -> Line:
    both = colours_today(row, today)
    original, current = both
    since, ended_on = row["status_since"], row["ended_on"]
    return {
        "id": row["id"],
        "key": row["key"],
        "code": row["code"],
        "title": row["title"],
        "status": row["status"],
        "source": row["source"],
        "colours": {"original": original.colour, "current": current.colour},
        "slipDays": {"original": original.slip_days, "current": current.slip_days},
        "milestones": {
            "scheduled": row["scheduled"] or 0,
            "met": row["met"] or 0,
            "partiallyMet": row["partially_met"] or 0,
            "notMet": row["not_met"] or 0,
        },
        "nextMilestone": as_kept(row["next_milestone"]),
        "budget": None if row["budget_cents"] is None else _budget(row),
        "declaredShare": row["declared_share"],
        "deliveryConfidence": _confidence(row),
        "statusSince": since and since.isoformat(),
        "endedOn": ended_on and ended_on.isoformat(),
        "withdrawn": {"enteredInError": row["entered_in_error"] or 0, "dropped": row["dropped"] or 0},
        **explained(row, both, today, rebaselines, lifts),
    }


def _budget(row: Row) -> Line:
    return {
        "amount": to_euros(row["budget_cents"]),
        "currency": "EUR",
        "qualifier": row["budget_qualifier"],
        "fund": row["budget_fund"],
        "note": row["budget_note"],
        "source": row["budget_source"],
    }


def _confidence(row: Row) -> Line | None:
    points, narrative = row["delivery_confidence_points"], row["delivery_confidence_narrative"]
    return None if points is None else {"points": points, "narrative": narrative}


def sealed(content: Mapping[str, Any], now: datetime) -> tuple[bytes, str]:
    """A status as JSON, with its digest and the time at which it was made, and that digest in hexadecimal.

    The digest is of the very bytes that follow these two fields. A status has only text, whole numbers and ASCII names; for
    these msgspec's sorted JSON is already the RFC 8785 form, and some ten times as fast as a library for it.
    """
    text = msgspec.json.encode(content, order="sorted")
    digest = hashlib.sha256(text).hexdigest()
    return b'{"digest":"%s","generatedAt":%s,' % (digest.encode(), to_json(now)) + text[1:], digest


def _conflicts(pairs: Iterable[Mapping[str, Any]]) -> list[ForecastConflict]:
    conflicts = []
    for pair in pairs:
        days = milestones.overrun_of(pair)
        if days is not None:
            fields = {name: pair[name] for name in ForecastConflict.model_fields if name in pair}
            conflicts.append(ForecastConflict(milestone_id=pair["id"], days=days, **fields))
    return conflicts


def _totals(
    lots: Sequence[Row],
    challenges: Sequence[Row],
    lines: Sequence[Line],
    surrounding: SurroundingTotals,
    **own: Any,
) -> Totals:
    budgets = budget_sums(priced(row, "budget", row["budget_fund"]) for row in [*lots, *challenges])
    of_lots, of_challenges = ([row for row in rows if row["ended_on"] is None] for rows in (lots, challenges))
    goes_on = [line for line in lines if line["endedOn"] is None]
    ended = [line for line in lines if line["endedOn"] is not None]
    sums = {name: sum(row[name] or 0 for row in (*of_lots, *of_challenges)) for name in MilestoneCounts.model_fields}
    return Totals(
        lots=len(of_lots),
        challenges=len(of_challenges),
        ended=EndedCounts(
            lots=len(lots) - len(of_lots), challenges=len(challenges) - len(of_challenges), colours=_colours(ended)
        ),
        milestones=MilestoneCounts(**sums),
        colours=_colours(goes_on),
        budgets=budgets.by_fund,
        budgets_not_published=budgets.not_published,
        budgets_without_fund=budgets.without_fund,
        **own,
        **dict(surrounding),
    )


def _colours(lines: Sequence[Line]) -> BothColourCounts:
    sides = {side: colour_counts(line["colours"][side] for line in lines) for side in ("original", "current")}
    return BothColourCounts(**sides)
