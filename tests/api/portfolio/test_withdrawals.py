"""What was entered in error leaves lists, colours, sums and counts; a dropped milestone stays, red against the original."""

from typing import Any

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.milestones import Milestone
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock

MISTAKE = {"kind": "enteredInError", "on": "2026-11-20", "reason": "Dubbel ingevoerd.", "authority": "Bureau"}
DROP = {**MISTAKE, "kind": "dropped", "reason": "Vervallen.", "authority": "Stuurgroep"}
MATCH = {"If-Match": "*"}
LATE = {"start": "2026-01-01", "end": "2026-02-01"}
MET = {"outcome": "met", "assessedOn": "2026-11-20", "achievedOn": "2026-11-20", "narrative": "Behaald."}
TARGET = {"title": "Doel", "bound": "atLeast", "boundPct": 50, "definitionVersion": "letters-2026"}
NOUNS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("/commitments", {"kind": "aim", "text": "t"}, {"text": "u"}),
    ("/budget-lines", {"title": "t"}, {"title": "u"}),
    ("/test-sites", {"name": "t"}, {"name": "u"}),
    ("/targets", TARGET, {"title": "u"}),
    ("/dependencies", {"subject": "t"}, {"subject": "u"}),
    ("/critical-components", {"function": "t"}, {"function": "u"}),
]


@pytest.mark.parametrize(("path", "body", "patch"), NOUNS, ids=[path for path, _, _ in NOUNS])
async def test_what_was_entered_in_error_leaves_its_list_and_is_read_by_its_id(
    given: Given, office: httpx.AsyncClient, path: str, body: dict[str, Any], patch: dict[str, Any]
) -> None:
    own = f"{path}/{(await given.post(path, body))['id']}"
    answer = await office.post(f"{own}/withdrawals", json=MISTAKE)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1{own}")
    assert (await office.get(path)).json()["items"] == []
    [listed] = (await office.get(f"{path}?withdrawn=true")).json()["items"]
    seen = (await office.get(own)).json()
    assert seen["withdrawn"] == listed["withdrawn"] == MISTAKE
    refused = await office.patch(own, json=patch, headers=MATCH)
    assert (refused.status_code, "was withdrawn as entered in error on 2026-11-20" in refused.json()["detail"]) == (
        409, True,
    )  # fmt: skip
    assert (await office.post(f"{own}/withdrawals", json=MISTAKE)).status_code == 409


