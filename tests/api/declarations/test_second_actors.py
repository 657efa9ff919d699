"""What takes two actors: a review by another than who submitted, and a waiver that another confirms (GOVERNANCE 1)."""

import asyncio
from typing import Any

import httpx
import pytest

from domain.declarations.reviews import Review
from domain.declarations.waivers import WaiverConfirmation
from domain.permissions import Role
from tests.support.declared import a_leaf, components, euros
from tests.support.given import Given, faults
from tests.support.operations import UNKNOWN
from tests.support.service import Apos, Clock
from tests.support.sides import waived

RADIO = a_leaf("radio", "0", "control", countryOfManufacture="CN")
NARRATIVE = {"narrative": "Bekeken."}


async def a_submitted(given: Given, by: httpx.AsyncClient | None = None, **fields: Any) -> dict[str, Any]:
    """A declaration with a concern at its radio, submitted by its supplier or by somebody else."""
    lot, supplier, client = await given.contest()
    made = await given.declaration(lot, supplier, by or client, **{"components": [*components(), RADIO], **fields})
    await given.submitted(made, by or client)
    return made


async def price_of(given: Given, declaration: dict[str, Any], day: str = "2026-11-21") -> Any:
    """The fictitious price, which a knock-out that stands takes away."""
    path = f"/origin-declarations/{declaration['id']}/score?referenceDate={day}"
    return (await given.admin.get(path)).json()["fictitiousPrice"]


@pytest.mark.parametrize("verdict", ["accepted", "returned"])
async def test_whoever_submitted_a_declaration_may_not_review_it(apos: Apos, given: Given, verdict: str) -> None:
    made = await a_submitted(given, given.admin, components=components())
    path = f"/origin-declarations/{made['id']}"
    answer = await given.admin.post(f"{path}/reviews", json={"verdict": verdict, **NARRATIVE})
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("you submitted this declaration yourself")
    assert (apos.rows(Review), (await given.admin.get(path)).json()["status"]) == ([], "submitted")
    await given.reviewed(made, verdict)
    assert (await given.admin.get(path)).json()["status"] == verdict


async def test_a_waiver_that_is_only_proposed_counts_for_nothing(given: Given) -> None:
    made = await a_submitted(given)
    ranking = f"/lots/{made['lotId']}/ranking"
    waiver = await given.post(f"/origin-declarations/{made['id']}/waivers", waived("radio"))
    assert waiver["confirmedAt"] is None
    assert await price_of(given, made) is None
    assert (await given.admin.get(ranking)).json()["items"][0]["unranked"] == "knockOut"
    body = {"verdict": "accepted", **NARRATIVE}
    refused = await given.admin.post(f"/origin-declarations/{made['id']}/reviews", json=body)
    assert (refused.status_code, list(faults(refused))) == (409, ["/verdict"])
    confirmation = await given.confirmed(waiver)
    assert (confirmation["waiverId"], confirmation["confirmedAt"]) == (waiver["id"], "2026-11-21T09:00:00Z")
    assert await price_of(given, made) is not None
    assert await price_of(given, made, "2027-07-01") is None, "it has expired by then"
    assert (await given.admin.get(ranking)).json()["items"][0]["rank"] == 1
    [shown] = (await given.admin.get(f"/origin-declarations/{made['id']}/waivers")).json()["items"]
    assert shown == {**waiver, "confirmedAt": "2026-11-21T09:00:00Z"}
    path = f"/waivers/{waiver['id']}/confirmations"
    assert (await given.admin.get(path)).json()["items"] == [confirmation]
    assert (await given.admin.get(f"{path}/{confirmation['id']}")).json() == confirmation
    await given.reviewed(made, "accepted")


async def test_a_waiver_is_confirmed_by_another_with_the_same_permission_and_once(apos: Apos, given: Given) -> None:
    made = await a_submitted(given)
    waiver = await given.post(f"/origin-declarations/{made['id']}/waivers", waived("radio"))
    path = f"/waivers/{waiver['id']}/confirmations"
    by_oneself = await given.admin.post(path, json={})
    assert by_oneself.status_code == 409
    assert "you proposed this waiver yourself" in by_oneself.json()["detail"]
    own = await apos.as_(Role.SUPPLIER, made["supplierId"])
    for client in (own, await given.assessor(f"/lots/{made['lotId']}"), await apos.as_(Role.AUDITOR)):
        assert (await client.post(path, json={})).status_code == 403
    assert (await given.admin.post(f"/waivers/{UNKNOWN}/confirmations", json={})).status_code == 404
    assert (await given.admin.post(path, json={"reason": "r"})).status_code == 400
    assert apos.rows(WaiverConfirmation) == []
    await given.confirmed(waiver)
    for client in (given.admin, await given.second(), await apos.as_(Role.PROGRAMME_OFFICE)):
        again = await client.post(path, json={})
        assert (again.status_code, "confirmed already" in again.json()["detail"]) == (409, True)
    [event] = apos.events(WaiverConfirmation)
    assert (event["reason"], event["state"]["waiver_id"]) == ("Geen andere bron.", waiver["id"])


