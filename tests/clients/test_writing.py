"""What the client writes: assessments, forecasts and rebaselines, each with the answer of the service."""

import hashlib
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from apos_client import Apos, Conflict, Evidence, Stale, Window
from tests.clients.services import RunningService, Watched

SUMMER = Window(start=date(2027, 6, 21), end=date(2027, 8, 31))
ASSESSED = date(2026, 7, 2)


def test_an_assessment_is_recorded_with_its_evidence(workplace: RunningService, office: Apos, tmp_path: Path) -> None:
    milestone = workplace.milestone()
    report = tmp_path / "report.txt"
    report.write_bytes(b"range was shown")
    evidence = Evidence.of_file(report, title="Verslag | deel 1", uri="https://example.org/report.txt")
    recorded = office.milestones.record_assessment(
        milestone, outcome="partiallyMet", assessed_on=ASSESSED, narrative="Range was shown.", evidence=[evidence]
    )
    assert recorded.milestone_id == milestone
    assert [item.sha256 for item in recorded.evidence] == [hashlib.sha256(b"range was shown").hexdigest()]
    assert list(office.milestones.assessments(milestone)) == [recorded.model_copy(update={"etag": None})]
    assert office.milestones.find(milestone).status == "partiallyMet"


def test_met_carries_the_day_it_was_achieved(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    office.milestones.record_assessment(
        milestone, outcome="met", assessed_on=ASSESSED, achieved_on=date(2026, 7, 1), narrative="All was shown."
    )
    found = office.milestones.find(milestone)
    assert (found.status, found.achieved_on) == ("met", date(2026, 7, 1))


def test_a_correction_replaces_what_it_names(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    wrong = office.milestones.record_assessment(
        milestone, outcome="notMet", assessed_on=ASSESSED, narrative="Read the wrong page."
    )
    right = office.milestones.record_assessment(
        milestone, outcome="partiallyMet", assessed_on=ASSESSED, narrative="Half of it.", corrects=wrong.id
    )
    assert right.corrects == wrong.id
    assert [each.id for each in office.milestones.assessments(milestone, page_size=1)] == [wrong.id, right.id]
    assert office.milestones.find(milestone).status == "partiallyMet"


def test_a_forecast_is_given_and_removed(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    given = office.milestones.forecast(milestone, SUMMER)
    assert given.forecast == SUMMER
    assert given.window == Window(start=date(2026, 12, 1), end=date(2026, 12, 31))
    assert office.milestones.forecast(milestone, None).forecast is None


def test_a_forecast_carries_the_etag_that_was_just_read(workplace: RunningService) -> None:
    milestone, network = workplace.milestone(), Watched()
    with workplace.client(transport=network) as apos:
        before = apos.milestones.find(milestone)
        apos.milestones.forecast(milestone, SUMMER)
    [change] = network.sent("PATCH")
    assert change.headers["If-Match"] == before.etag
    assert change.headers["Content-Type"] == "application/merge-patch+json"


def test_a_forecast_on_what_somebody_changed_since_is_refused(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    seen = office.milestones.find(milestone)
    office.milestones.forecast(milestone, SUMMER)
    with pytest.raises(Stale) as refused:
        office.milestones.forecast(milestone, None, etag=seen.etag)
    assert [error.pointer for error in refused.value.errors] == ["/header/If-Match"]
    assert office.milestones.find(milestone).forecast == SUMMER


def test_the_reason_of_a_forecast_is_in_the_audit_trail(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    office.milestones.forecast(milestone, SUMMER, reason="Beproeving uitgesteld: 50%25 wind, zee te ruw… é")
    answer = httpx.get(
        f"{workplace.url}/v1/audit-events",
        params={"rowId": str(milestone), "sort": "-seq", "limit": 1},
        headers={"Authorization": f"Bearer {workplace.keys['auditor']}"},
        trust_env=False,
    )
    assert [event["reason"] for event in answer.json()["items"]] == ["Beproeving uitgesteld: 50%25 wind, zee te ruw… é"]


def test_a_rebaseline_moves_the_current_window_and_never_the_original(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    original = office.milestones.find(milestone).original
    done = office.milestones.rebaseline(milestone, SUMMER, reason="The range is closed.", authority="Stuurgroep APOS")
    assert (done.window, done.previous) == (SUMMER, original)
    found = office.milestones.find(milestone)
    assert (found.window, found.original) == (SUMMER, original)
    assert [each.id for each in office.milestones.rebaselines(milestone)] == [done.id]


def test_what_has_no_baseline_yet_cannot_be_rebaselined(workplace: RunningService, office: Apos) -> None:
    programme = str(office.programmes.find("apos").id)
    lot = workplace.post("/lots", {"programmeId": programme, "code": "T-EXPLORING", "title": "T"})
    body = {"title": "M", "kind": "trial", "window": {"start": "2027-01-01", "end": "2027-01-31"}}
    milestone = UUID(workplace.post(f"/lots/{lot['id']}/milestones", body)["id"])
    with pytest.raises(Conflict, match="no original baseline"):
        office.milestones.rebaseline(milestone, SUMMER, reason="r", authority="a")


def test_a_milestone_is_named_by_its_key_as_well(workplace: RunningService, office: Apos) -> None:
    recorded = office.milestones.record_assessment(
        "m-c30-trial", outcome="notMet", assessed_on=ASSESSED, narrative="The entrants withdrew."
    )
    milestone = office.milestones.find("m-c30-trial")
    assert (recorded.milestone_id, milestone.status) == (milestone.id, "notMet")
    assert office.milestones.forecast("m-c30-trial", SUMMER).forecast == SUMMER


def test_a_write_repeated_with_its_own_key_is_done_once(workplace: RunningService, office: Apos) -> None:
    milestone = workplace.milestone()
    ids = {
        office.milestones.rebaseline(
            milestone, SUMMER, reason="r", authority="a", idempotency_key=f"rebaseline-{milestone}"
        ).id
        for _ in range(2)
    }
    assert len(ids) == 1
    assert len(list(office.milestones.rebaselines(milestone))) == 1


def test_a_supplier_is_recorded_and_enters_a_challenge_once(workplace: RunningService, office: Apos) -> None:
    added = office.suppliers.add(
        "Example Works", key="example-works", country="BE", note="made up", readings=["country"]
    )
    assert (added.name, added.key, added.country, added.name_basis) == ("Example Works", "example-works", "BE", None)
    assert office.suppliers.find("example-works") == added
    entrant = office.challenges.add_entrant("challenge-30", "example-works")
    assert (entrant.supplier_id, entrant.status) == (added.id, "entered")
    assert [each.id for each in office.challenges.entrants("challenge-30", supplier_id=added.id)] == [entrant.id]
    with pytest.raises(Conflict):
        office.suppliers.add("Another", key="example-works")
    with pytest.raises(Conflict):
        office.challenges.add_entrant("challenge-30", added.id)
