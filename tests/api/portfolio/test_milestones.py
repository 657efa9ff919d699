"""Milestones: two baselines, forecasts, rebaselines, and who sees what of them."""

from typing import Any

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.milestones import Milestone, Rebaseline
from tests.support.given import WINDOW, Given, faults
from tests.support.service import Apos

LATER = {"start": "2027-05-01", "end": "2027-06-30"}
REBASELINE = {"window": LATER, "reason": "Schietbaan gesloten", "authority": "Stuurgroep"}
MATCH = {"If-Match": "*"}


FIXED = [
    pytest.param("lots", {"status": "exploring"}, {}, False, id="a lot that does not run yet"),
    pytest.param("lots", {"status": "running"}, {}, True, id="a lot that runs"),
    pytest.param("lots", {"status": "paused"}, {}, True, id="a lot that ran"),
    pytest.param("lots", {"status": "exploring"}, {"source": "brief"}, True, id="a published source"),
    pytest.param("challenges", {"status": "open"}, {}, False, id="a challenge that does not run yet"),
    pytest.param("challenges", {"status": "trial"}, {}, True, id="a challenge that runs"),
    pytest.param("programmes", {}, {}, True, id="a programme"),
]


@pytest.mark.parametrize(("parents", "parent_fields", "fields", "fixed"), FIXED)
async def test_the_original_baseline_is_fixed_at_once_for(
    given: Given, parents: str, parent_fields: dict[str, Any], fields: dict[str, Any], fixed: bool
) -> None:
    await given.source(key="brief")
    make = {"lots": given.lot, "challenges": given.challenge, "programmes": given.programme}[parents]
    parent = await make(**parent_fields)
    milestone = await given.milestone(f"/{parents}/{parent['id']}", **fields)
    assert milestone["original"] == (WINDOW if fixed else None)
    assert milestone["window"] == WINDOW


