"""The status of the portfolio as of today: every lot and challenge with both colours, and totals.

The digest is the SHA-256 of the document's RFC 8785 form without `digest` and `generatedAt`: equal content, equal digest.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from api.exports.portfolio_totals import (
    BothColourCounts,
    MilestoneCounts,
    SurroundingTotals,
    Totals,
    budget_sums,
    colour_counts,
    milestone_sums,
    surrounding_totals,
)
from api.queries.portfolio import milestones, portfolio_status
from api.queries.portfolio.colours import with_progress
from api.schemas.bodies import Budget, DeliveryConfidence, View, WindowBody
from api.schemas.colours import Colours, SlipDays, of_parent
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.money import Money, to_cents
from domain.permissions import Role
from domain.portfolio.challenges import Challenge, ChallengeStatus
from domain.portfolio.lots import Lot, LotStatus


class NextMilestone(View):
    """The milestone that is due next."""

    id: UUID
    key: str | None
    title: str
    window: WindowBody | None
    forecast: WindowBody | None


class StatusLine(View):
    """How a lot or challenge stands."""

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
    declared_share: str | None = Field(
        description="Declared EDIP share of accepted declarations, in percent; null without one"
    )
    delivery_confidence: DeliveryConfidence | None


class LotStatusLine(StatusLine):
    """The status of a lot."""

    status: LotStatus


class ChallengeStatusLine(StatusLine):
    """The status of a challenge."""

    status: ChallengeStatus


_LOT_LINES, _CHALLENGE_LINES = TypeAdapter(list[LotStatusLine]), TypeAdapter(list[ChallengeStatusLine])
"""Lines are checked all at once, which takes less time than one by one."""


class ForecastConflict(View):
    """A forecast that passes the current window of a milestone that comes after it."""

    milestone_id: UUID
    title: str
    forecast_end: date
    dependent_id: UUID
    dependent_title: str
    dependent_end: date = Field(description="The last day of its current window")
    days: int = Field(description="By how many days the forecast passes it", examples=[30])


class PortfolioStatus(View):
    """Where the portfolio stands, against what was first promised and against what now holds."""

    as_of: date
    audience: Literal["internal"]
    generated_at: datetime
    digest: str = Field(description="SHA-256 of the RFC 8785 form without digest and generatedAt", examples=["0" * 64])
    lots: list[LotStatusLine]
    challenges: list[ChallengeStatusLine]
    conflicts: list[ForecastConflict] = Field(description="Of milestones of lots, challenges and programmes")
    totals: Totals


async def status_of(session: Session, context: ReadContext, now: datetime) -> PortfolioStatus:
    """The status of everything that the reader may see, as of the date in `context`; built in a thread, as it takes long."""
    conflicts = _conflicts((await session.execute(milestones.dependents(context, None))).mappings())
    surrounding = await surrounding_totals(session, context)
    lots, challenges = [await _rows(session, context, kind) for kind in (Lot, Challenge)]

    def build() -> PortfolioStatus:
        lot_lines = _LOT_LINES.validate_python([_line(row, context.today) for row in lots])
        lines = _CHALLENGE_LINES.validate_python([_line(row, context.today) for row in challenges])
        document = PortfolioStatus(
            as_of=context.today,
            audience="internal",
            generated_at=now,
            digest="",
            lots=lot_lines,
            challenges=lines,
            conflicts=conflicts,
            totals=_totals(lot_lines, lines, surrounding, len(conflicts)),
        )
        return document.model_copy(update={"digest": digest_of(document)})

    return await asyncio.to_thread(build)


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """A status, its JSON, and what it holds for: a state of the database, a role and a day."""

    state: tuple[str, Role, date]
    document: PortfolioStatus
    body: bytes


async def kept_or_new(session: Session, context: ReadContext, now: datetime, kept: KeptStatus | None) -> KeptStatus:
    """The kept status, where it was made of the very state that the session reads, for this role and day; else a new one."""
    state = (await session.snapshot(), context.actor.role, context.today)
    if kept is not None and kept.state == state:
        return kept
    document = await status_of(session, context, now)
    body = await asyncio.to_thread(document.__pydantic_serializer__.to_json, document, by_alias=True)
    return KeptStatus(state, document, body)


async def _rows(
    session: Session, context: ReadContext, kind: type[Lot] | type[Challenge]
) -> Sequence[Mapping[str, Any]]:
    asked = portfolio_status.lines(context, with_progress(context, kind))
    rows: Sequence[Any] = (await session.execute(asked)).mappings().all()
    return rows


def _line(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The fields of a line of the status."""
    due = None if row["next_id"] is None else {name: row[f"next_{name}"] for name in portfolio_status.NEXT}
    return {
        **{name: row[name] for name in ("id", "key", "code", "title", "status", "declared_share")},
        **of_parent(row, today),
        "milestones": {name: row[name] or 0 for name in MilestoneCounts.model_fields},
        "next_milestone": NextMilestone.values_of(due) if due else None,
        "budget": Budget.from_columns("budget", row),
        "delivery_confidence": DeliveryConfidence.from_columns("delivery_confidence", row),
    }


def digest_of(document: PortfolioStatus) -> str:
    """The digest of a status document, in hexadecimal.

    The document has only text, whole numbers and ASCII names; for these the standard library's JSON is already the RFC
    8785 form, and ten times as fast as a library for it.
    """
    content = document.model_dump(mode="json", by_alias=True, exclude={"digest", "generated_at"})
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _conflicts(pairs: Iterable[Mapping[str, Any]]) -> list[ForecastConflict]:
    conflicts = []
    for pair in pairs:
        days = milestones.overrun_of(pair)
        if days is not None:
            fields = {name: pair[name] for name in ForecastConflict.model_fields if name in pair}
            conflicts.append(ForecastConflict(milestone_id=pair["id"], days=days, **fields))
    return conflicts


def _totals(
    lots: Sequence[StatusLine], challenges: Sequence[StatusLine], surrounding: SurroundingTotals, conflicts: int
) -> Totals:
    lines = [*lots, *challenges]
    budgets = budget_sums(_priced(line.budget) for line in lines)
    return Totals(
        lots=len(lots),
        challenges=len(challenges),
        milestones=milestone_sums([line.milestones for line in lines]),
        colours=BothColourCounts(
            original=colour_counts(line.colours.original for line in lines),
            current=colour_counts(line.colours.current for line in lines),
        ),
        budgets=budgets.by_fund,
        budgets_not_published=budgets.not_published,
        budgets_without_fund=budgets.without_fund,
        conflicts=conflicts,
        **dict(surrounding),
    )


def _priced(budget: Budget | None) -> tuple[Money | None, str | None]:
    return (None, None) if budget is None else (Money(to_cents(budget.amount), budget.qualifier), budget.fund)
