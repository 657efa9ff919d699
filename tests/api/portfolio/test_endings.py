"""Lots and challenges end, keep the colours of that day, and are counted apart; what a milestone's met rests on is shown."""

from typing import Any

import httpx
import pytest

from tests.support.given import Given, faults
from tests.support.service import Clock

MATCH = {"If-Match": "*"}
WINDOW = {"start": "2026-11-01", "end": "2026-11-20"}
MET = {"outcome": "met", "assessedOn": "2026-11-20", "achievedOn": "2026-11-20", "narrative": "Behaald."}
WHY = {"cancellation": {"reason": "Niemand kan het leveren.", "authority": "Stuurgroep"}}


async def test_an_ended_lot_keeps_the_colours_of_that_day_and_is_counted_apart(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window=WINDOW)
    ended = await office.patch(f"/lots/{lot['id']}", json={"status": "terminated"}, headers=MATCH)
    assert (ended.json()["statusSince"], ended.json()["endedOn"]) == ("2026-11-21", "2026-11-21")
    clock.move_to("2027-11-21")
    seen = (await office.get(f"/lots/{lot['id']}")).json()
    assert (seen["colours"], seen["slipDays"]["original"]) == ({"original": "amber", "current": "amber"}, 1)
    assert (await office.get(f"/milestones/{milestone['id']}")).json()["slipDays"]["original"] == 1
    status = (await office.get("/portfolio-status")).json()
    assert (status["lots"][0]["colours"], status["lots"][0]["endedOn"]) == (seen["colours"], "2026-11-21")
    assert (status["totals"]["lots"], status["totals"]["ended"]["lots"]) == (0, 1)
    assert (status["totals"]["colours"]["original"]["amber"], status["totals"]["ended"]["colours"]["original"]) == (
        0, {"green": 0, "amber": 1, "red": 0, "grey": 0},
    )  # fmt: skip
    own = f"/milestones/{milestone['id']}"
    forecast = await office.patch(own, json={"forecast": {"start": "2028-01-01", "end": "2028-02-01"}}, headers=MATCH)
    rebaseline = {"window": {"start": "2028-01-01", "end": "2028-02-01"}, "reason": "r", "authority": "a"}
    refused = [forecast, await office.post(f"{own}/assessments", json=MET)]
    refused += [await office.post(f"{own}/rebaselines", json=rebaseline)]
    refused += [await office.post(f"/lots/{lot['id']}/milestones", json={"title": "m", "kind": "trial"})]
    assert [answer.status_code for answer in refused] == [409] * 4
    assert all("ended on 2026-11-21" in answer.json()["detail"] for answer in refused)
    since = await office.patch(f"/lots/{lot['id']}", json={"statusSince": "2026-11-01"}, headers=MATCH)
    assert (since.status_code, list(faults(since))) == (409, ["/statusSince"])


@pytest.mark.parametrize("name", ["window", "forecast"])
async def test_no_day_of_a_window_or_forecast_changes_after_the_end(
    given: Given, office: httpx.AsyncClient, name: str
) -> None:
    lot = await given.lot(status="approved")
    milestone = await given.milestone(f"/lots/{lot['id']}", window=WINDOW)
    own, days = f"/milestones/{milestone['id']}", {"start": "2026-11-01", "end": "2026-11-20"}
    await given.changed(own, {name: days})
    await given.changed(f"/lots/{lot['id']}", {"status": "terminated"})
    for changed in ({**days, "start": "2026-11-02"}, {**days, "end": "2026-11-21"}, None):
        refused = await office.patch(own, json={name: changed}, headers=MATCH)
        assert (refused.status_code, "ended on 2026-11-21" in refused.json()["detail"]) == (409, True)
    assert (await office.patch(own, json={name: days}, headers=MATCH)).status_code == 200


