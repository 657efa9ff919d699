"""The status shows of each lot what the rules of the double colour say of its milestones, though it does not read them."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given as every
from hypothesis import strategies as st

from api.exports.portfolio_status import PortfolioStatus, sealed, status_of
from api.queries.portfolio.milestones import progress_of
from api.schemas.colours import colour_fields
from api.store.ledger import Write
from api.store.visibility import ReadContext
from domain.permissions import SYSTEM
from domain.portfolio.colours import MilestoneStatus, Progress, judge_on, judges, next_due, overall
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Milestone, MilestoneKind
from domain.withdrawals import WithdrawalKind
from tests.support.given import Given
from tests.support.service import Apos

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
AMBER = 90
LOTS = 250
WHY = {"withdrawn_reason": "r", "withdrawn_authority": "a"}
NEAR = [TODAY + timedelta(days=days) for days in (-200, -91, -90, -30, -1, 0, 1, 30, 200)]


def a_milestone(draw: random.Random, lot: Lot) -> Milestone:
    """Any milestone that the tables allow, its days near today and near each other, so that ties are common."""
    ends = {name: draw.choice([None, *NEAR]) for name in ("window", "original", "forecast")}
    windows = {f"{name}_{side}": end for name, end in ends.items() for side in ("start", "end")}
    status = draw.choice([*MilestoneStatus, MilestoneStatus.SCHEDULED, MilestoneStatus.MET])
    kind = draw.choice([None, None, None, *WithdrawalKind])
    if kind is WithdrawalKind.DROPPED and (status is MilestoneStatus.MET or ends["original"] is None):
        kind = None
    return Milestone(
        lot_id=lot.id,
        title=draw.choice(["m", 'Beproeving "één" \\ €\u2028\x7f']),
        kind=MilestoneKind.TRIAL,
        critical=draw.choice([None, False, False, True]),
        status=status,
        achieved_on=draw.choice([None, *NEAR]) if status is MilestoneStatus.MET else None,
        assessed_on=None if status is MilestoneStatus.SCHEDULED else draw.choice([None, *NEAR]),
        **windows,
        **({} if kind is None else {"withdrawn_kind": kind, "withdrawn_on": draw.choice(NEAR), **WHY}),
    )


def expected(milestones: Sequence[Milestone]) -> dict[str, Any]:
    """The fields of a line of the status, by the rules alone."""
    valid = [m for m in milestones if m.withdrawn_kind is not WithdrawalKind.ENTERED_IN_ERROR]
    progress = [progress_of(milestone.model_dump()) for milestone in sorted(valid, key=lambda m: m.id)]
    counted = [p.status for p in progress if p.dropped_on is None]
    due, by_id = next_due(progress), {milestone.id: milestone for milestone in milestones}
    return {
        **colour_fields(overall(milestones=progress, amber_up_to_days=AMBER, today=TODAY)),
        "milestones": {status.name.lower(): counted.count(status) for status in MilestoneStatus},
        "withdrawn": {"entered_in_error": len(milestones) - len(valid), "dropped": len(progress) - len(counted)},
        "next": shown(by_id[due[0].id], "id", "key", "title", "window", "forecast") if due else None,
        "judged_by": {side: judged_by(progress, by_id, side) for side in ("original", "current")},
    }


def judged_by(progress: Sequence[Progress], by_id: Mapping[UUID, Milestone], side: str) -> dict[str, Any] | None:
    """The milestone that gives the colour against a baseline, by the rule that reads every milestone."""
    found = judge_on(judges(progress, against_original=side == "original"), today=TODAY, amber_up_to_days=AMBER)
    if found is None:
        return None
    milestone = by_id[found[0].id]
    names = ("id", "key", "title", "forecast", "achieved_on", "status")
    baseline = shown(milestone, "original" if side == "original" else "window")
    return {**shown(milestone, *names), "baseline": next(iter(baseline.values())), "slip_days": found[1]}


def shown(milestone: Milestone, *names: str) -> dict[str, Any]:
    """Columns of a milestone as a view has them; a window is of two columns."""
    row = milestone.model_dump()
    windows = {
        name: {"start": row[f"{name}_start"], "end": row[f"{name}_end"]} for name in ("window", "original", "forecast")
    }
    given = {**row, **{name: window if window["end"] else None for name, window in windows.items()}}
    return {name: given[name] for name in names}


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_status_of_any_lot_is_what_the_rules_say(apos: Apos, given: Given, seed: int) -> None:
    draw = random.Random(seed)
    programme = UUID((await given.programme())["id"])
    made: dict[UUID, list[Milestone]] = {}
    async with apos.service.database.writing() as session:
        write = Write.begin(session, SYSTEM, apos.service.clock(), None, "any-milestones")
        for number in range(LOTS):
            lot = await write.ledger.add(Lot(programme_id=programme, code=f"L{number}", title="l"))
            count = draw.choice([0, 1, 1, 2, 2, 3, 5])
            made[lot.id] = [await write.ledger.add(a_milestone(draw, lot)) for _ in range(count)]
    async with apos.service.database.reading() as session:
        made_now = await status_of(session, ReadContext(SYSTEM, TODAY), apos.service.clock())
    document = PortfolioStatus.model_validate_json(made_now.body)
    lots = made_now.lines()["lots"]
    assert [line.model_dump(mode="json") for line in document.lots] == lots
    content = {
        name: value for name, value in json.loads(made_now.body).items() if name not in ("digest", "generatedAt")
    }
    assert made_now.digest == hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    found = {
        line.id: {
            "colours": line.colours.model_dump(by_alias=False),
            "slip_days": line.slip_days.model_dump(by_alias=False),
            "milestones": line.milestones.model_dump(by_alias=False),
            "withdrawn": line.withdrawn.model_dump(by_alias=False),
            "next": line.next_milestone and line.next_milestone.model_dump(by_alias=False),
            "judged_by": line.judged_by.model_dump(by_alias=False),
        }
        for line in document.lots
    }
    assert found == {lot_id: expected(milestones) for lot_id, milestones in made.items()}
    seen = {(line["colours"]["original"], line["colours"]["current"]) for line in found.values()}
    assert len(seen) >= 12, "the lots are too much alike to tell anything"


@every(st.text(), st.text(max_size=5), st.integers(min_value=-(10**6), max_value=10**6))
def test_the_digest_is_of_the_form_of_rfc_8785(title: str, fund: str, days: int) -> None:
    """The standard library's JSON is that form for what a status holds; whatever a title is made of."""
    content = {"z": [{"title": title, "fund": fund, "slipDays": {"original": days, "current": None}}], "a": True}

    body, digest = sealed(content, NOW)
    assert digest == hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    assert json.loads(body) == {**content, "digest": digest, "generatedAt": "2026-11-21T09:00:00Z"}
