"""Waivers of knock-outs over HTTP: who records them, what they change of what is shown, and that nothing stored changes."""

from typing import Any

import httpx
import pytest

from api.actions.scoring.scores import log
from domain.declarations.waivers import Waiver
from domain.permissions import Role
from domain.scoring.bm1 import BonusMalus
from domain.scoring.schemes import ALGORITHMS
from domain.scoring.scores import StoredScore
from domain.scoring.texts.languages import Language
from tests.support.declared import a_leaf, components
from tests.support.given import Given, faults
from tests.support.operations import UNKNOWN
from tests.support.service import Apos, Clock
from tests.support.sides import waived

RADIO = a_leaf("radio", "0", "control", countryOfManufacture="CN")
CHIP = a_leaf("chip", "0", "control", countryOfControl="HK")
ON_CHINA = [
    {"dimension": name, "dependence": "none", "evidence": {"level": "audited"}}
    for name in ("operationalUse", "softwareUpdates", "spareParts")
]
ON_CHINA.append(
    {"dimension": "cloudAccess", "dependence": "decisive", "country": "CN", "evidence": {"level": "audited"}}
)


async def a_concern(given: Given, *lines: dict[str, Any], **fields: Any) -> tuple[str, httpx.AsyncClient]:
    """The path of a submitted declaration with these components of concern, and a client of its supplier."""
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=[*components(), *(lines or (RADIO,))], **fields)
    await given.submitted(draft, client)
    return f"/origin-declarations/{draft['id']}", client


async def waive(given: Given, path: str, **fields: Any) -> dict[str, Any]:
    """A waiver of the declaration at a path, proposed by one and confirmed by another."""
    return await given.waived({"id": path.rpartition("/")[2]}, {**waived("radio"), **fields})


async def score(client: httpx.AsyncClient, path: str, day: str = "") -> dict[str, Any]:
    """A score as it is shown."""
    answer = await client.get(f"{path}/score{f'?referenceDate={day}' if day else ''}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_waiver_gives_the_price_back_until_it_expires_and_touches_nothing_else(
    apos: Apos, given: Given
) -> None:
    path, client = await a_concern(given)
    before, stored = await score(client, path), apos.rows(StoredScore)
    later = await score(client, path, "2027-07-01")
    assert (await waive(given, path))["recordedAt"] == "2026-11-21T09:00:00Z"
    after = await score(client, path)
    [knock_out] = after["knockOuts"]
    body = waived("radio")
    assert knock_out["waiver"] == {
        name: body[name] for name in ("authority", "reason", "expiresOn", "alternativeTrajectory")
    }
    assert before["fictitiousPrice"] is None
    assert after["fictitiousPrice"] == {"amount": "900000.00", "currency": "EUR", "qualifier": "exact"}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"knockOuts", "fictitiousPrice"}
    assert (await score(client, path, "2027-06-30"))["fictitiousPrice"] == after["fictitiousPrice"]
    assert await score(client, path, "2027-07-01") == later, "on the day after its last it no longer holds"
    assert apos.rows(StoredScore) == stored


async def test_the_tag_of_a_score_changes_with_a_waiver(given: Given) -> None:
    path, client = await a_concern(given)
    first = await client.get(f"{path}/score")
    await waive(given, path)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(f"{path}/score", headers=known)).status_code == 200