async def test_a_day_that_is_given_is_that_of_the_change_and_not_in_the_future(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot = f"/lots/{(await given.lot(status='approved'))['id']}"
    future = await office.patch(lot, json={"status": "running", "statusSince": "2026-11-22"}, headers=MATCH)
    assert (future.status_code, list(faults(future))) == (400, ["/statusSince"])
    earlier = await office.patch(lot, json={"status": "running", "statusSince": "2026-11-02"}, headers=MATCH)
    assert earlier.json()["statusSince"] == "2026-11-02"
    titled = await office.patch(lot, json={"title": "Anders"}, headers=MATCH)
    assert titled.json()["statusSince"] == "2026-11-02"
    paused = await office.patch(lot, json={"status": "paused"}, headers=MATCH)
    assert (paused.json()["statusSince"], paused.json()["endedOn"]) == ("2026-11-21", None)


@pytest.mark.parametrize("status", ["announced", "open", "running", "trial", "decided"])
async def test_a_challenge_is_cancelled_with_reason_and_authority_until_it_is_closed(
    given: Given, office: httpx.AsyncClient, status: str
) -> None:
    path = f"/challenges/{(await given.challenge(status=status))['id']}"
    without = await office.patch(path, json={"status": "cancelled"}, headers=MATCH)
    assert (without.status_code, list(faults(without))) == (400, ["/cancellation"])
    answer = await office.patch(path, json={"status": "cancelled", **WHY}, headers=MATCH)
    assert (answer.status_code, answer.json()["cancellation"], answer.json()["endedOn"]) == (
        200, WHY["cancellation"], "2026-11-21",
    )  # fmt: skip
    again = await office.patch(path, json={"status": "open", "cancellation": None}, headers=MATCH)
    assert again.status_code == 409


async def test_a_closed_challenge_is_not_cancelled(given: Given, office: httpx.AsyncClient) -> None:
    path = f"/challenges/{(await given.challenge(status='closed'))['id']}"
    assert (await office.patch(path, json={"status": "cancelled", **WHY}, headers=MATCH)).status_code == 409


async def test_met_on_a_critical_milestone_rests_on_something(given: Given, office: httpx.AsyncClient) -> None:
    critical = f"/milestones/{(await given.milestone(critical=True))['id']}"
    refused = await office.post(f"{critical}/assessments", json=MET)
    assert (refused.status_code, list(faults(refused))) == (409, ["/evidence"])
    plain = f"/milestones/{(await given.milestone())['id']}"
    recorded = await office.post(f"{plain}/assessments", json=MET)
    assert recorded.json()["assessedWithout"] == ["criterion", "evidence"]
    assert (await office.get(plain)).json()["assessedWithout"] == ["criterion", "evidence"]
    assert (await office.patch(plain, json={"critical": True}, headers=MATCH)).status_code == 409
    changed = await office.patch(critical, json={"acceptanceCriterion": "Vliegt 100 km."}, headers=MATCH)
    assert changed.status_code == 200
    assert (await office.post(f"{critical}/assessments", json=MET)).json()["assessedWithout"] == ["evidence"]
    window = {"window": {"start": "2027-01-01", "end": "2027-02-01"}, "reason": "r", "authority": "a"}
    assert (await office.post(f"{critical}/rebaselines", json=window)).status_code == 409


async def test_a_rebaseline_to_the_same_window_is_refused(given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone(window=WINDOW)
    body = {"window": WINDOW, "reason": "r", "authority": "a"}
    refused = await office.post(f"/milestones/{milestone['id']}/rebaselines", json=body)
    assert (refused.status_code, list(faults(refused))) == (400, ["/window"])


@pytest.mark.parametrize("day", ["0001-01-01", "1026-11-20", "1989-12-31", "2101-01-01"])
async def test_business_dates_lie_in_1990_to_2100(given: Given, office: httpx.AsyncClient, day: str) -> None:
    lot = await given.lot()
    bodies: list[tuple[str, dict[str, Any], str]] = [
        (f"/lots/{lot['id']}/milestones", {"title": "m", "kind": "trial", "window": {"start": day, "end": day}}, ""),
        ("/commitments", {"kind": "aim", "text": "t", "made": day}, "/made"),
        ("/sources", {"key": "s", "title": "t", "date": day}, "/date"),
    ]
    for path, body, pointer in bodies:
        refused = await office.post(path, json=body)
        assert refused.status_code == 400
        assert set(faults(refused)) == ({pointer} if pointer else {"/window/start", "/window/end"})
        assert set(faults(refused).values()) == {"give a year between 1990 and 2100"}


async def test_a_declaration_is_withdrawn_until_its_review(given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier, client = await given.contest()
    made = [await given.declaration(lot, supplier, client) for _ in range(3)]
    draft, submitted, accepted = (f"/origin-declarations/{each['id']}" for each in made)
    await given.submitted(made[1], client)
    await given.submitted(made[2], client)
    await given.reviewed(made[2], "accepted")
    for path in (draft, submitted):
        answer = await client.post(f"{path}/withdrawals", json={"reason": "Vervallen."})
        assert (answer.status_code, answer.json()["status"]) == (201, "withdrawn")
        assert answer.headers["location"] == f"/v1{path}"
    assert (await client.post(f"{accepted}/withdrawals", json={})).status_code == 409
    ranked = (await office.get(f"/lots/{lot['id']}/ranking")).json()
    assert made[1]["id"] not in str(ranked)
    assert (await client.post(f"{submitted}/submissions", json={})).status_code in (400, 409)
