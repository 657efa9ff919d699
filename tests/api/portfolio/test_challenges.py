"""Challenges, their entrants and their reservations."""

import asyncio
from typing import Any

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.challenges import Challenge
from tests.support.given import Given, faults
from tests.support.service import Apos

MATCH = {"If-Match": "*"}


def budget(amount: str, fund: str | None = "strategic-cooperation", **more: Any) -> dict[str, Any]:
    """A budget of a fund."""
    return {"amount": amount, "fund": fund, **more}


async def test_a_challenge_is_added_read_and_changed(given: Given, office: httpx.AsyncClient) -> None:
    challenge = await given.challenge(key="challenge-15", budget=budget("15000000.00"))
    path = f"/challenges/{challenge['id']}"
    assert (await office.get(path)).json() == challenge
    seen = await office.patch(path, json={"status": "open", "effect": "Bereik"}, headers=MATCH)
    assert (seen.json()["status"], seen.json()["effect"], seen.json()["version"]) == ("open", "Bereik", 2)
    [listed] = (await office.get("/challenges?status=open&key=challenge-15")).json()["items"]
    assert listed == seen.json()


STEPS = [
    ("announced", "open", 200), ("open", "running", 200), ("running", "trial", 200), ("decided", "closed", 200),
    ("announced", "running", 409), ("trial", "decided", 409), ("running", "open", 409), ("closed", "open", 409),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "status"), STEPS)
async def test_status_moves_along_its_line(
    given: Given, office: httpx.AsyncClient, before: str, after: str, status: int
) -> None:
    challenge = await given.challenge(status=before)
    answer = await office.patch(f"/challenges/{challenge['id']}", json={"status": after}, headers=MATCH)
    assert answer.status_code == status
    if status == 409:
        assert list(faults(answer)) == ["/status"]


RESERVATIONS = [
    pytest.param(budget("20.00"), 201, id="to the last cent"),
    pytest.param(budget("20.01"), 409, id="a cent beyond"),
    pytest.param(budget("99.00", "dmf"), 201, id="another fund is not this envelope"),
    pytest.param(budget("99.00", None), 201, id="no fund stands alone"),
    pytest.param(None, 201, id="not published reserves nothing"),
]


@pytest.mark.parametrize(("wanted", "status"), RESERVATIONS)
async def test_challenges_reserve_from_the_envelope(
    apos: Apos, given: Given, office: httpx.AsyncClient, wanted: dict[str, Any] | None, status: int
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    await given.challenge(programmeId=programme["id"], budget=budget("30.00"))
    body = {"programmeId": programme["id"], "code": "IC-X", "title": "Volgende", "budget": wanted}
    answer = await office.post("/challenges", json=body)
    assert answer.status_code == status
    if status == 409:
        assert faults(answer) == {"/budget/amount": "at most 20.00 can still be reserved"}
        assert len(apos.rows(Challenge)) == 1


async def test_an_envelope_of_its_own_takes_the_place_of_the_budget(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme(budget=budget("50.00"))
    await given.post(
        f"/programmes/{programme['id']}/settings", {"effectiveOn": "2026-11-21", "envelope": budget("10.00")}
    )
    body = {"programmeId": programme["id"], "code": "IC-X", "title": "T", "budget": budget("10.01")}
    assert (await office.post("/challenges", json=body)).status_code == 409
    assert (await office.post("/challenges", json={**body, "budget": budget("10.00")})).status_code == 201


async def test_a_change_of_budget_counts_its_own_reservation_once(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme(budget=budget("50.00"))
    challenge = await given.challenge(programmeId=programme["id"], budget=budget("30.00"))
    path = f"/challenges/{challenge['id']}"
    assert (await office.patch(path, json={"budget": {"amount": "50.00"}}, headers=MATCH)).status_code == 200
    assert (await office.patch(path, json={"budget": {"amount": "50.01"}}, headers=MATCH)).status_code == 409


async def test_two_reservations_at_once_cannot_both_take_the_last(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    bodies = [
        {"programmeId": programme["id"], "code": f"IC-{n}", "title": "T", "budget": budget("30.00")} for n in range(4)
    ]
    answers = await asyncio.gather(*(office.post("/challenges", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(apos.rows(Challenge)) == 1


async def test_an_entrant_sees_its_own_part_and_no_other(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    challenge, own, other = await given.challenge(), await given.supplier(), await given.supplier()
    path = f"/challenges/{challenge['id']}"
    mine = await given.post(f"{path}/entrants", {"supplierId": own["id"]})
    theirs = await given.post(f"{path}/entrants", {"supplierId": other["id"]})
    client = await apos.as_(Role.SUPPLIER, own["id"])
    assert (await client.get(f"{path}/entrants")).json()["items"] == [mine]
    assert (await client.get(f"{path}/entrants?supplierId={other['id']}")).json()["items"] == []
    assert (await client.get(f"{path}/entrants/{theirs['id']}")).status_code == 404
    assert len((await office.get(f"{path}/entrants")).json()["items"]) == 2
    selected = await office.patch(f"{path}/entrants/{mine['id']}", json={"status": "selected"}, headers=MATCH)
    assert selected.json()["status"] == "selected"
    winner = await office.patch(f"{path}/entrants/{mine['id']}", json={"status": "winner"}, headers=MATCH)
    assert (winner.status_code, list(faults(winner))) == (409, ["/status"])
    twice = await office.post(f"{path}/entrants", json={"supplierId": own["id"]})
    assert twice.status_code == 409


async def test_assessors_of_a_challenge_see_it_with_its_milestones(given: Given) -> None:
    challenge = await given.challenge()
    milestone = await given.milestone(f"/challenges/{challenge['id']}")
    await given.milestone()
    assessor = await given.assessor(f"/challenges/{challenge['id']}")
    assert [row["id"] for row in (await assessor.get("/challenges")).json()["items"]] == [challenge["id"]]
    assert [row["id"] for row in (await assessor.get("/milestones")).json()["items"]] == [milestone["id"]]
    assert (await assessor.get("/lots")).json()["items"] == []
    assert (await assessor.get(f"/challenges/{challenge['id']}/entrants")).status_code == 403
    assert (await assessor.get("/suppliers")).status_code == 403


async def test_where_the_envelope_shrank_what_asks_no_more_is_still_let_through(
    given: Given, office: httpx.AsyncClient
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    challenge = await given.challenge(programmeId=programme["id"], budget=budget("40.00"))
    await given.post(
        f"/programmes/{programme['id']}/settings", {"effectiveOn": "2026-11-21", "envelope": budget("5.00")}
    )
    path = f"/challenges/{challenge['id']}"
    for patch in ({"title": "Nieuw"}, {"status": "open"}, {"budget": {"amount": "8.00"}}):
        assert (await office.patch(path, json=patch, headers=MATCH)).status_code == 200, patch
    assert (await office.patch(path, json={"budget": {"amount": "8.01"}}, headers=MATCH)).status_code == 409


async def test_a_maximum_is_reserved_whole_beside_a_minimum(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme(budget=budget("15.00"))
    for amount, qualifier in (("10.00", "upTo"), ("1.00", "moreThan")):
        await given.challenge(programmeId=programme["id"], budget=budget(amount, qualifier=qualifier))
    body = {"programmeId": programme["id"], "code": "IC-X", "title": "T", "budget": budget("4.01")}
    assert (await office.post("/challenges", json=body)).status_code == 409
