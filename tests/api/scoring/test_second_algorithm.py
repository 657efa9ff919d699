"""A second algorithm over HTTP: its scheme is proposed, published, scored, ranked, simulated and explained as any other.

It is registered where the first one is, and in no other place; nothing else knows that it is not BM-1.
"""

from typing import Any

import httpx
import pytest

from api.routes.declarations.changes import RevisionChanges
from api.routes.scoring.scores import ScoreView
from domain.permissions import Role
from domain.scoring.schemes import ALGORITHMS
from domain.scoring.scores import StoredScore
from tests.api.scoring.test_rankings import amounts, entered, places
from tests.api.scoring.test_score_schemes import published
from tests.support.declared import PROFILE, components, euros, statement
from tests.support.given import Given, faults
from tests.support.half_of_declared_value import NAME, HalfOfDeclaredValue
from tests.support.service import Apos, Clock
from tests.support.sides import a_statement
from tests.support.simulations import results, simulated

Row = dict[str, Any]
SELF = {"level": "selfDeclared"}
DOCUMENT: Row = {
    "version": "HALF-1",
    "algorithm": NAME,
    "status": "proposal",
    "countryLists": {
        "version": "CL-HALF-1",
        "compiledOn": "2026-11-20",
        "lists": {"near": {"title": "Near", "asOf": "2026-11-20", "countries": ["BE", "DE", "NL"]}},
    },
    "declaredPart": "1/2",
}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ALGORITHMS, NAME, HalfOfDeclaredValue)


@pytest.fixture
async def scheme(given: Given) -> Row:
    """A scheme of the second algorithm, proposed."""
    return await given.post("/score-schemes", {"document": DOCUMENT})


def declared(**evidence: Row) -> list[Row]:
    """The components of example 1, with other evidence for those that are named."""
    return [{**leaf, "evidence": evidence.get(leaf["key"], leaf["evidence"])} for leaf in components()]


def preview(**fields: Any) -> Row:
    """A preview under the second scheme: worked example 1, of which the power is only declared."""
    whole = {"profile": PROFILE, "declaration": statement(components=declared(power=SELF)), "price": euros("1000000")}
    return {**whole, "schemeVersion": "HALF-1", **fields}


async def answered(client: httpx.AsyncClient, path: str, language: str = "en") -> Row:
    """A score, which is of the shape that the contract promises."""
    answer = await client.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["content-language"]) == (200, language), answer.text
    ScoreView.model_validate_json(answer.content)
    return dict(answer.json())


async def test_its_scheme_is_proposed_as_it_is_and_shown(scheme: Row, office: httpx.AsyncClient) -> None:
    assert (scheme["schemeVersion"], scheme["countryListVersion"], scheme["algorithm"], scheme["status"]) == (
        "HALF-1", "CL-HALF-1", NAME, "proposal",
    )  # fmt: skip
    assert scheme["document"] == DOCUMENT
    assert (await office.get(f"/score-schemes/{scheme['id']}")).json() == scheme


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        pytest.param({"weights": {"madeIn": 100}}, ["/weights"], id="a name of the other algorithm"),
        pytest.param({"declaredPart": "3/2"}, ["/declaredPart"], id="a number of its own"),
        pytest.param({"algorithm": "bm2"}, ["/algorithm"], id="an algorithm that is not there"),
        pytest.param({"version": "", "status": 1}, ["/version", "/status"], id="what every scheme says"),
        pytest.param({"countryLists": {}}, ["/countryLists/version", "/countryLists/lists"], id="country lists"),
    ],
)
async def test_what_is_wrong_with_its_document_is_refused_by_its_place(
    admin: httpx.AsyncClient, fields: Row, pointers: list[str]
) -> None:
    answer = await admin.post("/score-schemes", json={"document": {**DOCUMENT, **fields}})
    assert answer.status_code == 400
    assert set(faults(answer)) >= {f"/document{pointer}" for pointer in pointers}
    if "algorithm" in fields:
        assert faults(answer)["/document/algorithm"].endswith(f"give one of: bm1, {NAME}")


