"""Simulations over HTTP: who moves under another scheme, by how much and why, kept as evidence."""

import json
from decimal import Decimal
from typing import Any

import httpx

from domain.declarations.components import digest_of_rows
from domain.scoring.scores import StoredScore
from domain.scoring.simulations import DIGESTED, RESULT, Simulation, SimulationResult
from tests.support.declared import PROFILE, a_leaf, components, statement
from tests.support.given import Given
from tests.support.schemes import proposed, published, the_next
from tests.support.service import Apos
from tests.support.simulations import a_portfolio, results, simulated

PROVEN = {"evidence": {"level": "audited"}}


async def first_scheme(client: httpx.AsyncClient) -> dict[str, Any]:
    """BM-1.0."""
    [scheme] = (await client.get("/score-schemes?schemeVersion=BM-1.0")).json()["items"]
    return dict(scheme)


async def test_a_scheme_beside_itself_moves_nobody(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, made = await a_portfolio(apos, given)
    simulation = await simulated(given, await first_scheme(office))
    counts = {
        "compared": 3,
        "movedUp": 0,
        "movedDown": 0,
        "unchanged": 3,
        "knockedOut": 0,
        "relieved": 0,
        "rankChanges": 0,
    }
    assert {name: simulation[name] for name in counts} == counts
    assert [simulation[name] for name in ("largestRise", "largestFall", "meanDifference")] == [None, None, "0.0000"]
    found = await results(office, simulation)
    assert {item["difference"] for item in found} == {"0.0", None}
    assert [(item["causes"], item["verdicts"], item["added"], item["removed"]) for item in found] == [
        ([], [], [], [])
    ] * 3
    assert sorted(item["declarationId"] for item in found) == sorted(each["id"] for each in made)
    assert [line["lotId"] for line in simulation["byParent"]] == [lot["id"]]


async def test_who_moves_by_how_much_and_why(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    _lot, (dutch, german, unknown) = await a_portfolio(apos, given)
    scores = apos.rows(StoredScore)
    scheme = await proposed(given)
    simulation = await simulated(given, scheme)
    assert (simulation["compared"], simulation["movedUp"], simulation["movedDown"], simulation["unchanged"]) == (
        3,
        0,
        1,
        2,
    )
    [moved, *others] = await results(office, simulation)
    assert moved["declarationId"] == german["id"]
    assert (moved["schemeBefore"], moved["referenceDate"]) == ("BM-1.0", "2026-11-21")
    assert moved["scoreBefore"] == "100.0"
    fall = Decimal(moved["scoreAfter"]) - 100
    assert (Decimal(moved["difference"]), moved["difference"]) == (fall, simulation["largestFall"])
    assert Decimal(simulation["meanDifference"]) == (fall / 2).quantize(Decimal("0.0001"))
    by_criterion = {line["criterion"]: line for line in moved["criteria"]}
    assert (by_criterion["madeIn"]["before"], by_criterion["madeIn"]["after"]) == ("20.0000", "8.1250")
    assert sum(Decimal(line["difference"]) for line in moved["criteria"]) == Decimal(moved["pointsDifference"])
    sizes = [abs(Decimal(cause["difference"])) for cause in moved["causes"]]
    assert (len(sizes), sizes) == (5, sorted(sizes, reverse=True))
    causes = {(cause["criterion"], cause["componentKey"]): cause for cause in moved["causes"]}
    power = causes["madeIn", "power"]
    assert (power["causeBefore"], power["causeAfter"], power["before"]) == ("country", "country", "5.0000")
    assert moved["verdicts"] == [] == moved["added"] == moved["removed"]
    assert {item["declarationId"]: (item["difference"], item["scoreAfter"]) for item in others} == {
        dutch["id"]: ("0.0", "100.0"), unknown["id"]: (None, None),
    }  # fmt: skip
    assert apos.rows(StoredScore) == scores, "no score changes"


async def test_ranks_before_and_after_are_within_the_lot(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, (dutch, german, unknown) = await a_portfolio(apos, given)
    simulation = await simulated(given, await proposed(given))
    ranks = {
        item["declarationId"]: (item["rankBefore"], item["rankAfter"]) for item in await results(office, simulation)
    }
    assert ranks == {german["id"]: (1, 2), dutch["id"]: (2, 1), unknown["id"]: (None, None)}
    [line] = simulation["byParent"]
    assert (simulation["rankChanges"], line["rankChanges"], line["lotId"]) == (2, 2, lot["id"])
    assert (line["challengeId"], line["compared"], line["movedDown"]) == (None, 3, 1)


async def test_a_country_that_becomes_one_of_concern_knocks_out(given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier, client = await given.contest()
    leaf = a_leaf("gps", "0", "control", countryOfManufacture="US")
    draft = await given.declaration(lot, supplier, client, components=[*components(), leaf])
    await given.submitted(draft, client)
    document = the_next()
    lists = document["countryLists"]["lists"]
    lists["nato"]["countries"].remove("US")
    lists["concern"]["countries"].append("US")
    simulation = await simulated(given, await given.post("/score-schemes", {"document": document}))
    assert (simulation["knockedOut"], simulation["relieved"]) == (1, 0)
    [item] = await results(office, simulation)
    assert (item["addedCount"], item["removedCount"], item["removed"]) == (1, 0, [])
    assert item["added"] == [
        {"code": "KO-1", "reason": "countryOfConcern", "componentKey": "gps", "dimension": None, "functionGroup": None}
    ]
    assert {"verdict": "edip", "before": "pass", "after": "fail"} in item["verdicts"]
    assert (item["rankBefore"], item["rankAfter"]) == (1, None)


async def test_only_what_stands_is_compared_the_newest_of_each_series(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, supplier, client = await given.contest()
    accepted, returned, _draft = [await given.declaration(lot, supplier, client) for _ in range(3)]
    for each, verdict in ((accepted, "accepted"), (returned, "returned")):
        await given.submitted(each, client)
        await given.reviewed(each, verdict)
    scheme = await first_scheme(office)
    first = await simulated(given, scheme)
    revision = await given.declaration(lot, supplier, client, revises=accepted["id"])
    second = await simulated(given, scheme)
    await given.submitted(revision, client)
    third = await simulated(given, scheme)
    stood = [[item["declarationId"] for item in await results(office, each)] for each in (first, second, third)]
    assert stood == [[accepted["id"]], [accepted["id"]], [revision["id"]]]


async def test_a_declaration_is_compared_with_the_scheme_that_counts_for_it(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot, supplier, client = await given.contest()
    await given.submitted(await given.declaration(lot, supplier, client), client)
    scheme = await proposed(given)
    await published(given, scheme)
    other, newcomer, rival = await given.contest()
    await given.submitted(await given.declaration(other, newcomer, rival), rival)
    simulation = await simulated(given, scheme)
    found = [
        (item["lotId"], item["schemeBefore"], item["difference"] == "0.0") for item in await results(office, simulation)
    ]
    assert found == [(lot["id"], "BM-1.0", False), (other["id"], "BM-1.1", True)]
    assert [
        line["movedDown"] for line in sorted(simulation["byParent"], key=lambda line: line["lotId"] != lot["id"])
    ] == [1, 0]


async def test_a_challenge_is_summed_up_by_itself(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    challenge, supplier = await given.challenge(status="running"), await given.supplier()
    await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    await given.put(f"/challenges/{challenge['id']}", "scoring-profile", PROFILE)
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **statement()}
    declaration = (await office.post("/origin-declarations", json=body)).json()
    await given.submitted(declaration, office)
    simulation = await simulated(given, await first_scheme(office))
    [line] = simulation["byParent"]
    assert (line["lotId"], line["challengeId"], line["compared"]) == (None, challenge["id"], 1)
    [item] = await results(office, simulation, f"challengeId={challenge['id']}")
    assert (item["rankBefore"], item["rankAfter"]) == (None, None), "it has no price"


async def test_results_are_paged_and_sorted_by_difference(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    _, (dutch, german, _unknown) = await a_portfolio(apos, given)
    simulation = await simulated(given, await proposed(given))
    falling = await results(office, simulation, "limit=1")
    assert [item["position"] for item in falling] == [0, 1, 2]
    assert falling[0]["declarationId"] == german["id"]
    assert await results(office, simulation, "limit=1&sort=-difference") == falling[::-1]
    assert await results(office, simulation, f"supplierId={dutch['supplierId']}") == [
        item for item in falling if item["declarationId"] == dutch["id"]
    ]
    path = f"/score-schemes/{simulation['schemeId']}/simulations/{simulation['id']}/results"
    assert (await office.get(f"{path}?sort=score")).status_code == 400
    other = await first_scheme(office)
    assert (await office.get(f"/score-schemes/{other['id']}/simulations/{simulation['id']}/results")).status_code == 404


async def test_it_is_evidence_with_one_event_and_the_digest_of_its_results(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    await a_portfolio(apos, given)
    scheme = await proposed(given)
    simulation = await simulated(given, scheme)
    [event] = apos.events(Simulation)
    assert event["state"]["results_digest"] == simulation["resultsDigest"]
    assert event["state"]["compared"] == len(apos.rows(SimulationResult)) == 3
    assert digest_of_rows(map(_stored, apos.rows(SimulationResult)), DIGESTED) == simulation["resultsDigest"]
    listed = (await office.get(f"/score-schemes/{scheme['id']}/simulations")).json()["items"]
    assert listed == [simulation]
    one = await office.get(f"/score-schemes/{scheme['id']}/simulations/{simulation['id']}")
    assert one.json() == simulation
    again = await simulated(given, scheme)
    assert again["resultsDigest"] == simulation["resultsDigest"], "nothing stands otherwise"


def _stored(row: dict[str, Any]) -> tuple[Any, ...]:
    """A result in storage form again; objects have their fields in the order in which they are answered."""
    orders = {
        "criteria": ("criterion", "before", "after", "difference"),
        "causes": (
            *("criterion", "componentKey", "dimension", "functionGroup", "before", "after", "difference"),
            *("causeBefore", "causeAfter"),
        ),
        "verdicts": ("verdict", "before", "after"),
        "added": ("code", "reason", "componentKey", "dimension", "functionGroup"),
    }
    orders["removed"] = orders["added"]
    plain = {
        name: json.dumps(
            [{key: each[key] for key in orders[name]} for each in row[name]], separators=(",", ":"), ensure_ascii=False
        )
        for name in orders
    }
    ids = ("declaration_id", "supplier_id", "lot_id", "challenge_id", "reference_date")
    texts = {name: None if row[name] is None else str(row[name]) for name in ids}
    return tuple({**row, **texts, **plain}[name] for name in RESULT)


async def test_where_nothing_stands_nothing_is_compared(apos: Apos, given: Given, admin: httpx.AsyncClient) -> None:
    simulation = await simulated(given, await first_scheme(admin))
    assert (simulation["compared"], simulation["byParent"], simulation["meanDifference"]) == (0, [], None)
    assert await results(admin, simulation) == []
    nowhere = "/score-schemes/01a1fd21-9384-76b9-bb16-d38cd1af38c8/simulations"
    assert (await admin.post(nowhere, json={})).status_code == 404
    assert (await admin.post(nowhere, json={"only": "lots"})).status_code in (400, 404)
    assert len(apos.rows(Simulation)) == 1
