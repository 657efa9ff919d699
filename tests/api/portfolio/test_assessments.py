"""Assessments: the thread from the route to the ledger and back."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.milestones import Assessment, Milestone
from tests.support.given import Given, faults
from tests.support.service import Apos

EVIDENCE = {"title": "Verslag", "uri": "https://example.org/verslag.pdf", "sha256": "a" * 64}


def assessment(**fields: Any) -> dict[str, Any]:
    """A sound assessment of today."""
    return {"outcome": "partiallyMet", "assessedOn": "2026-11-21", "narrative": "Bereik getoond.", **fields}


async def test_an_outcome_goes_from_the_route_to_the_ledger_and_back(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    milestone = await given.milestone()
    answer = await office.post(
        f"/milestones/{milestone['id']}/assessments",
        json=assessment(evidence=[EVIDENCE]),
        headers={"Change-Reason": "Beproeving van 20 november"},
    )
    assert answer.status_code == 201
    made = answer.json()
    assert made == {
        "id": made["id"],
        "version": 1,
        "milestoneId": milestone["id"],
        "outcome": "partiallyMet",
        "assessedOn": "2026-11-21",
        "achievedOn": None,
        "narrative": "Bereik getoond.",
        "evidence": [EVIDENCE],
        "assessedWithout": ["criterion"],
        "corrects": None,
        "recordedAt": "2026-11-21T09:00:00Z",
    }
    assert answer.headers["location"] == f"/v1/milestones/{milestone['id']}/assessments/{made['id']}"
    assert (await office.get(answer.headers["location"].removeprefix("/v1"))).json() == made

    [row] = apos.rows(Assessment)
    assert (row["outcome"], row["evidence"], row["recorded_at"]) == (
        "partiallyMet",
        [EVIDENCE],
        datetime(2026, 11, 21, 9, tzinfo=UTC),
    )
    [event] = apos.events(Assessment)
    assert (event["reason"], event["role"], event["version"]) == ("Beproeving van 20 november", "programmeOffice", 1)
    assert event["state"]["outcome"] == "partiallyMet"
    assert event["actor"].startswith("key:")

    changed = apos.events(Milestone)[-1]
    assert changed["changed"] == {
        "status": ["scheduled", "partiallyMet"],
        "assessed_on": [None, "2026-11-21"],
        "assessed_without": [None, ["criterion"]],
    }
    assert (await office.get(f"/milestones/{milestone['id']}")).json()["status"] == "partiallyMet"


async def test_met_carries_the_day_it_was_achieved(given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone()
    body = assessment(outcome="met", achievedOn="2026-11-20")
    assert (await office.post(f"/milestones/{milestone['id']}/assessments", json=body)).status_code == 201
    seen = (await office.get(f"/milestones/{milestone['id']}")).json()
    assert (seen["status"], seen["achievedOn"]) == ("met", "2026-11-20")
    assert seen["slipDays"] == {"original": -41, "current": -41}


async def test_the_latest_day_counts_and_not_the_latest_recording(given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}/assessments"
    await office.post(path, json=assessment(outcome="notMet", assessedOn="2026-11-20"))
    await office.post(path, json=assessment(outcome="partiallyMet", assessedOn="2026-11-01"))
    assert (await office.get(f"/milestones/{milestone['id']}")).json()["status"] == "notMet"


async def test_a_correction_takes_the_place_of_what_it_corrects(given: Given, office: httpx.AsyncClient) -> None:
    milestone = await given.milestone()
    path = f"/milestones/{milestone['id']}/assessments"
    first = (await office.post(path, json=assessment(outcome="met", achievedOn="2026-11-20"))).json()
    correction = assessment(outcome="notMet", assessedOn="2026-11-19", corrects=first["id"])
    assert (await office.post(path, json=correction)).status_code == 201
    seen = (await office.get(f"/milestones/{milestone['id']}")).json()
    assert (seen["status"], seen["achievedOn"]) == ("notMet", None)
    assert len((await office.get(path)).json()["items"]) == 2

    again = await office.post(path, json=assessment(corrects=first["id"]))
    assert again.status_code == 409
    assert list(faults(again)) == ["/corrects"]


async def test_a_correction_of_another_milestone_is_refused(given: Given, office: httpx.AsyncClient) -> None:
    one, other = await given.milestone(), await given.milestone()
    first = (await office.post(f"/milestones/{one['id']}/assessments", json=assessment())).json()
    answer = await office.post(f"/milestones/{other['id']}/assessments", json=assessment(corrects=first["id"]))
    assert answer.status_code == 400
    assert list(faults(answer)) == ["/corrects"]


REFUSED = [
    pytest.param(assessment(assessedOn="2026-11-22"), ["/assessedOn"], id="in the future"),
    pytest.param(assessment(outcome="met"), ["/achievedOn"], id="met without its day"),
    pytest.param(assessment(achievedOn="2026-11-01"), ["/achievedOn"], id="a day without met"),
    pytest.param(
        assessment(outcome="met", achievedOn="2026-11-21", assessedOn="2026-11-20"),
        ["/achievedOn"],
        id="achieved after it was assessed",
    ),
    pytest.param(
        assessment(outcome="met", assessedOn="2026-11-25"), ["/assessedOn", "/achievedOn"], id="all faults at once"
    ),
    pytest.param({"outcome": "done"}, ["/outcome", "/assessedOn", "/narrative"], id="shape before rule"),
    pytest.param(assessment(assessedOn=0), ["/assessedOn"], id="a number for a day"),
    pytest.param(assessment(assessedOn="2026-11-21T00:00:00"), ["/assessedOn"], id="a moment for a day"),
    pytest.param(assessment(assessedOn="2026-02-30"), ["/assessedOn"], id="a day that is not"),
    pytest.param(assessment(narrative="a\x00b"), ["/narrative"], id="NUL in text"),
    pytest.param(assessment(narrative="   "), ["/narrative"], id="nothing but spaces"),
    pytest.param(assessment(verdict="good", score=1), ["/verdict", "/score"], id="unknown fields"),
    pytest.param(
        assessment(evidence=[{**EVIDENCE, "sha256": "zz"}, {"title": "x"}]),
        ["/evidence/0/sha256", "/evidence/1/uri", "/evidence/1/sha256"],
        id="inside a list",
    ),
    pytest.param([], [""], id="a list for an object"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("body", "pointers"), REFUSED)
async def test_a_bad_assessment_is_refused_by_field_and_nothing_is_stored(
    apos: Apos, given: Given, office: httpx.AsyncClient, body: Any, pointers: list[str]
) -> None:
    milestone = await given.milestone()
    answer = await office.post(f"/milestones/{milestone['id']}/assessments", json=body)
    assert answer.status_code == 400
    assert list(faults(answer)) == pointers
    assert apos.rows(Assessment) == []
    assert apos.events(Milestone)[-1]["version"] == 1


async def test_an_assessor_records_where_it_is_assigned_and_nowhere_else(given: Given) -> None:
    lot = await given.lot(status="running")
    milestone, other = await given.milestone(f"/lots/{lot['id']}"), await given.milestone()
    assessor = await given.assessor(f"/lots/{lot['id']}")
    assert (await assessor.post(f"/milestones/{milestone['id']}/assessments", json=assessment())).status_code == 201
    assert (await assessor.post(f"/milestones/{other['id']}/assessments", json=assessment())).status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.VIEWER, Role.AUDITOR])
async def test_others_record_nothing(apos: Apos, given: Given, role: Role) -> None:
    milestone = await given.milestone()
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    client = await apos.as_(role, supplier)
    answer = await client.post(f"/milestones/{milestone['id']}/assessments", json=assessment())
    assert answer.status_code == 403
    assert apos.rows(Assessment) == []


async def test_without_a_credential_not_even_the_body_is_read(apos: Apos, given: Given) -> None:
    milestone = await given.milestone()
    answer = await apos.client().post(f"/milestones/{milestone['id']}/assessments", content=b"{")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
