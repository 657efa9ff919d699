"""Many at once: nothing is lost, nothing is done twice, nobody gets a 5xx."""

import asyncio

import httpx

from domain.portfolio.milestones import Assessment, Milestone, current_assessment
from tests.support.given import Given
from tests.support.service import Apos

MATCH = {"If-Match": "*"}


async def test_of_sixteen_changes_on_one_version_one_is_made(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot()
    path = f"/lots/{lot['id']}"
    tag = {"If-Match": (await office.get(path)).headers["etag"]}
    answers = await asyncio.gather(*(office.patch(path, json={"title": f"T{n}"}, headers=tag) for n in range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 15
    assert (await office.get(path)).json()["version"] == 2


async def test_assessments_at_once_are_all_recorded_and_the_milestone_follows_the_last(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}/assessments"
    bodies = [
        {"outcome": "notMet" if day == 20 else "partiallyMet", "assessedOn": f"2026-11-{day:02d}", "narrative": "n"}
        for day in range(5, 21)
    ]
    answers = await asyncio.gather(*(office.post(path, json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [201] * 16
    assert len(apos.rows(Assessment)) == 16
    seen = (await office.get(f"/milestones/{milestone['id']}")).json()
    assert seen["status"] == "notMet"
    assert [event["version"] for event in apos.events(Milestone)] == list(range(1, seen["version"] + 1))


async def test_a_lot_that_starts_while_its_milestones_change_leaves_none_without_a_baseline(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    for _ in range(4):
        lot = await given.lot(status="approved")
        path = f"/lots/{lot['id']}"
        milestones = [await given.milestone(path) for _ in range(4)]
        window = {"start": "2027-01-01", "end": "2027-02-01"}
        changes = [
            office.patch(f"/milestones/{row['id']}", json={"window": window}, headers=MATCH) for row in milestones
        ]
        added = [
            office.post(f"{path}/milestones", json={"title": "Later", "kind": "trial", "window": window})
            for _ in range(4)
        ]
        start = office.patch(path, json={"status": "running"}, headers=MATCH)
        answers = await asyncio.gather(*changes[:2], *added[:2], start, *changes[2:], *added[2:])
        assert answers[4].status_code == 200, "nobody who edits a milestone keeps a lot from starting"
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        found = (await office.get(f"{path}/milestones")).json()["items"]
        assert len(found) == 8
        assert [row["original"] for row in found] == [row["window"] for row in found]


async def test_two_milestones_that_come_after_each_other_at_once_make_no_circle(
    given: Given, office: httpx.AsyncClient
) -> None:
    for _ in range(5):
        one, two = await given.milestone(), await given.milestone()
        answers = await asyncio.gather(
            office.patch(f"/milestones/{one['id']}", json={"after": two["id"]}, headers=MATCH),
            office.patch(f"/milestones/{two['id']}", json={"after": one["id"]}, headers=MATCH),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 400]


async def test_of_assessments_of_one_day_the_last_recorded_counts(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone()
    bodies = [
        {"outcome": outcome, "assessedOn": "2026-11-20", "narrative": "n"} for outcome in ("notMet", "partiallyMet") * 6
    ]
    await asyncio.gather(*(office.post(f"/milestones/{milestone['id']}/assessments", json=body) for body in bodies))
    rows = [Assessment(**row) for row in apos.rows(Assessment)]
    last = apos.events(Assessment)[-1]
    counts = current_assessment(rows)
    assert counts is not None
    assert (counts.id, apos.rows(Milestone)[0]["status"]) == (last["row_id"], last["state"]["outcome"])
    assert len({row.recorded_at for row in rows}) == 12