async def test_what_a_published_source_says_was_not_entered_in_error(given: Given, office: httpx.AsyncClient) -> None:
    source = await given.source()
    target = await given.post("/targets", {**TARGET, "source": source["key"]})
    refused = await office.post(f"/targets/{target['id']}/withdrawals", json=MISTAKE)
    assert (refused.status_code, list(faults(refused))) == (409, ["/kind"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param({"kind": "dropped"}, "/kind", id="only milestones are dropped"),
        pytest.param({"on": "2026-11-22"}, "/on", id="in the future"),
        pytest.param({"on": "1989-12-31"}, "/on", id="before 1990"),
        pytest.param({"reason": ""}, "/reason", id="without a reason"),
        pytest.param({"authority": None}, "/authority", id="without an authority"),
    ],
)
async def test_a_bad_withdrawal_names_what_is_wrong(
    given: Given, office: httpx.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    target = await given.post("/targets", TARGET)
    refused = await office.post(f"/targets/{target['id']}/withdrawals", json={**MISTAKE, **change})
    assert (refused.status_code, list(faults(refused))) == (400, [pointer])


async def test_a_milestone_entered_in_error_leaves_colours_and_counts(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window=LATE)
    await given.post(f"/milestones/{milestone['id']}/withdrawals", MISTAKE)
    [line] = (await office.get("/portfolio-status")).json()["lots"]
    assert (line["colours"], line["nextMilestone"]) == ({"original": "grey", "current": "grey"}, None)
    assert line["withdrawn"] == {"enteredInError": 1, "dropped": 0}
    assert line["milestones"]["scheduled"] == 0
    own = f"/milestones/{milestone['id']}"
    for path in ("assessments", "rebaselines"):
        body = MET if path == "assessments" else {"window": LATE, "reason": "r", "authority": "a"}
        assert (await office.post(f"{own}/{path}", json=body)).status_code == 409
    assert (await office.get(f"/lots/{lot['id']}/milestones")).json()["items"] == []


async def test_a_dropped_milestone_stays_red_against_the_original_and_no_longer_counts_against_the_current(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window={"start": "2026-11-01", "end": "2026-11-10"})
    answer = await office.post(f"/milestones/{milestone['id']}/withdrawals", json=DROP)
    assert answer.status_code == 201
    clock.move_to("2027-11-21")
    [seen] = (await office.get(f"/lots/{lot['id']}/milestones")).json()["items"]
    assert (seen["colours"], seen["slipDays"]) == (
        {"original": "red", "current": "grey"}, {"original": 10, "current": None},
    )  # fmt: skip
    assert (seen["withdrawn"], seen["status"]) == (DROP, "scheduled")
    [line] = (await office.get("/portfolio-status")).json()["lots"]
    assert (line["colours"], line["slipDays"]) == (seen["colours"], seen["slipDays"])
    assert (line["withdrawn"], line["nextMilestone"]) == ({"enteredInError": 0, "dropped": 1}, None)
    forecast = {"forecast": {"start": "2028-01-01", "end": "2028-02-01"}}
    refused = await office.patch(f"/milestones/{milestone['id']}", json=forecast, headers=MATCH)
    assert (refused.status_code, "was dropped on 2026-11-20" in refused.json()["detail"]) == (409, True)
    assert apos.events(Milestone)[-1]["reason"] == "Vervallen."


async def test_what_was_met_or_not_agreed_is_not_dropped(given: Given, office: httpx.AsyncClient) -> None:
    met = await given.milestone()
    await given.post(f"/milestones/{met['id']}/assessments", MET)
    planned = await given.milestone(f"/lots/{(await given.lot())['id']}")
    for milestone in (met, planned):
        assert (await office.post(f"/milestones/{milestone['id']}/withdrawals", json=DROP)).status_code == 409


async def test_a_partner_or_entrant_entered_in_error_sees_nothing_and_can_be_entered_again(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, challenge, supplier = await given.lot(), await given.challenge(), await given.supplier()
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    entry = {"supplierId": supplier["id"]}
    for parent, part, body in (
        (f"/lots/{lot['id']}", "partners", {**entry, "role": "partner"}),
        (f"/challenges/{challenge['id']}", "entrants", entry),
    ):
        own = f"{parent}/{part}/{(await given.post(f'{parent}/{part}', body))['id']}"
        assert (await client.get(parent)).status_code == (await client.get(own)).status_code == 200
        await given.post(f"{own}/withdrawals", MISTAKE)
        assert (await client.get(parent)).status_code == (await client.get(own)).status_code == 404
        assert (await office.get(own)).json()["withdrawn"] == MISTAKE
        assert (await office.get(f"{parent}/{part}")).json()["items"] == []
        await given.post(f"{parent}/{part}", body)
        assert (await client.get(parent)).status_code == 200


async def test_the_safeguards_of_a_withdrawn_dependency_go_with_it(given: Given, office: httpx.AsyncClient) -> None:
    own = f"/dependencies/{(await given.post('/dependencies', {'subject': 's'}))['id']}"
    safeguard = await given.post(f"{own}/safeguards", {"text": "t", "position": 1, "status": "planned"})
    await given.post(f"{own}/withdrawals", MISTAKE)
    totals = (await office.get("/portfolio-status")).json()["totals"]
    assert (totals["dependencies"], totals["safeguards"]["planned"]) == (0, 0)
    changed = await office.patch(f"{own}/safeguards/{safeguard['id']}", json={"text": "u"}, headers=MATCH)
    added = await office.post(f"{own}/safeguards", json={"text": "u", "position": 2})
    assert (changed.status_code, added.status_code) == (409, 409)


async def test_trials_that_share_a_site_and_days_name_each_other(given: Given, office: httpx.AsyncClient) -> None:
    challenge, site = await given.challenge(), await given.post("/test-sites", {"name": "Delft"})
    fields = {"siteId": site["id"], "challengeIds": [challenge["id"]]}
    ends = (("2026-12-01", "2026-12-10"), ("2026-12-10", "2026-12-20"), ("2026-12-21", "2026-12-31"))
    one, other, third = [
        await given.post("/trials", {"title": start, "window": {"start": start, "end": end}, **fields})
        for start, end in ends
    ]
    listed = {trial["id"]: trial["siteClashes"] for trial in (await office.get("/trials")).json()["items"]}
    assert listed == {one["id"]: [other["id"]], other["id"]: [one["id"]], third["id"]: []}
    await given.post(f"/trials/{other['id']}/withdrawals", MISTAKE)
    assert (await office.get(f"/trials/{one['id']}")).json()["siteClashes"] == []
    await given.post(f"/test-sites/{site['id']}/withdrawals", MISTAKE)
    assert (await office.patch(f"/trials/{one['id']}", json={"title": "u"}, headers=MATCH)).status_code == 200
