"""The status of the portfolio as of today: every lot and challenge with both colours, and totals.

The digest is the SHA-256 of the document's RFC 8785 form without `digest` and `generatedAt`: equal content, equal digest.
"""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import rfc8785
from pydantic import Field

from api.bodies import Budget, DeliveryConfidence, View, WindowBody
from api.database import Session
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
from api.queries import milestones, origin_declarations, portfolio_status
from api.queries.programmes import AmberLimits, amber_limits
from api.reader import Reader
from api.standings import Colours, SlipDays, of_parent
from domain.challenges import ChallengeStatus
from domain.colours import MilestoneStatus, next_due
from domain.lots import LotStatus
from domain.money import Money, to_cents
from domain.scores import declared_share


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
    """How a lot stands."""

    status: LotStatus


class ChallengeStatusLine(StatusLine):
    """How a challenge stands."""

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


async def status_of(session: Session, reader: Reader, now: datetime) -> PortfolioStatus:
    """The status of all that the reader may see, as of the reader's today; worked out in a thread, for it takes long."""
    limits = await amber_limits(session, reader)
    lots = (await session.execute(portfolio_status.lots(reader))).mappings().all()
    challenges = (await session.execute(portfolio_status.challenges(reader))).mappings().all()
    of_lot = (await session.execute(milestones.of_parents(reader, "lot_id", None))).mappings().all()
    of_challenge = (await session.execute(milestones.of_parents(reader, "challenge_id", None))).mappings().all()
    shares = _shares((await session.execute(origin_declarations.accepted_scores(reader))).all())
    conflicts = _conflicts((await session.execute(milestones.dependents(reader, None))).mappings())
    around = await surrounding_totals(session, reader)

    def work_out() -> PortfolioStatus:
        own = _by_parent("lot_id", of_lot)
        lot_lines = [
            LotStatusLine(**_line(row, own[row["id"]], limits, reader.today, shares.get(row["id"]))) for row in lots
        ]
        own = _by_parent("challenge_id", of_challenge)
        lines = [
            ChallengeStatusLine(**_line(row, own[row["id"]], limits, reader.today, shares.get(row["id"])))
            for row in challenges
        ]
        document = PortfolioStatus(
            as_of=reader.today,
            audience="internal",
            generated_at=now,
            digest="",
            lots=lot_lines,
            challenges=lines,
            conflicts=conflicts,
            totals=_totals(lot_lines, lines, around, len(conflicts)),
        )
        return document.model_copy(update={"digest": digest_of(document)})

    return await asyncio.to_thread(work_out)


def digest_of(document: PortfolioStatus) -> str:
    """The digest of a status document, in hexadecimal."""
    content = document.model_dump(mode="json", by_alias=True, exclude={"digest", "generated_at"})
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _by_parent(parent: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[UUID, Sequence[Mapping[str, Any]]]:
    gathered: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        gathered[row[parent]].append(row)
    return gathered


def _shares(rows: Iterable[Any]) -> dict[UUID, str | None]:
    """The declared share of each lot and challenge, from the newest accepted declaration of each of its suppliers."""
    newest: dict[UUID, dict[UUID, tuple[int | None, int | None]]] = defaultdict(dict)
    for row in rows:
        newest[row.lot_id or row.challenge_id][row.supplier_id] = (row.declared_cents, row.total_cents)
    return {parent: declared_share(parts.values()) for parent, parts in newest.items()}


def _conflicts(pairs: Iterable[Mapping[str, Any]]) -> list[ForecastConflict]:
    found = []
    for pair in pairs:
        days = milestones.overrun_of(pair)
        if days is not None:
            shown = {name: pair[name] for name in ForecastConflict.model_fields if name in pair}
            found.append(ForecastConflict(milestone_id=pair["id"], days=days, **shown))
    return found


def _line(
    row: Mapping[str, Any],
    own: Sequence[Mapping[str, Any]],
    limits: AmberLimits,
    today: date,
    share: str | None,
) -> dict[str, Any]:
    progress = [milestones.progress_of(milestone) for milestone in own]
    due = {milestone.id for milestone in next_due(progress)}
    return {
        **{name: row[name] for name in ("id", "key", "code", "title", "status")},
        **of_parent(progress, limits[row["programme_id"]], today),
        "milestones": _counts(milestone["status"] for milestone in own),
        "next_milestone": next((NextMilestone.of(milestone) for milestone in own if milestone["id"] in due), None),
        "budget": Budget.from_columns("budget", row),
        "declared_share": share,
        "delivery_confidence": DeliveryConfidence.from_columns("delivery_confidence", row),
    }


def _counts(statuses: Iterable[str]) -> MilestoneCounts:
    counted = Counter(statuses)
    return MilestoneCounts(
        scheduled=counted[MilestoneStatus.SCHEDULED],
        met=counted[MilestoneStatus.MET],
        partially_met=counted[MilestoneStatus.PARTIALLY_MET],
        not_met=counted[MilestoneStatus.NOT_MET],
    )


def _totals(
    lots: Sequence[StatusLine], challenges: Sequence[StatusLine], around: SurroundingTotals, conflicts: int
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
        **dict(around),
    )


def _priced(budget: Budget | None) -> tuple[Money | None, str | None]:
    return (None, None) if budget is None else (Money(to_cents(budget.amount), budget.qualifier), budget.fund)