async def test_a_waiver_is_recorded_with_its_reason_and_read_by_who_sees_the_declaration(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    path, client = await a_concern(given)
    lot = (await client.get(path)).json()["lotId"]
    made = (await office.post(f"{path}/waivers", json=waived("radio"))).json()
    [event] = apos.events(Waiver)
    assert (event["reason"], event["state"]["component_key"]) == ("Geen andere bron.", "radio")
    for context in (client, office, await given.assessor(f"/lots/{lot}"), await apos.as_(Role.AUDITOR)):
        assert (await context.get(f"{path}/waivers")).json() == {"items": [made], "nextCursor": None}
        assert (await context.get(f"{path}/waivers/{made['id']}")).json() == made
    other = (await given.supplier())["id"]
    rival = await apos.as_(Role.SUPPLIER, other)
    for tail in ("", f"/{made['id']}"):
        assert (await rival.get(f"{path}/waivers{tail}")).status_code == 404
    assert (await office.get(f"{path}/waivers/{UNKNOWN}")).status_code == 404
    assert (await client.post(f"{path}/waivers", json=waived("radio"))).status_code == 403


async def test_every_concern_must_be_waived_by_itself(given: Given) -> None:
    path, client = await a_concern(given, RADIO, CHIP, dimensions=ON_CHINA)
    places = [{"componentKey": "chip"}, {"componentKey": "radio"}, {"componentKey": None, "dimension": "cloudAccess"}]
    for number, place in enumerate(places, start=1):
        assert (await score(client, path))["fictitiousPrice"] is None
        await waive(given, path, **place)
        knock_outs = (await score(client, path))["knockOuts"]
        assert [("waiver" in entry) for entry in knock_outs] == [True] * number + [False] * (3 - number)
    assert (await score(client, path))["fictitiousPrice"] is not None


async def test_the_newest_in_force_counts(given: Given, office: httpx.AsyncClient, clock: Clock) -> None:
    path, client = await a_concern(given)
    for day, last, authority in (
        ("2026-11-21", "2027-06-30", "first"),
        ("2026-11-22", "2026-12-31", "shorter"),
        ("2026-11-23", "2028-01-01", "longer"),
    ):
        clock.move_to(day)
        await waive(given, path, expiresOn=last, authority=authority)
        if authority == "shorter":
            found = [
                (await score(client, path, on))["knockOuts"][0]["waiver"]["authority"] for on in (last, "2027-01-01")
            ]
            assert found == ["shorter", "first"]
    assert (await score(client, path))["knockOuts"][0]["waiver"]["authority"] == "longer"
    listed = (await office.get(f"{path}/waivers")).json()["items"]
    assert [item["authority"] for item in listed] == ["first", "shorter", "longer"]


async def test_a_waiver_is_of_one_revision(given: Given) -> None:
    lot, supplier, client = await given.contest()
    lines = [*components(), RADIO]
    first = await given.declaration(lot, supplier, client, components=lines)
    await given.submitted(first, client)
    await given.waived(first, waived("radio"))
    await given.reviewed(first, "accepted")
    second = await given.declaration(lot, supplier, client, components=lines, revises=first["id"])
    await given.submitted(second, client)
    path = f"/origin-declarations/{second['id']}"
    assert (await client.get(f"{path}/waivers")).json()["items"] == []
    assert "waiver" not in (await score(client, path))["knockOuts"][0]
    assert "waiver" in (await score(client, f"/origin-declarations/{first['id']}"))["knockOuts"][0]


BAD = [
    pytest.param({"code": "KO-2"}, ["/code"], id="what cannot be waived"),
    pytest.param({"code": "KO-9"}, ["/code"], id="no code"),
    pytest.param({"componentKey": None}, ["/componentKey"], id="nowhere"),
    pytest.param({"dimension": "cloudAccess"}, ["/componentKey"], id="two places"),
    pytest.param({"expiresOn": "2026-11-20"}, ["/expiresOn"], id="over already"),
    pytest.param({"authority": " "}, ["/authority"], id="nobody's authority"),
    pytest.param({"alternativeTrajectory": None}, ["/alternativeTrajectory"], id="no alternative"),
    pytest.param({"code": "KO-3", "expiresOn": "2026-01-01"}, ["/code", "/expiresOn"], id="two things"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_a_bad_waiver_names_what_is_wrong(
    apos: Apos, given: Given, office: httpx.AsyncClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    path, _ = await a_concern(given)
    answer = await office.post(f"{path}/waivers", json={**waived("radio"), **fields})
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert apos.rows(Waiver) == []


async def test_what_todays_score_does_not_have_cannot_be_waived(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    path, _ = await a_concern(given)
    for key in ("control", "nosuch"):
        answer = await office.post(f"{path}/waivers", json=waived(key))
        assert (answer.status_code, list(faults(answer))) == (409, ["/componentKey"])
        assert answer.json()["detail"].endswith("it has KO-1 at radio")
    draft = await given.declaration(*await given.contest())
    answer = await office.post(f"/origin-declarations/{draft['id']}/waivers", json=waived("radio"))
    assert (answer.status_code, "is a draft" in answer.json()["detail"]) == (409, True)
    assert (await office.post(f"/origin-declarations/{UNKNOWN}/waivers", json=waived("radio"))).status_code == 404
    assert apos.rows(Waiver) == []


async def test_the_same_waiver_sent_again_is_recorded_once(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    path, _ = await a_concern(given)
    headers = {"Idempotency-Key": "waiver-1"}
    body = waived("radio", expiresOn="2026-11-21")
    first = await office.post(f"{path}/waivers", json=body, headers=headers)
    clock.move_to("2026-11-22")
    again = await office.post(f"{path}/waivers", json=body, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert len(apos.rows(Waiver)) == 1


async def test_a_stored_score_that_does_not_replay_keeps_its_figures_and_no_price_is_made_of_others(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, client = await a_concern(given)
    before = await score(client, path)
    await waive(given, path)
    logged: list[str] = []
    monkeypatch.setattr(log, "error", lambda words, *values: logged.append(words % values))

    class Otherwise(BonusMalus):
        def show(self, score: Any, language: Language) -> dict[str, Any]:
            return {**super().show(score, language), "score": "1.0"}

    monkeypatch.setitem(ALGORITHMS, "bm1", Otherwise)
    assert await score(client, path) == before
    assert [words.rpartition(": ")[2] for words in logged] == ["score"]