async def test_a_preview_asks_for_it_by_its_version_in_either_language(scheme: Row, office: httpx.AsyncClient) -> None:
    english, dutch = [
        await office.post("/score-previews", json=preview(), headers={"Accept-Language": language})
        for language in ("en", "nl")
    ]
    for answer in (english, dutch):
        ScoreView.model_validate_json(answer.content)
    score = english.json()
    assert (score["schemeVersion"], score["score"], score["adjustmentPercent"]) == ("HALF-1", "85.0", "7.00")
    assert score["fictitiousPrice"]["amount"] == "930000.00"
    assert (score["points"]["madeIn"], score["points"]["control"]) == ("85.0000", "0.0000")
    assert score["originShares"]["edip"]["proven"] == "100.0000"
    lines = {line.get("componentKey"): line for line in score["explanation"]}
    assert (lines["power"]["won"], lines["power"]["lost"], lines[None]["lost"]) == ("15.0000", "15.0000", "0.0000")
    assert [answer.json()["explanation"][2]["cause"] for answer in (english, dutch)] == [
        {"code": "declared", "text": "Part power is only declared"},
        {"code": "declared", "text": "Part power is alleen verklaard"},
    ]
    assert [answer.json()["improvements"] for answer in (english, dutch)] == [
        [
            {
                "kind": "prove", "componentKey": "power", "field": "evidence", "from": "selfDeclared", "to": "document",
                "gain": "15.0000", "text": text,
            }
        ]
        for text in ("prove power", "bewijs power")
    ]  # fmt: skip


async def test_an_improvement_gains_what_it_says_and_what_cannot_be_assessed_is_explained(
    scheme: Row, office: httpx.AsyncClient
) -> None:
    proven = statement(components=declared(power={"level": "document"}))
    answer = await office.post("/score-previews", json=preview(declaration=proven))
    assert (answer.json()["score"], answer.json()["improvements"]) == ("100.0", [])
    answer = await office.post("/score-previews", json=preview(declaration=statement(totalComponentCost=None)))
    ScoreView.model_validate_json(answer.content)
    assert (answer.json()["score"], answer.json()["points"], answer.json()["fictitiousPrice"]) == (None, None, None)
    assert answer.json()["knockOuts"] == [{"code": "KO-2", "reason": "totalMissing", "text": "the total is missing"}]


async def test_once_published_it_scores_stores_and_replays(
    apos: Apos, given: Given, scheme: Row, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("ERROR", "apos.scores")
    await published(given, scheme)
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, components=declared(power=SELF))
    await given.submitted(draft, client)
    [stored] = apos.rows(StoredScore)
    assert (stored["scheme_version"], stored["score"], stored["declared_cents"]) == ("HALF-1", "85.0", 400_000_00)
    path = f"/origin-declarations/{draft['id']}/score"
    english, dutch = [await answered(client, path, language) for language in ("en", "nl")]
    assert (english["schemeVersion"], english["score"]) == ("HALF-1", "85.0")
    assert (english["explanation"][0]["cause"]["text"], dutch["explanation"][0]["cause"]["text"]) == (
        "Part airframe is proven", "Part airframe is bewezen",
    )  # fmt: skip
    clock.move_to("2027-06-01")
    assert await answered(client, path) == english
    assert caplog.messages == [], "what was stored replays"


async def test_it_ranks_by_its_own_adjustment_today_and_on_a_day(
    apos: Apos, given: Given, scheme: Row, office: httpx.AsyncClient
) -> None:
    await published(given, scheme)
    lot, _, _ = await given.contest()
    until = {"level": "document", "expiresOn": "2026-12-31"}
    expiring = await entered(apos, given, lot, "1000000", components=declared(control=until))
    stated = await entered(apos, given, lot, "980000", components=declared(power=SELF))
    unknown = await entered(apos, given, lot, "1", totalComponentCost=None)
    first = (await office.get(f"/lots/{lot['id']}/ranking")).json()
    assert places(first) == [(expiring["id"], 1, None), (stated["id"], 2, None), (unknown["id"], None, "knockOut")]
    assert [amounts(item)[0] for item in first["items"]] == ["900000.00", "911400.00", None]
    later = (await office.get(f"/lots/{lot['id']}/ranking?referenceDate=2027-01-01")).json()
    assert places(later)[:2] == [(stated["id"], 1, None), (expiring["id"], 2, None)]
    assert [item["score"] for item in later["items"]] == ["85.0", "75.0", None]
    assert {item["schemeVersion"] for item in later["items"]} == {"HALF-1"}


