"""The audit trail."""

import httpx

from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos

MATCH = {"If-Match": "*"}


async def test_the_auditor_reads_who_did_what_when_and_why(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot(title="Kavel")
    headers = {**MATCH, "Change-Reason": "Nieuwe naam", "X-Request-Id": "req-7"}
    await office.patch(f"/lots/{lot['id']}", json={"title": "Kavel 1"}, headers=headers)
    auditor = await apos.as_(Role.AUDITOR)
    events = (await auditor.get(f"/audit-events?rowKind=lots&rowId={lot['id']}")).json()["items"]
    assert [event["rowVersion"] for event in events] == [1, 2]
    event = events[1]
    assert event["changed"] == {"title": {"before": "Kavel", "after": "Kavel 1"}}
    assert (event["reason"], event["requestId"], event["role"]) == ("Nieuwe naam", "req-7", "programmeOffice")
    assert (event["recordedAt"], event["state"]["programmeId"]) == ("2026-11-21T09:00:00Z", lot["programmeId"])
    assert (await auditor.get(f"/audit-events/{event['seq']}")).json() == event
    assert (await auditor.get("/audit-events/999999")).status_code == 404
    assert (await auditor.get("/audit-events/0")).status_code == 400


async def test_events_are_paged_in_order_both_ways(apos: Apos, given: Given) -> None:
    for _ in range(5):
        await given.source()
    auditor = await apos.as_(Role.AUDITOR)
    for sort in ("seq", "-seq"):
        found, query = [], f"/audit-events?rowKind=sources&limit=2&sort={sort}"
        page = (await auditor.get(query)).json()
        while True:
            found += [event["seq"] for event in page["items"]]
            if page["nextCursor"] is None:
                break
            page = (await auditor.get(f"{query}&cursor={page['nextCursor']}")).json()
        assert len(found) == 5
        assert found == sorted(found, reverse=sort.startswith("-"))


async def test_events_are_found_by_moment_and_actor(apos: Apos, given: Given) -> None:
    await given.source()
    auditor = await apos.as_(Role.AUDITOR)
    queries = {
        "recordedAtFrom=2026-11-21T10:00:00%2B01:00": 1,
        "recordedAtFrom=2026-11-21T09:00:01Z": 0,
        "recordedAtBefore=2026-11-21T09:00:00Z": 0,
        "actor=key:none": 0,
    }
    for query, count in queries.items():
        answer = await auditor.get(f"/audit-events?rowKind=sources&{query}")
        assert len(answer.json()["items"]) == count, query


async def test_without_a_reason_of_its_own_a_rebaseline_still_has_one(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone()
    body = {"window": {"start": "2027-01-01", "end": "2027-02-01"}, "reason": "Weer", "authority": "Stuurgroep"}
    headers = {"Change-Reason": "Besluit 12"}
    await office.post(f"/milestones/{milestone['id']}/rebaselines", json=body, headers=headers)
    auditor = await apos.as_(Role.AUDITOR)
    events = (await auditor.get(f"/audit-events?rowId={milestone['id']}&sort=-seq")).json()["items"]
    assert events[0]["reason"] == "Weer"
