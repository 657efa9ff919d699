"""Scoring profiles: published beforehand, with the ETag of their lot or challenge, and frozen before anyone is scored."""

from typing import Any

import httpx
import pytest

from domain.permissions import Role
from domain.scoring.scoring_profiles import ScoringProfile
from tests.support.declared import PROFILE, euros
from tests.support.given import Given, faults
from tests.support.service import Apos

SHOWN = {
    "functionGroups": [
        {"name": "control", "weight": "3", "critical": True},
        {"name": "power", "weight": "1", "critical": False},
        {"name": "airframe", "weight": "1", "critical": False},
    ],
    "dimensions": PROFILE["dimensions"],
    "capPercent": "10",
    "requireEuPrime": False,
    "referenceAmount": None,
    "scheme": "BM-1.0",
}
PARENTS = pytest.mark.parametrize("noun", ["lot", "challenge"])


async def a_parent(given: Given, noun: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    """A lot or challenge that does not run yet, and its path."""
    made = await (given.lot(**fields) if noun == "lot" else given.challenge(**fields))
    return f"/{noun}s/{made['id']}", made


async def steps(given: Given, path: str, *statuses: str) -> None:
    """Moves a lot or challenge along its arrows."""
    for status in statuses:
        answer = await given.admin.patch(path, json={"status": status}, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


@PARENTS
async def test_a_profile_is_published_with_the_etag_of_its_parent_and_raises_its_version(
    apos: Apos, given: Given, office: httpx.AsyncClient, noun: str
) -> None:
    path, made = await a_parent(given, noun)
    assert (await office.get(f"{path}/scoring-profile")).status_code == 404
    tag = {"If-Match": (await office.get(path)).headers["etag"]}
    assert (await office.put(f"{path}/scoring-profile", json=PROFILE)).status_code == 428
    answer = await office.put(f"{path}/scoring-profile", json=PROFILE, headers=tag)
    assert answer.json() == {**SHOWN, "version": made["version"] + 1, "frozenAt": None}
    assert (await office.get(path)).json()["version"] == made["version"] + 1
    assert (await office.put(f"{path}/scoring-profile", json=PROFILE, headers=tag)).status_code == 412
    assert (await office.get(f"{path}/scoring-profile")).headers["etag"] == answer.headers["etag"]
    other = {**PROFILE, "capPercent": "12.5", "requireEuPrime": True, "referenceAmount": euros("5000000")}
    again = {"If-Match": answer.headers["etag"]}
    answer = await office.put(f"{path}/scoring-profile", json=other, headers=again)
    assert (answer.json()["capPercent"], answer.json()["requireEuPrime"]) == ("12.5", True)
    assert answer.json()["referenceAmount"] == {"amount": "5000000.00", "currency": "EUR", "qualifier": "exact"}
    assert len(apos.rows(ScoringProfile)) == 1
    assert [event["version"] for event in apos.events(ScoringProfile)] == [1, 2]


@PARENTS
async def test_a_profile_freezes_when_its_parent_starts_to_run(
    given: Given, office: httpx.AsyncClient, noun: str
) -> None:
    path, _ = await a_parent(given, noun)
    await given.put(path, "scoring-profile", PROFILE)
    await steps(given, path, *(("marketDialogue", "approved") if noun == "lot" else ("open",)))
    assert (await office.get(f"{path}/scoring-profile")).json()["frozenAt"] is None
    await steps(given, path, "running")
    assert (await office.get(f"{path}/scoring-profile")).json()["frozenAt"] == "2026-11-21T09:00:00Z"
    answer = await office.put(f"{path}/scoring-profile", json=PROFILE, headers={"If-Match": "*"})
    assert answer.status_code == 409
    assert "frozen" in answer.json()["detail"]


@PARENTS
async def test_one_that_runs_already_is_given_a_profile_once(
    given: Given, office: httpx.AsyncClient, noun: str
) -> None:
    path, _ = await a_parent(given, noun, status="running")
    first = await given.put(path, "scoring-profile", PROFILE)
    assert first["frozenAt"] == "2026-11-21T09:00:00Z"
    answer = await office.put(f"{path}/scoring-profile", json=PROFILE, headers={"If-Match": "*"})
    assert answer.status_code == 409
    assert (await office.get(f"{path}/scoring-profile")).json() == first


async def test_a_preview_freezes_nothing(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    path, _ = await a_parent(given, "lot")
    await given.put(path, "scoring-profile", PROFILE)
    body = {"profile": PROFILE, "declaration": {"system": {"name": "x"}}}
    assert (await office.post("/score-previews", json=body)).status_code == 200
    assert apos.rows(ScoringProfile)[0]["frozen_at"] is None


GROUP = {"name": "control", "weight": 1, "critical": True}
BAD = [
    pytest.param({"functionGroups": []}, ["/functionGroups"], id="no groups"),
    pytest.param({"functionGroups": [{**GROUP, "weight": 0}]}, ["/functionGroups/0/weight"], id="weight 0"),
    pytest.param({"functionGroups": [{**GROUP, "weight": "0.0"}]}, ["/functionGroups/0/weight"], id="weight 0.0"),
    pytest.param({"functionGroups": [{**GROUP, "weight": -1}]}, ["/functionGroups/0/weight"], id="a negative weight"),
    pytest.param({"functionGroups": [{**GROUP, "weight": 1.5}]}, ["/functionGroups/0/weight"], id="a float"),
    pytest.param({"functionGroups": [GROUP, GROUP]}, ["/functionGroups/1/name"], id="a group twice"),
    pytest.param({"functionGroups": [{**GROUP, "name": ""}]}, ["/functionGroups/0/name"], id="a group without a name"),
    pytest.param({"dimensions": []}, ["/dimensions"], id="no dimensions"),
    pytest.param({"dimensions": ["spareParts", "spareParts"]}, ["/dimensions/1"], id="a dimension twice"),
    pytest.param({"dimensions": ["weather"]}, ["/dimensions/0"], id="no dimension"),
    pytest.param({"capPercent": 0}, ["/capPercent"], id="a cap of 0"),
    pytest.param({"capPercent": "50.000001"}, ["/capPercent"], id="a cap over 50"),
    pytest.param({"capPercent": "50.0000001"}, ["/capPercent"], id="a cap with 7 decimals"),
    pytest.param({"requireEuPrime": "yes"}, ["/requireEuPrime"], id="a word for a boolean"),
    pytest.param({"referenceAmount": euros("-1")}, ["/referenceAmount/amount"], id="a negative reference amount"),
    pytest.param(
        {"referenceAmount": {"amount": "1", "qualifier": "upTo"}}, ["/referenceAmount/qualifier"], id="a maximum"
    ),
    pytest.param({"weights": {}}, ["/weights"], id="an unknown field"),
    pytest.param(
        {"functionGroups": [GROUP, {**GROUP, "weight": 0}], "capPercent": 51},
        ["/functionGroups/1/name", "/functionGroups/1/weight", "/capPercent"],
        id="several at once",
    ),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_a_bad_profile_is_refused_by_field(
    apos: Apos, given: Given, office: httpx.AsyncClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    path, _ = await a_parent(given, "lot")
    answer = await office.put(f"{path}/scoring-profile", json={**PROFILE, **fields}, headers={"If-Match": "*"})
    assert (answer.status_code, sorted(faults(answer))) == (400, sorted(pointers))
    body = {"profile": {**PROFILE, **fields}, "declaration": {"system": {"name": "x"}}}
    preview = await office.post("/score-previews", json=body)
    assert preview.status_code == 400
    assert sorted(faults(preview)) == sorted(f"/profile{pointer}" for pointer in pointers)
    assert apos.rows(ScoringProfile) == []


async def test_who_takes_part_reads_the_profile_and_nobody_else_outside(apos: Apos, given: Given) -> None:
    lot, _, supplier = await given.contest()
    rival = await apos.as_(Role.SUPPLIER, (await given.supplier())["id"])
    viewer, auditor = await apos.as_(Role.VIEWER), await apos.as_(Role.AUDITOR)
    assessor = await given.assessor(f"/lots/{lot['id']}")
    path = f"/lots/{lot['id']}/scoring-profile"
    assert (await supplier.get(path)).json() == SHOWN
    assert "frozenAt" in (await assessor.get(path)).json()
    assert "frozenAt" in (await auditor.get(path)).json()
    assert (await rival.get(path)).status_code == 404
    assert (await viewer.get(path)).status_code == 403
    answer = await supplier.put(path, json=PROFILE, headers={"If-Match": "*"})
    assert answer.status_code == 403