async def test_it_is_fixed_when_the_lot_starts_to_run_as_the_window_then_stands(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(status="approved")
    milestone = await given.milestone(f"/lots/{lot['id']}")
    bare = await given.milestone(f"/lots/{lot['id']}", window=None)
    path = f"/milestones/{milestone['id']}"
    edited = await office.patch(path, json={"window": LATER}, headers=MATCH)
    assert (edited.json()["window"], edited.json()["original"]) == (LATER, None)
    await office.patch(f"/lots/{lot['id']}", json={"status": "running"}, headers=MATCH)
    assert (await office.get(path)).json()["original"] == LATER
    assert (await office.get(f"/milestones/{bare['id']}")).json()["original"] is None
    again = await office.patch(path, json={"window": WINDOW}, headers=MATCH)
    assert (again.status_code, list(faults(again))) == (409, ["/window"])
    first = await office.patch(f"/milestones/{bare['id']}", json={"window": WINDOW}, headers=MATCH)
    assert first.json()["original"] == WINDOW


async def test_a_challenge_that_starts_to_run_fixes_its_baselines_too(given: Given, office: httpx.AsyncClient) -> None:
    challenge = await given.challenge(status="open")
    milestone = await given.milestone(f"/challenges/{challenge['id']}")
    await office.patch(f"/challenges/{challenge['id']}", json={"status": "running"}, headers=MATCH)
    assert (await office.get(f"/milestones/{milestone['id']}")).json()["original"] == WINDOW


async def test_a_source_that_is_named_later_fixes_it_then(given: Given, office: httpx.AsyncClient) -> None:
    lot, source = await given.lot(), await given.source()
    milestone = await given.milestone(f"/lots/{lot['id']}")
    answer = await office.patch(f"/milestones/{milestone['id']}", json={"source": source["key"]}, headers=MATCH)
    assert answer.json()["original"] == WINDOW


async def test_a_rebaseline_moves_the_current_baseline_and_never_the_original(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone(window={"start": "2026-06-01", "end": "2026-06-30"})
    path = f"/milestones/{milestone['id']}"
    assert milestone["colours"] == {"original": "red", "current": "red"}
    made = await office.post(f"{path}/rebaselines", json=REBASELINE)
    assert made.status_code == 201
    assert made.json()["previous"] == {"start": "2026-06-01", "end": "2026-06-30"}
    seen = (await office.get(path)).json()
    assert (seen["window"], seen["original"]) == (LATER, milestone["original"])
    assert seen["colours"] == {"original": "red", "current": "green"}
    assert seen["slipDays"] == {"original": 144, "current": 0}
    assert (await office.get(made.headers["location"].removeprefix("/v1"))).json() == made.json()
    assert [event["reason"] for event in apos.events(Milestone)] == [None, "Schietbaan gesloten"]
    assert apos.events(Rebaseline)[0]["reason"] == "Schietbaan gesloten"


async def test_without_an_original_there_is_nothing_to_rebaseline(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot()
    milestone = await given.milestone(f"/lots/{lot['id']}")
    answer = await office.post(f"/milestones/{milestone['id']}/rebaselines", json=REBASELINE)
    assert answer.status_code == 409
    assert apos.rows(Rebaseline) == []


async def test_a_rebaseline_needs_a_window_a_reason_and_an_authority(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}/rebaselines"
    empty = await office.post(path, json={})
    assert (empty.status_code, list(faults(empty))) == (400, ["/window", "/reason", "/authority"])
    turned = await office.post(path, json={**REBASELINE, "window": {"start": "2027-02-01", "end": "2027-01-31"}})
    assert (turned.status_code, list(faults(turned))) == (400, ["/window/end"])
    assert apos.rows(Rebaseline) == []


async def test_a_forecast_changes_freely_and_slips_both_colours(given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}"
    for forecast, colour, slip in [
        (LATER, "red", 181),
        ({"start": "2026-12-01", "end": "2027-01-10"}, "amber", 10),
        (None, "green", 0),
    ]:
        tag = {"If-Match": (await office.get(path)).headers["etag"]}
        seen = (await office.patch(path, json={"forecast": forecast}, headers=tag)).json()
        assert seen["forecast"] == forecast
        assert seen["colours"] == {"original": colour, "current": colour}
        assert seen["slipDays"] == {"original": slip, "current": slip}


async def test_a_milestone_comes_after_another_but_never_after_itself(given: Given, office: httpx.AsyncClient) -> None:
    first = await given.milestone()
    second = await given.milestone(after=first["id"])
    third = await given.milestone(after=second["id"])
    assert second["after"] == first["id"]
    for later in (first, second, third):
        answer = await office.patch(f"/milestones/{first['id']}", json={"after": later["id"]}, headers=MATCH)
        assert (answer.status_code, list(faults(answer))) == (400, ["/after"])


async def test_the_programme_sets_where_amber_ends(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme()
    lot = await given.lot(programmeId=programme["id"], status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window={"start": "2026-11-01", "end": "2026-11-11"})
    assert milestone["colours"]["current"] == "amber"
    assert (await office.get(f"/lots/{lot['id']}")).json()["colours"]["current"] == "amber"
    settings = {"effectiveOn": "2026-11-21", "amberUpToDays": 9}
    assert (await office.post(f"/programmes/{programme['id']}/settings", json=settings)).status_code == 201
    await given.post(f"/programmes/{programme['id']}/settings", {"effectiveOn": "2026-12-01", "amberUpToDays": 365})
    assert (await office.get(f"/milestones/{milestone['id']}")).json()["colours"]["current"] == "red"
    assert (await office.get(f"/lots/{lot['id']}")).json()["colours"]["current"] == "red"
    [line] = (await office.get("/portfolio-status")).json()["lots"]
    assert line["colours"]["current"] == "red"
    again = {"effectiveOn": "2026-11-21", "amberUpToDays": 10}
    await given.post(f"/programmes/{programme['id']}/settings", again)
    assert (await office.get(f"/lots/{lot['id']}")).json()["colours"]["current"] == "amber"
    past = await office.post(f"/programmes/{programme['id']}/settings", json={**settings, "effectiveOn": "2026-11-20"})
    assert (past.status_code, list(faults(past))) == (400, ["/effectiveOn"])
    assert len((await office.get(f"/programmes/{programme['id']}/settings")).json()["items"]) == 3


async def test_a_supplier_sees_milestones_of_its_lots_without_payments(apos: Apos, given: Given) -> None:
    lot, supplier = await given.lot(status="running"), await given.supplier()
    await given.partner(lot, supplier)
    payment = {"amount": "1000.00"}
    own = await given.milestone(f"/lots/{lot['id']}", payment=payment, note="intern")
    other = await given.milestone(payment=payment)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    [seen] = (await client.get("/milestones")).json()["items"]
    assert (seen["id"], seen["window"]) == (own["id"], WINDOW)
    assert not {"payment", "note", "after", "version", "readings", "programmeId"} & set(seen)
    assert (await client.get(f"/milestones/{other['id']}")).status_code == 404
    assert (await client.get(f"/milestones/{own['id']}/assessments")).status_code == 403


async def test_a_viewer_sees_what_the_source_states_and_no_rebaseline(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    source = await given.source()
    public = await given.milestone(source=source["key"])
    await given.milestone()
    await office.post(f"/milestones/{public['id']}/rebaselines", json=REBASELINE)
    viewer = await apos.as_(Role.VIEWER)
    [seen] = (await viewer.get("/milestones")).json()["items"]
    assert seen == {
        "id": public["id"], "title": "Beproeving", "kind": "trial", "window": WINDOW, "source": source["key"],
        "lotId": None, "challengeId": None,
    }  # fmt: skip


async def test_the_longest_reason_is_kept_whole(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}/rebaselines"
    assert (await office.post(path, json={**REBASELINE, "reason": "r" * 1001})).status_code == 400
    assert (await office.post(path, json={**REBASELINE, "reason": "r" * 1000})).status_code == 201
    assert apos.events(Rebaseline)[0]["reason"] == "r" * 1000


async def test_a_milestone_of_a_programme_itself_has_both_colours_too(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme()
    path = f"/programmes/{programme['id']}"
    late = await given.milestone(path, window={"start": "2026-07-01", "end": "2026-08-01"})
    assert (late["colours"], late["slipDays"]) == (
        {"original": "red", "current": "red"}, {"original": 112, "current": 112},
    )  # fmt: skip
    window = {"start": "2027-01-01", "end": "2027-03-31"}
    await given.post(f"/milestones/{late['id']}/rebaselines", {"window": window, "reason": "r", "authority": "a"})
    [shown] = (await office.get(f"{path}/milestones")).json()["items"]
    assert (shown["colours"], shown["slipDays"]) == (
        {"original": "red", "current": "green"}, {"original": 112, "current": 0},
    )  # fmt: skip
