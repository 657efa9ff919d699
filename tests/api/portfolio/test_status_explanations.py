"""A line of the status explains itself: which milestone gives each colour, and what changed last."""

from typing import Any

import httpx
import pytest

from domain.permissions import Role
from tests.support.declared import a_leaf, components
from tests.support.given import Given
from tests.support.service import Apos, Clock
from tests.support.sides import waived

LATE, FAR = {"start": "2026-07-01", "end": "2026-08-01"}, {"start": "2027-01-01", "end": "2027-03-31"}


async def line_of(office: httpx.AsyncClient, row: dict[str, Any]) -> dict[str, Any]:
    """The line of a lot or challenge."""
    status = (await office.get("/portfolio-status")).json()
    [line] = [line for line in (*status["lots"], *status["challenges"]) if line["id"] == row["id"]]
    found: dict[str, Any] = line
    return found


async def test_without_milestones_nothing_gives_the_colour(given: Given, office: httpx.AsyncClient) -> None:
    line = await line_of(office, await given.challenge())
    assert line["judgedBy"] == {"original": None, "current": None}
    assert (line["lastRebaseline"], line["lastAchieved"], line["origin"]) == (None, None, None)
    assert line["lastRecordedOn"] == "2026-11-21"


async def test_a_rebaseline_changes_the_milestone_that_gives_the_current_colour(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    first = await given.milestone(f"/lots/{lot['id']}", title="Eerst", key="eerst", window=LATE)
    then = await given.milestone(f"/lots/{lot['id']}", title="Dan", window={"start": "2026-12-01", "end": "2026-12-31"})
    clock.move_to("2026-11-22")
    path = f"/milestones/{first['id']}/rebaselines"
    await given.post(path, {"window": FAR, "reason": "Later geleverd", "authority": "Stuurgroep"})
    line = await line_of(office, lot)
    common = {"forecast": None, "achievedOn": None, "status": "scheduled"}
    assert line["judgedBy"] == {
        "original": {
            **common, "id": first["id"], "key": "eerst", "title": "Eerst", "baseline": LATE, "slipDays": 113,
        },
        "current": {
            **common, "id": then["id"], "key": None, "title": "Dan", "slipDays": 0,
            "baseline": {"start": "2026-12-01", "end": "2026-12-31"},
        },
    }  # fmt: skip
    assert line["lastRebaseline"] == {
        "milestoneId": first["id"], "on": "2026-11-22", "previous": LATE, "window": FAR, "reason": "Later geleverd",
        "authority": "Stuurgroep",
    }  # fmt: skip
    clock.move_to("2026-11-23")
    assert (await line_of(office, lot))["lastRecordedOn"] == "2026-11-22"
    await given.changed(f"/milestones/{then['id']}", {"title": "Anders", "forecast": FAR})
    line = await line_of(office, lot)
    assert (line["judgedBy"]["current"]["title"], line["judgedBy"]["current"]["slipDays"]) == ("Anders", 90)
    assert (line["judgedBy"]["current"]["forecast"], line["lastRecordedOn"]) == (FAR, "2026-11-23")


async def test_the_last_rebaseline_of_all_milestones_counts(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    made = [await given.milestone(f"/lots/{lot['id']}") for _ in range(3)]
    for number in (2, 0, 1):
        clock.now = clock.now.replace(hour=clock.now.hour + 1)
        body = {"window": FAR, "reason": f"r{number}", "authority": "a"}
        await given.post(f"/milestones/{made[number]['id']}/rebaselines", body)
    line = await line_of(office, lot)
    assert (line["lastRebaseline"]["milestoneId"], line["lastRebaseline"]["reason"]) == (made[1]["id"], "r1")


async def test_the_milestone_that_was_achieved_last(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(status="running")
    for day in ("2026-11-02", "2026-11-20", "2026-11-10"):
        made = await given.milestone(
            f"/lots/{lot['id']}", title=day, window={"start": "2026-11-01", "end": "2026-11-15"}
        )
        met = {"outcome": "met", "assessedOn": "2026-11-21", "achievedOn": day, "narrative": "n"}
        await given.post(f"/milestones/{made['id']}/assessments", met)
    last = (await line_of(office, lot))["lastAchieved"]
    assert {name: last[name] for name in ("title", "achievedOn", "slipDays")} == {
        "title": "2026-11-20", "achievedOn": "2026-11-20", "slipDays": {"original": 5, "current": 5},
    }  # fmt: skip


async def test_what_belongs_to_a_lot_dates_it(given: Given, office: httpx.AsyncClient, clock: Clock) -> None:
    lot, other, supplier = await given.lot(status="running"), await given.lot(), await given.supplier()
    clock.move_to("2026-11-22")
    await given.partner(lot, supplier)
    assert (await line_of(office, lot))["lastRecordedOn"] == "2026-11-22"
    assert (await line_of(office, other))["lastRecordedOn"] == "2026-11-21"
    clock.move_to("2026-11-23")
    await given.changed(f"/lots/{lot['id']}", {"title": "Nieuw"})
    assert (await line_of(office, lot))["lastRecordedOn"] == "2026-11-23"


async def test_an_accepted_declaration_shows_its_verdict_and_the_knock_outs_that_no_waiver_lifts(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot, supplier, client = await given.contest()
    lines = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
    made = await given.declaration(lot, supplier, client, components=lines)
    await given.submitted(made, client)
    assert (await line_of(office, lot))["origin"] is None, "submitted is not accepted"
    await given.waived(made, waived("radio", expiresOn="2026-11-23"))
    await given.reviewed(made, "accepted")
    score = (await office.get(f"/origin-declarations/{made['id']}/score")).json()
    found = (await line_of(office, lot))["origin"]
    assert found["edip"] == {name: score["originShares"]["edip"][name] for name in found["edip"]}
    assert found["safe"]["verdict"] == score["originShares"]["safe"]["verdict"]
    assert found["europeanVerdicts"][score["europeanVerdict"]] == found["declarations"] == 1
    assert sum(found["europeanVerdicts"].values()) == 1
    assert (len(score["knockOuts"]), found["standingKnockOuts"]) == (1, 0)
    clock.move_to("2026-11-24")
    assert (await line_of(office, lot))["origin"]["standingKnockOuts"] == 1, "the waiver has expired"
    clock.move_to("2026-11-25")
    path = f"/origin-declarations/{made['id']}/waivers"
    proposal = await given.post(path, waived("radio", expiresOn="2026-11-27"))
    line = await line_of(office, lot)
    assert (line["origin"]["standingKnockOuts"], line["lastRecordedOn"]) == (1, "2026-11-25"), (
        "a proposal counts for nothing"
    )
    clock.move_to("2026-11-26")
    await given.confirmed(proposal)
    line = await line_of(office, lot)
    assert (line["origin"]["standingKnockOuts"], line["lastRecordedOn"]) == (0, "2026-11-26")
    clock.move_to("2026-11-28")
    assert (await line_of(office, lot))["origin"]["standingKnockOuts"] == 1


async def test_what_has_ended_keeps_the_milestone_that_gave_its_colour(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    first = await given.milestone(f"/lots/{lot['id']}", title="Eerst", window=LATE)
    await given.changed(f"/lots/{lot['id']}", {"status": "terminated"})
    ended = await line_of(office, lot)
    assert ended["judgedBy"]["original"]["id"] == first["id"]
    assert ended["judgedBy"]["original"]["slipDays"] == ended["slipDays"]["original"] == 112
    clock.move_to("2026-12-21")
    assert await line_of(office, lot) == ended


async def test_a_dropped_milestone_gives_the_original_colour_and_one_entered_in_error_none(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(status="running")
    dropped = await given.milestone(f"/lots/{lot['id']}", title="Vervalt", window=FAR)
    kept = await given.milestone(
        f"/lots/{lot['id']}", title="Blijft", window={"start": "2026-12-01", "end": "2027-06-30"}
    )
    mistake = await given.milestone(f"/lots/{lot['id']}", title="Per abuis", window=LATE)
    body = {"window": {"start": "2026-07-01", "end": "2026-09-01"}, "reason": "r", "authority": "a"}
    await given.post(f"/milestones/{mistake['id']}/rebaselines", body)
    line = await line_of(office, lot)
    assert {each["title"] for each in line["judgedBy"].values()} == {"Per abuis"}
    assert line["lastRebaseline"]["milestoneId"] == mistake["id"]
    why = {"on": "2026-11-20", "reason": "r", "authority": "Stuurgroep"}
    await given.post(f"/milestones/{mistake['id']}/withdrawals", {"kind": "enteredInError", **why})
    await given.post(f"/milestones/{dropped['id']}/withdrawals", {"kind": "dropped", **why})
    line = await line_of(office, lot)
    assert (line["judgedBy"]["original"]["id"], line["colours"]["original"]) == (dropped["id"], "red")
    assert (line["judgedBy"]["current"]["id"], line["colours"]["current"]) == (kept["id"], "green")
    assert line["lastRebaseline"] is None
    assert line["withdrawn"] == {"enteredInError": 1, "dropped": 1}


async def test_what_is_partly_met_gives_the_colour(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(status="running")
    await given.milestone(f"/lots/{lot['id']}", title="Loopt", window=FAR, critical=True)
    partly = await given.milestone(f"/lots/{lot['id']}", title="Deels", window=FAR, critical=True)
    assessment = {"outcome": "partiallyMet", "assessedOn": "2026-11-20", "narrative": "n"}
    await given.post(f"/milestones/{partly['id']}/assessments", assessment)
    line = await line_of(office, lot)
    assert line["colours"] == {"original": "amber", "current": "amber"}
    assert {each["id"] for each in line["judgedBy"].values()} == {partly["id"]}


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER])
async def test_no_other_role_reads_what_one_suppliers_declaration_says(apos: Apos, given: Given, role: Role) -> None:
    lot, supplier, client = await given.contest()
    made = await given.declaration(lot, supplier, client)
    await given.submitted(made, client)
    await given.reviewed(made, "accepted")
    reader = await apos.as_(role, (await given.supplier())["id"] if role is Role.SUPPLIER else None)
    if role is Role.ASSESSOR:
        reader = await given.assessor(f"/lots/{lot['id']}")
        assert "origin" not in (await reader.get(f"/lots/{lot['id']}")).json()
    assert (await reader.get("/portfolio-status")).status_code == 403
