"""Rankings over HTTP: the declarations of a lot or challenge in the order of fictitious prices."""

from typing import Any

import httpx
import pytest

from domain.permissions import Role
from tests.support.declared import PROFILE, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.service import Apos
from tests.support.sides import waived

CONCERN = [a_leaf("all", "400000", "control", countryOfManufacture="CN")]
HALF = {"designAuthority": {"level": "one", "country": "NL", "evidence": {"level": "audited"}}}


async def entered(apos: Apos, given: Given, lot: dict[str, Any], price: str | None, **fields: Any) -> dict[str, Any]:
    """A submitted declaration of a supplier of its own."""
    supplier = await given.supplier()
    await given.partner(lot, supplier)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client, price=price and euros(price), **fields)
    await given.submitted(draft, client)
    return {**draft, "supplierName": supplier["name"]}


def places(ranking: dict[str, Any]) -> list[tuple[str, int | None, str | None]]:
    """Who stands where, and why without a rank."""
    return [(item["declarationId"], item["rank"], item["unranked"]) for item in ranking["items"]]


def amounts(item: dict[str, Any]) -> tuple[str | None, str | None]:
    """What a price counts as in both modes."""
    both = item["fictitiousPrice"]
    own, reference = both["ownPrice"], both["referenceAmount"]
    return own and own["amount"], reference and reference["amount"]


