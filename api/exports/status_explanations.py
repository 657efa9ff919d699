"""What explains a line of the status: which milestone gives each colour, what was rebaselined and achieved last, the origin.

Most of it is kept with the progress of a lot or challenge; the last rebaseline and the waivers in force are read for all lines
at once. Only roles that see every declaration read the status, so an origin of one supplier shows them nothing new.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import Field

from api.queries.portfolio import portfolio_status as queries
from api.schemas.bodies import DECIMAL, View, WindowBody
from api.schemas.colours import SlipDays
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.dates import day_of
from domain.declarations.waivers import waiver_of
from domain.portfolio.colours import BothColours, Colour, Judge, MilestoneStatus, Undated, judge_on
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
Rebaselines = Mapping[str, Line]
Lifted = Mapping[str, int]
"""How many knock-outs waivers in force lift, by the id of the declaration."""


async def last_rebaselines(session: Session, context: ReadContext) -> Rebaselines:
    """The last rebaseline of each lot and challenge, as a line shows it, by the id of the lot or challenge."""
    rows = (await session.execute(queries.last_rebaselines(context))).mappings()
    return {
        str(row["parent_id"]): {
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


class _Shown(msgspec.Struct, gc=False):
    """A milestone in the column `judges`: every value as the JSON that it is."""

    achievedOn: msgspec.Raw  # noqa: N815 - the names are those of the text
    current: msgspec.Raw
    forecast: msgspec.Raw
    id: msgspec.Raw
    key: msgspec.Raw
    original: msgspec.Raw
    status: msgspec.Raw
    title: msgspec.Raw


class _Candidate(msgspec.Struct, array_like=True, gc=False):
    """A milestone, by its place, that can give the colour against a baseline."""

    place: int
    settled_slip: int | None
    open_end: date | None
    least: Colour | None
    amber_from: date | None


class _Judges(msgspec.Struct, gc=False):
    """The column `judges`."""

    milestones: list[_Shown]
    original: list[_Candidate]
    current: list[_Candidate]


_read_judges = msgspec.json.Decoder(_Judges).decode
_read_window = msgspec.json.Decoder(dict[str, date] | None).decode


def explained(
    row: Mapping[str, Any], both: BothColours, today: date, rebaselines: Rebaselines, lifts: Lifted
) -> dict[str, Any]:
    """The fields of a line that explain the rest of it, as JSON; what has ended keeps the milestones that judged that day."""
    return {
        "judgedBy": _judged_by(row, both, row["ended_on"] or today),
        "lastRebaseline": rebaselines.get(row["id"]),
        "lastAchieved": as_kept(row["last_achieved"]),
        "origin": None if row["origin"] is None else _origin(row["origin"], lifts),
        "lastRecordedOn": row["last_recorded_on"].isoformat(),
    }


def as_kept(text: str | None) -> msgspec.Raw | None:
    """JSON that is kept as the status writes it."""
    return None if text is None else msgspec.Raw(text)


def _judged_by(row: Mapping[str, Any], both: BothColours, today: date) -> Line:
    text, amber = row["judges"], row["amber_up_to_days"]
    if text is None:
        return {"original": None, "current": None}
    kept = _read_judges(text)
    milestones = kept.milestones
    original = _judge_in(kept.original, [m.original for m in milestones], both.original.slip_days, today, amber)
    current = _judge_in(kept.current, [m.current for m in milestones], both.current.slip_days, today, amber)
    return {
        "original": original and _judging(milestones[original[0]], milestones[original[0]].original, original[1]),
        "current": current and _judging(milestones[current[0]], milestones[current[0]].current, current[1]),
    }


def _judge_in(
    candidates: Sequence[_Candidate], windows: Sequence[msgspec.Raw], slip_days: int | None, today: date, amber: int
) -> tuple[int, int | None] | None:
    """The place of the milestone that gives the colour on a day, and its slip; None without milestones.

    `windows` are those of the milestones by place. Where no other milestone can give the colour, its slip is that of the lot or
    challenge, `slip_days`.
    """
    if not candidates:
        return None
    if len(candidates) == 1:
        return candidates[0].place, slip_days
    found = judge_on([_judge(each, windows[each.place]) for each in candidates], today=today, amber_up_to_days=amber)
    assert found is not None
    return found[0].id.int, found[1]


def _judge(kept: _Candidate, window: msgspec.Raw) -> Judge:
    """A kept judge. Its place stands for its id: a lot's milestones are listed in the order of their ids."""
    days = _read_window(window)
    undated = Undated(kept.settled_slip, kept.open_end, kept.least, kept.amber_from)
    return Judge(UUID(int=kept.place), days and days["end"], undated)


def _judging(milestone: _Shown, baseline: msgspec.Raw, slip_days: int | None) -> Line:
    return {
        "achievedOn": milestone.achievedOn,
        "baseline": baseline,
        "forecast": milestone.forecast,
        "id": milestone.id,
        "key": milestone.key,
        "slipDays": slip_days,
        "status": milestone.status,
        "title": milestone.title,
    }


def _origin(kept: Mapping[str, Any], lifts: Lifted) -> Line:
    counted: Sequence[str] = kept["counted"]
    return {
        **{name: kept[name] for name in (*SHARES, "europeanVerdicts")},
        "standingKnockOuts": kept["knockOuts"] - sum(lifts.get(declaration, 0) for declaration in counted),
        "declarations": len(counted),
    }