async def test_a_waiver_that_expired_before_it_was_confirmed_is_refused(apos: Apos, given: Given, clock: Clock) -> None:
    made = await a_submitted(given)
    body = waived("radio", expiresOn="2026-11-22")
    waiver = await given.post(f"/origin-declarations/{made['id']}/waivers", body)
    clock.move_to("2026-11-23")
    answer = await (await given.second()).post(f"/waivers/{waiver['id']}/confirmations", json={})
    assert (answer.status_code, "expired on 2026-11-22" in answer.json()["detail"]) == (409, True)
    assert apos.rows(WaiverConfirmation) == []


async def test_of_many_confirmations_at_once_one_succeeds(apos: Apos, given: Given) -> None:
    made = await a_submitted(given)
    waiver = await given.post(f"/origin-declarations/{made['id']}/waivers", waived("radio"))
    clients = [await apos.as_(Role.PROGRAMME_OFFICE) for _ in range(16)]
    path = f"/waivers/{waiver['id']}/confirmations"
    answers = await asyncio.gather(*(client.post(path, json={}) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 15]
    assert len(apos.rows(WaiverConfirmation)) == len(apos.events(WaiverConfirmation)) == 1


async def test_with_the_setting_off_one_actor_does_both(
    apos: Apos, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = await a_submitted(given)
    proposed = await given.post(f"/origin-declarations/{earlier['id']}/waivers", waived("radio"))
    monkeypatch.setattr(apos.service.settings, "four_eyes", False)
    made = await a_submitted(given, given.admin)
    waiver = await given.post(f"/origin-declarations/{made['id']}/waivers", waived("radio"))
    assert waiver["confirmedAt"] == "2026-11-21T09:00:00Z"
    assert await price_of(given, made) is not None
    assert (await given.admin.post(f"/waivers/{waiver['id']}/confirmations", json={})).status_code == 409
    await given.post(f"/origin-declarations/{made['id']}/reviews", {"verdict": "accepted", **NARRATIVE})
    await given.post(f"/waivers/{proposed['id']}/confirmations", {})
    assert len(apos.rows(WaiverConfirmation)) == 2


STANDING = [
    pytest.param({}, ["KO-1 countryOfConcern at radio"], "propose a waiver", id="a concern"),
    pytest.param(
        {"components": components(), "totalComponentCost": None}, ["KO-2 totalMissing"], "a revision", id="no T"
    ),
    pytest.param(
        {"totalComponentCost": euros("900000")}, ["KO-1 countryOfConcern at radio", "KO-2 residual"], "", id="two"
    ),
]


@pytest.mark.parametrize(("fields", "named", "cure"), STANDING)
async def test_a_declaration_with_standing_knock_outs_is_not_accepted_but_may_be_returned(
    apos: Apos, given: Given, fields: dict[str, Any], named: list[str], cure: str
) -> None:
    made = await a_submitted(given, **fields)
    path = f"/origin-declarations/{made['id']}"
    answer = await given.admin.post(f"{path}/reviews", json={"verdict": "accepted", **NARRATIVE})
    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(": " + "; ".join(named))
    details = [error["detail"] for error in answer.json()["errors"]]
    assert [detail.partition(" stands; ")[0] for detail in details] == named
    assert all(cure in detail for detail in details)
    assert (apos.rows(Review), (await given.admin.get(path)).json()["status"]) == ([], "submitted")
    await given.reviewed(made, "returned")


async def test_a_waiver_that_has_expired_leaves_its_knock_out_standing(given: Given, clock: Clock) -> None:
    made = await a_submitted(given)
    await given.waived(made, waived("radio", expiresOn="2026-11-22"))
    clock.move_to("2026-11-23")
    body = {"verdict": "accepted", **NARRATIVE}
    assert (await given.admin.post(f"/origin-declarations/{made['id']}/reviews", json=body)).status_code == 409