async def test_the_lowest_fictitious_price_is_first(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, _, _ = await given.contest()
    dear = await entered(apos, given, lot, "1000000", **HALF)
    out = await entered(apos, given, lot, "1", components=CONCERN)
    cheap = await entered(apos, given, lot, "900000")
    free = await entered(apos, given, lot, None)
    twin = await entered(apos, given, lot, "900000")
    answer = await office.get(f"/lots/{lot['id']}/ranking")
    ranking = answer.json()
    assert places(ranking) == [
        (cheap["id"], 1, None), (twin["id"], 1, None), (dear["id"], 3, None),
        (out["id"], None, "knockOut"), (free["id"], None, "noPrice"),
    ]  # fmt: skip
    assert (ranking["decidedBy"], ranking["referenceAmount"], ranking["referenceDate"]) == ("ownPrice", None, None)
    first, _, third, knocked, without = ranking["items"]
    assert (first["supplierName"], first["status"], first["revision"]) == (cheap["supplierName"], "submitted", 1)
    assert (first["score"], first["adjustmentPercent"], first["edipVerdict"]) == ("100.0", "10.00", "pass")
    assert (first["schemeVersion"], first["referenceDate"]) == ("BM-1.0", "2026-11-21")
    assert first["price"] == {"amount": "900000.00", "currency": "EUR", "qualifier": "exact"}
    assert [amounts(item) for item in (first, third, knocked, without)] == [
        ("810000.00", None), ("905000.00", None), (None, None), (None, None),
    ]  # fmt: skip
    assert {"code": "KO-1", "reason": "countryOfConcern", "count": 1} in knocked["knockOuts"]["standing"]
    assert (knocked["knockOuts"]["waived"], first["knockOuts"]) == ([], {"standing": [], "waived": []})
    assert answer.headers["etag"] == (await office.get(f"/lots/{lot['id']}/ranking")).headers["etag"]


async def test_the_price_that_decides_is_that_of_the_score(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    for profile in ({}, {"referenceAmount": euros("2000000")}):
        lot, _, _ = await given.contest(**profile)
        declared = await entered(apos, given, lot, "1000000", **HALF)
        score = (await office.get(f"/origin-declarations/{declared['id']}/score")).json()
        [item] = (await office.get(f"/lots/{lot['id']}/ranking")).json()["items"]
        assert score["fictitiousPrice"]["amount"] == amounts(item)[1 if profile else 0]


async def test_a_reference_amount_decides_where_there_is_one(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    """The dearer offer with the better score gains most on its own price, and loses on the amount that is the same for all."""
    lot, _, _ = await given.contest(referenceAmount=euros("100000"), capPercent="50")
    dear = await entered(apos, given, lot, "1000000")
    cheap = await entered(
        apos, given, lot, "900000", dimensions=[{"dimension": name} for name in PROFILE["dimensions"]]
    )
    mended = [{"dimension": name, "dependence": "partial", "country": "US"} for name in PROFILE["dimensions"]]
    fair = await entered(apos, given, lot, "900000", dimensions=mended)
    ranking = (await office.get(f"/lots/{lot['id']}/ranking")).json()
    assert places(ranking) == [(fair["id"], 1, None), (dear["id"], 2, None), (cheap["id"], None, "knockOut")]
    assert (ranking["decidedBy"], ranking["referenceAmount"]["amount"]) == ("referenceAmount", "100000.00")
    by_id = {item["declarationId"]: amounts(item) for item in ranking["items"]}
    assert by_id[dear["id"]] == ("500000.00", "950000.00")
    assert by_id[fair["id"]] == ("675000.00", "875000.00")


async def test_another_day_scores_all_anew(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, _, _ = await given.contest()
    proof = {"level": "audited", "expiresOn": "2027-01-31"}
    expiring = await entered(
        apos, given, lot, "980000", components=[{**leaf, "evidence": proof} for leaf in components()]
    )
    lasting = await entered(apos, given, lot, "1000000")
    found = []
    for day in ("", "?referenceDate=2027-01-31", "?referenceDate=2027-02-01"):
        ranking = (await office.get(f"/lots/{lot['id']}/ranking{day}")).json()
        found.append([(item["declarationId"], item["rank"], item["score"]) for item in ranking["items"]])
    before = [(expiring["id"], 1, "100.0"), (lasting["id"], 2, "100.0")]
    assert found == [before, before, [(lasting["id"], 1, "100.0"), (expiring["id"], 2, "65.0")]]
    later = (await office.get(f"/lots/{lot['id']}/ranking?referenceDate=2027-02-01")).json()
    assert {later["referenceDate"], *(item["referenceDate"] for item in later["items"])} == {"2027-02-01"}


async def test_only_what_stands_is_ranked_the_newest_of_each_series(given: Given, office: httpx.AsyncClient) -> None:
    lot, supplier, client = await given.contest()
    accepted, returned, _draft = [await given.declaration(lot, supplier, client) for _ in range(3)]
    for each, verdict in ((accepted, "accepted"), (returned, "returned")):
        await given.submitted(each, client)
        await given.reviewed(each, verdict)
    assert places((await office.get(f"/lots/{lot['id']}/ranking")).json()) == [(accepted["id"], 1, None)]
    revision = await given.declaration(lot, supplier, client, revises=accepted["id"])
    await given.submitted(revision, client)
    [item] = (await office.get(f"/lots/{lot['id']}/ranking")).json()["items"]
    assert (item["declarationId"], item["revision"], item["status"]) == (revision["id"], 2, "submitted")


async def test_a_challenge_is_ranked_too_and_one_without_profile_is_empty(
    given: Given, office: httpx.AsyncClient
) -> None:
    challenge, supplier = await given.challenge(status="running"), await given.supplier()
    path = f"/challenges/{challenge['id']}"
    empty = {"decidedBy": "ownPrice", "referenceAmount": None, "referenceDate": None, "items": []}
    assert (await office.get(f"{path}/ranking")).json() == empty
    await given.post(f"{path}/entrants", {"supplierId": supplier["id"]})
    await given.put(path, "scoring-profile", PROFILE)
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **statement(price=euros("5"))}
    declaration = (await office.post("/origin-declarations", json=body)).json()
    await given.submitted(declaration, office)
    assert places((await office.get(f"{path}/ranking")).json()) == [(declaration["id"], 1, None)]


async def test_a_ranking_as_csv_is_a_row_each(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot, _, _ = await given.contest()
    first = await entered(apos, given, lot, "900000")
    out = await entered(apos, given, lot, "1", components=CONCERN)
    answer = await office.get(f"/lots/{lot['id']}/ranking", headers={"Accept": "text/csv"})
    head, one, two = [line.split(",") for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = [dict(zip(head, line, strict=True)) for line in (one, two)]
    assert [(row["rank"], row["unranked"], row["declarationId"]) for row in rows] == [
        ("1", "", first["id"]), ("", "knockOut", out["id"]),
    ]  # fmt: skip
    assert (rows[0]["fictitiousPrice.ownPrice.amount"], rows[0]["price.amount"]) == ("810000.00", "900000.00")
    assert (rows[0]["knockOuts.standing"], rows[1]["knockOuts.standing"]) == ("", "KO-1 countryOfConcern x1")
    told = [item["adjustmentPercent"] for item in (await office.get(f"/lots/{lot['id']}/ranking")).json()["items"]]
    assert [row["adjustmentPercent"] for row in rows] == told, "a malus is a number, without an apostrophe"
    query = {"params": {"dialect": "excel-nl"}, "headers": {"Accept": "text/csv"}}
    excel = (await office.get(f"/lots/{lot['id']}/ranking", **query)).text
    assert excel.startswith("\ufeffrank;unranked;")
    assert ";810000,00;" in excel


@pytest.mark.parametrize("query", ["referenceDate=soon", "day=2027-01-01"])
async def test_a_bad_question_is_refused(given: Given, office: httpx.AsyncClient, query: str) -> None:
    lot = await given.lot()
    answer = await office.get(f"/lots/{lot['id']}/ranking?{query}")
    assert (answer.status_code, list(faults(answer))) == (400, [f"/query/{query.partition('=')[0]}"])


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.ASSESSOR, Role.VIEWER])
async def test_nobody_outside_learns_a_ranking(apos: Apos, given: Given, role: Role) -> None:
    lot, supplier, _ = await given.contest()
    client = await apos.as_(role, supplier["id"] if role is Role.SUPPLIER else None)
    assert (await client.get(f"/lots/{lot['id']}/ranking")).status_code == 403


async def test_a_waiver_recorded_later_ranks_what_was_knocked_out(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, _, _ = await given.contest()
    out = await entered(apos, given, lot, "1", components=CONCERN)
    path = f"/lots/{lot['id']}/ranking"
    assert places((await office.get(path)).json()) == [(out["id"], None, "knockOut")]
    await given.waived(out, waived("all"))
    for query in ("", "?referenceDate=2027-06-30"):
        [item] = (await office.get(path + query)).json()["items"]
        assert (item["rank"], item["unranked"]) == (1, None), query
    [expired] = (await office.get(f"{path}?referenceDate=2027-07-01")).json()["items"]
    assert (expired["rank"], expired["unranked"]) == (None, "knockOut")
