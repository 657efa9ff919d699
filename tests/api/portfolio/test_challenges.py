"""Challenges and their entrants."""

import httpx
import pytest

from domain.permissions import Role
from tests.support.given import Given, faults
from tests.support.service import Apos

MATCH = {"If-Match": "*"}


async def test_a_challenge_is_added_read_and_changed(given: Given, office: httpx.AsyncClient) -> None:
    challenge = await given.challenge(key="challenge-15", budget={"amount": "15000000.00", "fund": "dmf"})
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
