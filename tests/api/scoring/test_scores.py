"""Scores over HTTP: previews, the stored score, other days, and the declared share in the portfolio's status."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.actions.scoring.scores import log
from api.routes.scoring.scores import ScoreView
from domain.declarations.origin_declarations import OriginDeclaration
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.scoring.bm1 import BonusMalus
from domain.scoring.schemes import ALGORITHMS, digest_of
from domain.scoring.score_schemes import ScoreScheme
from domain.scoring.scores import FIGURES, StoredScore
from domain.scoring.texts.languages import Language
from tests.support.declared import PROFILE, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock

POINTS = {
    "madeIn": "20.0000", "control": "15.0000", "licence": "10.0000", "exportRegime": "10.0000", "supply": "15.0000",
    "dimensions": "25.0000", "designAuthority": "5.0000",
}  # fmt: skip


def preview_of(**fields: Any) -> dict[str, Any]:
    """A preview of worked example 1."""
    return {"profile": PROFILE, "declaration": statement(), "price": euros("1000000"), **fields}


async def test_a_preview_scores_and_stores_nothing(apos: Apos, given: Given) -> None:
    _, _, client = await given.contest()
    events = len(apos.rows(AuditEvent))
    answer = await client.post("/score-previews", json=preview_of())
    assert answer.status_code == 200
    score = answer.json()
    assert (score["schemeVersion"], score["countryListVersion"], score["referenceDate"]) == (
        "BM-1.0", "CL-2026-11", "2026-11-21",
    )  # fmt: skip
    assert (score["score"], score["adjustmentPercent"], score["points"]) == ("100.0", "10.00", POINTS)
    assert score["fictitiousPrice"] == {"amount": "900000.00", "currency": "EUR", "qualifier": "exact"}
    assert (score["concentration"]["hhi"], score["europeanVerdict"]) == ("5800.0000", "european")
    assert (score["knockOuts"], score["completeness"], score["confidence"]) == ([], "100.0000", "100.0000")
    assert apos.rows(OriginDeclaration) == apos.rows(StoredScore) == []
    assert len(apos.rows(AuditEvent)) == events


async def test_a_leaf_of_no_value_from_a_country_of_concern_knocks_out(given: Given, office: httpx.AsyncClient) -> None:
    hong_kong = dict.fromkeys(("countryOfManufacture", "countryOfControl", "licenceCountry", "exportRegime"), "HK")
    leaf = a_leaf("worthless", "0", "control", **hong_kong)
    declaration = statement(components=[*components(), leaf])
    score = (await office.post("/score-previews", json=preview_of(declaration=declaration))).json()
    [knock_out] = score["knockOuts"]
    assert knock_out.pop("text").startswith("worthless, in a critical group, is made in")
    assert knock_out == {"code": "KO-1", "reason": "countryOfConcern", "componentKey": "worthless"}
    assert (score["score"], score["fictitiousPrice"]) == ("100.0", None)


async def test_a_preview_scores_on_the_day_that_is_asked_for(office: httpx.AsyncClient) -> None:
    proof = {"level": "audited", "expiresOn": "2027-01-31"}
    declaration = statement(components=[{**leaf, "evidence": proof} for leaf in components()])
    found = []
    for day in ("2027-01-31", "2027-02-01"):
        body = preview_of(declaration=declaration, referenceDate=day)
        answer = (await office.post("/score-previews", json=body)).json()
        assert answer["referenceDate"] == day
        found.append((answer["score"], answer["originShares"]["edip"]["verdict"]))
    assert found == [("100.0", "pass"), ("65.0", "possible")]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ASSESSOR, Role.AUDITOR])
async def test_a_preview_is_for_who_declares_and_for_the_office(apos: Apos, role: Role) -> None:
    assert (await (await apos.as_(role)).post("/score-previews", json=preview_of())).status_code == 403
    assert (await apos.client().post("/score-previews", json=preview_of())).status_code == 401


async def test_a_score_is_what_the_contract_says(given: Given) -> None:
    lot, supplier, client = await given.contest()
    leaf = a_leaf("poor", "60000", None, countryOfManufacture=None, countryOfControl="CN", stockWeeks=None)
    draft = await given.declaration(lot, supplier, client, components=[*components()[:2], leaf], dimensions=[])
    await given.submitted(draft, client)
    answer = await client.get(f"/origin-declarations/{draft['id']}/score")
    shown = ScoreView.model_validate_json(answer.content)
    assert json.loads(shown.model_dump_json(by_alias=True, exclude_unset=True)) == answer.json()
    lines = answer.json()["explanation"]
    won, lost = (sum(round(float(line[name]) * 10_000) for line in lines) for name in ("won", "lost"))
    total = sum(round(float(points) * 10_000) for points in answer.json()["points"].values())
    assert abs(won - total) <= len(lines)
    assert abs(won + lost - 1_000_000) <= 2 * len(lines)
    assert {line["criterion"] for line in lines} == set(POINTS)


async def test_the_stored_score_stays_and_other_days_are_computed(apos: Apos, given: Given, clock: Clock) -> None:
    lot, supplier, client = await given.contest()
    proof = {"level": "audited", "expiresOn": "2027-01-31"}
    lines = [{**leaf, "evidence": proof} for leaf in components()]
    draft = await given.declaration(lot, supplier, client, components=lines)
    await given.submitted(draft, client)
    path = f"/origin-declarations/{draft['id']}/score"
    first = await client.get(path)
    stored = apos.rows(StoredScore)
    clock.move_to("2027-06-01")
    again = await client.get(path)
    assert again.content == first.content, "the score of the submission stays, whatever day it is"
    assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304
    assert (await client.get(f"{path}?referenceDate=2026-11-21")).content == first.content
    later = (await client.get(f"{path}?referenceDate=2027-02-01")).json()
    assert (first.json()["score"], later["score"], later["referenceDate"]) == ("100.0", "65.0", "2027-02-01")
    assert (await client.get(f"{path}?referenceDate=2026-01-01")).json()["score"] == "100.0"
    assert apos.rows(StoredScore) == stored


@pytest.mark.parametrize(
    "query", ["referenceDate=soon", "referenceDate=2027-02-30", "referenceDate=0", "day=2027-01-01"]
)
async def test_a_bad_day_is_refused(given: Given, query: str) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    answer = await client.get(f"/origin-declarations/{draft['id']}/score?{query}")
    assert (answer.status_code, list(faults(answer))) == (400, [f"/query/{query.partition('=')[0]}"])


async def test_a_draft_has_no_score(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    for query in ("", "?referenceDate=2027-01-01"):
        assert (await client.get(f"/origin-declarations/{draft['id']}/score{query}")).status_code == 409


async def test_what_is_stored_of_a_score_replays_to_the_same_bytes(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, dimensions=[])
    await given.submitted(draft, client)
    score = (await client.get(f"/origin-declarations/{draft['id']}/score")).json()
    [row] = apos.rows(StoredScore)
    assert len(score.pop("improvements")) == 4
    texts = [entry.pop("text") for entry in score["knockOuts"]]
    assert texts[0] == "the dependence in cloud access, or the country it is on, is not declared; declare it"
    assert {name: row[column] for column, name in FIGURES.items()} == {name: score[name] for name in FIGURES.values()}
    assert row["digest"] == digest_of(score)
    assert (row["total_cents"], row["declared_cents"]) == (40_000_000, 40_000_000)


EXTREMES = [
    ({"capPercent": "50", "referenceAmount": euros("1000000")}, "100.50", {}, "-499899.50"),
    ({"capPercent": "50"}, "999999999999999.99", {"components": [], "dimensions": []}, "1449999999999999.99"),
]


@pytest.mark.parametrize(("profile", "price", "fields", "fictitious"), EXTREMES)
async def test_the_most_extreme_prices_are_still_what_the_contract_says(
    office: httpx.AsyncClient, profile: dict[str, Any], price: str, fields: dict[str, Any], fictitious: str
) -> None:
    declaration = statement(**fields)
    body = {"profile": {**PROFILE, **profile}, "declaration": declaration, "price": euros(price)}
    body["profile"]["functionGroups"] = [{**group, "critical": False} for group in PROFILE["functionGroups"]]
    if fields:
        declaration["dimensions"] = [{"dimension": name, "dependence": "none"} for name in PROFILE["dimensions"]]
        declaration["components"] = [a_leaf("all", "400000", "control", evidence=None)]
    answer = await office.post("/score-previews", json=body)
    assert answer.json()["fictitiousPrice"]["amount"] == fictitious
    assert ScoreView.model_validate_json(answer.content).fictitious_price is not None


async def test_a_preview_of_a_key_that_is_revoked_while_its_body_arrives_is_refused(
    apos: Apos, given: Given, admin: httpx.AsyncClient
) -> None:
    supplier = await given.supplier()
    key_id, secret = await apos.key(Role.SUPPLIER, supplier["id"])
    body = json.dumps(preview_of()).encode()

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:40]
        path = f"/api-keys/{key_id}"
        assert (await admin.patch(path, json={"revoked": True}, headers={"If-Match": "*"})).status_code == 200
        yield body[40:]

    headers = {"Content-Type": "application/json"}
    answer = await apos.client(secret).post("/score-previews", content=slowly(), headers=headers)
    assert answer.status_code == 401


async def test_a_stored_score_that_does_not_replay_keeps_its_figures_and_the_log_tells_no_figure(
    apos: Apos, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(log, "error", lambda words, *values: logged.append(words % values))
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    path = f"/origin-declarations/{draft['id']}/score"
    before = (await client.get(path)).json()

    class Otherwise(BonusMalus):
        def show(self, score: Any, language: Language) -> dict[str, Any]:
            return {**super().show(score, language), "score": "1.0", "fictitiousPrice": None}

    monkeypatch.setitem(ALGORITHMS, "bm1", Otherwise)
    assert (await client.get(path)).json() == before
    words = f"recomputing the stored score of declaration {draft['id']} gives other values of: score, fictitiousPrice"
    assert logged == [words]
    assert (await client.get(f"{path}?referenceDate=2027-01-01")).json()["score"] == "1.0"


async def test_every_role_reads_the_scheme(apos: Apos, given: Given) -> None:
    [row] = apos.rows(ScoreScheme)
    for role in Role:
        supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
        client = await apos.as_(role, supplier)
        [item] = (await client.get("/score-schemes?schemeVersion=BM-1.0")).json()["items"]
        assert (item["schemeVersion"], item["status"], item["digest"]) == ("BM-1.0", "proposal", row["digest"])
        assert (await client.get(f"/score-schemes/{item['id']}")).json() == item
        assert digest_of(item["document"]) == item["digest"]


async def shares(office: httpx.AsyncClient) -> dict[str, str | None]:
    """The declared share of each lot, by its id."""
    status = (await office.get("/portfolio-status")).json()
    return {line["id"]: line["declaredShare"] for line in [*status["lots"], *status["challenges"]]}


async def test_the_declared_share_is_that_of_accepted_declarations_weighted_by_total(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, one, client = await given.contest(functionGroups=[{**g, "critical": False} for g in PROFILE["functionGroups"]])
    two = await given.supplier()
    await given.partner(lot, two)
    rival = await apos.as_(Role.SUPPLIER, two["id"])
    first = await given.declaration(lot, one, client)
    await given.submitted(first, client)
    assert await shares(office) == {lot["id"]: None}
    await given.reviewed(first, "accepted")
    assert await shares(office) == {lot["id"]: "100.0000"}
    outside = [a_leaf("all", "200000", "power", countryOfManufacture="US")]
    second = await given.declaration(lot, two, rival, components=outside, totalComponentCost=euros("200000"))
    await given.submitted(second, rival)
    await given.reviewed(second, "accepted")
    assert await shares(office) == {lot["id"]: "66.6667"}
    american = [a_leaf("all", "400000", "power", countryOfManufacture="US")]
    third = await given.declaration(lot, one, client, revises=first["id"], components=american)
    await given.submitted(third, client)
    assert await shares(office) == {lot["id"]: "66.6667"}
    await given.reviewed(third, "accepted")
    assert await shares(office) == {lot["id"]: "0.0000"}, "the newest accepted one of each supplier counts"


async def test_a_declaration_without_a_total_is_not_accepted(given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, totalComponentCost=None)
    await given.submitted(draft, client)
    body = {"verdict": "accepted", "narrative": "Goed."}
    answer = await office.post(f"/origin-declarations/{draft['id']}/reviews", json=body)
    assert (answer.status_code, "KO-2 totalMissing" in answer.json()["detail"]) == (409, True)
    assert await shares(office) == {lot["id"]: None}


async def test_an_entrants_share_stands_with_its_challenge(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    challenge, supplier = await given.challenge(status="running"), await given.supplier()
    await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    await given.put(f"/challenges/{challenge['id']}", "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **statement()}
    draft = (await client.post("/origin-declarations", json=body)).json()
    await given.submitted(draft, client)
    await given.reviewed(draft, "accepted")
    assert await shares(office) == {challenge["id"]: "100.0000"}
    csv = (await office.get("/portfolio-status", headers={"Accept": "text/csv"})).text
    assert "100.0000" in csv
