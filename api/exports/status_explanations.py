"""What explains a line of the status: which milestone gives each colour, what was rebaselined and achieved last, the origin.

Most of it is kept with the progress of a lot or challenge; the last rebaseline and the waivers in force are read for all lines
at once. Only roles that see every declaration read the status, so an origin of one supplier shows them nothing new.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.queries.portfolio import portfolio_status as queries
from api.schemas.bodies import DECIMAL, View, WindowBody
from api.schemas.colours import SlipDays
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.dates import day_of
from domain.declarations.waivers import waiver_of
from domain.portfolio.colours import MilestoneStatus
from domain.portfolio.parent_progress import SIDES, judge_in
from domain.scoring.combined_origins import SHARES, lifted
from domain.scoring.results import Verdict


class JudgingMilestone(View):
    """The milestone that gives a colour, with its slip against that baseline."""

    id: UUID
    key: str | None
    title: str
    baseline: WindowBody | None
    forecast: WindowBody | None
    achieved_on: date | None
    status: MilestoneStatus
    slip_days: int | None


class JudgedBy(View):
    """Of the milestones judged against a baseline: the worst colour, worst slip, earliest end, then id; null without any."""

    original: JudgingMilestone | None
    current: JudgingMilestone | None


class LastRebaseline(View):
    """The rebaseline that was recorded last, of any of the milestones."""

    milestone_id: UUID
    on: date
    previous: WindowBody
    window: WindowBody
    reason: str
    authority: str


class LastAchieved(View):
    """The milestone that was achieved last."""

    milestone_id: UUID
    title: str
    achieved_on: date
    slip_days: SlipDays


class CombinedShare(View):
    """An origin share in percent with four decimals, weighted by T; null where no declaration has one."""

    proven: Annotated[str, DECIMAL] | None = Field(examples=["45.0000"])
    declared: Annotated[str, DECIMAL] | None = Field(examples=["65.0000"])
    upper_bound: Annotated[str, DECIMAL] | None = Field(examples=["80.0000"])
    verdict: Verdict = Field(description="fail if one fails, pass if all pass, else possible")


class EuropeanVerdictCounts(View):
    """How many declarations have each European verdict."""

    undetermined: int
    assembled_outside: int
    licence_production: int
    decisive_dependency: int
    european: int


class Origin(View):
    """Of the newest accepted declaration of each supplier, as scored on the day it was submitted."""

    edip: CombinedShare
    safe: CombinedShare
    european_verdicts: EuropeanVerdictCounts
    standing_knock_outs: int = Field(description="Knock-outs that no waiver in force today lifts")
    declarations: int


Line = Mapping[str, Any]
Rebaselines = Mapping[UUID, Line]
Lifted = Mapping[str, int]
"""How many knock-outs waivers in force lift, by the id of the declaration."""


async def last_rebaselines(session: Session, context: ReadContext) -> Rebaselines:
    """The last rebaseline of each lot and challenge, as a line shows it, by the id of the lot or challenge."""
    rows = (await session.execute(queries.last_rebaselines(context))).mappings()
    return {
        row["parent_id"]: {
            "milestoneId": str(row["milestone_id"]),
            "on": day_of(row["recorded_at"]).isoformat(),
            "previous": {"start": row["previous_start"].isoformat(), "end": row["previous_end"].isoformat()},
            "window": {"start": row["window_start"].isoformat(), "end": row["window_end"].isoformat()},
            "reason": row["reason"],
            "authority": row["authority"],
        }
        for row in rows
    }


async def lifted_knock_outs(session: Session, context: ReadContext) -> Lifted:
    """How many stored knock-outs of accepted declarations are lifted today."""
    waivers: defaultdict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in (await session.execute(queries.waivers_in_force(context))).mappings():
        waivers[row["declaration_id"]].append(row)
    return {
        str(declaration): lifted(rows[0]["knock_outs"], [waiver_of(row) for row in rows])
        for declaration, rows in waivers.items()
    }


def explained(row: Mapping[str, Any], today: date, rebaselines: Rebaselines, lifts: Lifted) -> dict[str, Any]:
    """The fields of a line that explain the rest of it, as JSON; what has ended keeps the milestones that judged that day."""
    judged_on = row["ended_on"] or today
    return {
        "judgedBy": {side: _judged_by(row, side, judged_on) for side in SIDES},
        "lastRebaseline": rebaselines.get(row["id"]),
        "lastAchieved": row["last_achieved"],
        "origin": None if row["origin"] is None else _origin(row["origin"], lifts),
        "lastRecordedOn": row["last_recorded_on"].isoformat(),
    }


def _judged_by(row: Mapping[str, Any], side: str, today: date) -> Line | None:
    found = judge_in(row["judges"], side, today=today, amber_up_to_days=row["amber_up_to_days"])
    if found is None:
        return None
    milestone, slip_days = found
    return {
        **{name: milestone[name] for name in ("id", "key", "title", "forecast", "achievedOn", "status")},
        "baseline": milestone[side],
        "slipDays": slip_days,
    }


def _origin(kept: Mapping[str, Any], lifts: Lifted) -> Line:
    counted: Sequence[str] = kept["counted"]
    return {
        **{name: kept[name] for name in (*SHARES, "europeanVerdicts")},
        "standingKnockOuts": kept["knockOuts"] - sum(lifts.get(declaration, 0) for declaration in counted),
        "declarations": len(counted),
    }