async def test_either_scheme_is_simulated_over_what_the_other_scored(
    given: Given, scheme: Row, office: httpx.AsyncClient
) -> None:
    lot, supplier, client = await given.contest()
    await given.submitted(await given.declaration(lot, supplier, client, components=declared(power=SELF)), client)
    there = await simulated(given, scheme)
    [moved] = await results(office, there)
    assert (moved["schemeBefore"], moved["scoreBefore"], moved["scoreAfter"]) == ("BM-1.0", "91.3", "85.0")
    assert moved["difference"] == there["largestFall"] == "-6.3"
    by_criterion = {line["criterion"]: (line["before"], line["after"]) for line in moved["criteria"]}
    assert (by_criterion["madeIn"][1], by_criterion["dimensions"]) == ("85.0000", ("25.0000", "0.0000"))
    assert {"verdict": "european", "before": "european", "after": "undetermined"} in moved["verdicts"]
    assert {cause["causeAfter"] for cause in moved["causes"]} <= {"proven", "declared", None}
    await published(given, scheme)
    other, newcomer, rival = await given.contest()
    await given.submitted(await given.declaration(other, newcomer, rival), rival)
    [first] = (await office.get("/score-schemes?schemeVersion=BM-1.0")).json()["items"]
    back = {item["lotId"]: item for item in await results(office, await simulated(given, first))}
    assert (back[lot["id"]]["schemeBefore"], back[other["id"]]["schemeBefore"]) == ("BM-1.0", "HALF-1")
    assert (back[lot["id"]]["difference"], back[other["id"]]["scoreAfter"]) == ("0.0", "100.0")


async def test_what_if_and_changes_are_worked_out_under_it(given: Given, scheme: Row) -> None:
    await published(given, scheme)
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client, components=declared(power=SELF))
    await given.submitted(first, client)
    [power] = [leaf for leaf in declared() if leaf["key"] == "power"]
    asked = {"declarationId": first["id"], "replacements": [power]}
    assert (await client.post("/score-previews", json=asked)).json()["score"] == "100.0"
    await given.reviewed(first, "accepted")
    revised = {"revises": first["id"], "components": declared(airframe=SELF), "totalComponentCost": euros("500000")}
    second = await given.declaration(lot, supplier, client, **revised)
    answer = await client.get(f"/origin-declarations/{second['id']}/changes")
    RevisionChanges.model_validate_json(answer.content)
    effect = answer.json()["effect"]
    assert (effect["schemeVersion"], effect["points"]) == (
        "HALF-1", {"before": "85.0000", "after": "72.0000", "difference": "-13.0000"},
    )  # fmt: skip
    assert effect["attribution"] == {
        "added": "0.0000", "removed": "0.0000", "changed": "-3.0000", "affected": "-10.0000", "dimensions": "0.0000",
        "designAuthority": "0.0000", "emptyGroups": "0.0000", "residual": "0.0000",
    }  # fmt: skip


async def test_its_evidence_expires_by_the_points_of_its_own_rule(given: Given, scheme: Row) -> None:
    await published(given, scheme)
    lot, supplier, client = await given.contest()
    soon, later = ({"level": "document", "expiresOn": day} for day in ("2026-12-01", "2026-12-31"))
    lines = declared(control=later, airframe=soon)
    await given.submitted(await given.declaration(lot, supplier, client, components=lines), client)
    items = (await client.get("/evidence-expiries")).json()["items"]
    assert [(i["componentKey"], i["points"], i["scoreBefore"], i["scoreAfter"]) for i in items] == [
        ("airframe", "10.0000", "100.0", "90.0"),
        ("control", "25.0000", "90.0", "65.0"),
    ]


async def test_the_verdict_of_a_makers_statement_is_its_own(apos: Apos, given: Given, scheme: Row) -> None:
    await published(given, scheme)
    maker = await given.supplier()
    client = await apos.as_(Role.SUPPLIER, maker["id"])
    answer = await client.post("/component-statements", json=a_statement(maker["id"]))
    assert answer.status_code == 201, answer.text
    assert answer.json()["schemeVersion"] == "HALF-1"
    verdict = (await client.get(f"/component-statements/{answer.json()['id']}/verdict")).json()
    share = {"proven": "60.0000", "declared": "60.0000", "upperBound": "60.0000", "verdict": "pass"}
    assert verdict["originShares"] == {"edip": share, "safe": share}
